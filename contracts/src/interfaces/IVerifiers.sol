// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may be drawn to check a provider, with which bond, and how often it fell for a seeded fake.
interface IVerifiers {
    /// @dev One slot.
    struct Verifier {
        /// Free part of the bond; what tasks lock is not in it.
        uint96 bond;
        uint40 until;
        /// Place in the roster plus one; 0: not admitted.
        uint16 place;
        /// Seeded fakes answered, and those accepted among them.
        uint16 checks;
        uint16 misses;
    }

    event VerifierAdmitted(address indexed verifier, bytes32[3] tags, uint40 until);
    event VerifierDismissed(address indexed verifier);
    event ClinicTagged(address indexed clinic, bytes32[3] tags);
    event Bonded(address indexed verifier, address by, uint256 amount);
    event Unbonded(address indexed verifier, uint256 amount);
    event Measured(address indexed verifier, uint256 checks, uint256 misses, bool suspended);

    error RosterFull();
    error NothingThere();
    error BondTooSmall(uint256 free);

    /// @param tags salted commitments to city, employer and owner; whoever shares one with a clinic never checks it
    /// @param until seconds since the epoch
    function admit(address verifier, bytes32[3] calldata tags, uint40 until) external;
    function dismiss(address verifier) external;

    /// @notice A clinic's tags: without them nobody can tell who must not check it.
    function tag(address clinic, bytes32[3] calldata tags) external;

    /// @notice Puts units of the caller into a verifier's bond.
    function bondFor(address verifier, uint96 amount) external;

    /// @notice Takes back what no task locks; it is credited to the caller.
    function unbond(uint96 amount) external;
    function verifierOf(address verifier) external view returns (Verifier memory);
    function roster() external view returns (address[] memory);
    function eligible(address verifier, address clinic) external view returns (bool);
}
