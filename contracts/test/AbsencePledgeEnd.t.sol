// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAbsencePledge} from "../src/interfaces/IAbsencePledge.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {PledgeWorld} from "./base/PledgeWorld.sol";

/// @notice settle: what is paid, and what is freed.
contract AbsencePledgeEndTest is PledgeWorld {
    uint256 private constant WAIT = 48 hours;
    bytes4 private constant NOT_OVER = IAbsencePledge.AgreementNotOver.selector;

    function _split(Terms memory t, uint256 refund, uint8 milestone) private {
        escrow.split(
            t,
            uint88(refund),
            _splitSigned(PATIENT_KEY, t, refund, milestone),
            _splitSigned(CLINIC_KEY, t, refund, milestone)
        );
    }

    function test_settle_revertsWithoutAnyPledge() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.expectRevert(_not(IAbsencePledge.State.None));
        book.settle(t);
    }

    function test_settle_revertsWhileTheAgreementIsNotOver() public {
        Terms memory t = _pledged();
        vm.expectRevert(NOT_OVER);
        book.settle(t);
        vm.prank(clinic);
        escrow.patientAbsent(t);
        vm.warp(block.timestamp + WAIT + 1);
        vm.expectRevert(NOT_OVER);
        book.settle(t);
    }

    function test_settle_revertsUntilTheLastSecondToObject() public {
        Terms memory t = _seen();
        uint256 until = block.timestamp + WAIT;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IAbsencePledge.TooEarly.selector, until));
        book.settle(t);
        _object(t);
        vm.warp(until + 1);
        vm.expectRevert(NOT_OVER);
        book.settle(t);
    }

    function test_settle_settlesTheAbsenceItselfAndPays() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + WAIT + 1);
        vm.prank(stranger);
        book.settle(t);
        _state(t, ICareEscrow.State.Closed);
        _paid(t);
        bond.payOut(t.payout);
        eq(bond.credit(t.payout), 0);
    }

    function test_settle_paysThoughNobodyLookedInTime() public {
        Terms memory t = _reported();
        vm.warp(block.timestamp + WAIT + 1);
        book.settle(t);
        _paid(t);
    }

    function test_settle_paysWhenSomebodyElseSettled() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + WAIT + 1);
        escrow.settleAbsence(t);
        book.settle(t);
        _paid(t);
    }

    function test_settle_paysWhenTheClinicGaveEverythingBackAfterTheReport() public {
        Terms memory t = _seen();
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(t);
        _paid(t);
    }

    function test_settle_paysWhenBothSignEverythingBackAfterTheReport() public {
        Terms memory t = _seen();
        _split(t, REST, 1);
        book.settle(t);
        _paid(t);
    }

    /// @dev What both sign names the milestone and not why: the clinic should cancel instead.
    function test_settle_paysWhenBothHadSignedEverythingBackBeforeTheReport() public {
        Terms memory t = _pledged();
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, REST, 1);
        bytes memory byClinic = _splitSigned(CLINIC_KEY, t, REST, 1);
        vm.prank(t.patient);
        escrow.clinicAbsent(t);
        book.witness(t);
        escrow.split(t, uint88(REST), byPatient, byClinic);
        book.settle(t);
        _paid(t);
    }

    function test_settle_freesTheBondWhenNobodyWasReported() public {
        Terms memory t = _pledged();
        _claim(t, 1);
        vm.prank(patient);
        escrow.accept(t);
        _claim(t, 2);
        vm.prank(patient);
        escrow.accept(t);
        book.settle(t);
        _freed(t);
    }

    /// @dev Nothing came back of the first milestone: the same figures as a note that is empty.
    function test_settle_freesTheBondWhenEverythingGoesToTheClinicUnreported() public {
        Terms memory t = _terms();
        _open(t);
        _pledge(t, SUM);
        _split(t, 0, 0);
        eq(_account(t).refunded, 0);
        book.settle(t);
        _freed(t);
    }

    function test_settle_freesTheBondWhenTheReportWasNeverSeen() public {
        Terms memory t = _reported();
        vm.warp(block.timestamp + WAIT + 1);
        escrow.settleAbsence(t);
        book.settle(t);
        _freed(t);
    }

    function test_settle_freesTheBondAfterAnObjectionThatWasRuledOn() public {
        Terms memory t = _seen();
        _object(t);
        vm.prank(arbiter);
        escrow.rule(t, 10_000, true);
        book.settle(t);
        _freed(t);
        eq(_owed(t.token, t.payout), REST);
    }

    function test_settle_freesTheBondAfterAnObjectionThatNobodyRuledOn() public {
        Terms memory t = _seen();
        _object(t);
        vm.warp(block.timestamp + 14 days + 1);
        escrow.settleSilent(t);
        book.settle(t);
        _freed(t);
        eq(_owed(t.token, t.payout), REST);
    }

    function test_settle_freesTheBondAfterAnObjectionThatEndsByASplit() public {
        Terms memory t = _seen();
        _object(t);
        book.witness(t);
        _split(t, REST, 1);
        book.settle(t);
        _freed(t);
    }

    function test_settle_freesTheBondWhenBothDivideIt() public {
        Terms memory t = _seen();
        _split(t, REST - 1, 1);
        book.settle(t);
        _freed(t);
    }

    function test_settle_freesTheBondWhenTheNextMilestoneGivesEverythingBack() public {
        Terms memory t = _seen();
        _object(t);
        vm.prank(arbiter);
        escrow.rule(t, 10_000, false);
        vm.prank(clinic);
        escrow.providerCancel(t);
        // as much is back as the first report would have returned, and it is about another milestone
        eq(_account(t).refunded, REST);
        book.settle(t);
        _freed(t);
    }

    function test_settle_revertsASecondTime() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + WAIT + 1);
        book.settle(t);
        vm.expectRevert(_not(IAbsencePledge.State.Paid));
        book.settle(t);
        _paid(t);
    }

    function test_settle_stopsWhereTheEscrowRefuses() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + WAIT + 1);
        expectRefusal(address(escrow), abi.encodeCall(escrow.account, (_id(t))));
        book.settle(t);
        expectRefusal(address(escrow), abi.encodeCall(escrow.settleAbsence, (t)));
        book.settle(t);
        vm.clearMockedCalls();
        _is(t, IAbsencePledge.State.Reported);
    }

    function test_settle_stopsWhereTheBondRefuses() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + WAIT + 1);
        expectRefusal(address(bond), abi.encodeCall(bond.release, (clinic, _id(t), SUM, SUM, t.payout)));
        book.settle(t);
        vm.clearMockedCalls();
        _state(t, ICareEscrow.State.ClinicAbsent);
        _is(t, IAbsencePledge.State.Reported);
    }
}
