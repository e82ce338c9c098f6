// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {World} from "./base/World.sol";

/// @notice clinicAbsent, patientAbsent, settleAbsence, and how the other side objects.
contract CareEscrowAbsenceTest is World {
    /// @dev When the treatment of `_terms()` falls due.
    uint256 private constant DUE = START + 20 days;

    /// @dev The deposit is paid, the treatment is present.
    function _waiting() private returns (Terms memory t) {
        t = _terms();
        _openAndPay(t, 1);
    }

    function _report(Terms memory t, bool byPatient) private {
        vm.prank(byPatient ? t.patient : t.clinic);
        byPatient ? escrow.clinicAbsent(t) : escrow.patientAbsent(t);
    }

    function _closed(Terms memory t, uint256 refunded) private view {
        ICareEscrow.Account memory a = _account(t);
        eq(uint8(a.state), uint8(ICareEscrow.State.Closed));
        eq(a.refunded, refunded);
        eq(a.held, 0);
        eq(a.deadline, 0);
        eq(_owed(t.token, t.payout), refunded);
    }

    function _waits(Terms memory t, ICareEscrow.State state, uint256 until) private view {
        _state(t, state);
        eq(_account(t).deadline, until);
        eq(_account(t).held, TOTAL - 100_000);
        no(_account(t).claimed);
    }

    function no(bool claimed) private pure {
        yes(!claimed, "claimed");
    }

    function test_clinicAbsent_revertsWhenTheCallerIsNotThePatient() public {
        Terms memory t = _waiting();
        vm.prank(clinic);
        vm.expectRevert(_notParty(clinic));
        escrow.clinicAbsent(t);
        vm.prank(stranger);
        vm.expectRevert(_notParty(stranger));
        escrow.clinicAbsent(t);
    }

    function test_clinicAbsent_revertsWithinTheCoolingOff() public {
        Terms memory t = _terms();
        t.milestones[0].performed = true;
        _open(t);
        vm.warp(START + 7 days - 1);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.CoolingOff.selector, START + 7 days));
        escrow.clinicAbsent(t);
        vm.warp(START + 7 days);
        _report(t, true);
        _state(t, ICareEscrow.State.ClinicAbsent);
    }

    function test_clinicAbsent_revertsOneSecondAfterItWasDue() public {
        Terms memory t = _waiting();
        vm.warp(DUE + 1);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, DUE));
        escrow.clinicAbsent(t);
    }

    function test_clinicAbsent_revertsWhenNothingIsAttended() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(patient);
        vm.expectRevert(ICareEscrow.NothingToAttend.selector);
        escrow.clinicAbsent(t);
    }

    function test_clinicAbsent_revertsWhenClaimedOrDisputedOrReported() public {
        Terms memory t = _waiting();
        _claim(t, 1);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.Claimed));
        escrow.clinicAbsent(t);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.Disputed));
        escrow.clinicAbsent(t);
        t.salt = "reported";
        vm.warp(START);
        _openAndPay(t, 1);
        _report(t, false);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.PatientAbsent));
        escrow.clinicAbsent(t);
    }

    function test_clinicAbsent_waitsTwoDaysFromTheLastSecond() public {
        Terms memory t = _waiting();
        vm.warp(DUE);
        vm.expectEmit(address(escrow));
        emit ICareEscrow.AbsenceReported(_id(t), 1, patient, DUE + 48 hours);
        _report(t, true);
        _waits(t, ICareEscrow.State.ClinicAbsent, DUE + 48 hours);
    }

    function test_patientAbsent_revertsWhenTheCallerIsNotTheClinic() public {
        Terms memory t = _waiting();
        vm.prank(patient);
        vm.expectRevert(_notParty(patient));
        escrow.patientAbsent(t);
    }

    function test_patientAbsent_revertsOutsideItsTime() public {
        Terms memory t = _terms();
        t.milestones[0].performed = true;
        _open(t);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.CoolingOff.selector, START + 7 days));
        escrow.patientAbsent(t);
        vm.warp(START + 10 days + 1);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, START + 10 days));
        escrow.patientAbsent(t);
    }

    function test_patientAbsent_revertsWhenNothingIsAttended() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(clinic);
        vm.expectRevert(ICareEscrow.NothingToAttend.selector);
        escrow.patientAbsent(t);
    }

    function test_patientAbsent_waitsTwoDays() public {
        Terms memory t = _waiting();
        vm.warp(DUE - 1 hours);
        vm.expectEmit(address(escrow));
        emit ICareEscrow.AbsenceReported(_id(t), 1, clinic, DUE + 47 hours);
        _report(t, false);
        _waits(t, ICareEscrow.State.PatientAbsent, DUE + 47 hours);
    }

    function test_settleAbsence_revertsWhenNothingWasReported() public {
        Terms memory t = _waiting();
        vm.expectRevert(_notThisState(ICareEscrow.State.Active));
        escrow.settleAbsence(t);
        _claim(t, 1);
        vm.warp(START + 800 days);
        vm.expectRevert(_notThisState(ICareEscrow.State.Claimed));
        escrow.settleAbsence(t);
    }

    function test_settleAbsence_revertsInTheLastSecondToObject() public {
        Terms memory t = _waiting();
        _report(t, true);
        vm.warp(START + 9 days);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooEarly.selector, START + 9 days));
        escrow.settleAbsence(t);
    }

    function test_settleAbsence_returnsEverythingWhenTheClinicWasAbsent() public {
        Terms memory t = _waiting();
        vm.warp(DUE);
        _report(t, true);
        vm.warp(DUE + 48 hours + 1);
        vm.expectEmit(address(escrow));
        emit ICareEscrow.AgreementClosed(_id(t), ICareEscrow.Reason.ClinicAbsent, TOTAL - 100_000);
        vm.prank(stranger);
        escrow.settleAbsence(t);
        _closed(t, TOTAL - 100_000);
        eq(_account(t).released, 1);
    }

    function test_settleAbsence_keepsTheSchedulesShareWhenThePatientWasAbsent() public {
        Terms memory t = _waiting();
        vm.warp(DUE - 1 hours);
        _report(t, false);
        vm.warp(DUE + 47 hours + 1);
        vm.expectEmit(address(escrow));
        emit ICareEscrow.AgreementClosed(_id(t), ICareEscrow.Reason.PatientAbsent, TOTAL - 100_000 - 150_000);
        vm.prank(stranger);
        escrow.settleAbsence(t);
        _closed(t, TOTAL - 100_000 - 150_000);
        eq(_owed(address(unit), _as(clinic)), 97_000 + 145_500);
        eq(_owed(address(unit), _as(feeTo)), 3_000 + 4_500);
        eq(_account(t).released, 1);
    }

    function test_settleAbsence_readsTheScheduleAtTheTimeOfTheReport() public {
        // one second before the step of 72 hours begins, two days before the schedule would give most
        Terms memory t = _waiting();
        vm.warp(DUE - 72 hours);
        _report(t, false);
        vm.warp(DUE - 1);
        escrow.settleAbsence(t);
        _closed(t, TOTAL - 100_000);
        t.salt = "later";
        t.payout = "later";
        vm.warp(START);
        _openAndPay(t, 1);
        vm.warp(DUE - 72 hours + 1);
        _report(t, false);
        vm.warp(DUE - 24 hours + 2);
        escrow.settleAbsence(t);
        _closed(t, TOTAL - 100_000 - 50_000);
    }

    function test_dispute_objectsInTheLastSecondForThePatient() public {
        Terms memory t = _waiting();
        _report(t, false);
        vm.warp(START + 9 days);
        vm.expectEmit(address(escrow));
        emit ICareEscrow.MilestoneDisputed(_id(t), 1, patient, START + 23 days);
        vm.prank(patient);
        escrow.dispute(t);
        _waits(t, ICareEscrow.State.Disputed, START + 23 days);
    }

    function test_dispute_objectsForTheClinicAfterTheMilestoneWasDue() public {
        Terms memory t = _waiting();
        vm.warp(DUE);
        _report(t, true);
        vm.warp(DUE + 48 hours);
        vm.prank(clinic);
        escrow.dispute(t);
        _waits(t, ICareEscrow.State.Disputed, DUE + 16 days);
    }

    function test_dispute_revertsWhenWhoReportedObjects() public {
        Terms memory t = _waiting();
        _report(t, false);
        vm.prank(clinic);
        vm.expectRevert(_notParty(clinic));
        escrow.dispute(t);
        vm.prank(stranger);
        vm.expectRevert(_notParty(stranger));
        escrow.dispute(t);
        t.salt = "other";
        vm.warp(START);
        _openAndPay(t, 1);
        _report(t, true);
        vm.prank(patient);
        vm.expectRevert(_notParty(patient));
        escrow.dispute(t);
    }

    function test_dispute_revertsOneSecondAfterTheTimeToObject() public {
        Terms memory t = _waiting();
        _report(t, true);
        vm.warp(START + 9 days + 1);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, START + 9 days));
        escrow.dispute(t);
    }

    function test_settleSilent_returnsEverythingAfterAnObjection() public {
        Terms memory t = _waiting();
        _report(t, false);
        vm.prank(patient);
        escrow.dispute(t);
        vm.warp(START + 21 days + 1);
        escrow.settleSilent(t);
        _closed(t, TOTAL - 100_000);
    }

    function test_providerCancel_returnsWhatIsHeldWhenAnAbsenceWasReported() public {
        Terms memory t = _waiting();
        _report(t, false);
        vm.prank(clinic);
        escrow.providerCancel(t);
        _closed(t, TOTAL - 100_000);
        t.salt = "other";
        t.payout = "other";
        vm.warp(START);
        _openAndPay(t, 1);
        _report(t, true);
        vm.prank(clinic);
        escrow.providerCancel(t);
        _closed(t, TOTAL - 100_000);
    }

    function test_split_dividesAsSignedWhileAnAbsenceIsReported() public {
        Terms memory t = _waiting();
        _report(t, false);
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, 7, 1);
        escrow.split(t, 7, byPatient, _splitSigned(CLINIC_KEY, t, 7, 1));
        _closed(t, 7);
        eq(_account(t).released, 1);
    }

    function test_cancel_revertsWhileAnAbsenceIsReported() public {
        Terms memory t = _waiting();
        _report(t, true);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.ClinicAbsent));
        escrow.cancel(t);
    }

    function test_claim_revertsWhileAnAbsenceIsReported() public {
        Terms memory t = _waiting();
        _report(t, true);
        bytes memory attendance = _attended(t, 1, "evidence");
        vm.prank(clinic);
        vm.expectRevert(_notThisState(ICareEscrow.State.ClinicAbsent));
        escrow.claim(t, "evidence", attendance);
    }

    function test_expire_revertsWhileAnAbsenceIsReported() public {
        Terms memory t = _waiting();
        vm.warp(DUE);
        _report(t, false);
        vm.warp(DUE + 1);
        vm.expectRevert(_notThisState(ICareEscrow.State.PatientAbsent));
        escrow.expire(t);
    }

    /// A clinic that reports long before the appointment gains nothing by it.
    function test_attack_earlyReportOfAnAbsentPatientGivesTheClinicNothing(uint32 early) public {
        Terms memory t = _waiting();
        vm.warp(bound(early, START + 7 days, DUE - 72 hours));
        _report(t, false);
        vm.warp(block.timestamp + 48 hours + 1);
        escrow.settleAbsence(t);
        _closed(t, TOTAL - 100_000);
    }

    /// Whoever reports second cannot undo what the other reported first.
    function test_attack_reportsDoNotAnswerEachOther() public {
        Terms memory t = _waiting();
        _report(t, true);
        vm.prank(clinic);
        vm.expectRevert(_notThisState(ICareEscrow.State.ClinicAbsent));
        escrow.patientAbsent(t);
    }
}
