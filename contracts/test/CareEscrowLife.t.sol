// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {World} from "./base/World.sol";

/// @notice claim, accept, release, expire, retained, withdraw.
contract CareEscrowLifeTest is World {
    function _claimRefused(Terms memory t, bytes memory attendance, bytes memory reason) private {
        vm.prank(clinic);
        vm.expectRevert(reason);
        escrow.claim(t, "evidence", attendance);
    }

    function _unattended(Terms memory t, bytes memory attendance) private {
        _claimRefused(t, attendance, abi.encodeWithSelector(ICareEscrow.AttendanceNotSigned.selector));
    }

    function test_claim_revertsWhenTheCallerIsNotTheClinic() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(patient);
        vm.expectRevert(_notParty(patient));
        escrow.claim(t, "evidence", "");
    }

    function test_claim_revertsWithinTheCoolingOff() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(START + 7 days - 1);
        _claimRefused(t, "", abi.encodeWithSelector(ICareEscrow.CoolingOff.selector, START + 7 days));
    }

    function test_claim_revertsOneSecondAfterItWasDue() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(START + 10 days + 1);
        _claimRefused(t, "", abi.encodeWithSelector(ICareEscrow.TooLate.selector, START + 10 days));
    }

    function test_claim_revertsWhenClaimedAlready() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        _claimRefused(t, "", _notThisState(ICareEscrow.State.Claimed));
    }

    function test_claim_claimsAnUnattendedMilestoneInTheLastSecond() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(START + 10 days);
        vm.prank(clinic);
        escrow.claim(t, "evidence", "");
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Claimed));
        eq(a.deadline, START + 12 days);
        yes(a.claimed, "claimed");
        eq(a.held, TOTAL);
    }

    function test_claim_revertsWithoutThePatientsSignature() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _unattended(t, "");
        _unattended(t, _offer(t));
    }

    function test_claim_revertsWhenTheAttendanceIsForAnotherMilestone() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _unattended(t, _attended(t, 2, "evidence"));
    }

    function test_claim_revertsWhenTheAttendanceIsForOtherEvidence() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _unattended(t, _attended(t, 1, "other"));
    }

    function test_claim_revertsWhenTheAttendanceIsForAnotherAgreement() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        Terms memory other = _terms();
        other.salt = "other";
        _unattended(t, _attended(other, 1, "evidence"));
    }

    function test_claim_claimsWithThePatientsSignature() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _claim(t, 1);
        _state(t, ICareEscrow.State.Claimed);
    }

    function test_accept_revertsWhenTheCallerIsNotThePatient() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(clinic);
        vm.expectRevert(_notParty(clinic));
        escrow.accept(t);
    }

    function test_accept_revertsWhenNothingIsClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.Active));
        escrow.accept(t);
    }

    function test_accept_paysTheClinicLessTheFeeAndGoesOn() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        eq(_owed(address(unit), _as(clinic)), 97_000);
        eq(_owed(address(unit), _as(feeTo)), 3_000);
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Active));
        eq(a.milestone, 1);
        eq(a.released, 1);
        yes(!a.claimed, "the next one is not claimed yet");
        eq(a.deadline, 0);
        eq(a.held, TOTAL - 100_000);
    }

    function test_accept_closesAfterTheLastMilestone() public {
        Terms memory t = _terms();
        _openAndPay(t, 3);
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Closed));
        eq(a.milestone, 3);
        eq(a.released, 7);
        eq(a.held, 0);
        eq(a.refunded, 0);
        // 3 % of 500,001 is rounded down
        eq(_owed(address(unit), _as(feeTo)), 3_000 + 15_000 + 1_500);
        eq(_owed(address(unit), _as(clinic)), TOTAL - 19_500);
    }

    function test_release_revertsInTheLastSecondOfTheWindow() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.warp(START + 9 days);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooEarly.selector, START + 9 days));
        escrow.release(t);
    }

    function test_release_paysWhenAnybodyCallsAfterTheWindow() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.warp(START + 9 days + 1);
        vm.prank(stranger);
        escrow.release(t);
        eq(_owed(address(unit), _as(clinic)), 97_000);
    }

    function test_release_revertsWhenNothingIsClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.warp(START + 900 days);
        vm.expectRevert(_notThisState(ICareEscrow.State.Active));
        escrow.release(t);
    }

    function test_expire_revertsInTheLastSecondBeforeItIsOverdue() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(START + 10 days);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooEarly.selector, START + 10 days));
        escrow.expire(t);
    }

    function test_expire_returnsWhatIsHeldWhenAnybodyCalls() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.warp(START + 20 days + 1);
        vm.prank(stranger);
        escrow.expire(t);
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Closed));
        eq(a.refunded, TOTAL - 100_000);
        eq(_owed(address(unit), PAYOUT), TOTAL - 100_000);
    }

    function test_expire_revertsWhenClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.warp(START + 900 days);
        vm.expectRevert(_notThisState(ICareEscrow.State.Claimed));
        escrow.expire(t);
    }

    function test_retained_followsTheScheduleAtEveryEdge() public view {
        Terms memory t = _terms();
        uint256 due = t.milestones[1].dueBy;
        eq(escrow.retained(t, 1, due - 72 hours), 0);
        eq(escrow.retained(t, 1, due - 72 hours + 1), 50_000);
        eq(escrow.retained(t, 1, due - 24 hours), 50_000);
        eq(escrow.retained(t, 1, due - 24 hours + 1), 150_000);
        eq(escrow.retained(t, 1, due + 1), 150_000);
    }

    function test_withdraw_revertsWhenNothingIsOwed() public {
        vm.expectRevert(ICareEscrow.NothingToWithdraw.selector);
        escrow.withdraw(address(unit), _as(stranger));
    }

    function test_withdraw_redeemsTheUnitToThePayoutReference() public {
        Terms memory t = _terms();
        _open(t);
        vm.prank(patient);
        escrow.cancel(t);
        vm.prank(stranger);
        eq(escrow.withdraw(address(unit), PAYOUT), TOTAL);
        eq(unit.totalSupply(), 0);
        eq(unit.balanceOf(address(escrow)), 0);
    }

    function test_withdraw_sendsACoinToItsOwnerOnly() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        vm.prank(stranger);
        escrow.withdraw(address(coin), _as(clinic));
        eq(coin.balanceOf(clinic), 97_000);
        eq(coin.balanceOf(stranger), 0);
    }

    function test_withdraw_paysNobodyTwice() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        escrow.withdraw(address(coin), _as(clinic));
        vm.expectRevert(ICareEscrow.NothingToWithdraw.selector);
        escrow.withdraw(address(coin), _as(clinic));
    }
}
