// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ground} from "./IParams.sol";

/// @notice How an ERC-20 is taken from the patient. The settlement unit needs none of it.
enum FundingBy {
    Allowance,
    Permit,
    Authorization
}

/// @notice What an agreement is opened with beside its terms and the clinic's offer.
struct Opening {
    /// The patient's signature over `Agreement(bytes32 agreement)`; not looked at if the patient is the caller.
    bytes agreed;
    /// Why the cooling-off period may be shorter than the clinic's jurisdiction asks for, and the patient's signature
    /// over `CoolingOffWaiver(bytes32 agreement,uint8 ground)`.
    Ground ground;
    bytes waiver;
    /// How the token is taken, and what that needs (`base/Funding.sol`).
    FundingBy by;
    bytes authorization;
}

/// @notice Part of the price that is released on its own.
struct Milestone {
    /// Minor units of the token.
    uint88 amount;
    /// Seconds since the epoch until which it must be claimed; afterwards everything still held is refunded.
    uint40 dueBy;
    /// Seconds in which the patient may object after a claim.
    uint32 window;
    /// True if the patient must have signed the attendance.
    bool performed;
}

/// @notice What the clinic keeps of the present milestone when the patient cancels after the cooling-off period.
struct Retention {
    /// Applies when fewer than this many seconds are left until the present milestone's `dueBy`.
    uint32 before;
    uint16 bps;
}

/// @notice The terms of one agreement. They travel in calldata; their hash is the agreement's id.
struct Terms {
    address patient;
    address clinic;
    address token;
    address arbiter;
    address feeTo;
    /// Where the patient's money returns to, fixed for ever: a custodian's reference, or an address for a plain ERC-20.
    bytes32 payout;
    /// Hash of the service standard by which the money is released.
    bytes32 standard;
    /// Salted hash of the itemised quote.
    bytes32 quote;
    /// Identity commitment of the review right.
    uint256 review;
    /// Seconds since the epoch until which the offer stands.
    uint40 openBy;
    /// Seconds after opening in which the patient gets everything back without a reason.
    uint32 coolingOff;
    /// Seconds the arbiter has; afterwards the default split applies.
    uint32 arbiterWindow;
    uint16 feeBps;
    /// Share of a disputed milestone that returns to the patient if the arbiter is silent.
    uint16 defaultSplitBps;
    /// From early to late: `before` falls and `bps` does not. The last step that applies counts; none means nothing is kept.
    Retention[] schedule;
    Milestone[] milestones;
    bytes32 salt;
}

/// @title Money that keeps its word: held, and released by a published standard.
/// @dev Invariants: I1 balance = sum of held and credit; I3 paid + refunded + held = funded; I4 fee within the terms;
/// I5 milestone and state only move forward; I6 every state has a way out by time that anybody may take;
/// I8 within the cooling-off period the patient gets everything; I9 nobody's withdrawal depends on another party;
/// I10 rounding stays with the patient.
interface ICareEscrow {
    enum State {
        None,
        Active,
        Claimed,
        Disputed,
        Closed,
        /// The clinic says that the patient did not come.
        PatientAbsent,
        /// The patient says that the clinic did not treat at the appointment.
        ClinicAbsent
    }

    /// @dev One slot. paid (fee included) = total of the terms - held - refunded.
    struct Account {
        State state;
        /// Index of the present milestone; equal to the number of milestones once all are settled.
        uint8 milestone;
        /// Bit i is set once the clinic was paid for milestone i, wholly or in part.
        uint16 released;
        /// The present milestone was claimed (with the patient's attendance where that is asked for).
        bool claimed;
        /// Active: end of the cooling-off period (0 after the first milestone). Claimed: end of the acceptance
        /// window. Disputed: end of the arbiter's time. PatientAbsent, ClinicAbsent: end of the time to object.
        /// Closed: 0.
        uint40 deadline;
        uint88 held;
        uint88 refunded;
    }

    enum Reason {
        Completed,
        CooledOff,
        PatientCancelled,
        ProviderCancelled,
        Expired,
        Split,
        Ruled,
        ArbiterSilent,
        PatientAbsent,
        ClinicAbsent
    }

    event AgreementOpened(
        bytes32 indexed id, address indexed patient, address indexed clinic, address token, uint256 total
    );
    event CoolingOffShortened(bytes32 indexed id, Ground ground);
    event MilestoneClaimed(bytes32 indexed id, uint256 milestone, bytes32 evidence, uint256 deadline);
    event MilestoneReleased(bytes32 indexed id, uint256 milestone, uint256 toClinic, uint256 fee);
    event MilestoneDisputed(bytes32 indexed id, uint256 milestone, address by, uint256 deadline);
    event MilestoneRuled(bytes32 indexed id, uint256 milestone, uint256 refunded, uint256 toClinic, uint256 fee);
    event AbsenceReported(bytes32 indexed id, uint256 milestone, address by, uint256 deadline);
    event AgreementClosed(bytes32 indexed id, Reason reason, uint256 refunded);
    event Credited(address indexed token, bytes32 indexed who, bytes32 indexed id, uint256 amount);
    event Withdrawn(address indexed token, bytes32 indexed who, uint256 amount);

