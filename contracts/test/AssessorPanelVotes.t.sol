// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPanelVotesTest is PanelWorld {
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

    function test_tally_revertsIfTheRegisterRefuses() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        _vote(id, m, 5);
        manager.revokeRole(8, address(panel));
        vm.expectRevert();
        panel.tally(id, LAYOUT);
        _phase(id, IAssessorPanel.Phase.Tallying);
    }

    function test_tally_revertsIfSilenceCannotBeTakenFrom() public {
        uint256 id = _create(_disputed(), patient);
        _draw(id, false);
        vm.warp(_case(id).deadline + 4 days);
        manager.revokeRole(8, address(panel));
        vm.expectRevert();
        panel.tally(id, 0);
    }

    function test_tally_notesHowWellEachSees() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Kept, i == 0 ? 0 : _seen(m[i], 5));
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Kept, i == 0 ? 0 : _seen(m[i], 5));
        }
        panel.tally(id, LAYOUT);
        for (uint256 i = 0; i < 5; ++i) {
            (uint256 looks, uint256 right,) = pool.calibrationOf(m[i]);
            eq(looks, 1);
            eq(right, i == 0 ? 0 : 1);
        }
    }

    function test_tally_notesNothingWithoutPictures() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        _vote(id, m, 5);
        panel.tally(id, 0);
        (uint256 looks,,) = pool.calibrationOf(m[0]);
        eq(looks, 0);
    }

    function test_revealVote_givesEachPhaseItsTime() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        _phase(id, IAssessorPanel.Phase.Revealing);
        uint256 deadline = _case(id).deadline;
        eq(deadline, block.timestamp + 2 days);
        // the last second still belongs to who has time
        vm.warp(deadline);
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        _phase(id, IAssessorPanel.Phase.Tallying);
        eq(_case(id).deadline, block.timestamp + 1 days);
    }

    function test_revealVote_revertsASecondTooLate() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        _commitVote(id, m[0], IAssessorPanel.Finding.Failed, 0);
        // two phases by time alone, and the votes that were sealed are not in
        vm.warp(_case(id).deadline + 2 days + 1);
        vm.prank(m[0]);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Tallying));
        panel.revealVote(id, IAssessorPanel.Finding.Failed, 0, "salt");
        uint256 last = _case(id).deadline + 2 days + 1 days;
        vm.warp(last);
        vm.expectRevert(_late(last));
        panel.tally(id, 0);
        vm.warp(last + 1);
        panel.tally(id, 0);
        _phase(id, IAssessorPanel.Phase.Failed);
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
        _gave(t, 5_000);
        // half of each deposit was lost, and shared by five
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE / 2);
        eq(pool.purse(_as(m[0])), PanelMath.BOND + FEE / 5);
    }
}
