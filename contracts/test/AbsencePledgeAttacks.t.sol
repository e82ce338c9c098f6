// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAbsencePledge} from "../src/interfaces/IAbsencePledge.sol";
import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {ForwardRequestData, IForwarder} from "../src/interfaces/IForwarder.sol";
import {PledgeWorld} from "./base/PledgeWorld.sol";

/// @notice What must not work against a pledge, by name; with an ERC-20 that misbehaves.
contract AbsencePledgeAttacksTest is PledgeWorld {
    function _closedLoop() internal pure override returns (bool) {
        return false;
    }

    function test_pledge_takesAnyAddressAsPayoutOfAnOpenToken() public {
        Terms memory t = _pledged();
        eq(t.payout, _as(patient));
        _is(t, IAbsencePledge.State.Standing);
    }

    /// @dev 01: paying out hands the token over, which comes back; nothing is paid twice.
    function test_attack_01_reenteringFindsTheDoorClosedOrThePledgeOver() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + 48 hours + 1);
        book.settle(t);
        coin.reenterWith(address(book), abi.encodeCall(book.settle, (t)));
        eq(bond.payOut(t.payout), SUM);
        yes(!coin.reentered(), "settled again");
        // a request that is carried cannot lead back into the book
        Terms memory other = _terms();
        ForwardRequestData memory r =
            _request(PATIENT_KEY, address(book), abi.encodeCall(book.settle, (other)));
        vm.expectRevert(abi.encodeWithSelector(IAbsencePledge.AnotherContract.selector, address(book)));
        book.carry(r, other);
    }

    /// @dev 11: whoever is quicker ends the agreement, and not what it owes.
    function test_attack_11_clinicThatSettlesFirstStillPays() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + 48 hours + 1);
        vm.prank(clinic);
        escrow.settleAbsence(t);
        vm.prank(clinic);
        vm.expectRevert();
        bond.reclaim(address(book), BOND);
        book.settle(t);
        _paid(t);
    }

    /// @dev 11: between the report and its being seen there is no room.
    function test_attack_11_clinicCannotCancelBetweenReportAndWitness() public {
        Terms memory t = _pledged();
        book.carry(_request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t))), t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.witness(t);
        book.settle(t);
        _paid(t);
    }

    /// @dev 25: what was signed for the book alone is not carried twice.
    function test_attack_25_carriedRequestServesOnce() public {
        Terms memory t = _pledged();
        ForwardRequestData memory r =
            _request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t)));
        book.carry(r, t);
        vm.expectRevert();
        book.carry(r, t);
    }

    /// @dev 25: whoever takes the request out of the act brings the report, and the note follows it.
    function test_attack_25_reportThatAnotherBroughtFirstStillCounts() public {
        Terms memory t = _pledged();
        ForwardRequestData memory r = _request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t)));
        vm.prank(stranger);
        IForwarder(address(forwarder)).execute(r);
        vm.expectRevert();
        book.carry(r, t);
        _is(t, IAbsencePledge.State.Standing);
        book.witness(t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(t);
        _paid(t);
    }

    function test_attack_11_falseReportThatIsObjectedToPaysNothing() public {
        Terms memory t = _seen();
        _object(t);
        // the patient agrees with nobody, the arbiter stays silent
        vm.warp(block.timestamp + 14 days + 1);
        escrow.settleSilent(t);
        book.settle(t);
        _freed(t);
    }

    function test_attack_11_oldReportIsNotPaidForALaterEnd() public {
        Terms memory t = _seen();
        _object(t);
        vm.prank(arbiter);
        escrow.rule(t, 0, false);
        // nobody saw the objection, and the follow-up is cancelled
        vm.prank(patient);
        escrow.cancel(t);
        book.settle(t);
        _freed(t);
    }

    function test_attack_19_pledgeAfterTheReportIsNone() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        vm.prank(patient);
        escrow.clinicAbsent(t);
        vm.prank(clinic);
        vm.expectRevert(IAbsencePledge.AgreementNotActive.selector);
        book.pledge(t, SUM);
    }

    function test_attack_19_doubleSettlePaysOnce() public {
        Terms memory t = _seen();
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(t);
        vm.expectRevert(_not(IAbsencePledge.State.Paid));
        book.settle(t);
        _paid(t);
    }

    function test_attack_18_clinicCannotReclaimWhatStands() public {
        _pledged();
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, BOND - SUM, BOND));
        bond.reclaim(address(book), BOND);
    }

    /// @dev Each book has its own compartment, and the one of pledges asks who speaks.
    function test_attack_18_anotherBookCannotTouchWhatStands() public {
        Terms memory t = _seen();
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, 0, SUM));
        bond.release(clinic, _id(t), SUM, SUM, _as(stranger));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, 0, 1));
        bond.lock(clinic, _id(t), 1);
        t.salt = "of a stranger";
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAbsencePledge.NotThisParty.selector, stranger));
        book.pledge(t, 1);
        eq(_bond().total, BOND);
        eq(_bond().locked, SUM);
    }

    function test_attack_09_termsWithAnotherPayoutAreAnotherAgreement() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + 48 hours + 1);
        t.payout = _as(stranger);
        vm.expectRevert(_not(IAbsencePledge.State.None));
        book.settle(t);
    }

    function test_attack_06_blockedPatientKeepsWhatIsOwed() public {
        Terms memory t = _seen();
        coin.setBlocked(patient, true);
        vm.warp(block.timestamp + 48 hours + 1);
        book.settle(t);
        vm.expectRevert();
        bond.payOut(t.payout);
        coin.setBlocked(patient, false);
        eq(bond.payOut(t.payout), SUM);
    }

    /// @dev Whatever the order of witnessing, an unanswered report pays the whole sum and the rest of the price.
    function testFuzz_attack_ordersOfWitnessingChangeNothing(uint8 looks, bool quick, uint96 sum) public {
        sum = uint96(bound(sum, 1, TOTAL));
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        _pledge(t, sum);
        book.carry(_request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t))), t);
        for (uint256 i = 0; i < looks % 4; ++i) {
            book.witness(t);
        }
        if (quick) {
            vm.prank(clinic);
            escrow.providerCancel(t);
            if (looks % 2 == 0) book.witness(t);
        } else {
            vm.warp(block.timestamp + 48 hours + 1);
            if (looks % 2 == 0) escrow.settleAbsence(t);
        }
        book.settle(t);
        eq(bond.credit(t.payout), sum);
        eq(_owed(t.token, t.payout), REST);
        eq(_bond().total, BOND - sum);
        _state(t, ICareEscrow.State.Closed);
    }
}
