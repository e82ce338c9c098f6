// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";
import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPanelVotesTest is PanelWorld {
    uint256 private constant FEE = 5_000;

    function _late(uint256 deadline) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAssessorPanel.NotInTime.selector, deadline);
    }

    function test_commitVote_revertsForWhoDoesNotSitTwiceEmptyOrTooLate() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotSeated.selector, address(this)));
        panel.commitVote(id, "x");
        vm.prank(m[0]);
        vm.expectRevert(IAssessorPanel.WrongVote.selector);
        panel.commitVote(id, 0);
        vm.prank(m[0]);
        panel.commitVote(id, "x");
        vm.prank(m[0]);
        vm.expectRevert(IAssessorPanel.AlreadyDone.selector);
        panel.commitVote(id, "y");
        uint256 deadline = _case(id).deadline;
        vm.warp(deadline + 1);
        vm.prank(m[1]);
        vm.expectRevert(_late(deadline));
        panel.commitVote(id, "x");
    }

    function test_revealVote_revertsForAnotherVoteTwiceOrOutOfRange() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        _commitVote(id, m[0], IAssessorPanel.Finding.Failed, 4_096);
        _commitVote(id, m[1], IAssessorPanel.Finding.Failed, 0);
        vm.prank(m[1]);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Voting));
        panel.revealVote(id, IAssessorPanel.Finding.Failed, 0, "salt");
        vm.warp(_case(id).deadline + 1);
        vm.prank(m[0]);
        vm.expectRevert(IAssessorPanel.WrongVote.selector);
        panel.revealVote(id, IAssessorPanel.Finding.Failed, 4_096, "salt");
        vm.prank(m[1]);
        vm.expectRevert(IAssessorPanel.WrongVote.selector);
        panel.revealVote(id, IAssessorPanel.Finding.Kept, 0, "salt");
        vm.prank(m[2]);
        vm.expectRevert(IAssessorPanel.WrongVote.selector);
        panel.revealVote(id, IAssessorPanel.Finding.Kept, 0, "salt");
        _reveal(id, m[1], IAssessorPanel.Finding.Failed, 0);
        vm.prank(m[1]);
        vm.expectRevert(IAssessorPanel.AlreadyDone.selector);
        panel.revealVote(id, IAssessorPanel.Finding.Failed, 0, "salt");
    }

    function test_tally_revertsBeforeItsTime() public {
        uint256 id = _create(_disputed(), patient);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Secrets));
        panel.tally(id, 0);
        address[] memory m = _draw(id, true);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Voting));
        panel.tally(id, 0);
        _vote(id, m, 5);
        uint256 deadline = _case(id).deadline;
        vm.expectRevert(_late(deadline));
        panel.tally(id, "another layout");
    }

    function test_tally_failsWithoutAMajorityOfCountedVotes() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 2; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        vm.warp(_case(id).deadline + 1);
        for (uint256 i = 0; i < 2; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        panel.tally(id, 0);
        _phase(id, IAssessorPanel.Phase.Failed);
        // work that was done is paid by both alike, and by those who did not come
        eq(pool.purse(_as(m[0])), PanelMath.BOND + (FEE + 3 * PanelMath.SLASH) / 2);
        eq(pool.purse(_as(m[2])), PanelMath.BOND - PanelMath.SLASH);
        _poolAddsUp(id);
    }

    function test_tally_failsIfTheHouseNeverOpensTheLayout() public {
        uint256 id = _create(_disputed(), patient);
        _vote(id, _draw(id, true), 5);
        vm.warp(_case(id).deadline + 1);
        panel.tally(id, 0);
        _phase(id, IAssessorPanel.Phase.Failed);
        _poolAddsUp(id);
    }

    function test_tally_givesEverythingBackIfNoImprovementIsSeen() public {
        eq(_pictures(3), 10_000);
    }

    function test_tally_givesNothingBackIfAnImprovementIsSeen() public {
        eq(_pictures(5), 0);
    }

    function _pictures(uint256 d) private returns (uint256) {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Kept, _seen(m[i], d));
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Kept, _seen(m[i], d));
        }
        panel.tally(id, LAYOUT);
        _phase(id, IAssessorPanel.Phase.Appealable);
        return _case(id).refundBps;
    }

    function test_tally_countsOnlyEyesThatSeeWhatIsKnown() public {
        vm.warp(START + 7 days);
        eq(_eyes([uint256(5), 5, 3, 3]), 1);
        eq(_eyes([uint256(5), 5, 4, 3]), 0);
        eq(_eyes([uint256(5), 5, 6, 1]), 1);
        eq(_eyes([uint256(5), 5, 6, 2]), 0);
        eq(_eyes([uint256(5), 5, 5, 4]), 0);
        eq(_eyes([uint256(5), 5, 5, 5]), 1);
        eq(_eyes([uint256(4), 2, 5, 3]), 1);
        eq(_eyes([uint256(2), 4, 5, 3]), 1);
    }

    function test_tally_gradesByTheMeanInFavourOfThePatient() public {
        vm.warp(START + 7 days);
        eq(_eyes([uint256(4), 3, 5, 3]), 10_000);
        eq(_eyes([uint256(3), 4, 5, 3]), 10_000);
        eq(_eyes([uint256(4), 4, 5, 3]), 0);
        eq(_eyes([uint256(6), 6, 5, 3]), 0);
        eq(_eyes([uint256(2), 2, 5, 3]), 10_000);
        eq(_eyes([uint256(3), 2, 5, 3]), 10_000);
        eq(_eyes([uint256(0), 0, 5, 3]), 10_000);
    }

    /// @dev The ruling if all five see the pairs like this and find the papers in order; 1 if no vote is counted.
    function _eyes(uint256[4] memory kinds) private returns (uint256) {
        uint256 id = _create(_another(panel.disputes() + 1), patient);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Kept, _seen(m[i], kinds));
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Kept, _seen(m[i], kinds));
        }
        panel.tally(id, LAYOUT);
        return _case(id).phase == IAssessorPanel.Phase.Failed ? 1 : _case(id).refundBps;
    }

    function test_tally_takesTheMiddleVote() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        address[] memory m = _draw(id, false);
        IAssessorPanel.Finding[5] memory findings = [
            IAssessorPanel.Finding.Kept,
            IAssessorPanel.Finding.Failed,
            IAssessorPanel.Finding.Partly,
            IAssessorPanel.Finding.Kept,
            IAssessorPanel.Finding.Failed
        ];
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], findings[i], 0);
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], findings[i], 0);
        }
        panel.tally(id, 0);
        eq(_case(id).refundBps, 5_000);
        eq(panel.currentRuling(id), 5_001);
        (uint256 from, uint256 until) = panel.appealPeriod(id);
        eq(from, block.timestamp);
        eq(until, block.timestamp + 2 days);
        vm.warp(until + 1);
        (from, until) = panel.appealPeriod(id);
        _settle(id, t);
        // the rest of the agreement goes on
        _state(t, ICareEscrow.State.Active);
        eq(_owed(address(unit), PAYOUT), 50_000);
        // half of each deposit was lost, and shared by five
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE / 2);
        eq(pool.purse(_as(m[0])), PanelMath.BOND + FEE / 5);
    }

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
        eq(_owed(address(unit), PAYOUT), TOTAL);
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
        eq(_owed(address(unit), PAYOUT), TOTAL);
        // the clinic lost its appeal with everything it put down
        eq(pool.purse(_as(clinic)), 1_000_000 - 3 * FEE);
    }

    function test_settle_revertsBeforeTheAppealsTimeIsOverOrForOtherTerms() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = abi.encode(t);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Appealable));
        panel.settle(id, data);
        vm.warp(_case(id).deadline + 1);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.settle(id, abi.encode(_terms()));
    }

    function test_settle_rulesForThePatientAndTheLoserPays() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 3);
        address[] memory m = panel.panelOf(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        _state(t, ICareEscrow.State.Closed);
        eq(_owed(address(unit), PAYOUT), TOTAL);
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
        _state(t, ICareEscrow.State.Active);
        eq(_owed(address(unit), _as(clinic)), 97_000);
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

    function test_settle_returnsItToThePatientsPurseIfThePayoutNamesAnAccount() public {
        bytes32 book = _as(address(0xB00C));
        Terms memory t = _disputed(book);
        _fund(_as(patient), FEE);
        uint256 id = _ruled(t, 5);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        eq(pool.purse(book), 0);
        eq(pool.purse(_as(patient)), FEE);
    }

    function test_lapse_revertsWhileTheEscrowWaits() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        uint256 end = _account(t).deadline;
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
        vm.warp(_account(t).deadline + 1);
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
        vm.warp(_account(t).deadline + 1);
        panel.lapse(id);
        vm.prank(clinic);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Failed));
        panel.submitEvidence(id, "digest");
    }
}
