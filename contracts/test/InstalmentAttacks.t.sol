// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Plan} from "../src/interfaces/IInstalmentBook.sol";
import {InstalmentPool} from "../src/InstalmentPool.sol";
import {IInstalmentPool} from "../src/interfaces/IInstalmentPool.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {PlanBounds} from "../src/base/PlanBounds.sol";
import {InstalmentMath} from "../src/base/InstalmentMath.sol";
import {LoanWorld, LogVm} from "./base/LoanWorld.sol";

/// @notice Signs whatever it is asked about, and tries to do something with the pool while it is asked.
contract GreedyClinic {
    InstalmentPool private immutable POOL;

    constructor(InstalmentPool pool) {
        POOL = pool;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        // within a static call nothing can be written; the value of a share is the same as before the loan
        return POOL.outstanding() > 0 ? this.isValidSignature.selector : bytes4(0);
    }
}


contract InstalmentAttacksTest is LoanWorld {
    address internal other = address(0x07E2);

    function setUp() public override {
        super.setUp();
        manager.grantRole(7, other, 0);
        LogVm(address(vm)).recordLogs();
    }

    /// @dev 2
    function test_attack_valueOfASharesIsWholeWhileALoanIsPaidOut() public {
        GreedyClinic asks = new GreedyClinic(pool);
        Terms memory t = _financed();
        t.clinic = address(asks);
        Plan memory p = _plan(t);
        _accept(p);
        vm.warp(p.start);
        uint256 before = pool.convertToAssets(1e12);
        book.payOut(p, t, "", _agreed(t));
        eq(pool.convertToAssets(1e12), before);
    }

    /// @dev 3
    function test_attack_firstDepositCannotBeInflated() public {
        vm.prank(lender);
        pool.askExit(FUND * 1e6);
        vm.warp(START + 30 days);
        pool.serveExits(1);
        _deposit(lender, 1);
        _mint(address(pool), 1_000_000);
        uint256 shares = _deposit(other, 1_000_000);
        yes(pool.convertToAssets(shares) + 1 >= 1_000_000, "share");
    }

    /// @dev 4
    function test_attack_unitsThatArriveOtherwiseCountForNothing() public {
        uint256 value = pool.totalAssets();
        _mint(address(pool), 77);
        _mint(address(book), 77);
        eq(pool.totalAssets(), value);
        (Plan memory p, Terms memory t) = _lent();
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        eq(unit.balanceOf(address(book)), 77);
        eq(pool.totalAssets(), value);
    }

    /// @dev 17
    function test_attack_nobodyLeavesBeforeALossThatIsKnown() public {
        (Plan memory p,) = _lent();
        _deposit(other, FUND);
        vm.warp(p.instalments[0].dueBy);
        vm.prank(lender);
        pool.askExit(FUND * 1e6);
        vm.warp(block.timestamp + 30 days);
        book.impair(p);
        pool.serveExits(1);
        uint256 got = pool.toCollect(lender);
        yes(got < FUND - TOTAL / 2 + 2 && got + 2 > FUND - TOTAL / 2, "half of the loss");
    }

    /// @dev 17
    function test_attack_exitsCannotBeJumpedByLending() public {
        vm.prank(lender);
        pool.askExit(FUND * 1e6);
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        p.start = uint40(START + 30 days);
        for (uint256 i = 0; i < 6; ++i) {
            p.instalments[i].dueBy += 29 days;
        }
        t.openBy = uint40(START + 40 days);
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy += 40 days;
        }
        p.agreement = _id(t);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentPool.ExitsWait.selector, 0));
        book.payOut(p, t, offer, agreed);
    }

    /// @dev 17
    function test_attack_capitalThatComesForAPaymentStaysAMonthAndGainsNothingAfterItAsked() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy);
        uint256 shares = _deposit(other, FUND);
        vm.prank(other);
        pool.askExit(shares);
        _pay(p, p.instalments[0].amount);
        _payAll(p);
        vm.expectRevert(IInstalmentPool.NothingToDo.selector);
        pool.serveExits(1);
        vm.warp(block.timestamp + 30 days);
        pool.serveExits(1);
        yes(pool.toCollect(other) <= FUND, "no gain");
    }

    /// @dev 17
    function test_attack_capitalThatComesForARecoveryPaysForIt() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 5 days + 1);
        book.impair(p);
        uint256 shares = _deposit(other, FUND);
        _payAll(p);
        // the late fee and a month's interest are shared; the recovered principal is not
        uint256 gain = pool.totalAssets() - 2 * FUND;
        yes(pool.convertToAssets(shares) <= FUND + gain, "recovery");
    }

    /// @dev 20
    function test_attack_loanToAClinicThatNeverTreatsCostsNothing() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.instalments[0].dueBy);
        uint256 paid = _pay(p, p.instalments[0].amount);
        escrow.expire(t);
        book.settle(p);
        eq(_paidTo(PAYOUT), paid);
        eq(book.payoff(p, block.timestamp + 900 days), 0);
        eq(pool.totalAssets(), FUND);
        eq(_owed(address(unit), _as(clinic)), 0);
    }

    /// @dev 20
    function test_attack_refundGoesToTheLoanWhoeverPullsIt() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.prank(clinic);
        escrow.providerCancel(t);
        eq(_owed(address(unit), PAYOUT), 0);
        vm.prank(patient);
        vm.expectRevert(ICareEscrow.NothingToWithdraw.selector);
        escrow.withdraw(address(unit), PAYOUT);
        vm.prank(patient);
        book.settle(p);
        eq(_paidTo(PAYOUT), 0);
        eq(pool.cash(), FUND);
    }

    /// @dev 20
    function test_attack_refundBeyondTheDebtIsThePatients() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 9 days);
        _payAll(p);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        eq(_paidTo(PAYOUT), TOTAL - 100_000);
    }

    /// @dev 20
    function test_attack_borrowerCannotTurnTheLoanIntoCash() public {
        (Plan memory p,) = _lent();
        eq(unit.balanceOf(p.borrower), 0);
        vm.prank(p.borrower);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotThePayer.selector, p.borrower));
        unit.giveBack("no payment", 1);
    }

    /// @dev 21
    function test_attack_singleUnitsPayNoLess() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, 200, 30_000, 3);
        _mint(patient, TOTAL - 200);
        _borrow(p, t);
        vm.warp(p.start + 17 days);
        uint256 all = book.payoff(p, block.timestamp);
        uint256 sum;
        while (_loan(p).state == IInstalmentBook.State.Live) {
            sum += _pay(p, 1);
        }
        eq(sum, all);
    }

    /// @dev 21
    function test_attack_orderOfLateFeeAndEarlyRepaymentChangesNothing() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[1].dueBy + 5 days + 1);
        uint256 all = book.payoff(p, block.timestamp);
        uint256 first = _pay(p, all - 1_000);
        eq(book.payoff(p, block.timestamp), 1_000);
        eq(first + _payAll(p), all);
    }

    /// @dev 26
    function test_attack_largestPlanDoesNotWrap() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, type(uint80).max, 239_000, 36);
        p.cap = 240_000;
        _accept(p);
        uint256 sum;
        for (uint256 i = 0; i < 36; ++i) {
            sum += p.instalments[i].amount;
        }
        yes(sum < type(uint88).max, "fits");
        p.principal = type(uint88).max;
        p.agreement = "larger";
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.PlanOutOfBounds.selector, bytes32("principal")));
        book.accept(p, "");
    }

    /// @dev 26
    function test_attack_interestMultipliesBeforeItDivides() public pure {
        eq(InstalmentMath.interest(1, 1, 1), 1);
        eq(InstalmentMath.interest(3_153_600, 240_000, 2_628_000), 63_072);
        eq(InstalmentMath.interest(0, 240_000, 2_628_000), 0);
    }


    function measure(Plan calldata p) external view returns (uint256 gas_) {
        uint256 before = gasleft();
        PlanBounds.withinCap(p);
        gas_ = before - gasleft();
    }

    function test_gas_yearlyCostOfTwelveInstalmentsIsCheckedForTenThousand() public view {
        Terms memory t = _financed();
        uint256 twelve = this.measure(_planOver(t, 398_000, 120_000, 12));
        eq(twelve, twelve <= 10_000 ? twelve : 0);
    }
}
