// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Instalment, Plan} from "../src/interfaces/IInstalmentBook.sol";
import {InstalmentMath} from "../src/base/InstalmentMath.sol";
import {LoanWorld, LogVm} from "./base/LoanWorld.sol";

/// @notice The whole record after each act, not only the field that the act is about.
contract InstalmentRecordsTest is LoanWorld {
    function setUp() public override {
        super.setUp();
        LogVm(address(vm)).recordLogs();
    }

    function _same(Plan memory p, IInstalmentBook.Loan memory expected) private view {
        eq(keccak256(abi.encode(_loan(p))), keccak256(abi.encode(expected)));
    }

    function _count(bytes32 kind) private returns (uint256 n) {
        LogVm.Log[] memory logs = LogVm(address(vm)).getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == kind) ++n;
        }
    }

    /// @dev So much of the agreement comes back: all but the last milestone were performed.
    function _lastComesBack(Terms memory t) private {
        vm.warp(START + 9 days);
        for (uint8 i = 0; i < 2; ++i) {
            _claim(t, i);
            vm.prank(patient);
            escrow.accept(t);
        }
        vm.prank(clinic);
        escrow.providerCancel(t);
    }

    function test_accept_leavesExactlyThisRecord() public {
        Plan memory p = _plan(_financed());
        _accept(p);
        IInstalmentBook.Loan memory l;
        (l.state, l.acceptedAt) = (IInstalmentBook.State.Accepted, uint40(START));
        _same(p, l);
    }

    function test_revoke_leavesExactlyThisRecord() public {
        Plan memory p = _plan(_financed());
        _accept(p);
        vm.prank(patient);
        book.revoke(p);
        IInstalmentBook.Loan memory l;
        (l.state, l.acceptedAt) = (IInstalmentBook.State.Closed, uint40(START));
        _same(p, l);
    }

    function test_payOut_leavesExactlyThisRecord() public {
        (Plan memory p,) = _lent();
        IInstalmentBook.Loan memory l;
        (l.state, l.acceptedAt, l.share) = (IInstalmentBook.State.Live, uint40(START), 1e18);
        (l.total, l.carrying) = (uint88(TOTAL), uint88(TOTAL));
        _same(p, l);
    }

    /// @dev The agreement of the plan is held already, so that only its own check refuses the other one.
    function test_payOut_revertsForAnotherAgreementEvenIfThePlansIsHeld() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        _open(t);
        t.salt = "other";
        (bytes memory offer, bytes memory agreed) = (_offer(t), _agreed(t));
        vm.warp(p.start);
        vm.expectRevert(IInstalmentBook.NotThisAgreement.selector);
        book.payOut(p, t, offer, agreed);
    }

    function test_writeOff_leavesExactlyThisRecord() public {
        (Plan memory p,) = _lent();
        _pay(p, 1_000);
        vm.warp(p.instalments[0].dueBy + 60 days + 1);
        book.impair(p);
        IInstalmentBook.Loan memory l = _loan(p);
        yes(l.impaired && l.paid == 1_000 && l.received == 1_000, "before");
        (l.state, l.impaired, l.carrying) = (IInstalmentBook.State.WrittenOff, false, 0);
        book.writeOff(p);
        _same(p, l);
    }

    function test_writeOff_revertsWhenWhatIsOldWasPaid() public {
        (Plan memory p,) = _lent();
        _pay(p, p.instalments[0].amount);
        vm.warp(p.instalments[0].dueBy + 60 days + 1);
        yes(!book.standing(p, block.timestamp).lost, "paid");
        vm.expectRevert(IInstalmentBook.NotLate.selector);
        book.writeOff(p);
        _pay(p, 1);
        yes(_loan(p).impaired, "the second is late");
    }

    function test_settle_closesWhatWasWrittenOff() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.instalments[0].dueBy + 60 days + 1);
        book.writeOff(p);
        escrow.expire(t);
        book.settle(p);
        _loanState(p, IInstalmentBook.State.Closed);
        eq(pool.totalAssets(), FUND);
        eq(book.payoff(p, block.timestamp), 0);
    }

    function test_settle_closesNothingTwice() public {
        (Plan memory p, Terms memory t) = _lent();
        _payAll(p);
        vm.prank(clinic);
        escrow.providerCancel(t);
        _count("");
        book.settle(p);
        eq(_count(IInstalmentBook.LoanClosed.selector), 0);
        eq(_loan(p).received, TOTAL);
        eq(_loan(p).refunded, TOTAL);
    }

    function test_impair_saysSoOnceEachWay() public {
        (Plan memory p,) = _tinyFirst();
        vm.warp(p.instalments[0].dueBy + 5 days + 1);
        _count("");
        book.impair(p);
        eq(_count(IInstalmentBook.LoanImpaired.selector), 1);
        eq(pool.impaired(), TOTAL);
        // what is owed grew by interest, so what the pool counts on stays, and yet the loan is good again
        _pay(p, 1);
        eq(_count(IInstalmentBook.LoanImpaired.selector), 1);
        eq(pool.impaired(), 0);
        eq(_loan(p).carrying, TOTAL);
        _pay(p, 1_000);
        eq(_count(IInstalmentBook.LoanImpaired.selector), 0);
        eq(pool.impaired(), 0);
    }

    /// @dev One unit after a month, everything else after two.
    function _tinyFirst() private returns (Plan memory p, Terms memory t) {
        t = _financed();
        p = _planOver(t, uint88(TOTAL), RATE, 2);
        uint256 balance = TOTAL + InstalmentMath.interest(TOTAL, RATE, MONTH) - 1;
        p.instalments[0].amount = 1;
        p.instalments[1].amount = uint88(balance + InstalmentMath.interest(balance, RATE, MONTH));
        _borrow(p, t);
    }

    function test_settle_beginsANewCountWhereADueInstalmentIsPaid() public {
        (Plan memory p, Terms memory t) = _lent();
        _pay(p, p.instalments[0].amount - 10_000);
        _lastComesBack(t);
        vm.warp(p.instalments[0].dueBy);
        uint256 value = book.standing(p, block.timestamp).value;
        uint88 counted = _loan(p).carrying;
        book.settle(p);
        IInstalmentBook.Loan memory l = _loan(p);
        uint256 share = (1e18 * (value - 40_000)) / value;
        eq(l.share, share);
        eq(l.from, 1);
        eq(l.paid, 0);
        uint256 sum;
        for (uint256 i = 1; i < 6; ++i) {
            sum += (p.instalments[i].amount * share) / 1e18;
        }
        eq(book.standing(p, block.timestamp).sum, sum);
        eq(book.standing(p, p.instalments[5].dueBy).dueSum, sum);
        uint256 balance = TOTAL + InstalmentMath.interest(TOTAL, RATE, MONTH) - p.instalments[0].amount;
        eq(l.carrying, (balance * share) / 1e18);
        yes(l.carrying < counted, "less");
    }

    function test_settle_countsWhatIsExactlyDueAsPaid() public {
        (Plan memory p, Terms memory t) = _lent();
        _pay(p, p.instalments[0].amount - 50_000);
        _lastComesBack(t);
        vm.warp(p.instalments[0].dueBy);
        book.settle(p);
        IInstalmentBook.Loan memory l = _loan(p);
        eq(l.from, 1);
        eq(l.paid, 0);
        eq(l.share, 1e18);
        eq(l.received, p.instalments[0].amount);
    }

    function test_settle_leavesWhatWasPaidAheadWhereItIs() public {
        (Plan memory p, Terms memory t) = _lent();
        uint88 ahead = p.instalments[0].amount + 7;
        _pay(p, ahead);
        _lastComesBack(t);
        uint256 value = book.standing(p, block.timestamp).value;
        book.settle(p);
        IInstalmentBook.Loan memory l = _loan(p);
        eq(l.paid, ahead);
        eq(l.share, (1e18 * (value - 50_000)) / value);
        eq(l.from, 0);
        eq(l.received, ahead + 50_000);
    }

    function test_settle_paysLateFeesLast() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, uint88(TOTAL), RATE, 1);
        _borrow(p, t);
        _pay(p, p.instalments[0].amount - 45_000);
        _lastComesBack(t);
        vm.warp(p.instalments[0].dueBy + 5 days + 1);
        uint256 fee = (uint256(p.instalments[0].amount) * 300) / 10_000;
        book.settle(p);
        IInstalmentBook.Loan memory l = _loan(p);
        _loanState(p, IInstalmentBook.State.Live);
        eq(l.fees, fee - 5_000);
        eq(l.judged, 1);
        eq(l.share, 1e18);
        eq(l.carrying, 0);
        eq(book.payoff(p, block.timestamp), fee - 5_000);
    }

    function test_settle_neverAsksForMoreThanTheInstalmentsThatAreLeft() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, 600_000, 0, 6);
        eq(p.instalments[0].amount, 100_000);
        _mint(patient, TOTAL - 600_000);
        _borrow(p, t);
        _lastComesBack(t);
        book.settle(p);
        eq(_loan(p).share, 916_666_666_666_666_666);
        // the present value of what is left is 549,999, its six instalments are 91,666 each
        eq(book.standing(p, block.timestamp).value, 549_999);
        eq(book.payoff(p, block.timestamp), 6 * 91_666);
        eq(book.standing(p, p.instalments[0].dueBy + 5 days + 1).fees, 2_749);
    }

    function test_pay_countsTwoInstalmentsAtOnce() public {
        (Plan memory p,) = _lent();
        _pay(p, uint256(p.instalments[0].amount) + p.instalments[1].amount);
        uint256 balance = TOTAL;
        for (uint256 i = 0; i < 2; ++i) {
            balance += InstalmentMath.interest(balance, RATE, MONTH);
            balance -= p.instalments[i].amount;
        }
        eq(_loan(p).carrying, balance);
    }

    function test_pay_chargesThreeHundredthsToTheUnit() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, 600_000, 0, 6);
        _mint(patient, TOTAL - 600_000);
        _borrow(p, t);
        eq(book.standing(p, p.instalments[0].dueBy + 5 days + 1).fees, 3_000);
    }

    function _tiny(uint32 cap, uint32 term, uint88 amount) private view returns (Plan memory p) {
        p = _plan(_financed());
        (p.principal, p.cap) = (1, cap);
        p.instalments = new Instalment[](1);
        p.instalments[0] = Instalment(amount, p.start + 1, term);
    }

    function test_withinCap_judgesABillionthOfAUnit() public view {
        yes(book.withinCap(_tiny(1e9, 31_536, 2)), "exactly what is lent");
        yes(!book.withinCap(_tiny(1e9 - 1, 31_536, 2)), "a billionth more");
    }

    function test_bounds_acceptALoanThatCostsNothing() public {
        Plan memory p = _planOver(_financed(), 600_000, 0, 6);
        p.cap = 0;
        _accept(p);
    }

    function test_bounds_chargeInterestOfASecond() public {
        Plan memory p = _tiny(240_000, 1, 2);
        p.rate = 1;
        bytes memory offer = _loanOffer(p);
        vm.prank(patient);
        vm.expectRevert(IInstalmentBook.TooDear.selector);
        book.accept(p, offer);
    }

    function test_bounds_refuseTheSameDateTwiceHoweverShortTheTerms() public {
        Plan memory p = _planOver(_financed(), 600_000, 0, 2);
        (p.instalments[0].term, p.instalments[1].term) = (1 days, 1 days);
        p.instalments[0].dueBy = p.start + 1 days;
        p.instalments[1].dueBy = p.start + 1 days;
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.PlanOutOfBounds.selector, bytes32("dueBy")));
        book.accept(p, "");
        p.instalments[1].dueBy += 1;
        _accept(p);
    }
}
