// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator} from "../src/interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPanelTest is PanelWorld {
    function _refused(Terms memory t, address by, bytes memory why) private {
        bytes memory data = abi.encode(t);
        vm.prank(by);
        vm.expectRevert(why);
        panel.createDispute(CHOICES, data);
    }

    function _no(bytes4 selector) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector);
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
        t.milestones[0].amount = 4_000_020;
        data = abi.encode(t);
        eq(panel.arbitrationCost(data), 200_000);
        t.milestones[0].amount = 50_000_000;
        data = abi.encode(t);
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

    function test_createDispute_isHeardForNothingWhereNearlyNothingIsAtStake() public {
        Terms memory t = _panelTerms();
        t.milestones[0].amount = 19;
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        uint256 id = _create(t, patient);
        eq(panel.heldFor(id), 0);
        // nothing had to be put down, so nothing is given up
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        eq(_case(id).refundBps, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        eq(panel.heldFor(id), 0);
        eq(_case(id).round, 1);
    }

    function test_createDispute_stopsIfTheEscrowCannotBeRead() public {
        Terms memory t = _disputed();
        bytes memory data = abi.encode(t);
        uint256 id = _create(t, patient);
        vm.mockCallRevert(
            address(escrow),
            abi.encodeWithSelector(escrow.account.selector),
            abi.encodeWithSelector(bytes4(0x01020304))
        );
        vm.prank(patient);
        vm.expectRevert(bytes4(0x01020304));
        panel.createDispute(CHOICES, data);
        vm.expectRevert(bytes4(0x01020304));
        panel.arbitrationCost(data);
        vm.expectRevert(bytes4(0x01020304));
        panel.lapse(id);
    }
}
