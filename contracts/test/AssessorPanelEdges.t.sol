// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

/// @notice What fails beside the panel stops it whole, and last seconds belong to who has time.
contract AssessorPanelEdgesTest is PanelWorld {
    function _fails(bytes memory call_) private {
        vm.mockCallRevert(address(pool), call_, abi.encodeWithSelector(bytes4(0x01020304)));
    }

    function _stops(bytes4 selector) private {
        _fails(abi.encodeWithSelector(selector));
        vm.expectRevert(bytes4(0x01020304));
    }

    function test_createDispute_stopsIfTagsCannotBeRead() public {
        Terms memory t = _disputed();
        _fails(abi.encodeWithSelector(pool.tagged.selector));
        _createFails(t, patient);
    }

    function test_createDispute_stopsIfAPurseCannotBeTakenFrom() public {
        Terms memory t = _disputed();
        _fails(abi.encodeWithSelector(pool.take.selector, _as(clinic), FEE));
        _createFails(t, patient);
        _fails(abi.encodeWithSelector(pool.take.selector, FUND, FEE));
        _createFails(t, patient);
        _fails(abi.encodeWithSelector(pool.take.selector, _as(patient), FEE));
        _createFails(t, patient);
    }

    function _createFails(Terms memory t, address by) private {
        try this.create(t, by) {
            yes(false, "created");
        } catch (bytes memory why) {
            eq(bytes32(why), bytes32(bytes4(0x01020304)));
        }
    }

    function create(Terms memory t, address by) external returns (uint256) {
        return _create(t, by);
    }

    function test_join_stopsIfThePurseCannotBeTakenFrom() public {
        Terms memory t = _disputed();
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        uint256 id = _create(t, patient);
        _fails(abi.encodeWithSelector(pool.take.selector));
        vm.prank(clinic);
        vm.expectRevert(bytes4(0x01020304));
        panel.join(id);
    }

    function test_join_isStillPossibleWhileSecretsAreOpened() public {
        Terms memory t = _disputed();
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        uint256 id = _create(t, patient);
        _commitSecrets(id, false);
        _fund(_as(clinic), FEE);
        vm.prank(clinic);
        panel.join(id);
        eq(panel.heldFor(id), 2 * FEE);
        _openSecrets(id);
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Voting);
    }

    function test_draw_stopsIfNobodyCanBeSeated() public {
        uint256 id = _create(_disputed(), patient);
        _commitSecrets(id, false);
        _openSecrets(id);
        _stops(pool.seat.selector);
        panel.draw(id);
    }

    function test_draw_asksEverySecretWithinItsLastSecond() public {
        uint256 id = _create(_disputed(), patient);
        _commitSecrets(id, false);
        vm.warp(_case(id).deadline);
        _openSecrets(id);
        panel.draw(id);
        address[] memory m = panel.panelOf(id, 0);
        vm.warp(_case(id).deadline);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        _phase(id, IAssessorPanel.Phase.Revealing);
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        panel.tally(id, 0);
        vm.warp(_case(id).deadline);
        vm.prank(clinic);
        panel.appeal(id, "");
        eq(_case(id).round, 1);
        eq(_case(id).deadline, block.timestamp + 1 days);
        eq(panel.panelOf(id, 1).length, 0);
    }

    function test_tally_stopsIfSilenceCannotBeTaken() public {
        uint256 id = _create(_disputed(), patient);
        _draw(id, false);
        vm.warp(_case(id).deadline + 4 days);
        _stops(pool.takeUpTo.selector);
        panel.tally(id, 0);
    }

    function test_tally_stopsIfALookCannotBeNoted() public {
        uint256 id = _create(_disputed(), patient);
        _vote(id, _draw(id, true), 5);
        _stops(pool.note.selector);
        panel.tally(id, LAYOUT);
    }

    function test_tally_holdsWhatSilenceCost() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 3; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        vm.warp(_case(id).deadline + 1);
        for (uint256 i = 0; i < 3; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Failed, 0);
        }
        panel.tally(id, 0);
        eq(panel.heldFor(id), 2 * FEE + 20_000);
        _poolAddsUp(id);
        _phase(id, IAssessorPanel.Phase.Appealable);
    }

    function test_appeal_stopsIfAPurseCannotBeTakenFrom() public {
        uint256 id = _ruled(_disputed(), 0);
        _fails(abi.encodeWithSelector(pool.take.selector, FUND, 2 * FEE));
        vm.prank(patient);
        vm.expectRevert(bytes4(0x01020304));
        panel.appeal(id, "");
        _fails(abi.encodeWithSelector(pool.take.selector, _as(patient), 2 * FEE));
        vm.prank(patient);
        vm.expectRevert(bytes4(0x01020304));
        panel.appeal(id, "");
    }

    function test_settle_stopsIfAPurseCannotBeGivenTo() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = _subject(t);
        address one = panel.panelOf(id, 0)[0];
        vm.warp(_case(id).deadline + 1);
        bytes32[3] memory to = [FUND, _as(one), FUND];
        uint256[3] memory sums = [uint256(0), FEE / 5, FEE];
        for (uint256 i = 0; i < 3; ++i) {
            _fails(abi.encodeWithSelector(pool.give.selector, to[i], sums[i]));
            vm.expectRevert(bytes4(0x01020304));
            panel.settle(id, data);
        }
    }

    function test_settle_stopsIfSomeLastPartCannotBeGiven() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = _subject(t);
        vm.warp(_case(id).deadline + 1);
        _fails(abi.encodeWithSelector(pool.give.selector, FUND, uint256(0)));
        vm.expectRevert(bytes4(0x01020304));
        panel.settle(id, data);
    }

    function test_settle_stopsIfAnAssessorCannotBePaid() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = _subject(t);
        vm.warp(_case(id).deadline + 1);
        _fails(abi.encodeWithSelector(pool.give.selector, _as(panel.panelOf(id, 0)[4])));
        vm.expectRevert(bytes4(0x01020304));
        panel.settle(id, data);
    }

    function test_settle_stopsIfNobodyCanRise() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory data = _subject(t);
        vm.warp(_case(id).deadline + 1);
        _stops(pool.rise.selector);
        panel.settle(id, data);
    }

    function test_disputeStatus_isSolvedWhereThereIsNothingAndAfterTheEnd() public {
        eq(uint8(panel.disputeStatus(99)), uint8(IArbitrator.DisputeStatus.Solved));
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Appealable));
        vm.warp(_case(id).deadline + 1);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Solved));
        (uint256 from, uint256 until) = panel.appealPeriod(99);
        eq(from + until, 0);
        _settle(id, t);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Solved));
        eq(panel.currentRuling(id), 10_001);
    }
}
