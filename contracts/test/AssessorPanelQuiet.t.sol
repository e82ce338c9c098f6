// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Managed} from "../src/base/Managed.sol";
import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";
import {Vm} from "./base/Vm.sol";

/// @notice What a panel does not say, does not take and does not count.
contract AssessorPanelQuietTest is PanelWorld {
    /// @dev How often the panel said so since `vm.recordLogs`.
    function _said(bytes32 topic) private returns (uint256 times) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter == address(panel) && logs[i].topics[0] == topic) ++times;
        }
    }

    function _voteAll(uint256 id, address[] memory m, IAssessorPanel.Finding finding, uint16[] memory scores) private {
        for (uint256 i = 0; i < m.length; ++i) {
            _commitVote(id, m[i], finding, scores[i]);
        }
        for (uint256 i = 0; i < m.length; ++i) {
            _reveal(id, m[i], finding, scores[i]);
        }
    }

    function test_setAuthority_revertsForEverybody() public {
        vm.expectRevert(Managed.AuthorityIsFixed.selector);
        Managed(address(panel)).setAuthority(address(this));
    }

    function test_createDispute_bindsItsBeaconToTheBlock() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        bytes32 subject = keccak256(_subject(t));
        eq(panel.beaconOf(id), keccak256(abi.encode(block.prevrandao, block.number, subject)));
        eq(panel.disputes(), 1);
        eq(panel.appealCost(id, ""), 2 * FEE);
    }

    function test_commitSecret_revertsForTheBeaconOfAnotherBlock() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.WrongBeacon.selector, beacon));
        panel.commitSecret(id, "another", "secret");
    }

    function test_commitSecret_saysThatAPhaseBeganOnlyWhenItDid() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.recordLogs();
        vm.prank(patient);
        panel.commitSecret(id, beacon, "secret");
        eq(_said(IAssessorPanel.PhaseChanged.selector), 0);
    }

    function test_prepare_keepsTheLayoutOfAnAppealApart() public {
        uint256 id = _ruled(_disputed(), 0);
        vm.prank(patient);
        panel.appeal(id, "");
        _vote(id, _draw(id, true), 11);
        uint256 deadline = _case(id).deadline;
        vm.expectRevert(_late(deadline));
        panel.tally(id, "another layout");
    }

    function test_draw_seatsAndNamesNobodyIfNobodyOpenedASecret() public {
        uint256 id = _create(_disputed(), patient);
        vm.warp(_case(id).deadline + 1 days + 1);
        vm.recordLogs();
        panel.draw(id);
        eq(_said(IAssessorPanel.Drawn.selector), 0);
        _phase(id, IAssessorPanel.Phase.Failed);
        for (uint256 i = 0; i < ASSESSORS; ++i) {
            eq(pool.seatsOf(_assessor(i)), 0);
        }
    }

    function test_revealVote_readsAnAnswerBeyondTheLargestAsTheLargest() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        uint16[] memory scores = new uint16[](5);
        for (uint256 i = 0; i < 5; ++i) {
            scores[i] = 4_095;
        }
        _voteAll(id, m, IAssessorPanel.Finding.Kept, scores);
        panel.tally(id, LAYOUT);
        // the same pair is never so different
        _phase(id, IAssessorPanel.Phase.Failed);
    }

    function test_tally_countsNothingUnderALayoutThatWasNotSealed() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 beacon = panel.beaconOf(id);
        bytes32[3] memory hashes;
        for (uint8 side = 0; side < 3; ++side) {
            hashes[side] = _secretHash(id, IAssessorPanel.Side(side));
        }
        vm.prank(patient);
        panel.commitSecret(id, beacon, hashes[0]);
        vm.prank(clinic);
        panel.commitSecret(id, beacon, hashes[1]);
        vm.prank(examiner);
        panel.prepare(id, beacon, hashes[2], "never opened");
        _openSecrets(id);
        panel.draw(id);
        address[] memory m = panel.panelOf(id, 0);
        uint16[] memory scores = new uint16[](5);
        for (uint256 i = 0; i < 5; ++i) {
            scores[i] = _seen(m[i], 3);
        }
        _voteAll(id, m, IAssessorPanel.Finding.Kept, scores);
        vm.warp(_case(id).deadline + 1);
        vm.expectEmit(address(panel));
        emit IAssessorPanel.Assessed(id, 0, m[0], false, 0);
        panel.tally(id, LAYOUT);
        _phase(id, IAssessorPanel.Phase.Failed);
        (uint256 looks,,) = pool.calibrationOf(m[0]);
        eq(looks, 0);
    }

    function test_tally_saysWhatEachVoteGivesBack() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        _vote(id, m, 5);
        vm.expectEmit(address(panel));
        emit IAssessorPanel.Assessed(id, 0, m[0], true, 10_000);
        panel.tally(id, 0);
    }

    function test_tally_saysThatAnAppealIsPossibleOnlyWhereItIs() public {
        uint256 id = _create(_disputed(), patient);
        _draw(id, false);
        eq(panel.currentRuling(id), 0);
        vm.warp(_case(id).deadline + 4 days);
        vm.recordLogs();
        panel.tally(id, 0);
        eq(_said(IArbitrator.AppealPossible.selector), 0);
        _phase(id, IAssessorPanel.Phase.Failed);
        eq(panel.currentRuling(id), 0);
    }

    function test_lapse_givesBackWhatAnAppealCost() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        vm.warp(_end(t) + 1);
        panel.lapse(id);
        // the first panel worked, and is paid by both alike
        eq(pool.purse(FUND), 1_000_000 - FEE / 2);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE / 2);
    }

    /// @dev Nobody but the clinic has anything to put down, and it asks.
    function _alone() private returns (Terms memory t, uint256 id) {
        t = _disputed();
        vm.prank(address(panel));
        pool.take(FUND, 1_000_000);
        id = _create(t, clinic);
        eq(panel.heldFor(id), FEE);
    }

    function test_settle_chargesWhoAskedAloneWhereNothingIsGivenBack() public {
        (Terms memory t, uint256 id) = _alone();
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE);
    }

    function test_settle_chargesWhoAskedAloneHalfWhereHalfIsGivenBack() public {
        (Terms memory t, uint256 id) = _alone();
        _voteAll(id, _draw(id, false), IAssessorPanel.Finding.Partly, new uint16[](5));
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE / 2);
    }
}
