// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What a clinic (or an insurer) puts aside for its promises, in compartments by the book that may lock it.
/// @dev Invariants: locked <= total in every bond; balance = sum of totals and of what is credited; only the book that a
/// bond was given to locks or pays from it, and no governance does.
interface IClinicBond {
    struct Bond {
        uint96 total;
        uint96 locked;
    }

    event Deposited(address indexed book, address indexed provider, uint256 amount);
    event Reclaimed(address indexed book, address indexed provider, uint256 amount);
    event Locked(address indexed book, address indexed provider, bytes32 indexed cover, uint256 amount);
    event Released(address indexed book, address indexed provider, bytes32 indexed cover, uint256 amount, uint256 paid);

    error BondTooSmall(uint256 available, uint256 needed);
    error NothingToMove();

    /// @notice Puts money aside for the covers of `book`.
    function deposit(address book, uint96 amount) external;

    /// @notice Takes back what no cover needs; it is credited to the caller.
    function reclaim(address book, uint96 amount) external;

    /// @notice The book: `amount` stands for a cover from now on.
    function lock(address provider, bytes32 cover, uint96 amount) external;

    /// @notice The book: `amount` is no longer needed; `paid` of it goes to `who`.
    function release(address provider, bytes32 cover, uint96 amount, uint96 paid, bytes32 who) external;

    function bond(address book, address provider) external view returns (Bond memory);
}
