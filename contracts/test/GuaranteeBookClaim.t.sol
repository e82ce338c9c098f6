// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

contract GuaranteeBookClaimTest is GuaranteeWorld {
    Terms private _unused;

    function _opened() private returns (Terms memory t, Cover memory c) {
        t = _held();
        c = _cover(t);
        _promise(t, c);
    }

    function _ready() private returns (Terms memory t, Cover memory c) {
        (t, c) = _opened();
        _finished(t, c);
    }

    function _not(IGuaranteeBook.State s) private {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisState.selector, s));
    }

    function _notThisParty(address who) private {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisParty.selector, who));
    }

    function test_claim_revertsWhenTheCallerIsNotThePatient() public {
        (Terms memory t, Cover memory c) = _ready();
        _notThisParty(clinic);
        vm.prank(clinic);
        book.claim(t, c, 2, "shown");
    }

    function test_claim_revertsWithTermsOfAnotherAgreement() public {
        (Terms memory t, Cover memory c) = _ready();
        t.salt = "another";
        vm.expectRevert(IGuaranteeBook.AnotherAgreement.selector);
        _ask(t, c, 2);
    }

    function test_claim_revertsWhenNothingWasCovered() public {
        (Terms memory t, Cover memory c) = _ready();
        c.sum += 1;
        _not(IGuaranteeBook.State.None);
        _ask(t, c, 2);
    }

    function test_claim_revertsBeforeAndAfterItsTime() public {
        (Terms memory t, Cover memory c) = _ready();
        vm.warp(c.from - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooEarly.selector, c.from));
        _ask(t, c, 2);
        vm.warp(c.until + 1);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooLate.selector, c.until));
        _ask(t, c, 2);
        vm.warp(c.until);
        _ask(t, c, 2);
        _inState(c, IGuaranteeBook.State.Claimed);
    }

    function test_claim_revertsForWhatNobodyCanAsk() public {
        (Terms memory t, Cover memory c) = _ready();
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.UnknownRuling.selector, 0));
        _ask(t, c, 0);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.UnknownRuling.selector, 4));
        _ask(t, c, 4);
    }

    function test_claim_revertsWhileTheAgreementIsNotOver() public {
        (Terms memory t, Cover memory c) = _opened();
        vm.warp(c.from);
        vm.expectRevert(IGuaranteeBook.AgreementNotOver.selector);
        _ask(t, c, 2);
    }

    function test_claim_revertsWhenNothingWasKept() public {
        (Terms memory t, Cover memory c) = _opened();
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.warp(c.from);
        vm.expectRevert(IGuaranteeBook.NothingLost.selector);
        _ask(t, c, 2);
    }

    function test_claim_givesTheArbiterItsTime() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        IGuaranteeBook.Account memory a = book.account(_coverId(c));
        eq(a.deadline, uint256(c.from) + 14 days);
        eq(a.asked, 2);
        eq(a.arbiter, judge);
        yes(!a.ruled, "ruled");
    }

    function test_claim_putsThePoolsPartAside() public {
        _invest(lender, 10_000_000);
        Terms memory t = _held();
        Cover memory c = _pooled(t);
        _openPooled(t, c);
        _finished(t, c);
        _ask(t, c, 1);
        eq(pool.frozen(), 416_000);
    }

    /// @dev Any clinic's ninth in a quarter, and anybody's second in a year.
    function test_claim_revertsForGoodwillTwiceInAYear() public {
        (Terms memory t, Cover memory c) = _opened();
        Terms memory u = _held(1);
        Cover memory d = _cover(u);
        _promise(u, d);
        _finished(t, c);
        vm.warp(START);
        _finished(u, d);
        _ask(t, c, 3);
        vm.expectRevert(IGuaranteeBook.GoodwillUsed.selector);
        _ask(u, d, 3);
        _ask(u, d, 2);
        eq(book.goodwillFrom(clinic, c.person), uint256(c.from) + 365 days);
    }

    function test_claim_revertsForTheNinthGoodwillInAQuarter() public {
        _depositBond(clinic, 10_000_000);
        for (uint256 i = 0; i <= 8; ++i) {
            vm.warp(START);
            Terms memory t = _held(i);
            Cover memory c = _cover(t);
            c.person = bytes32(i);
            _promise(t, c);
            _finished(t, c);
            if (i == 8) vm.expectRevert(IGuaranteeBook.GoodwillUsed.selector);
            _ask(t, c, 3);
        }
    }

    function test_claim_allowsGoodwillAgainAfterAYear() public {
        (Terms memory t, Cover memory c) = _opened();
        Terms memory u = _held(1);
        Cover memory d = _cover(u);
        d.from = c.from + 365 days;
        d.until = d.from + 14 days;
        _promise(u, d);
        _finished(t, c);
        _ask(t, c, 3);
        vm.warp(START);
        _finished(u, d);
        vm.warp(d.from - 1);
        vm.warp(d.from);
        _ask(u, d, 3);
        _inState(d, IGuaranteeBook.State.Claimed);
    }

    function test_concede_revertsWhenTheCallerIsNotTheClinic() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        _notThisParty(stranger);
        vm.prank(stranger);
        book.concede(t, c);
    }

    function test_concede_revertsWhenNothingWasAsked() public {
        (Terms memory t, Cover memory c) = _ready();
        _not(IGuaranteeBook.State.Open);
        vm.prank(clinic);
        book.concede(t, c);
    }

    function test_concede_revertsOnceTheArbiterRuled() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        _rule(c, 0);
        vm.expectRevert(IGuaranteeBook.RuledBefore.selector);
        vm.prank(clinic);
        book.concede(t, c);
    }

    function test_concede_revertsWhenSomebodyElseWouldPay() public {
        _invest(lender, 10_000_000);
        Terms memory t = _held();
        Cover memory c = _pooled(t);
        _openPooled(t, c);
        _finished(t, c);
        _ask(t, c, 2);
        vm.expectRevert(IGuaranteeBook.BackerMustBeHeard.selector);
        vm.prank(clinic);
        book.concede(t, c);
    }

    function test_concede_paysWhatWasAskedAtOnce() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        vm.prank(clinic);
        book.concede(t, c);
        eq(bond.credit(PAYOUT), SUM);
        eq(_bond(clinic).locked, 0);
        eq(_bond(clinic).total, 2_000_000 - SUM);
        _inState(c, IGuaranteeBook.State.Closed);
    }

    function test_rule_revertsWhenTheCallerIsNotTheArbiter() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        _notThisParty(stranger);
        vm.prank(stranger);
        book.rule(uint256(_coverId(c)), 2);
    }

    function test_rule_revertsWhenNothingWasAsked() public {
        (, Cover memory c) = _ready();
        _notThisParty(judge);
        _rule(c, 2);
    }

    function test_rule_revertsWhenTheCoverIsOver() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        vm.prank(clinic);
        book.concede(t, c);
        _not(IGuaranteeBook.State.Closed);
        _rule(c, 0);
    }

    function test_rule_revertsTwice() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        _rule(c, 0);
        vm.expectRevert(IGuaranteeBook.RuledBefore.selector);
        _rule(c, 2);
    }

    function test_rule_revertsAfterItsTime() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        vm.warp(uint256(c.from) + 14 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooLate.selector, uint256(c.from) + 14 days));
        _rule(c, 2);
        vm.warp(uint256(c.from) + 14 days);
        _rule(c, 2);
    }

    function test_rule_revertsForAnUnknownRuling() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.UnknownRuling.selector, 4));
        _rule(c, 4);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.UnknownRuling.selector, uint256(1) << 40));
        _rule(c, uint256(1) << 40);
    }

    function test_settle_revertsBeforeARulingOrTheDeadline() public {
        (Terms memory t, Cover memory c) = _ready();
        _not(IGuaranteeBook.State.Open);
        book.settle(t, c);
        _ask(t, c, 2);
        vm.warp(uint256(c.from) + 14 days);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooEarly.selector, uint256(c.from) + 14 days));
        book.settle(t, c);
    }

    function test_settle_revertsWithTermsOfAnotherAgreement() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        _rule(c, 2);
        t.payout = "mine";
        vm.expectRevert(IGuaranteeBook.AnotherAgreement.selector);
        book.settle(t, c);
    }

    function _settled(uint8 asked, uint256 ruling) private returns (uint256) {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, asked);
        _rule(c, ruling);
        vm.prank(stranger);
        book.settle(t, c);
        _inState(c, IGuaranteeBook.State.Closed);
        eq(_bond(clinic).locked, 0);
        eq(book.openOf(clinic, c.person), 0);
        return bond.credit(PAYOUT);
    }

    function test_settle_paysEverythingForAnObjectiveFailure() public {
        eq(_settled(2, 1), TOTAL);
    }

    function test_settle_paysTheSumForNoImprovement() public {
        eq(_settled(1, 2), SUM);
    }

    function test_settle_paysGoodwillFromTheBond() public {
        eq(_settled(2, 3), 65_000);
    }

    function test_settle_paysNothingWhenRefused() public {
        eq(_settled(2, 0), 0);
    }

    function test_settle_paysTheSilentShareOfAVerdict() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 1);
        vm.warp(uint256(c.from) + 14 days + 1);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), SUM / 2);
    }

    function test_settle_paysTheSilentShareOfGoodwill() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 3);
        vm.warp(uint256(c.from) + 14 days + 1);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), 32_500);
    }

    function test_settle_takesTheBondFirstAndThenThePool() public {
        _invest(lender, 10_000_000);
        Terms memory t = _held();
        Cover memory c = _pooled(t);
        _openPooled(t, c);
        _finished(t, c);
        _ask(t, c, 2);
        _rule(c, 2);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), 234_001);
        eq(pool.credit(PAYOUT), SUM - 234_001);
        eq(pool.frozen(), 0);
        eq(pool.exposure(), 0);
        eq(bond.payOut(PAYOUT) + pool.payOut(PAYOUT), SUM);
    }

    function test_settle_takesTheBondFirstAndThenTheInsurer() public {
        book.licenseInsurer(insurer, true);
        _depositBond(insurer, 416_000);
        Terms memory t = _held();
        Cover memory c = _insured(t);
        _openInsured(t, c);
        _finished(t, c);
        _ask(t, c, 1);
        _rule(c, 1);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), TOTAL);
        eq(_bond(insurer).total, 0);
        eq(_bond(clinic).total, 2_000_000 - 234_001);
    }
}
