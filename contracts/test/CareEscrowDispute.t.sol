// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {World} from "./base/World.sol";

/// @notice dispute, rule, settleSilent.
contract CareEscrowDisputeTest is World {
    function _disputed(Terms memory t, uint8 paid) private {
        _openAndPay(t, paid);
        _claim(t, paid);
        vm.prank(patient);
        escrow.dispute(t);
    }

    function _closed(Terms memory t, uint256 refunded) private view {
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Closed));
        eq(a.refunded, refunded);
        eq(a.held, 0);
        eq(_owed(t.token, t.payout), refunded);
    }

    function test_dispute_revertsWhenTheCallerIsNeitherParty() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(stranger);
        vm.expectRevert(_notParty(stranger));
        escrow.dispute(t);
    }

    function test_dispute_revertsWithinTheCoolingOff() public {
        Terms memory t = _terms();
        _open(t);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.CoolingOff.selector, START + 7 days));
        escrow.dispute(t);
    }

    function test_dispute_revertsWhenTheMilestoneIsOverdue() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(START + 10 days + 1);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, START + 10 days));
        escrow.dispute(t);
    }

    function test_dispute_revertsOneSecondAfterTheWindow() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.warp(START + 9 days + 1);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, START + 9 days));
        escrow.dispute(t);
    }

    function test_dispute_revertsWhenDisputedAlready() public {
        Terms memory t = _terms();
        _disputed(t, 0);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.Disputed));
        escrow.dispute(t);
    }

    function test_dispute_freezesInTheLastSecondOfTheWindow() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.warp(START + 9 days);
        vm.prank(patient);
        escrow.dispute(t);
        eq(_account(t).deadline, START + 9 days + 14 days);
        _state(t, ICareEscrow.State.Disputed);
        vm.warp(START + 900 days);
        vm.expectRevert(_notThisState(ICareEscrow.State.Disputed));
        escrow.release(t);
    }

    function test_dispute_freezesAnActiveMilestoneForTheClinicToo() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.warp(START + 10 days);
        vm.prank(clinic);
        escrow.dispute(t);
        _state(t, ICareEscrow.State.Disputed);
    }

    function test_rule_revertsWhenTheCallerIsNotTheArbiter() public {
        Terms memory t = _terms();
        _disputed(t, 0);
        vm.prank(clinic);
        vm.expectRevert(_notParty(clinic));
        escrow.rule(t, 0, true);
    }

    function test_rule_revertsWhenNothingIsDisputed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(arbiter);
        vm.expectRevert(_notThisState(ICareEscrow.State.Active));
        escrow.rule(t, 0, true);
    }

    function test_rule_revertsWhenMoreThanEverythingIsRefunded() public {
        Terms memory t = _terms();
        _disputed(t, 0);
        vm.prank(arbiter);
        vm.expectRevert(_bounds("refundBps"));
        escrow.rule(t, 10_001, false);
    }

    function test_rule_revertsOneSecondAfterTheArbitersTime() public {
        Terms memory t = _terms();
        _disputed(t, 0);
        vm.warp(START + 21 days + 1);
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, START + 21 days));
        escrow.rule(t, 0, false);
    }

    function test_rule_dividesTheMilestoneAndGoesOn() public {
        Terms memory t = _terms();
        _disputed(t, 1);
        vm.prank(arbiter);
        escrow.rule(t, 3_333, false);
        // the clinic's 66.67 % of 500,001 is rounded down to 333,350
        eq(_owed(address(unit), PAYOUT), 500_001 - 333_350);
        eq(_owed(address(unit), _as(clinic)), 97_000 + 333_350 - 10_000);
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Active));
        eq(a.milestone, 2);
        eq(a.released, 3);
        eq(a.held, 50_000);
    }

    function test_rule_dividesTheMilestoneAndEnds() public {
        Terms memory t = _terms();
        _disputed(t, 1);
        vm.prank(arbiter);
        escrow.rule(t, 10_000, true);
        _closed(t, TOTAL - 100_000);
        eq(_account(t).released, 1);
    }

    function test_rule_closesAfterTheLastMilestone() public {
        Terms memory t = _terms();
        _disputed(t, 2);
        vm.prank(arbiter);
        escrow.rule(t, 0, false);
        _closed(t, 0);
    }

    function test_settleSilent_revertsInTheLastSecondOfTheArbitersTime() public {
        Terms memory t = _terms();
        _disputed(t, 0);
        vm.warp(START + 21 days);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooEarly.selector, START + 21 days));
        escrow.settleSilent(t);
    }

    function test_settleSilent_revertsWhenNothingIsDisputed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.expectRevert(_notThisState(ICareEscrow.State.Active));
        escrow.settleSilent(t);
    }

    function test_settleSilent_appliesTheDefaultSplitWhenAnybodyCalls() public {
        Terms memory t = _terms();
        _disputed(t, 1);
        vm.warp(START + 21 days + 1);
        vm.prank(stranger);
        escrow.settleSilent(t);
        _closed(t, 250_001 + 50_000);
    }

    function test_settleSilent_returnsAMilestoneThatWasNeverClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.prank(clinic);
        escrow.dispute(t);
        vm.warp(START + 900 days);
        escrow.settleSilent(t);
        _closed(t, TOTAL - 100_000);
        eq(_account(t).released, 1);
    }

    function test_settleSilent_worksWithoutAnyArbiter() public {
        Terms memory t = _terms();
        t.arbiter = address(0);
        t.defaultSplitBps = 10_000;
        _disputed(t, 0);
        vm.warp(START + 900 days);
        escrow.settleSilent(t);
        _closed(t, TOTAL);
    }
}
