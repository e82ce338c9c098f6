// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Why a cooling-off period may be shorter than a jurisdiction asks for. The patient signs it.
enum Ground {
    None,
    /// The patient does without it, where that may be done.
    Waived,
    /// The same service was had before.
    SameServiceBefore,
    /// It began with the consultation, and so long ago.
    Consulted
}

/// @title What jurisdictions ask of new agreements, and where each clinic stands.
/// @dev A change reaches new agreements only: live ones never ask. No rule goes below the bounds in
/// `base/ParamsBounds.sol`, whoever proposes it.
interface IParams {
    enum Start {
        Payment,
        Consultation
    }

    /// @dev One slot.
    struct Rule {
        /// Seconds of cooling-off at least.
        uint32 least;
        /// What the period begins with by law. The contract counts from the payment, which is never shorter.
        Start start;
        bool waivable;
        bool sameServiceExempt;
        /// Which tokens may be paid with: bits of `ITokenGate`.
        uint8 uses;
        bool known;
    }

    event RuleSet(
        bytes2 indexed jurisdiction, uint32 least, Start start, bool waivable, bool sameServiceExempt, uint8 uses
    );
    event ClinicPlaced(address indexed clinic, bytes2 indexed jurisdiction);

    error RuleOutOfBounds(bytes32 field);
    error JurisdictionUnknown(bytes2 jurisdiction);
    error ClinicNotPlaced(address clinic);

    /// @notice Sets what a jurisdiction (two letters of ISO 3166-1) asks for. A rule can be changed and not removed.
    function setRule(
        bytes2 jurisdiction,
        uint32 least,
        Start start,
        bool waivable,
        bool sameServiceExempt,
        uint8 uses
    ) external;

    /// @notice Says in whose jurisdiction a clinic works.
    function placeClinic(address clinic, bytes2 jurisdiction) external;

    /// @notice What a new agreement of this clinic must keep to. A clinic that is placed nowhere opens nothing, unless
    /// no jurisdiction at all is known on this ledger.
    /// @return least seconds of cooling-off at least; 0 if the ground frees from it
    /// @return uses bits of `ITokenGate` that its token must have one of
    function demands(address clinic, Ground ground) external view returns (uint256 least, uint256 uses);

    function rule(bytes2 jurisdiction) external view returns (Rule memory);
    function known(bytes2 jurisdiction) external view returns (bool);
    function jurisdictionOf(address clinic) external view returns (bytes2);
}
