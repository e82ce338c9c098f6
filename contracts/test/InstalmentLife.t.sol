// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Plan} from "../src/interfaces/IInstalmentBook.sol";
import {LoanWorld, LogVm} from "./base/LoanWorld.sol";

/// @notice A loan from its first payment to its end.
contract InstalmentLifeTest is LoanWorld {
    function setUp() public override {
        super.setUp();
        LogVm(address(vm)).recordLogs();
    }

    function _refused(IInstalmentBook.State state) private {
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.NotThisLoanState.selector, state));
    }

    function test_pay_closesWithTheLastInstalment() public {
        (Plan memory p,) = _lent();
        uint256 all;
        for (uint256 i = 0; i < 6; ++i) {
            vm.warp(p.instalments[i].dueBy);
            all += _pay(p, p.instalments[i].amount);
        }
        _loanState(p, IInstalmentBook.State.Closed);
        eq(pool.outstanding(), 0);
        eq(pool.totalAssets(), FUND + all - TOTAL);
        eq(unit.balanceOf(address(book)), 0);
        eq(book.payoff(p, block.timestamp), 0);
    }

    function test_pay_rebatesUnearnedInterest() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy);
        _pay(p, p.instalments[0].amount);
        uint256 scheduled;
        for (uint256 i = 1; i < 6; ++i) {
            scheduled += p.instalments[i].amount;
        }
        uint256 month = (TOTAL * RATE * MONTH + 365 days * 1e6 - 1) / (365 days * 1e6);
        eq(_payAll(p), TOTAL + month - p.instalments[0].amount);
        yes(TOTAL + month - p.instalments[0].amount < scheduled, "rebate");
        eq(pool.totalAssets(), FUND + month);
        _loanState(p, IInstalmentBook.State.Closed);
    }

    function test_pay_takesNoMoreThanCloses() public {
        (Plan memory p,) = _lent();
        uint256 all = book.payoff(p, block.timestamp);
        eq(all, TOTAL);
        _mint(patient, TOTAL + 5);
        vm.prank(patient);
        eq(book.pay(p, TOTAL + 5), TOTAL);
        eq(unit.balanceOf(patient), 5);
    }

    function test_pay_chargesALateFeeOnceAnInstalmentAndLast() public {
        (Plan memory p,) = _lent();
        uint256 late = p.instalments[0].dueBy + 5 days;
        eq(book.standing(p, late).fees, 0);
        uint256 fee = (uint256(p.instalments[0].amount) * 300) / 10_000;
        eq(book.standing(p, late + 1).fees, fee);
        eq(book.standing(p, late + 20 days).fees, fee);
        vm.warp(late + 1);
        _pay(p, p.instalments[0].amount);
        eq(_loan(p).fees, fee);
        eq(_loan(p).paid, p.instalments[0].amount);
        vm.warp(p.instalments[5].dueBy);
        _payAll(p);
        _loanState(p, IInstalmentBook.State.Closed);
    }

    function test_pay_revertsForNothing() public {
        (Plan memory p,) = _lent();
        vm.prank(patient);
        vm.expectRevert(IInstalmentBook.NothingToSettle.selector);
        book.pay(p, 0);
    }

    function test_pay_revertsBeforeItWasPaidOutOrAfterItWasClosed() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        _refused(IInstalmentBook.State.Accepted);
        book.pay(p, 1);
        vm.warp(p.start);
        book.payOut(p, t, _offer(t), _agreed(t));
        _payAll(p);
        _refused(IInstalmentBook.State.Closed);
        book.pay(p, 1);
    }

    function test_settle_closesAnUnperformedTreatmentAtNoCost() public {
        (Plan memory p, Terms memory t) = _lent();
        uint256 two = uint256(p.instalments[0].amount) + p.instalments[1].amount;
        _pay(p, two);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        eq(_paidTo(PAYOUT), two);
        eq(pool.totalAssets(), FUND);
        eq(unit.balanceOf(address(book)), 0);
        _loanState(p, IInstalmentBook.State.Closed);
    }

    function test_settle_givesBackInterestEvenOfALoanThatWasPaidOff() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 18 days);
        uint256 all = _payAll(p);
        yes(all > TOTAL, "interest");
        vm.warp(START + 60 days);
        escrow.expire(t);
        book.settle(p);
        eq(_paidTo(PAYOUT), all);
        eq(pool.totalAssets(), FUND);
    }

    function test_settle_paysTheLoanFirstAndThePatientTheRest() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 8 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        uint256 debt = book.payoff(p, block.timestamp);
        _pay(p, 400_000);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        eq(_paidTo(PAYOUT), TOTAL - 100_000 - (debt - 400_000));
        _loanState(p, IInstalmentBook.State.Closed);
    }

    function test_settle_shrinksEveryLaterInstalmentWhenARefundIsSmallerThanTheDebt() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 8 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        uint256 debt = book.payoff(p, block.timestamp);
        uint256 sum = book.standing(p, block.timestamp).sum;
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        uint256 rest = debt - (TOTAL - 100_000);
        uint256 left = book.payoff(p, block.timestamp);
        yes(left <= rest && left + 7 > rest, "present value");
        uint256 sumLeft = book.standing(p, block.timestamp).sum;
        yes(sumLeft * debt <= sum * rest && (sumLeft + 7) * debt > sum * rest, "every instalment");
        eq(_paidTo(PAYOUT), 0);
        _loanState(p, IInstalmentBook.State.Live);
    }

    function test_settle_revertsWhenNothingCameBack() public {
        (Plan memory p,) = _lent();
        vm.expectRevert(IInstalmentBook.NothingToSettle.selector);
        book.settle(p);
    }

    function test_settle_revertsWhereNothingWasLent() public {
        Plan memory p = _plan(_financed());
        _accept(p);
        _refused(IInstalmentBook.State.Accepted);
        book.settle(p);
    }

    function test_settle_doesNotMindWhoPulledTheRefund() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.prank(stranger);
        escrow.withdraw(address(unit), bytes32(uint256(uint160(address(book)))));
        book.settle(p);
        eq(pool.totalAssets(), FUND);
        eq(unit.balanceOf(address(book)), 0);
    }

    function test_impair_valuesTheLoanAtNothingFromTheFirstSecondPastGrace() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 5 days);
        vm.expectRevert(IInstalmentBook.NotLate.selector);
        book.impair(p);
        vm.warp(block.timestamp + 1);
        book.impair(p);
        eq(pool.totalAssets(), FUND - TOTAL);
        vm.expectRevert(IInstalmentBook.NotLate.selector);
        book.impair(p);
        _pay(p, p.instalments[0].amount);
        yes(!_loan(p).impaired && pool.impaired() == 0, "made good");
    }

    function test_impair_revertsWhereNothingIsLent() public {
        Plan memory p = _plan(_financed());
        _refused(IInstalmentBook.State.None);
        book.impair(p);
    }

    function test_writeOff_takesTheLoanOutOfThePoolAfterSixtyDays() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 60 days);
        vm.expectRevert(IInstalmentBook.NotLate.selector);
        book.writeOff(p);
        vm.warp(block.timestamp + 1);
        book.impair(p);
        book.writeOff(p);
        _loanState(p, IInstalmentBook.State.WrittenOff);
        eq(pool.outstanding(), 0);
        eq(pool.impaired(), 0);
        eq(pool.totalAssets(), FUND - TOTAL);
        _refused(IInstalmentBook.State.WrittenOff);
        book.writeOff(p);
    }

    function test_writeOff_stillTakesMoney() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 60 days + 1);
        book.writeOff(p);
        _pay(p, 1_000);
        eq(pool.totalAssets(), FUND - TOTAL + 1_000);
        _payAll(p);
        _loanState(p, IInstalmentBook.State.Closed);
    }

    function test_collect_paysWhatThePoolHadNoCashFor() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 18 days);
        uint256 all = _payAll(p);
        uint256 shares = pool.balanceOf(lender);
        vm.prank(lender);
        pool.askExit(shares);
        vm.warp(START + 61 days);
        pool.serveExits(1);
        escrow.expire(t);
        uint256 left = pool.cash();
        book.settle(p);
        eq(_paidTo(PAYOUT), TOTAL + (left < all - TOTAL ? left : all - TOTAL));
        uint256 due = _loan(p).due;
        yes(due > 0, "due");
        _deposit(lender, 1_000_000);
        book.collect(p);
        eq(_paidTo(PAYOUT), all);
        vm.expectRevert(IInstalmentBook.NothingToSettle.selector);
        book.collect(p);
    }
}
