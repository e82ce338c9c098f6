// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Paid checks of providers: two drawn, bonded verifiers compare what a clinic says with named public sources.
/// @dev Invariants: V1 units = free bonds + what tasks hold + what is credited; V2 round and phase only move forward, and
/// every phase ends by time; V3 whoever answers, and is not overruled, gets its pay and keeps its bond, whatever the
/// answer; V4 nothing stands that two verifiers did not accept; V5 nobody's secret decides the draw alone.
interface IProviderVerification {
    enum Phase {
        None,
        /// Paid; the house commits to a secret and to whether this is a seeded fake.
        Asked,
        /// The clinic opens its secret.
        Opening,
        /// The house opens its own, and the verifiers are drawn.
        Drawing,
        Answering,
        Revealing,
        Challengeable,
        /// The house opens its second secret, and a jury is drawn.
        Challenged,
        /// Decided; the house opens whether it was a seeded fake.
        Unsealing,
        Standing,
        Rejected,
        /// A register changed.
        Revoked,
        Ended,
        /// It was a seeded fake.
        Exposed,
        Failed
    }

    /// @dev One slot. Rounds: 0 two verifiers, 1 a third after a disagreement, 2 a jury of three after a challenge.
    struct Check {
        Phase phase;
        uint8 round;
        uint8 size;
        uint8 committed;
        uint8 revealed;
        uint8 accepts;
        /// What two verifiers, or the jury, found.
        bool accepted;
        /// The jury found the opposite of the verifiers.
        bool overruled;
        uint40 deadline;
    }

    struct Attestation {
        address verifier;
        /// What does not fit its source, as bits: 1 licence, 2 scope, 4 doctors, 8 devices; 0 accepts.
        uint8 failed;
        /// When the sources were read, seconds since the epoch.
        uint40 checkedOn;
        /// Digest of the pages that were read.
        bytes32 evidence;
    }

    struct Seat {
        bytes32 commitment;
        bool revealed;
        bool accepts;
    }

    event Asked(uint256 indexed id, address indexed clinic, bytes32 subject, uint256 fee, bytes32 commitment);
    event Prepared(uint256 indexed id, bytes32 commitment, bytes32 seal, bytes32 beacon);
    event SecretOpened(uint256 indexed id, bytes32 secret);
    event Drawn(uint256 indexed id, uint256 round, bytes32 seed, address[] verifiers);
    event AnswerCommitted(uint256 indexed id, uint256 round, address indexed verifier, bytes32 commitment);
    event Attested(
        uint256 indexed id, uint256 round, address indexed verifier, uint256 failed, uint256 checkedOn, bytes32 evidence
    );
    event Slashed(uint256 indexed id, address indexed verifier, uint256 amount);
    event ChallengeMade(uint256 indexed id, address indexed challenger, bytes32 grounds, uint256 deposit);
    event Unsealed(uint256 indexed id, bool fake, bytes32 salt);
    event PhaseChanged(uint256 indexed id, uint256 round, Phase phase, bool accepted, uint256 deadline);
    event Endowed(uint256 amount);
    event PaySet(uint256 pay);

    error NotThisPhase(Phase phase);
    error NotInTime(uint256 deadline);
    error NotSeated(address caller);
    error AlreadyDone();
    error WrongSecret();
    error WrongAnswer();
    error Untagged(address clinic);
    error PayOutOfBounds(uint256 pay);

    /// @notice What a verifier gets for one task, whatever it answers; fees of new tasks follow from it.
    function setPay(uint96 pay) external;

    /// @notice A clinic asks for a check and pays the fee. One check at a time.
    /// @param subject salted commitment to what it says about itself
    /// @param commitment keccak256(abi.encode(clinic, secret))
    function ask(bytes32 subject, bytes32 commitment) external returns (uint256 id);

    /// @param commitment keccak256(abi.encode(id, keccak256(abi.encode(second)))), the house's two secrets
    /// @param seal keccak256(abi.encode(id, fake, salt)): whether this is a seeded fake is fixed before anybody is drawn
    function prepare(uint256 id, bytes32 commitment, bytes32 seal) external;

    /// @notice The clinic's secret, once the house is bound to its own; anybody who knows it.
    function openSecret(uint256 id, bytes32 secret) external;

    /// @notice Draws two verifiers. Anybody who knows the house's secret.
    function draw(uint256 id, bytes32 secret) external;

    /// @param commitment keccak256(abi.encode(hash of the attestation's struct, salt))
    function commitAnswer(uint256 id, bytes32 commitment) external;

    /// @notice Brings a verifier's signed attestation; anybody.
    /// @param signature ECDSA or ERC-1271, over Attestation(uint256 task,uint8 round,address verifier,bytes32 subject,
    /// uint8 failed,uint40 checkedOn,bytes32 evidence)
    function attest(uint256 id, Attestation calldata a, bytes32 salt, bytes calldata signature) external;

    /// @notice Counts, once all answers are in or their time is over. Anybody.
    function tally(uint256 id) external;

    /// @notice Anybody, with a deposit, until 14 days after the count. Whoever is right gets the other's.
    /// @param grounds digest of the objection
    function challenge(uint256 id, bytes32 grounds) external;

    /// @notice Draws the jury. Anybody who knows the house's second secret.
    function convene(uint256 id, bytes32 second) external;
    function unseal(uint256 id, bool fake, bytes32 salt) external;

    /// @notice A register changed: the result no longer stands. Money that is live elsewhere is not touched.
    function revoke(uint256 id) external;

    /// @notice Pays the second halves once the result's year is over. Anybody.
    function expire(uint256 id) external;

    /// @notice Ends a task for which the house or the clinic was silent too long. Anybody.
    function lapse(uint256 id) external;

    /// @notice Hands what silent and wrong verifiers lost to the fund that helps patients with disputes. Anybody.
    function endow() external;

    function checkOf(uint256 id) external view returns (Check memory);
    function heldFor(uint256 id) external view returns (uint256);
    function seatsOf(uint256 id, uint8 round) external view returns (address[] memory);

    /// @notice The clinic's accepted check that stands now; 0 if there is none.
    function standingOf(address clinic) external view returns (uint256 id);
}
