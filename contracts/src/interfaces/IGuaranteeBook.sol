// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./ICareEscrow.sol";

/// @notice A promise about the outcome of one agreement. It travels in calldata; its hash is its id.
struct Cover {
    /// Id of the escrow's agreement.
    bytes32 agreement;
    IGuaranteeBook.Profile profile;
    /// Whose ruling counts: an arbitrator of ERC-792 that calls `rule(id, ruling)`.
    address arbiter;
    /// The licensed insurer whose bond stands behind the clinic's; otherwise nobody.
    address backer;
    /// Hash of the conditions as people read them.
    bytes32 conditions;
    /// The clinic's own name for the person, derived from its secret.
    bytes32 person;
    /// Minor units: at most the price less the co-pay.
    uint96 sum;
    /// Seconds since the epoch: until when the clinic may still open it, and between which it may be claimed.
    uint40 openBy;
    uint40 from;
    uint40 until;
    /// Seconds that the arbiter has after a claim.
    uint32 arbiterWindow;
    /// What dissatisfaction alone gives, of what was paid.
    uint16 goodwillBps;
    /// What the arbiter's silence gives, of what a verdict would have given.
    uint16 silentBps;
    bytes32 salt;
}

/// @notice One line of a posted price table, as the pricing key signs it.
struct Rate {
    bytes32 table;
    uint32 epoch;
    /// Of the sum covered, in 1/1,000,000.
    uint32 ppm;
    /// Minor units, for each cover.
    uint96 expense;
}

/// @title Covers of outcomes, each a rider of an escrow agreement.
/// @dev Invariants: a cover is opened only before anything was done, claimed once, and paid once; it pays at most what
/// the clinic kept of the price, so that no refund is paid twice; what may become due is locked as long as it may;
/// every state has a way out by time that anybody may take; no governance call changes an open cover.
interface IGuaranteeBook {
    enum Profile {
        /// The clinic's own promise: its bond stands for everything.
        Promise,
        /// A licensed insurer's bond stands behind the clinic's first loss.
        Insurer,
        /// The funded pool stands behind it, where it is licensed.
        Pool
    }

    enum State {
        None,
        Open,
        Claimed,
        Closed
    }

    /// @dev One slot.
    struct Account {
        State state;
        uint8 asked;
        bool ruled;
        uint8 ruling;
        /// Claimed: the end of the arbiter's time.
        uint40 deadline;
        address arbiter;
    }

    event CoverOpened(
        bytes32 indexed id,
        bytes32 indexed agreement,
        address indexed clinic,
        Profile profile,
        bytes32 cell,
        uint256 price,
        uint256 sum,
        uint256 premium,
        uint256 until
    );
    event CoverClaimed(bytes32 indexed id, uint256 asked, bytes32 evidence, uint256 deadline);
    /// @dev ERC-1497.
    event Dispute(address indexed arbitrator, uint256 indexed disputeID, uint256 metaEvidenceID, uint256 evidenceGroupID);
    /// @dev ERC-792.
    event Ruling(address indexed arbitrator, uint256 indexed disputeID, uint256 ruling);
    event CoverSettled(bytes32 indexed id, uint256 ruling, bool silent, uint256 fromBond, uint256 fromBacker, uint256 due);
    event CoverLapsed(bytes32 indexed id);
    event TablePosted(uint256 indexed epoch, bytes32 indexed table, uint256 asOf);
    event InsurerLicensed(address indexed insurer, bool licensed);
    event PricerSet(address indexed pricer);

    error NotThisState(State state);
    error NotThisParty(address caller);
    error AnotherAgreement();
    error AnotherToken(address token);
    error OutcomeKnown();
    error AgreementNotOver();
    error CoveredBefore();
    error TooManyCovers();
    error CoverOutOfBounds(bytes32 field);
    error NotLicensed(address backer);
    error BackingNotSigned();
    error TableNotPosted(uint256 epoch, bytes32 table);
    error TablePostedBefore(uint256 epoch);
    error RateOutOfBounds(uint256 before, uint256 ppm);
    error UnknownRuling(uint256 ruling);
    error RuledBefore();
    error NothingLost();
    error GoodwillUsed();
    error BackerMustBeHeard();
    error TooEarly(uint256 from);
    error TooLate(uint256 until);

    /// @notice The clinic promises, while the money is held and nothing was done.
    /// @param backing empty for the clinic's own promise; the insurer's signature over `Policy(bytes32 cover)`; or the
    /// pricing key's over `Rate(bytes32 table,uint32 epoch,bytes32 cell,uint32 ppm,uint96 expense)`
    function open(Terms calldata terms, Cover calldata cover, Rate calldata rate, bytes calldata backing)
        external
        returns (bytes32 id);

    /// @notice The patient claims, once, between `from` and `until`, when the agreement is over.
    /// @param asked 1 objective failure, 2 no improvement, 3 goodwill
    /// @param evidence commitment to what is shown to the arbiter
    function claim(Terms calldata terms, Cover calldata cover, uint8 asked, bytes32 evidence) external;

    /// @notice The clinic agrees to what was asked, as far as its own bond pays for it.
    function concede(Terms calldata terms, Cover calldata cover) external;

    /// @notice The arbiter (ERC-792): 0 refused, else what of the three was found. Kept here, carried out by `settle`.
    function rule(uint256 disputeID, uint256 ruling) external;

    /// @notice Anybody: carries out a ruling, or the arbiter's silence once its time is over.
    function settle(Terms calldata terms, Cover calldata cover) external;

    /// @notice Anybody: ends a cover that nobody claimed in time, or of an agreement of which the clinic kept nothing.
    function lapse(Terms calldata terms, Cover calldata cover) external;

    /// @notice The pricing role, once an epoch: the table whose lines its key signs.
    /// @param asOf the last block whose events it was computed from
    function postTable(bytes32 table, uint256 asOf) external;

    function coverId(Cover calldata cover) external pure returns (bytes32);
    function account(bytes32 id) external view returns (Account memory);
}
