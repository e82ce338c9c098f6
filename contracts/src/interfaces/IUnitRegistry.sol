// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Every product unit is spent once, or up to what its vial holds. It knows units, never people.
interface IUnitRegistry {
    struct Lot {
        address maker;
        /// Largest amount that may be used of one unit, in the lot's own measure.
        uint64 amountPerUnit;
        bool singleUse;
        bool blocked;
    }

    /// @dev One slot.
    struct Unit {
        uint64 used;
        uint32 openings;
        /// First 20 bytes of the lot under which it was first opened.
        bytes20 lot;
    }

    event LotRegistered(bytes32 indexed lot, address indexed maker, bytes32 root, uint64 amountPerUnit, bool singleUse);
    event LotBlocked(bytes32 indexed lot);
    event LotReleased(bytes32 indexed lot);
    event UnitOpened(bytes32 indexed unit, uint32 use, uint64 amount, bytes32 commitment);

    error LotKnown(bytes32 lot);
    error LotUnknown(bytes32 lot);
    error LotIsBlocked(bytes32 lot);
    error NotTheMaker(address caller);
    error NotInLot(bytes32 unit);
    error OpenedInAnotherLot(bytes32 unit);
    error AlreadyOpened(bytes32 unit);
    error AmountExceeded(uint64 left, uint64 asked);
    error LotEmpty();

    /// @notice A maker publishes a lot: the root over its units (OpenZeppelin double-hashed leaves) and their limits.
    /// @param lot keccak256 of the lot's Digital Link
    function registerLot(bytes32 lot, bytes32 root, uint64 amountPerUnit, bool singleUse) external;

    /// @notice The maker, or who has the role for it, recalls a lot: no unit of it can be opened any more.
    function blockLot(bytes32 lot) external;

    /// @notice The regulator lets a lot be opened again whose recall was a mistake; its maker alone cannot.
    function releaseLot(bytes32 lot) external;

    /// @notice A clinic opens a unit for one visit.
    /// @param unit keccak256 of the unit's Digital Link; `commitment` keccak256 of the visit's opener
    /// @return use index of this opening
    function open(bytes32 lot, bytes32 unit, bytes32[] calldata proof, uint64 amount, bytes32 commitment)
        external
        returns (uint32 use);

    function lotOf(bytes32 lot) external view returns (Lot memory);
    function root(bytes32 lot) external view returns (bytes32);
    function unitOf(bytes32 unit) external view returns (Unit memory);
    function commitmentOf(bytes32 unit, uint32 use) external view returns (bytes32);
}