    error NotThisState(State state);
    error NotThisParty(address caller);
    error OfferExpired();
    error OfferNotSigned();
    error WaiverNotSigned();
    error CoolingOffTooShort(uint256 least);
    error AttendanceNotSigned();
    /// The present milestone is none that the patient attends.
    error NothingToAttend();
    error SplitNotSigned();
    error AgreementNotSigned();
    error TermsOutOfBounds(bytes32 field);
    error CoolingOff(uint256 until);
    error TooEarly(uint256 from);
    error TooLate(uint256 until);
    error TokenNotAllowed(address token);
    error WrongAmountReceived(uint256 expected, uint256 received);
    error NothingToWithdraw();

    /// @notice Opens and funds an agreement in one act. Caller is the patient (or its forwarder).
    /// @param offer the clinic's signature (ERC-1271 or ECDSA) over `Offer(bytes32 agreement)`
    function open(Terms calldata terms, bytes calldata offer) external returns (bytes32 id);

    /// @notice The same, sent by anybody, with the patient's signature over `Agreement(bytes32 agreement)`.
    function openFor(Terms calldata terms, bytes calldata offer, bytes calldata patientSignature)
        external
        returns (bytes32 id);

    /// @notice The same, with a ground for a shorter cooling-off period, or paid by a permit or an authorisation. Sent
    /// by the patient, or by anybody with the patient's signature.
    function openWith(Terms calldata terms, bytes calldata offer, Opening calldata how) external returns (bytes32 id);

    /// @notice The patient leaves: everything back within the cooling-off period, afterwards less the schedule's share.
    function cancel(Terms calldata terms) external;

    /// @notice The clinic leaves: everything still held goes back.
    function providerCancel(Terms calldata terms) external;

    /// @notice The clinic claims the present milestone.
    /// @param evidence commitment to what was done; `attendance` the patient's signature over
    /// `Attendance(bytes32 agreement,uint8 milestone,bytes32 evidence)`, needed where the milestone is `performed`
    function claim(Terms calldata terms, bytes32 evidence, bytes calldata attendance) external;

    /// @notice The patient confirms before the window is over.
    function accept(Terms calldata terms) external;

    /// @notice Anybody, once the window is over.
    function release(Terms calldata terms) external;

    /// @notice Anybody, once the present milestone is overdue: everything still held goes back.
    function expire(Terms calldata terms) external;

    /// @notice The patient says that the clinic was not there. Unless the clinic objects within 48 hours, everything
    /// still held goes back.
    /// @dev No contract knows the appointment: a report is a claim, allowed from the end of the cooling-off period
    /// until the milestone's `dueBy`, and of milestones that are `performed` only. To object is `dispute`.
    function clinicAbsent(Terms calldata terms) external;

    /// @notice The clinic says that the patient did not come. Unless the patient objects within 48 hours, the clinic
    /// keeps what the schedule gives it for a cancellation at the time of the report, and the rest goes back.
    function patientAbsent(Terms calldata terms) external;

    /// @notice Anybody, once the time to object to a report of absence is over.
    function settleAbsence(Terms calldata terms) external;

    /// @notice Patient or clinic freeze the present milestone. After a report of absence only the side that is said to
    /// have been absent, which so objects to it; silence of the arbiter then returns everything.
    function dispute(Terms calldata terms) external;

    /// @notice The arbiter divides the disputed milestone; the rest goes on, or back to the patient if `end`.
    function rule(Terms calldata terms, uint16 refundBps, bool end) external;

    /// @notice Anybody, once the arbiter's time is over: the default split, and the rest back. A milestone that was
    /// disputed before it was claimed goes back whole: silence never pays for what nobody showed.
    function settleSilent(Terms calldata terms) external;

    /// @notice Both sides sign `Split(bytes32 agreement,uint256 refund,uint8 milestone)`: any division of what is held.
    function split(Terms calldata terms, uint88 refund, bytes calldata patientSignature, bytes calldata clinicSignature)
        external;

    /// @notice Pays out what is credited; anybody may call, it goes only to `who`.
    function withdraw(address token, bytes32 who) external returns (uint256 amount);

    function agreementId(Terms calldata terms) external pure returns (bytes32);

    /// @notice What the clinic keeps if the patient cancels milestone `milestone` at `time` (seconds since the epoch).
    function retained(Terms calldata terms, uint256 milestone, uint256 time) external pure returns (uint88);

    function account(bytes32 id) external view returns (Account memory);
    function credit(address token, bytes32 who) external view returns (uint256);
}
