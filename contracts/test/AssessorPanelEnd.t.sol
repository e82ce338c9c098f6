// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";
import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPanelEndTest is PanelWorld {
    function test_appeal_revertsForAStrangerTooLateOrWithoutMoney() public {
        uint256 id = _ruled(_disputed(), 5);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotParty.selector, address(this)));
        panel.appeal(id, "");
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000 - FEE);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.DepositMissing.selector, 2 * FEE));
        panel.appeal(id, "");
        uint256 deadline = _case(id).deadline;
        vm.warp(deadline + 1);
        vm.prank(patient);
        vm.expectRevert(_late(deadline));
        panel.appeal(id, "");
    }

    function test_appeal_revertsIfTheRegisterRefusesOrWithWords() public {
        uint256 id = _ruled(_disputed(), 5);
        vm.prank(clinic);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.appeal(id, "words");
        manager.revokeRole(8, address(panel));
        vm.prank(clinic);
        vm.expectRevert();
        panel.appeal(id, "");
    }

    function test_appeal_letsTheFundStandInAndGetsItBackIfItWasRight() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        eq(panel.heldFor(id), 4 * FEE);
        eq(pool.purse(FUND), 1_000_000 - 3 * FEE);
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        _settle(id, t);
        // the appeal changed nothing: what the fund put down for it is shared
        eq(pool.purse(FUND), 1_000_000 - 3 * FEE + (3 * FEE) % 16);
        eq(pool.purse(_as(clinic)), 1_000_000);
        _poolAddsUp(id);
    }

    function test_appeal_givesTheWinnersDepositBack() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        vm.prank(clinic);
        panel.appeal(id, "");
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        _settle(id, t);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(pool.purse(FUND), 1_000_000 - FEE + FEE % 16);
        _poolAddsUp(id);
    }

    function test_appeal_givesThePatientsOwnDepositToItsReference() public {
        Terms memory t = _disputed();
        _fund(_as(patient), 3 * FEE);
        uint256 id = _ruled(t, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        eq(pool.purse(_as(patient)), 0);
        _vote(id, _draw(id, false), 11);
        panel.tally(id, 0);
        _settle(id, t);
        eq(pool.purse(PAYOUT), 3 * FEE);
        _poolAddsUp(id);
    }

    function test_appeal_drawsElevenOthers() public {
        uint256 id = _ruled(_disputed(), 0);
        address[] memory first = panel.panelOf(id, 0);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Appealable));
        vm.prank(patient);
        panel.appeal(id, "");
        eq(panel.currentRuling(id), 1);
        address[] memory second = _draw(id, false);
        eq(second.length, 11);
        for (uint256 i = 0; i < 11; ++i) {
            for (uint256 k = 0; k < 5; ++k) {
                yes(second[i] != first[k], "sat in the first panel");
            }
        }
    }

    function test_appeal_isOnceAndFinal() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        _vote(id, _draw(id, false), 11);
        panel.tally(id, 0);
        _phase(id, IAssessorPanel.Phase.Ruled);
        vm.prank(clinic);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Ruled));
        panel.appeal(id, "");
        _settle(id, t);
        _gave(t, 10_000);
        // the appeal was right: its deposit comes back, and the clinic pays its own part only
        eq(pool.purse(FUND), 1_000_000 + FEE % 16);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE);
        _poolAddsUp(id);
    }

    function test_appeal_keepsTheFirstRulingIfTheSecondPanelCannotDecide() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        vm.prank(clinic);
        panel.appeal(id, "");
        vm.warp(_case(id).deadline + 1 days + 1);
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Ruled);
        _settle(id, t);
        _gave(t, 10_000);
        // the clinic lost its appeal with everything it put down
        eq(pool.purse(_as(clinic)), 1_000_000 - 3 * FEE);
    }

    function test_settle_revertsBeforeTheAppealsTimeIsOverOrForOtherTerms() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = _subject(t);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Appealable));
        panel.settle(id, data);
        vm.warp(_case(id).deadline + 1);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.settle(id, abi.encode(_terms()));
    }

    function test_settle_revertsIfTheRegisterRefuses() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = _subject(t);
        vm.warp(_case(id).deadline + 1);
        manager.revokeRole(8, address(panel));
        vm.expectRevert();
        panel.settle(id, data);
        _phase(id, IAssessorPanel.Phase.Appealable);
    }

    function test_settle_rulesForThePatientAndTheLoserPays() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 3);
        address[] memory m = panel.panelOf(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        _gave(t, 10_000);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE);
        eq(pool.purse(FUND), 1_000_000);
        for (uint256 i = 0; i < 5; ++i) {
            // those who disagreed are paid like the others
            eq(pool.purse(_as(m[i])), PanelMath.BOND + FEE / 5);
            eq(pool.seatsOf(m[i]), 0);
        }
        eq(panel.currentRuling(id), 10_001);
        _poolAddsUp(id);
    }

    function test_settle_rulesForTheClinic() public {
        Terms memory t = _disputed();
        _fund(_as(patient), FEE);
        uint256 id = _ruled(t, 2);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        _gave(t, 0);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(pool.purse(PAYOUT), 0);
        _poolAddsUp(id);
    }

    function test_settle_returnsThePatientsOwnDepositToItsReference() public {
        Terms memory t = _disputed();
        _fund(_as(patient), FEE);
        uint256 id = _ruled(t, 5);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        eq(pool.purse(PAYOUT), FEE);
    }

    function test_lapse_revertsWhileTheEscrowWaits() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        uint256 end = _end(t);
        vm.expectRevert(_late(end));
        panel.lapse(id);
        vm.warp(end);
        vm.expectRevert(_late(end));
        panel.lapse(id);
        vm.expectRevert(_late(0));
        panel.lapse(99);
    }

    function test_lapse_givesTheDepositsBack() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        vm.warp(_end(t) + 1);
        panel.lapse(id);
        _phase(id, IAssessorPanel.Phase.Failed);
        eq(pool.purse(FUND), 1_000_000);
        eq(pool.purse(_as(clinic)), 1_000_000);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Failed));
        panel.lapse(id);
    }

    function test_submitEvidence_revertsForAStrangerOrAfterTheEnd() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotParty.selector, address(this)));
        panel.submitEvidence(id, "digest");
        vm.prank(patient);
        panel.submitEvidence(id, "digest");
        vm.warp(_end(t) + 1);
        panel.lapse(id);
        vm.prank(clinic);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Failed));
        panel.submitEvidence(id, "digest");
    }
}
