// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Instalment, Plan} from "../src/interfaces/IInstalmentBook.sol";
import {InstalmentMath} from "../src/base/InstalmentMath.sol";
import {LoanWorld, LogVm} from "./base/LoanWorld.sol";

/// @notice The borders of a plan's bounds, and the numbers of a loan.
contract InstalmentEdgesTest is LoanWorld {
    function _outOfBounds(Plan memory p, bytes32 field) private {
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.PlanOutOfBounds.selector, field));
        book.accept(p, "");
    }

    function test_bounds_refuseAPlanWithoutOrWithTooManyInstalments() public {
        Plan memory p = _plan(_financed());
        Plan memory many = _planOver(_financed(), uint88(TOTAL), RATE, 37);
        _outOfBounds(many, "instalments");
        p.instalments = new Instalment[](0);
        _outOfBounds(p, "instalments");
        _accept(_planOver(_financed(), uint88(TOTAL), RATE, 36));
    }

    function test_bounds_refuseWhatIsDearerThanTheCap() public {
        Plan memory p = _plan(_financed());
        p.cap = 240_001;
        _outOfBounds(p, "cap");
        p.cap = RATE - 1;
        _outOfBounds(p, "rate");
        p.cap = RATE;
        bytes memory offer = _loanOffer(p);
        vm.prank(patient);
        vm.expectRevert(IInstalmentBook.TooDear.selector);
        book.accept(p, offer);
        p.cap = RATE + 100;
        yes(book.withinCap(p), "cap");
        _accept(p);
    }

    function test_bounds_refuseLateFeesAndCoolingOffBeyondTheirLimits() public {
        Plan memory p = _plan(_financed());
        p.lateBps = 501;
        _outOfBounds(p, "lateBps");
        p.lateBps = 500;
        p.coolingOff = 1 days - 1;
        _outOfBounds(p, "coolingOff");
        p.coolingOff = 30 days + 1;
        _outOfBounds(p, "coolingOff");
        p.coolingOff = 30 days;
        _accept(p);
    }

    function test_bounds_refuseNothingToPayToOrToLend() public {
        Plan memory p = _plan(_financed());
        p.payout = 0;
        _outOfBounds(p, "payout");
        p.principal = 0;
        _outOfBounds(p, "principal");
    }

    function test_bounds_refuseTermsThatDoNotFitTheirDates() public {
        Plan memory p = _plan(_financed());
        p.instalments[2].term = 0;
        _outOfBounds(p, "term");
        p.instalments[2].term = 100 days + 1;
        _outOfBounds(p, "term");
        p.instalments[2].term = uint32(MONTH);
        p.instalments[0].dueBy += 4 days + 1;
        _outOfBounds(p, "dueBy");
        p.instalments[0].dueBy -= 8 days + 2;
        _outOfBounds(p, "dueBy");
        p.instalments[0].dueBy += 1;
        _accept(p);
    }

    function test_bounds_refuseDatesThatDoNotRise() public {
        Plan memory p = _plan(_financed());
        p.instalments[1].dueBy = p.instalments[0].dueBy;
        _outOfBounds(p, "dueBy");
    }

    function test_bounds_refuseAScheduleThatDoesNotEndAtNothing() public {
        Plan memory p = _plan(_financed());
        p.instalments[5].amount -= 1;
        _outOfBounds(p, "balance");
        p.instalments[5].amount += 2;
        _outOfBounds(p, "amount");
        p.instalments[5].amount = 0;
        _outOfBounds(p, "amount");
    }

    function test_standing_countsAnInstalmentFromItsSecond() public {
        (Plan memory p,) = _lent();
        uint256 due = p.instalments[0].dueBy;
        eq(book.standing(p, due - 1).dueSum, 0);
        eq(book.standing(p, due - 1).next, 0);
        eq(book.standing(p, due).dueSum, p.instalments[0].amount);
        eq(book.standing(p, due).next, 1);
        eq(book.standing(p, p.instalments[5].dueBy).value, 0);
        eq(book.standing(p, p.instalments[5].dueBy).sum, book.standing(p, due).sum);
        eq(book.payoff(p, p.start - 1), TOTAL);
    }

    function test_standing_runsInterestNoLongerThanATerm() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        p.instalments[0].dueBy += 3 days;
        _borrow(p, t);
        uint256 end = book.standing(p, p.start + MONTH).value;
        eq(book.standing(p, p.start + MONTH + 2 days).value, end);
        yes(book.standing(p, p.start + MONTH - 1 days).value < end, "runs");
    }

    function test_standing_chargesEachLateInstalmentOnce() public {
        (Plan memory p,) = _lent();
        uint256 fee = (uint256(p.instalments[0].amount) * 300) / 10_000;
        uint256 at = p.instalments[2].dueBy + 5 days + 1;
        eq(book.standing(p, at).fees, 3 * fee);
        eq(book.standing(p, at).judged, 3);
        vm.warp(at);
        _pay(p, 1);
        eq(_loan(p).fees, 3 * fee);
        eq(_loan(p).judged, 3);
        eq(book.standing(p, at + 1).fees, 3 * fee);
    }

    function test_carrying_followsThePrincipalThatIsOpen() public {
        (Plan memory p,) = _lent();
        uint256 month = InstalmentMath.interest(TOTAL, RATE, MONTH);
        _pay(p, 1_000);
        eq(_loan(p).carrying, TOTAL - 1_000);
        _pay(p, p.instalments[0].amount - 1_000 - 1);
        eq(_loan(p).carrying, TOTAL + month - p.instalments[0].amount);
        _pay(p, 1);
        eq(_loan(p).carrying, TOTAL + month - p.instalments[0].amount);
        eq(pool.outstanding(), _loan(p).carrying);
    }

    function test_carrying_shrinksWithARefund() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 8 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        uint256 left = book.payoff(p, block.timestamp);
        yes(pool.outstanding() <= left && pool.outstanding() + TOTAL / 100 > left, "principal");
        yes(_loan(p).share < 1e18 && _loan(p).from == 0, "share");
        eq(_loan(p).received, TOTAL - 100_000);
    }

    function test_carrying_isLowerAfterAnOverdueRefund() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(START + 10 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        bytes memory a = _splitSigned(PATIENT_KEY, t, 1_000, 1);
        bytes memory b = _splitSigned(CLINIC_KEY, t, 1_000, 1);
        escrow.split(t, 1_000, a, b);
        vm.warp(p.instalments[1].dueBy);
        book.settle(p);
        eq(_loan(p).paid, 1_000);
        eq(_loan(p).share, 1e18);
        eq(_loan(p).carrying, TOTAL - 1_000);
    }
}
