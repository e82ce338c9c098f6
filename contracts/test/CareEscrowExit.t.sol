// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {World} from "./base/World.sol";

/// @notice cancel, providerCancel, split.
contract CareEscrowExitTest is World {
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

    function test_cancel_revertsWhenTheCallerIsNotThePatient() public {
        Terms memory t = _terms();
        _open(t);
        vm.prank(clinic);
        vm.expectRevert(_notParty(clinic));
        escrow.cancel(t);
    }

    function test_cancel_revertsWhenNothingWasOpened() public {
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.None));
        escrow.cancel(_terms());
    }

    function test_cancel_revertsWhenClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.Claimed));
        escrow.cancel(t);
    }

    function test_cancel_returnsEverythingInTheLastSecondOfTheCoolingOff() public {
        Terms memory t = _terms();
        t.milestones[0].dueBy = uint40(START + 7 days + 1);
        _open(t);
        vm.warp(START + 7 days - 1);
        vm.prank(patient);
        escrow.cancel(t);
        _closed(t, TOTAL);
    }

    function test_cancel_returnsEverythingLongBeforeTheAppointment() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.warp(START + 17 days);
        vm.prank(patient);
        escrow.cancel(t);
        _closed(t, TOTAL - 100_000);
    }

    function test_cancel_keepsTheSchedulesShareCloseToTheAppointment() public {
        Terms memory t = _terms();
        t.milestones[0].dueBy = uint40(START + 7 days + 1);
        _open(t);
        vm.warp(START + 7 days);
        vm.prank(patient);
        escrow.cancel(t);
        _closed(t, TOTAL - 30_000);
        eq(_owed(address(unit), _as(clinic)), 29_100);
        eq(_owed(address(unit), _as(feeTo)), 900);
        eq(_account(t).released, 0);
    }

    function test_cancel_keepsNothingOfLaterMilestones() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.warp(START + 20 days);
        vm.prank(patient);
        escrow.cancel(t);
        // 30 % of 500,001 rounded down: the odd cent is the patient's
        _closed(t, TOTAL - 100_000 - 150_000);
    }

    function test_providerCancel_revertsWhenTheCallerIsNotTheClinic() public {
        Terms memory t = _terms();
        _open(t);
        vm.prank(patient);
        vm.expectRevert(_notParty(patient));
        escrow.providerCancel(t);
    }

    function test_providerCancel_revertsWhenDisputedOrClosed() public {
        Terms memory t = _terms();
        _disputed(t, 0);
        vm.prank(clinic);
        vm.expectRevert(_notThisState(ICareEscrow.State.Disputed));
        escrow.providerCancel(t);
        vm.prank(arbiter);
        escrow.rule(t, 0, true);
        vm.prank(clinic);
        vm.expectRevert(_notThisState(ICareEscrow.State.Closed));
        escrow.providerCancel(t);
    }

    function test_providerCancel_returnsEverythingWhenActive() public {
        Terms memory t = _terms();
        _open(t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        _closed(t, TOTAL);
    }

    function test_providerCancel_returnsWhatIsHeldWhenClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _claim(t, 1);
        vm.prank(clinic);
        escrow.providerCancel(t);
        _closed(t, TOTAL - 100_000);
    }

    function _splitRefused(Terms memory t, uint88 refund, bytes memory a, bytes memory b) private {
        vm.expectRevert(ICareEscrow.SplitNotSigned.selector);
        escrow.split(t, refund, a, b);
    }

    function _split(Terms memory t, uint88 refund, uint8 m) private {
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, refund, m);
        bytes memory byClinic = _splitSigned(CLINIC_KEY, t, refund, m);
        vm.prank(stranger);
        escrow.split(t, refund, byPatient, byClinic);
    }

    function test_split_revertsWhenOneSideDidNotSign() public {
        Terms memory t = _terms();
        _open(t);
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, 5, 0);
        bytes memory byClinic = _splitSigned(CLINIC_KEY, t, 5, 0);
        _splitRefused(t, 5, byPatient, "");
        _splitRefused(t, 5, "", byClinic);
        _splitRefused(t, 6, byPatient, byClinic);
    }

    function test_split_revertsWhenTheSignaturesAreSwapped() public {
        Terms memory t = _terms();
        _open(t);
        _splitRefused(t, 5, _splitSigned(CLINIC_KEY, t, 5, 0), _splitSigned(PATIENT_KEY, t, 5, 0));
    }

    function test_split_revertsWhenMoreIsRefundedThanHeld() public {
        Terms memory t = _terms();
        _open(t);
        vm.expectRevert(_bounds("refund"));
        escrow.split(t, uint88(TOTAL + 1), "", "");
    }

    function test_split_revertsWhenSignedForAnotherMilestone() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _splitRefused(t, 5, _splitSigned(PATIENT_KEY, t, 5, 0), _splitSigned(CLINIC_KEY, t, 5, 0));
    }

    function test_split_revertsWhenClosed() public {
        Terms memory t = _terms();
        _open(t);
        _split(t, 5, 0);
        vm.expectRevert(_notThisState(ICareEscrow.State.Closed));
        escrow.split(t, 0, "", "");
    }

    function test_split_dividesAsSignedFromEveryLiveState() public {
        Terms memory t = _terms();
        _open(t);
        _split(t, 100_000, 0);
        _closed(t, 100_000);
        t.salt = "claimed";
        t.payout = "claimed";
        _openAndPay(t, 1);
        _claim(t, 1);
        _split(t, 1, 1);
        _closed(t, 1);
        vm.warp(START);
        t.salt = "disputed";
        t.payout = "disputed";
        _disputed(t, 1);
        _split(t, 2, 1);
        _closed(t, 2);
        eq(unit.balanceOf(address(escrow)), 3 * TOTAL);
    }

    function test_split_countsAClaimedMilestoneAsPaidButNotAnActiveOne() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _split(t, 5, 1);
        eq(_account(t).released, 1);
        vm.warp(START);
        t.salt = "claimed";
        _openAndPay(t, 1);
        _claim(t, 1);
        _split(t, 5, 1);
        eq(_account(t).released, 3);
    }
}
