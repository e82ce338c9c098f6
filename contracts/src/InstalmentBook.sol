// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {IInstalmentBook, Plan} from "./interfaces/IInstalmentBook.sol";
import {IInstalmentPool} from "./interfaces/IInstalmentPool.sol";
import {ISettlementUnit} from "./interfaces/ISettlementUnit.sol";
import {InstalmentMath} from "./base/InstalmentMath.sol";
import {LoanMoves} from "./base/LoanMoves.sol";
import {PlanBounds} from "./base/PlanBounds.sol";
import {Relayed} from "./base/Relayed.sol";

/// @title See IInstalmentBook.
contract InstalmentBook is IInstalmentBook, Relayed, EIP712, ReentrancyGuardTransient {
    using LoanMoves for Loan;

    bytes32 private constant OFFER = keccak256("LoanOffer(bytes32 plan)");
    uint64 private constant LENDER = 7;
    uint40 private constant START_WITHIN = 2 days;

    ICareEscrow public immutable ESCROW;
    IInstalmentPool public immutable POOL;
    ISettlementUnit public immutable UNIT;

    mapping(bytes32 id => Loan) private _loans;
    /// The loan that was accepted for an agreement and not revoked.
    mapping(bytes32 agreement => bytes32 id) public loanOf;

    constructor(address authority, address forwarder, ICareEscrow escrow, IInstalmentPool pool, ISettlementUnit unit)
        Relayed(authority, forwarder)
        EIP712("Zhenmei InstalmentBook", "1")
    {
        (ESCROW, POOL, UNIT) = (escrow, pool, unit);
    }

    /// @inheritdoc IInstalmentBook
    function accept(Plan calldata plan, bytes calldata offer) external nonReentrant returns (bytes32 id) {
        if (_msgSender() != plan.borrower) revert NotTheBorrower(_msgSender());
        id = planId(plan);
        if (loanOf[plan.agreement] != 0) revert AgreementHasALoan(loanOf[plan.agreement]);
        (bool lends,) = IAccessManager(authority()).hasRole(LENDER, plan.lender);
        if (!lends) revert NotALender(plan.lender);
        PlanBounds.check(plan);
        if (!PlanBounds.withinCap(plan)) revert TooDear();
        if (block.timestamp > plan.start) revert LoanTooLate(plan.start);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(OFFER, id)));
        if (!SignatureChecker.isValidSignatureNow(plan.lender, digest, offer)) revert LoanOfferNotSigned();
        _loans[id] = _loans[id].accept(_now());
        loanOf[plan.agreement] = id;
        emit LoanAccepted(id, plan.agreement, plan.lender, plan.principal);
    }

    /// @inheritdoc IInstalmentBook
    function revoke(Plan calldata plan) external {
        if (_msgSender() != plan.borrower) revert NotTheBorrower(_msgSender());
        bytes32 id = planId(plan);
        _loans[id] = _loans[id].revoke();
        delete loanOf[plan.agreement];
        emit LoanRevoked(id);
    }

    /// @inheritdoc IInstalmentBook
    function payOut(Plan calldata plan, Terms calldata terms, bytes calldata offer, bytes calldata patientSignature)
        external
        nonReentrant
    {
        bytes32 id = planId(plan);
        Loan memory l = _loans[id].payOut(_now(), plan.start, plan.start + START_WITHIN, plan.coolingOff);
        if (
            keccak256(abi.encode(terms)) != plan.agreement || terms.patient != plan.borrower
                || terms.token != address(UNIT) || terms.payout != bytes32(uint256(uint160(address(this))))
        ) revert NotThisAgreement();
        l.carrying = plan.principal;
        _loans[id] = l;
        emit LoanPaidOut(id, plan.agreement, plan.principal);
        POOL.lend(plan.borrower, plan.principal);
        ESCROW.openFor(terms, offer, patientSignature);
        uint88 held = ESCROW.account(plan.agreement).held;
        // a loan larger than the price would leave cash with the borrower
        if (held < plan.principal) revert NotThisAgreement();
        _loans[id].total = held;
    }

    /// @inheritdoc IInstalmentBook
    function pay(Plan calldata plan, uint256 amount) external nonReentrant returns (uint256 taken) {
        (bytes32 id, Loan memory l) = _load(plan);
        l.expectOpen();
        if (amount == 0) revert NothingToSettle();
        Standing memory s = PlanBounds.standing(plan, l, block.timestamp);
        uint256 all = l.payoff(s);
        taken = amount < all ? amount : all;
        uint256 toFees = s.fees;
        if (taken == all) {
            l = _closed(id, l, taken);
        } else {
            (l, toFees) = l.pay(s, taken);
        }
        emit LoanPaid(id, taken, toFees);
        UNIT.collect(_msgSender(), taken);
        _repay(taken);
        _book(plan, id, l);
    }

    /// @inheritdoc IInstalmentBook
    function settle(Plan calldata plan) external nonReentrant {
        (bytes32 id, Loan memory l) = _load(plan);
        if (l.total == 0) revert NotThisLoanState(l.state);
        ICareEscrow.Account memory a = ESCROW.account(plan.agreement);
        uint256 refund = a.refunded - l.refunded;
        if (refund == 0) revert NothingToSettle();
        l.refunded = a.refunded;
        bytes32 here = bytes32(uint256(uint160(address(this))));
        if (ESCROW.credit(address(UNIT), here) > 0) ESCROW.withdraw(address(UNIT), here);
        uint256 toLoan;
        uint256 toPatient;
        if (a.refunded == l.total) {
            uint256 back;
            // what came earlier of the same agreement already went to the loan
            (toLoan, toPatient, back) = InstalmentMath.unperformed(refund, plan.principal, l.received);
            if (l.state == State.Live || l.state == State.WrittenOff) l = _closed(id, l, 0);
            l.received = uint88(l.received + toLoan - back);
            l.due += uint88(back);
        } else if (l.state == State.Closed) {
            toPatient = refund;
        } else {
            Standing memory s = PlanBounds.standing(plan, l, block.timestamp);
            (toLoan, toPatient) = InstalmentMath.refunded(refund, l.payoff(s));
            if (toLoan == l.payoff(s)) l = _closed(id, l, toLoan);
            else l = l.partlyRefunded(s, toLoan);
        }
        emit LoanRefunded(id, toLoan, toPatient, l.share);
        if (toLoan > 0) _repay(toLoan);
        _book(plan, id, l);
        if (toPatient > 0) UNIT.redeem(plan.payout, toPatient);
        if (l.due > 0) _giveBack(plan, id);
    }

    /// @inheritdoc IInstalmentBook
    function impair(Plan calldata plan) external {
        (bytes32 id, Loan memory l) = _load(plan);
        if (l.state != State.Live) revert NotThisLoanState(l.state);
        if (l.impaired || !PlanBounds.standing(plan, l, block.timestamp).late) revert NotLate();
        _book(plan, id, l);
    }

    /// @inheritdoc IInstalmentBook
    function writeOff(Plan calldata plan) external {
        (bytes32 id, Loan memory l) = _load(plan);
        bool impaired = l.impaired;
        l = l.writeOff(PlanBounds.standing(plan, l, block.timestamp).lost);
        uint256 lost = l.carrying;
        l.carrying = 0;
        _loans[id] = l;
        emit LoanWrittenOff(id, lost);
        POOL.rebook(lost, 0, impaired ? lost : 0, 0);
    }

    /// @inheritdoc IInstalmentBook
    function collect(Plan calldata plan) external nonReentrant {
        bytes32 id = planId(plan);
        if (_loans[id].due == 0) revert NothingToSettle();
        _giveBack(plan, id);
    }

    /// @inheritdoc IInstalmentBook
    function planId(Plan calldata plan) public pure returns (bytes32) {
        return keccak256(abi.encode(plan));
    }

    /// @inheritdoc IInstalmentBook
    function withinCap(Plan calldata plan) external pure returns (bool) {
        return PlanBounds.withinCap(plan);
    }

    /// @inheritdoc IInstalmentBook
    function payoff(Plan calldata plan, uint256 time) external view returns (uint256) {
        (, Loan memory l) = _load(plan);
        return l.state == State.Closed ? 0 : l.payoff(PlanBounds.standing(plan, l, time));
    }

    /// @inheritdoc IInstalmentBook
    function standing(Plan calldata plan, uint256 time) external view returns (Standing memory) {
        return PlanBounds.standing(plan, _loans[planId(plan)], time);
    }

    /// @inheritdoc IInstalmentBook
    function loan(bytes32 id) external view returns (Loan memory) {
        return _loans[id];
    }

    function _load(Plan calldata plan) private view returns (bytes32 id, Loan memory l) {
        id = planId(plan);
        l = _loans[id];
    }

    function _closed(bytes32 id, Loan memory l, uint256 received) private returns (Loan memory) {
        emit LoanClosed(id);
        return l.close(received);
    }

    /// @dev Keeps the loan, and what the pool may count on. The stored loan still has the values that the pool knows.
    function _book(Plan calldata plan, bytes32 id, Loan memory l) private {
        Loan storage known = _loans[id];
        (uint88 before, bool was) = (known.carrying, known.impaired);
        if (l.state == State.Live) {
            uint256 counted = PlanBounds.carrying(plan, l);
            l.carrying = counted < before ? uint88(counted) : before;
            l.impaired = PlanBounds.standing(plan, l, block.timestamp).late;
        } else {
            (l.carrying, l.impaired) = (0, false);
        }
        _loans[id] = l;
        if (l.impaired != was) emit LoanImpaired(id, l.impaired);
        if (l.carrying != before || l.impaired != was) {
            POOL.rebook(before, l.carrying, was ? before : 0, l.impaired ? l.carrying : 0);
        }
    }

    function _repay(uint256 amount) private {
        UNIT.redeem(bytes32(uint256(uint160(address(POOL)))), amount);
        POOL.repaid(amount);
    }

    function _giveBack(Plan calldata plan, bytes32 id) private {
        uint256 given = POOL.giveBack(_loans[id].due);
        if (given == 0) return;
        _loans[id].due -= uint88(given);
        emit LoanReturned(id, given);
        UNIT.redeem(plan.payout, given);
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp);
    }
}
