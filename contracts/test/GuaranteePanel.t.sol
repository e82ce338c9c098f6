// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteePanelWorld} from "./base/GuaranteePanelWorld.sol";

contract GuaranteePanelTest is GuaranteePanelWorld {
    uint256 private constant CLAIM_FEE = SUM / 20;

    function _refused(Terms memory t, Cover memory c, address by, bytes4 why) private {
        bytes memory data = _both(t, c);
        vm.prank(by);
        vm.expectRevert(why);
        panel.createDispute(CHOICES, data);
    }

    function test_createDispute_revertsForAStrangerToTheClaim() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        bytes memory data = _both(t, c);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotParty.selector, stranger));
        panel.createDispute(CHOICES, data);
    }

    function test_createDispute_revertsForOtherTermsChoicesArbiterOrToken() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        bytes memory data = _both(t, c);
        vm.prank(patient);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.createDispute(CHOICES - 1, data);
        c.arbiter = arbiter;
        _refused(t, c, patient, IAssessorPanel.WrongTerms.selector);
        c.arbiter = address(panel);
        t.salt = "another agreement";
        _refused(t, c, patient, IAssessorPanel.WrongTerms.selector);
        t.token = address(coin);
        c.agreement = _id(t);
        _refused(t, c, patient, IAssessorPanel.WrongTerms.selector);
        vm.prank(patient);
        vm.expectRevert();
        panel.createDispute(CHOICES, abi.encode(c.agreement));
    }

    function test_createDispute_revertsWhereSomebodyStandsBehindTheClinic() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        c.profile = IGuaranteeBook.Profile.Pool;
        _refused(t, c, patient, IAssessorPanel.WrongTerms.selector);
        c.profile = IGuaranteeBook.Profile.Insurer;
        _refused(t, c, patient, IAssessorPanel.WrongTerms.selector);
    }

    function test_createDispute_revertsIfNoClaimWaits() public {
        (Terms memory t, Cover memory c) = _promised(1);
        _refused(t, c, patient, IAssessorPanel.NotOpenHere.selector);
        _claimNow(t, c, 2);
        uint256 deadline = _claimOf(c).deadline;
        vm.warp(deadline + 1);
        _refused(t, c, patient, IAssessorPanel.NotOpenHere.selector);
        vm.warp(deadline);
        bytes memory data = _both(t, c);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotEnoughTime.selector, deadline));
        panel.createDispute(CHOICES, data);
    }

    function test_createDispute_revertsOnceItIsRuled() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        vm.prank(address(panel));
        book.rule(uint256(_coverId(c)), 0);
        _refused(t, c, patient, IAssessorPanel.NotOpenHere.selector);
    }

    function test_createDispute_revertsForASecondCaseOfOneClaim() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        _createFor(t, c, clinic);
        _refused(t, c, patient, IAssessorPanel.AlreadyDone.selector);
    }

    function test_createDispute_costsFiveOfAHundredOfWhatTheClaimWouldPay() public {
        uint256[3] memory fees = [TOTAL / 20, CLAIM_FEE, TOTAL / 200];
        for (uint8 asked = 1; asked <= 3; ++asked) {
            (Terms memory t, Cover memory c) = _claimed(asked, asked);
            eq(panel.arbitrationCost(_both(t, c)), fees[asked - 1]);
            uint256 id = _createFor(t, c, patient);
            eq(panel.heldFor(id), 2 * fees[asked - 1]);
            eq(panel.disputeFor(_coverId(c), asked), id);
            eq(_case(id).end, _claimOf(c).deadline);
        }
        eq(uint8(panel.disputeStatus(1)), uint8(IArbitrator.DisputeStatus.Waiting));
    }

    function test_createDispute_countsWhatWasGivenBackBefore() public {
        (Terms memory t, Cover memory c) = _promised(1);
        bytes memory a = _splitSigned(PATIENT_KEY, t, 250_000, 0);
        bytes memory b = _splitSigned(CLINIC_KEY, t, 250_000, 0);
        escrow.split(t, 250_000, a, b);
        vm.warp(c.from);
        vm.prank(patient);
        book.claim(t, c, 1, "shown");
        eq(panel.arbitrationCost(_both(t, c)), (TOTAL - 250_000) / 20);
    }

    function test_prepare_revertsForPicturesWhereNoneAreAskedFor() public {
        (Terms memory t, Cover memory c) = _claimed(1, 1);
        uint256 id = _createFor(t, c, patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.prank(examiner);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.prepare(id, beacon, "x", "layout");
        vm.prank(examiner);
        panel.prepare(id, beacon, "x", 0);
    }

    function test_draw_findsWhatWasAskedIfTheClinicPutsNothingDown() public {
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _commitSecrets(id, false);
        _openSecrets(id);
        panel.draw(id);
        _settleFor(id, c);
        eq(_claimOf(c).ruling, 2);
        eq(pool.purse(FUND), 1_000_000);
    }

    function test_tally_letsPicturesAloneDecideAboutAnImprovement() public {
        eq(_seenAs(1, 3, IAssessorPanel.Finding.Kept), 10_000);
        eq(_seenAs(2, 2, IAssessorPanel.Finding.Kept), 10_000);
        eq(_seenAs(3, 4, IAssessorPanel.Finding.Failed), 0);
        eq(_seenAs(4, 6, IAssessorPanel.Finding.Partly), 0);
    }

    function _seenAs(uint256 n, uint256 d, IAssessorPanel.Finding finding) private returns (uint256) {
        uint256 id = _newCase(n);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], finding, _seen(m[i], d));
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], finding, _seen(m[i], d));
        }
        panel.tally(id, LAYOUT);
        (uint256 looks, uint256 right,) = pool.calibrationOf(m[0]);
        yes(looks > 0 && looks == right, "noted");
        return _case(id).refundBps;
    }

    function test_settle_findsWhatWasAskedFor() public {
        for (uint8 asked = 1; asked <= 3; ++asked) {
            (Terms memory t, Cover memory c) = _claimed(asked, asked);
            uint256 id = _createFor(t, c, patient);
            _vote(id, _draw(id, false), 3);
            panel.tally(id, 0);
            vm.warp(_case(id).deadline + 1);
            _settleFor(id, c);
            yes(_claimOf(c).ruled, "ruled");
            eq(_claimOf(c).ruling, asked);
            book.settle(t, c);
            eq(pool.purse(_as(clinic)), 1_000_000 - _feesUntil(asked));
        }
        eq(bond.credit(PAYOUT), TOTAL + SUM + TOTAL / 10);
    }

    function _feesUntil(uint8 asked) private pure returns (uint256 sum) {
        if (asked >= 1) sum += TOTAL / 20;
        if (asked >= 2) sum += CLAIM_FEE;
        if (asked >= 3) sum += TOTAL / 200;
    }

    function test_settle_findsNothing() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 2);
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settleFor(id, c);
        yes(_claimOf(c).ruled, "ruled");
        eq(_claimOf(c).ruling, 0);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), 0);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(pool.purse(FUND), 1_000_000 - CLAIM_FEE);
        _poolAddsUp(id);
    }

    function test_settle_findsGoodwillInTheMiddle() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Partly, 0);
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Partly, 0);
        }
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settleFor(id, c);
        eq(_claimOf(c).ruling, 3);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), TOTAL / 10);
    }

    function test_settle_revertsForAnotherCover() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 5);
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        c.salt = "another";
        bytes memory data = abi.encode(c);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.settle(id, data);
    }

    function test_settle_endsTheCaseOfAClaimThatTheClinicConceded() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        vm.prank(clinic);
        book.concede(t, c);
        vm.warp(_case(id).deadline + 1);
        _settleFor(id, c);
        // the panel's word came too late for the money, and those who worked are paid by both
        eq(bond.credit(PAYOUT), SUM);
        eq(pool.purse(_as(clinic)), 1_000_000 - CLAIM_FEE / 2);
        _poolAddsUp(id);
    }

    function test_lapse_revertsWhileTheBookWaitsAndGivesTheDepositsBackLater() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        uint256 end = _claimOf(c).deadline;
        vm.warp(end);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotInTime.selector, end));
        panel.lapse(id);
        vm.warp(end + 1);
        panel.lapse(id);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), SUM / 2);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(pool.purse(FUND), 1_000_000);
    }

    function test_appeal_leavesTimeForTheSecondPanel() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        _vote(id, _draw(id, false), 11);
        panel.tally(id, 0);
        _settleFor(id, c);
        eq(_claimOf(c).ruling, 2);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), SUM);
        _poolAddsUp(id);
    }

    function test_createDispute_stopsIfBookOrEscrowCannotBeRead() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        bytes memory data = _both(t, c);
        uint256 id = _createFor(t, c, patient);
        bytes memory why = abi.encodeWithSelector(bytes4(0x01020304));
        vm.mockCallRevert(address(escrow), abi.encodeWithSelector(escrow.account.selector), why);
        vm.expectRevert(bytes4(0x01020304));
        panel.arbitrationCost(data);
        vm.mockCallRevert(address(book), abi.encodeWithSelector(book.account.selector), why);
        vm.prank(patient);
        vm.expectRevert(bytes4(0x01020304));
        panel.createDispute(CHOICES, data);
        vm.expectRevert(bytes4(0x01020304));
        panel.arbitrationCost(data);
        vm.expectRevert(bytes4(0x01020304));
        panel.lapse(id);
    }

    function test_settle_stopsIfTheBookTakesNoRuling() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 3);
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        bytes memory data = abi.encode(c);
        bytes memory why = abi.encodeWithSelector(bytes4(0x01020304));
        vm.mockCallRevert(address(book), abi.encodeWithSelector(book.rule.selector), why);
        vm.expectRevert(bytes4(0x01020304));
        panel.settle(id, data);
    }
}
