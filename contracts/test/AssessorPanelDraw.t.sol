// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPanelDrawTest is PanelWorld {
    function test_join_revertsForAnotherOrTwice() public {
        uint256 id = _create(_disputed(), patient);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotParty.selector, address(this)));
        panel.join(id);
        vm.prank(clinic);
        vm.expectRevert(IAssessorPanel.AlreadyDone.selector);
        panel.join(id);
    }

    function test_join_revertsWithoutMoneyOrTooLate() public {
        uint256 id = _poorClinic();
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.DepositMissing.selector, FEE));
        panel.join(id);
        _commitSecrets(id, false);
        _openSecrets(id);
        panel.draw(id);
        vm.prank(clinic);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Ruled));
        panel.join(id);
    }

    function test_join_putsTheClinicsPartDown() public {
        uint256 id = _poorClinic();
        _fund(_as(clinic), FEE);
        vm.prank(clinic);
        panel.join(id);
        eq(panel.heldFor(id), 2 * FEE);
        eq(_draw(id, false).length, 5);
    }

    function _poorClinic() private returns (uint256) {
        Terms memory t = _disputed();
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        return _create(t, patient);
    }

    function test_commitSecret_revertsForAStrangerTwiceOrTooLate() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotParty.selector, address(this)));
        panel.commitSecret(id, beacon, "x");
        vm.prank(patient);
        panel.commitSecret(id, beacon, "x");
        vm.prank(patient);
        vm.expectRevert(IAssessorPanel.AlreadyDone.selector);
        panel.commitSecret(id, beacon, "y");
        uint256 deadline = _case(id).deadline;
        vm.warp(deadline + 1);
        vm.prank(clinic);
        vm.expectRevert(_late(deadline));
        panel.commitSecret(id, beacon, "x");
        vm.warp(deadline);
        vm.prank(clinic);
        panel.commitSecret(id, beacon, "x");
    }

    function test_prepare_revertsForAnybodyButTheHouse() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.expectRevert();
        panel.prepare(id, beacon, "x", 0);
    }

    function test_openSecret_revertsForAnotherSecretOrWithoutOne() public {
        uint256 id = _create(_disputed(), patient);
        _commitSecrets(id, false);
        vm.expectRevert(IAssessorPanel.WrongSecret.selector);
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 1));
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 0));
        vm.expectRevert(IAssessorPanel.AlreadyDone.selector);
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 0));
        uint256 deadline = _case(id).deadline;
        vm.warp(deadline + 1);
        vm.expectRevert(_late(deadline));
        panel.openSecret(id, IAssessorPanel.Side.Clinic, _secret(0, 1));
    }

    function test_openSecret_followsTheClockWithoutTheOthers() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 hash = _secretHash(id, IAssessorPanel.Side.Patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.prank(patient);
        panel.commitSecret(id, beacon, hash);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Secrets));
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 0));
        vm.warp(block.timestamp + 1 days + 1);
        vm.expectRevert(IAssessorPanel.WrongSecret.selector);
        panel.openSecret(id, IAssessorPanel.Side.House, _secret(0, 2));
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 0));
        uint256 deadline = _case(id).deadline;
        vm.expectRevert(_late(deadline));
        panel.draw(id);
        vm.warp(deadline + 1);
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Voting);
        eq(_case(id).deadline, block.timestamp + 4 days);
    }

    function test_draw_revertsIfTheRegisterRefuses() public {
        uint256 id = _create(_disputed(), patient);
        _commitSecrets(id, false);
        _openSecrets(id);
        manager.revokeRole(8, address(panel));
        vm.expectRevert();
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Opening);
    }

    function test_draw_givesEachPhaseItsTime() public {
        uint256 id = _create(_disputed(), patient);
        vm.warp(block.timestamp + 600);
        _commitSecrets(id, false);
        _phase(id, IAssessorPanel.Phase.Opening);
        eq(_case(id).deadline, block.timestamp + 1 days);
        _openSecrets(id);
        vm.warp(block.timestamp + 600);
        panel.draw(id);
        eq(_case(id).deadline, block.timestamp + 4 days);
        eq(_case(id).size, 5);
    }

    function test_draw_failsIfNobodyOpenedASecret() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        vm.warp(block.timestamp + 2 days + 1);
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Failed);
        eq(pool.purse(FUND), 1_000_000);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Solved));
        vm.warp(_end(t) + 1);
        _fallSilent(t);
    }

    function test_draw_failsIfThePanelIsNotFull() public {
        for (uint256 i = 4; i < ASSESSORS; ++i) {
            vm.prank(regulator);
            pool.dismiss(_assessor(i));
        }
        uint256 id = _create(_disputed(), patient);
        eq(_draw(id, false).length, 0);
        _phase(id, IAssessorPanel.Phase.Failed);
        _poolAddsUp(id);
    }

    function test_draw_rulesAgainstAClinicThatPutNothingDown() public {
        Terms memory t = _disputed();
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        uint256 id = _create(t, patient);
        _commitSecrets(id, false);
        _openSecrets(id);
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Ruled);
        _settle(id, t);
        _gave(t, 10_000);
        eq(pool.purse(FUND), 1_000_000);
    }

    function test_draw_seatsFiveThatAnybodyCanRecompute() public {
        uint256 id = _create(_disputed(), patient);
        bytes32[3] memory secrets = [_secret(0, 0), _secret(0, 1), _secret(0, 2)];
        bytes32 seed = keccak256(abi.encode(panel.beaconOf(id), secrets));
        address[] memory all = pool.pool();
        address[] memory members = _draw(id, false);
        eq(members.length, 5);
        eq(members[0], all[uint256(keccak256(abi.encode(seed, uint256(0)))) % ASSESSORS]);
        eq(pool.seatsOf(members[0]), 1);
        vm.expectRevert(_wrongPhase(IAssessorPanel.Phase.Voting));
        panel.draw(id);
    }
}
