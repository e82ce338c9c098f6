// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPanelTest is PanelWorld {
    uint256 private constant FEE = 5_000;

    function _refused(Terms memory t, address by, bytes memory why) private {
        bytes memory data = abi.encode(t);
        vm.prank(by);
        vm.expectRevert(why);
        panel.createDispute(CHOICES, data);
    }

    function _no(bytes4 selector) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector);
    }

    function _late(uint256 deadline) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAssessorPanel.NotInTime.selector, deadline);
    }

    function test_createDispute_revertsForAStranger() public {
        Terms memory t = _disputed();
        _refused(t, stranger, abi.encodeWithSelector(IAssessorPanel.NotParty.selector, stranger));
    }

    function test_createDispute_revertsForTermsOfAnotherArbiterOrToken() public {
        Terms memory t = _disputed();
        bytes memory data = abi.encode(t);
        vm.prank(patient);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.createDispute(2, data);
        t.arbiter = arbiter;
        _refused(t, patient, _no(IAssessorPanel.WrongTerms.selector));
        t.arbiter = address(panel);
        t.token = address(coin);
        _refused(t, patient, _no(IAssessorPanel.WrongTerms.selector));
    }

    function test_createDispute_revertsWithoutTheClinicsTags() public {
        Terms memory t = _disputed();
        bytes32[3] memory none;
        vm.prank(regulator);
        pool.tag(clinic, none);
        _refused(t, patient, abi.encodeWithSelector(IAssessorPanel.Untagged.selector, clinic));
    }

    function test_createDispute_revertsIfTheEscrowIsNotInDispute() public {
        Terms memory t = _panelTerms();
        _open(t);
        _refused(t, patient, _no(IAssessorPanel.NotOpenHere.selector));
    }

    function test_createDispute_revertsIfTooLittleTimeIsLeft() public {
        Terms memory t = _disputed();
        uint256 end = _account(t).deadline;
        vm.warp(end - 9 days + 1);
        _refused(t, patient, abi.encodeWithSelector(IAssessorPanel.NotEnoughTime.selector, end));
        vm.warp(end - 9 days);
        _create(t, patient);
    }

    function test_createDispute_revertsWithoutADepositOfWhoAsks() public {
        Terms memory t = _disputed();
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        _refused(t, clinic, abi.encodeWithSelector(IAssessorPanel.DepositMissing.selector, FEE));
    }

    function test_createDispute_letsTheFundStandInForThePatient() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        eq(id, 1);
        eq(panel.disputeFor(_id(t), 0), 1);
        eq(pool.purse(FUND), 1_000_000 - FEE);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE);
        eq(panel.heldFor(id), 2 * FEE);
        _phase(id, IAssessorPanel.Phase.Secrets);
        eq(_case(id).deadline, block.timestamp + 1 days);
        eq(panel.arbitrationCost(abi.encode(t)), FEE);
        eq(panel.appealCost(id, ""), 2 * FEE);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Waiting));
        eq(panel.currentRuling(id), 0);
    }

    function test_createDispute_costsTwoThousandAtMost() public {
        Terms memory t = _panelTerms();
        t.milestones[0].amount = 4_000_001;
        bytes memory data = abi.encode(t);
        eq(panel.arbitrationCost(data), 200_000);
        t.milestones[0].amount = 3_999_980;
        data = abi.encode(t);
        eq(panel.arbitrationCost(data), 199_999);
        t.milestones[0].amount = 19;
        data = abi.encode(t);
        eq(panel.arbitrationCost(data), 0);
    }

    function test_createDispute_letsTheFundStandInUpToTheLimit() public {
        Terms memory t = _panelTerms();
        t.milestones[0].amount = 1_000_000;
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        eq(panel.heldFor(_create(t, patient)), 100_000);
    }

    function test_createDispute_takesThePatientsOwnDepositFirst() public {
        Terms memory t = _disputed();
        _fund(_as(patient), FEE);
        uint256 id = _create(t, patient);
        eq(pool.purse(_as(patient)), 0);
        eq(pool.purse(FUND), 1_000_000);
        _poolAddsUp(id);
    }

    function test_createDispute_asksThePatientWhereMuchIsAtStake() public {
        Terms memory t = _panelTerms();
        t.milestones[0].amount = 1_000_001;
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        _refused(t, patient, abi.encodeWithSelector(IAssessorPanel.DepositMissing.selector, 50_000));
        // whoever was brought here by the clinic is not asked
        uint256 id = _create(t, clinic);
        eq(panel.heldFor(id), 100_000);
    }

    function test_createDispute_goesOnWithoutFundIfTheClinicAsks() public {
        Terms memory t = _disputed();
        vm.prank(address(panel));
        pool.take(FUND, 1_000_000);
        _refused(t, patient, abi.encodeWithSelector(IAssessorPanel.DepositMissing.selector, FEE));
        uint256 id = _create(t, clinic);
        eq(panel.heldFor(id), FEE);
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        vm.warp(block.timestamp + 2 days + 1);
        _settle(id, t);
        // nobody else put anything down, so who asked pays
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE);
    }

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

    function test_draw_failsIfNobodyOpenedASecret() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        vm.warp(block.timestamp + 2 days + 1);
        panel.draw(id);
        _phase(id, IAssessorPanel.Phase.Failed);
        eq(pool.purse(FUND), 1_000_000);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(uint8(panel.disputeStatus(id)), uint8(IArbitrator.DisputeStatus.Solved));
        vm.warp(_account(t).deadline + 1);
        escrow.settleSilent(t);
        _state(t, ICareEscrow.State.Closed);
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
        eq(_owed(address(unit), PAYOUT), TOTAL);
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
