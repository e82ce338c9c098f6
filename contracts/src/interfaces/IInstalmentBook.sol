// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./ICareEscrow.sol";

/// @notice One payment of a plan.
struct Instalment {
    /// Minor units, interest included.
    uint88 amount;
    /// Seconds since the epoch, its last moment in time.
    uint40 dueBy;
    /// Seconds for which interest runs: from the instalment before, or from the start. A month counts 2,628,000.
    uint32 term;
}

/// @notice A loan for one agreement. It travels in calldata; its hash is its id. There is no field for a fee of the
/// lender: whatever a loan costs is in `rate`, so that no cost can be hidden or deferred.
struct Plan {
    /// The agreement that it pays for, and nothing else.
    bytes32 agreement;
    /// Whose account signed the offer.
    address lender;
    /// The agreement's patient.
    address borrower;
    /// Where the patient's own money returns to: a custodian's reference.
    bytes32 payout;
    uint88 principal;
    /// Nominal, in millionths a year.
    uint32 rate;
    /// Highest yearly cost by the law of the region, in millionths; at most 240,000.
    uint32 cap;
    /// Once for an instalment past grace, of its amount; at most 500.
    uint16 lateBps;
    /// Seconds from acceptance in which the borrower may step back; nothing is lent before.
    uint32 coolingOff;
    /// Seconds since the epoch: the loan is paid out, and interest runs, from here.
    uint40 start;
    Instalment[] instalments;
    bytes32 salt;
}

/// @title Loans that pay for agreements, and only into the escrow.
/// @dev Invariants. L1: what the borrower and refunds paid is what the pool and the patient got, and nothing stays
/// here. L2: a loan never asks for more than its schedule and one late fee an instalment. L3: a refund pays the loan
/// first. L4: of an agreement that was wholly refunded no debt is left and nothing was paid for the loan. L5: what is
/// owed never rises but by late fees. L6: every loan can be closed by the borrower, or by time.
interface IInstalmentBook {
    enum State {
        None,
        Accepted,
        Live,
        Closed,
        WrittenOff
    }

    struct Loan {
        State state;
        bool impaired;
        /// Instalments before this one are settled.
        uint8 from;
        /// Late fees were charged of instalments before this one.
        uint8 judged;
        uint40 acceptedAt;
        /// Of the schedule from `from` on; 1e18 is all of it.
        uint64 share;
        /// Towards the instalments from `from` on.
        uint88 paid;
        /// Late fees that are not paid yet.
        uint88 fees;
        /// What the pool had of this loan, less what it gave back.
        uint88 received;
        /// What the escrow gave back of the agreement and was dealt with here.
        uint88 refunded;
        /// What the agreement holds in all.
        uint88 total;
        /// Value in the pool's books.
        uint88 carrying;
        /// What the pool still has to give back to the patient.
        uint88 due;
    }

    /// @notice Where a loan stands at a time.
    struct Standing {
        /// Of the instalments from `from` on: due by now, all, the present value of what is not due yet.
        uint256 dueSum;
        uint256 sum;
        uint256 value;
        /// Index of the first instalment that is not due yet.
        uint256 next;
        /// Late fees, those to be charged now included.
        uint256 fees;
        uint256 judged;
        /// An instalment is past grace, or past the time after which a loan is written off.
        bool late;
        bool lost;
    }

    event LoanAccepted(bytes32 indexed id, bytes32 indexed agreement, address indexed lender, uint256 principal);
    event LoanRevoked(bytes32 indexed id);
    event LoanPaidOut(bytes32 indexed id, bytes32 indexed agreement, uint256 principal);
    event LoanPaid(bytes32 indexed id, uint256 amount, uint256 fees);
    event LoanRefunded(bytes32 indexed id, uint256 toLoan, uint256 toPatient, uint256 share);
    event LoanImpaired(bytes32 indexed id, bool impaired);
    event LoanWrittenOff(bytes32 indexed id, uint256 lost);
    event LoanClosed(bytes32 indexed id);
    event LoanReturned(bytes32 indexed id, uint256 amount);

    error NotThisLoanState(State state);
    error NotTheBorrower(address caller);
    error NotALender(address lender);
    error LoanOfferNotSigned();
    error PlanOutOfBounds(bytes32 field);
    error TooDear();
    error AgreementHasALoan(bytes32 id);
    error NotThisAgreement();
    error LoanTooEarly(uint256 from);
    error LoanTooLate(uint256 until);
    error NothingToSettle();
    error NotLate();

    /// @notice Borrower: takes an offer that the lender's account signed as `LoanOffer(bytes32 plan)`.
    function accept(Plan calldata plan, bytes calldata offer) external returns (bytes32 id);

    /// @notice Borrower: steps back before anything was lent.
    function revoke(Plan calldata plan) external;

    /// @notice Anybody, from `start` for two days: the pool pays the agreement in full or with what the patient adds, and
    /// it is opened with the signatures of both, in one act.
    function payOut(Plan calldata plan, Terms calldata terms, bytes calldata offer, bytes calldata patientSignature)
        external;

    /// @notice Anybody, with own units: instalments in their order, then late fees. What pays everything off today
    /// closes the loan, and unearned interest is not asked for; more than that is not taken. @return taken
    function pay(Plan calldata plan, uint256 amount) external returns (uint256 taken);

    /// @notice Anybody: deals with what the escrow gave back of the agreement.
    function settle(Plan calldata plan) external;

    /// @notice Anybody, from the first second past grace: the pool values the loan at nothing. Reversed when it is made good.
    function impair(Plan calldata plan) external;

    /// @notice Anybody, once an instalment is 60 days late.
    function writeOff(Plan calldata plan) external;

    /// @notice Anybody: pays out what the pool had no cash for when it had to give back.
    function collect(Plan calldata plan) external;

    function planId(Plan calldata plan) external pure returns (bytes32);

    /// @notice The plan's yearly cost is within its cap: at the cap, the instalments are worth no more than the loan.
    function withinCap(Plan calldata plan) external pure returns (bool);

    /// @notice What closes the loan at `time`, late fees included.
    function payoff(Plan calldata plan, uint256 time) external view returns (uint256);

    function standing(Plan calldata plan, uint256 time) external view returns (Standing memory);

    function loan(bytes32 id) external view returns (Loan memory);
}
