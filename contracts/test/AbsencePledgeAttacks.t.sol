// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import {IAbsencePledge} from "../src/interfaces/IAbsencePledge.sol";
import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
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

    /// @dev 02: paying out hands the token over, which comes back; nothing is paid twice.
    function test_attack_02_reenteringFindsTheDoorClosedOrThePledgeOver() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + 48 hours + 1);
        book.settle(t);
        coin.reenterWith(address(book), abi.encodeCall(book.settle, (t)));
        eq(bond.payOut(t.payout), SUM);
        yes(!coin.reentered(), "settled again");
        // a request that is carried cannot lead back into the book
        Terms memory other = _terms();
        ERC2771Forwarder.ForwardRequestData memory r =
            _request(PATIENT_KEY, address(book), abi.encodeCall(book.settle, (other)));
        vm.expectRevert(abi.encodeWithSelector(IAbsencePledge.AnotherContract.selector, address(book)));
        book.carry(r, other);
    }

    /// @dev 16: whoever is quicker ends the agreement, and not what it owes.
    function test_attack_16_clinicThatSettlesFirstStillPays() public {
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

    /// @dev 16: between the report and its being seen there is no room.
    function test_attack_16_clinicCannotCancelBetweenReportAndWitness() public {
        Terms memory t = _pledged();
        book.carry(_request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t))), t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.witness(t);
        book.settle(t);
        _paid(t);
    }

    /// @dev 16: what was signed for the book alone is not carried twice.
    function test_attack_16_carriedRequestServesOnce() public {
        Terms memory t = _pledged();
        ERC2771Forwarder.ForwardRequestData memory r =
            _request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t)));
        book.carry(r, t);
        vm.expectRevert();
        book.carry(r, t);
    }

    function test_attack_falseReportThatIsObjectedToPaysNothing() public {
        Terms memory t = _seen();
        _object(t);
        // the patient agrees with nobody, the arbiter stays silent
        vm.warp(block.timestamp + 14 days + 1);
        escrow.settleSilent(t);
        book.settle(t);
        _freed(t);
    }

    function test_attack_oldReportIsNotPaidForALaterEnd() public {
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

    function test_attack_pledgeAfterTheReportIsNone() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        vm.prank(patient);
        escrow.clinicAbsent(t);
        vm.prank(clinic);
        vm.expectRevert(IAbsencePledge.AgreementNotActive.selector);
        book.pledge(t, SUM);
    }

    function test_attack_doubleSettlePaysOnce() public {
        Terms memory t = _seen();
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(t);
        vm.expectRevert(_not(IAbsencePledge.State.Paid));
        book.settle(t);
        _paid(t);
    }

    function test_attack_clinicCannotReclaimWhatStands() public {
        _pledged();
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, BOND - SUM, BOND));
        bond.reclaim(address(book), BOND);
    }

    function test_attack_termsWithAnotherPayoutAreAnotherAgreement() public {
        Terms memory t = _seen();
        vm.warp(block.timestamp + 48 hours + 1);
        t.payout = _as(stranger);
        vm.expectRevert(_not(IAbsencePledge.State.None));
        book.settle(t);
    }

    function test_attack_blockedPatientKeepsWhatIsOwed() public {
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
