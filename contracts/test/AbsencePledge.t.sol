// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAbsencePledge} from "../src/interfaces/IAbsencePledge.sol";
import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {ForwardRequestData, IForwarder} from "../src/interfaces/IForwarder.sol";
import {PledgeWorld} from "./base/PledgeWorld.sol";

/// @notice pledge, witness and carry.
contract AbsencePledgeTest is PledgeWorld {
    bytes4 private constant INACTIVE = IAbsencePledge.AgreementNotActive.selector;

    function _present() private returns (Terms memory t) {
        t = _terms();
        _openAndPay(t, 1);
    }

    function _refused(Terms memory t, bytes memory why) private {
        vm.prank(t.clinic);
        vm.expectRevert(why);
        book.pledge(t, SUM);
    }

    function _out(bytes32 field) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IAbsencePledge.PledgeOutOfBounds.selector, field);
    }

    function test_pledge_revertsWhenTheCallerIsNotTheClinic() public {
        Terms memory t = _present();
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IAbsencePledge.NotThisParty.selector, patient));
        book.pledge(t, SUM);
    }

    function test_pledge_revertsForAnotherToken() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        _refused(t, abi.encodeWithSelector(IAbsencePledge.AnotherToken.selector, address(coin)));
    }

    function test_pledge_revertsForAPayoutThatNamesAnAccountOfTheClosedLoop() public {
        Terms memory t = _terms();
        t.payout = bytes32(uint256(type(uint160).max));
        _openAndPay(t, 1);
        _refused(t, _out("payout"));
    }

    function test_pledge_takesAPayoutThatJustNamesNoAccount() public {
        Terms memory t = _terms();
        t.payout = bytes32(uint256(type(uint160).max) + 1);
        _openAndPay(t, 1);
        _pledge(t, SUM);
        _is(t, IAbsencePledge.State.Standing);
    }

    function test_pledge_revertsWhenNothingIsHeld() public {
        _refused(_terms(), abi.encodePacked(INACTIVE));
    }

    function test_pledge_revertsWhileAnythingButTheTreatmentIsWaitedFor() public {
        Terms memory t = _present();
        _claim(t, 1);
        _refused(t, abi.encodePacked(INACTIVE));
        _object(t);
        _refused(t, abi.encodePacked(INACTIVE));
        t.salt = "reported";
        t.openBy = uint40(block.timestamp);
        t.milestones[0].dueBy = uint40(block.timestamp + 8 days);
        t.milestones[0].performed = true;
        _open(t);
        vm.warp(block.timestamp + 7 days);
        vm.prank(patient);
        escrow.clinicAbsent(t);
        _refused(t, abi.encodePacked(INACTIVE));
    }

    function test_pledge_revertsWhenTheAgreementIsOver() public {
        Terms memory t = _present();
        vm.prank(clinic);
        escrow.providerCancel(t);
        _refused(t, abi.encodePacked(INACTIVE));
    }

    function test_pledge_revertsForNoSumAndAboveThePrice() public {
        Terms memory t = _present();
        vm.startPrank(clinic);
        vm.expectRevert(_out("sum"));
        book.pledge(t, 0);
        vm.expectRevert(_out("sum"));
        book.pledge(t, uint96(TOTAL) + 1);
        vm.stopPrank();
    }

    function test_pledge_takesUpToTheWholePrice() public {
        Terms memory t = _present();
        _pledge(t, uint96(TOTAL));
        eq(_pledgeOf(t).sum, TOTAL);
        t = _terms();
        t.salt = "one";
        t.openBy = uint40(block.timestamp);
        t.milestones[0].dueBy = uint40(block.timestamp + 8 days);
        _open(t);
        _pledge(t, 1);
        eq(_pledgeOf(t).sum, 1);
        eq(_bond().locked, TOTAL + 1);
    }

    function test_pledge_revertsTwice() public {
        Terms memory t = _pledged();
        _refused(t, _not(IAbsencePledge.State.Standing));
    }

    function test_pledge_revertsWhenTheBondIsTooSmall() public {
        Terms memory t = _present();
        vm.prank(clinic);
        bond.reclaim(address(book), BOND - SUM + 1);
        _refused(t, abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, SUM - 1, SUM));
        _is(t, IAbsencePledge.State.None);
    }

    function test_pledge_locksTheSumForThisAgreement() public {
        Terms memory t = _present();
        vm.recordLogs();
        _pledge(t, SUM);
        eq(vm.getRecordedLogs().length, 2);
        IAbsencePledge.Account memory p = _pledgeOf(t);
        eq(uint8(p.state), uint8(IAbsencePledge.State.Standing));
        eq(p.sum, SUM);
        eq(p.milestone, 0);
        eq(p.back, 0);
        eq(_bond().locked, SUM);
        eq(_bond().total, BOND);
    }

    function test_pledge_takesTheClinicsWordThroughTheForwarder() public {
        Terms memory t = _present();
        IForwarder(address(forwarder)).execute(_request(CLINIC_KEY, address(book), abi.encodeCall(book.pledge, (t, SUM))));
        _is(t, IAbsencePledge.State.Standing);
    }

    function test_pledge_stopsWhereTheEscrowDoes() public {
        Terms memory t = _present();
        expectRefusal(address(escrow), abi.encodeCall(escrow.account, (_id(t))));
        vm.prank(clinic);
        book.pledge(t, SUM);
        expectRefusal(address(bond), abi.encodeCall(bond.lock, (clinic, _id(t), SUM)));
        vm.prank(clinic);
        book.pledge(t, SUM);
    }

    function test_witness_revertsWithoutAPledge() public {
        Terms memory t = _present();
        vm.expectRevert(_not(IAbsencePledge.State.None));
        book.witness(t);
    }

    function test_witness_revertsOnceItIsOver() public {
        Terms memory t = _pledged();
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(t);
        vm.expectRevert(_not(IAbsencePledge.State.Freed));
        book.witness(t);
    }

    function test_witness_notesWhatAReportWouldReturn() public {
        Terms memory t = _reported();
        vm.prank(stranger);
        book.witness(t);
        IAbsencePledge.Account memory p = _pledgeOf(t);
        eq(uint8(p.state), uint8(IAbsencePledge.State.Reported));
        eq(p.milestone, 1);
        eq(p.back, REST);
        eq(p.sum, SUM);
    }

    function test_witness_notesItOnceHoweverOftenItLooks() public {
        Terms memory t = _reported();
        vm.recordLogs();
        book.witness(t);
        eq(vm.getRecordedLogs().length, 1);
        book.witness(t);
        eq(vm.getRecordedLogs().length, 0);
        _is(t, IAbsencePledge.State.Reported);
    }

    function test_witness_changesNothingWhileTheAgreementGoesOn() public {
        Terms memory t = _pledged();
        vm.recordLogs();
        book.witness(t);
        _claim(t, 1);
        book.witness(t);
        eq(vm.getRecordedLogs().length, 1);
        _is(t, IAbsencePledge.State.Standing);
    }

    function test_witness_wipesTheNoteAfterAnObjection() public {
        Terms memory t = _seen();
        _object(t);
        vm.recordLogs();
        book.witness(t);
        eq(vm.getRecordedLogs().length, 1);
        IAbsencePledge.Account memory p = _pledgeOf(t);
        eq(uint8(p.state), uint8(IAbsencePledge.State.Standing));
        eq(p.milestone, 0);
        eq(p.back, 0);
        eq(p.sum, SUM);
    }

    function test_witness_keepsTheNoteOnceTheAgreementIsOver() public {
        Terms memory t = _seen();
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.witness(t);
        IAbsencePledge.Account memory p = _pledgeOf(t);
        eq(uint8(p.state), uint8(IAbsencePledge.State.Reported));
        eq(p.back, REST);
    }

    function test_witness_notesALaterReportAnew() public {
        Terms memory t = _seen();
        _object(t);
        vm.prank(arbiter);
        escrow.rule(t, 4_000, false);
        vm.prank(patient);
        escrow.clinicAbsent(t);
        book.witness(t);
        IAbsencePledge.Account memory p = _pledgeOf(t);
        eq(p.milestone, 2);
        // 40 % of the treatment, rounded up, and the follow-up
        eq(p.back, 200_001 + 50_000);
        vm.warp(block.timestamp + 48 hours + 1);
        escrow.settleAbsence(t);
        book.settle(t);
        _is(t, IAbsencePledge.State.Paid);
    }

    function test_witness_stopsBeforeTheEscrowAnswers() public {
        Terms memory t = _reported();
        expectRefusal(address(escrow), abi.encodeCall(escrow.account, (_id(t))));
        book.witness(t);
    }

    function test_carry_revertsForACallToAnybodyElse() public {
        Terms memory t = _pledged();
        ForwardRequestData memory r =
            _request(CLINIC_KEY, address(bond), abi.encodeCall(bond.reclaim, (address(book), 1)));
        vm.expectRevert(abi.encodeWithSelector(IAbsencePledge.AnotherContract.selector, address(bond)));
        book.carry(r, t);
    }

    function test_carry_revertsWhenTheEscrowRefuses() public {
        Terms memory t = _pledged();
        // not the patient's to say
        ForwardRequestData memory r =
            _request(CLINIC_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t)));
        vm.expectRevert();
        book.carry(r, t);
        _is(t, IAbsencePledge.State.Standing);
    }

    function test_carry_revertsWithoutAPledgeToLookAt() public {
        Terms memory t = _present();
        ForwardRequestData memory r =
            _request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t)));
        vm.expectRevert(_not(IAbsencePledge.State.None));
        book.carry(r, t);
    }

    function test_carry_bringsAReportAndSeesIt() public {
        Terms memory t = _pledged();
        vm.prank(stranger);
        book.carry(_request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t))), t);
        _state(t, ICareEscrow.State.ClinicAbsent);
        _is(t, IAbsencePledge.State.Reported);
    }

    function test_carry_bringsAnObjectionAndSeesIt() public {
        Terms memory t = _seen();
        book.carry(_request(CLINIC_KEY, address(escrow), abi.encodeCall(escrow.dispute, (t))), t);
        _state(t, ICareEscrow.State.Disputed);
        _is(t, IAbsencePledge.State.Standing);
    }
}
