// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator, IEvidence} from "./IArbitrator.sol";

/// @title A panel of drawn, bonded assessors who decide about one disputed milestone.
/// @dev Invariants: P1 what open disputes hold is what the pool keeps aside for them; P2 a ruling is
/// 0, 5,000 or 10,000 basis points and rests on more than half of the panel; P3 phase and round only move forward, and
/// every live phase ends by time; P4 who revealed a vote never loses anything, whatever the vote; P5 a loser pays at
/// most what it put down; P6 nobody sits twice.
interface IAssessorPanel is IArbitrator, IEvidence {
    enum Phase {
        None,
        /// The two parties and the house commit to a secret each.
        Secrets,
        /// The secrets are opened.
        Opening,
        Voting,
        Revealing,
        /// All is in; the house opens how the pictures were laid out.
        Tallying,
        Appealable,
        /// Decided; the ruling is not carried out yet.
        Ruled,
        Settled,
        Failed
    }

    enum Side {
        Patient,
        Clinic,
        House
    }

    /// @notice What an assessor finds in the papers. Kept: the clinic did what was agreed.
    enum Finding {
        Kept,
        Partly,
        Failed
    }

    /// @dev One slot.
    struct Case {
        Phase phase;
        /// 0, or 1 after the one appeal.
        uint8 round;
        /// Secrets committed and opened, as bits by side.
        uint8 committedSecrets;
        uint8 openedSecrets;
        uint8 size;
        uint8 committed;
        uint8 revealed;
        /// The ruling so far; the first panel's while the second sits.
        uint16 refundBps;
        uint40 deadline;
        /// Last second in which the escrow still takes a ruling.
        uint40 end;
    }

    struct Dispute_ {
        bytes32 agreement;
        address patient;
        uint8 milestone;
        bool patientByFund;
        bool appealByFund;
        /// Who appealed, if anybody.
        Side appellant;
        /// Votes revealed in both rounds: among them the fee is shared.
        uint8 takers;
        address clinic;
        uint16 firstBps;
        uint88 fee;
        /// Units held for this dispute.
        uint88 fromPatient;
        uint88 fromClinic;
        uint88 forAppeal;
        /// Taken from those who did not reveal.
        uint88 slashed;
        bytes32 payout;
        /// prevrandao of the dispute's block; every commitment is bound to it.
        bytes32 beacon;
    }

    struct Vote {
        bytes32 commitment;
        bool revealed;
        Finding finding;
        /// Four answers of 0 (left far better) to 6 (right far better), three bits each, first shown lowest.
        uint16 scores;
    }

    event Opened(uint256 indexed id, bytes32 indexed agreement, uint256 milestone, uint256 fee, bytes32 beacon);
    event SecretCommitted(uint256 indexed id, uint256 round, Side side, bytes32 commitment);
    event SecretOpened(uint256 indexed id, uint256 round, Side side, bytes32 secret);
    event Drawn(uint256 indexed id, uint256 round, bytes32 seed, address[] assessors, uint256 deadline);
    event VoteCommitted(uint256 indexed id, uint256 round, address indexed assessor, bytes32 commitment);
    event VoteRevealed(uint256 indexed id, uint256 round, address indexed assessor, Finding finding, uint256 scores);
    event Assessed(uint256 indexed id, uint256 round, address indexed assessor, bool counted, uint256 refundBps);
    event Slashed(uint256 indexed id, address indexed assessor, uint256 amount);
    event Tallied(uint256 indexed id, uint256 round, uint256 counted, uint256 refundBps);
    event PhaseChanged(uint256 indexed id, uint256 round, Phase phase, uint256 deadline);
    event Earned(uint256 indexed id, address indexed assessor, uint256 amount);
    event Returned(uint256 indexed id, bytes32 indexed who, uint256 amount);
    event CaseClosed(uint256 indexed id, Phase phase, uint256 refundBps, bool carriedOut);

    error NotThisPhase(Phase phase);
    error NotInTime(uint256 deadline);
    error NotParty(address caller);
    error NotSeated(address caller);
    error NotOpenHere();
    error NotEnoughTime(uint256 end);
    error AlreadyDone();
    error WrongSecret();
    error WrongVote();
    error WrongBeacon(bytes32 beacon);
    error WrongTerms();
    error Untagged(address clinic);
    error DepositMissing(uint256 needed);

    /// @notice The clinic puts down its part, if its purse was too small when the dispute came.
    function join(uint256 id) external;

    /// @param commitment keccak256(abi.encode(id, round, side, beacon, secret))
    /// @param beacon the dispute's; a commitment made for another history of the chain is refused
    function commitSecret(uint256 id, bytes32 beacon, bytes32 commitment) external;

    /// @notice The house's secret, and its commitment to the layout of the pictures (0: there are none).
    /// @param layout keccak256(abi.encode(id, round, layoutSecret))
    function prepare(uint256 id, bytes32 beacon, bytes32 commitment, bytes32 layout) external;
    function openSecret(uint256 id, Side side, bytes32 secret) external;

    /// @notice Anybody, once all secrets are open or their time is over.
    function draw(uint256 id) external;

    /// @param commitment keccak256(abi.encode(id, round, assessor, finding, scores, salt))
    function commitVote(uint256 id, bytes32 commitment) external;
    function revealVote(uint256 id, Finding finding, uint16 scores, bytes32 salt) external;

    /// @notice Anybody, once all votes are in or their time is over. Takes from those who did not reveal.
    function tally(uint256 id, bytes32 layoutSecret) external;

    /// @notice Carries the ruling out in the escrow and shares the fee. Anybody. If the parties have settled meanwhile
    /// the case ends too.
    /// @param terms the agreement's terms, ABI-encoded
    function settle(uint256 id, bytes calldata terms) external;

    /// @notice Ends a case whose agreement no longer waits for a ruling. Anybody, from every live phase.
    function lapse(uint256 id) external;

    /// @notice Says that a sealed pack with this digest belongs to the dispute.
    function submitEvidence(uint256 id, bytes32 digest) external;

    function disputes() external view returns (uint256);
    function caseOf(uint256 id) external view returns (Case memory);
    function beaconOf(uint256 id) external view returns (bytes32);

    /// @notice Units that the pool keeps aside for this dispute.
    function heldFor(uint256 id) external view returns (uint256);
    function disputeFor(bytes32 agreement, uint8 milestone) external view returns (uint256 id);
    function panelOf(uint256 id, uint8 round) external view returns (address[] memory);
}
