// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, FundingBy, Opening, Terms} from "../src/interfaces/ICareEscrow.sol";
import {Ground} from "../src/interfaces/IParams.sol";
import {FundingWorld} from "./base/FundingWorld.sol";
import {StableCoin} from "./mocks/StableCoin.sol";

/// @notice openWith: paid by an allowance, a permit, or an authorisation; and whole lives in a stablecoin.
contract CareEscrowFundingTest is FundingWorld {
    function _openedWith(Terms memory t, Opening memory how) private {
        bytes memory offer = _offer(t);
        vm.prank(stranger);
        escrow.openWith(t, offer, how);
        _state(t, ICareEscrow.State.Active);
        eq(stable.balanceOf(address(escrow)), TOTAL);
        eq(stable.balanceOf(patient), 0);
        eq(stable.allowance(patient, address(escrow)), 0);
    }

    function _refused(Terms memory t, Opening memory how) private {
        bytes memory offer = _offer(t);
        vm.prank(stranger);
        vm.expectRevert();
        escrow.openWith(t, offer, how);
        _state(t, ICareEscrow.State.None);
        eq(stable.balanceOf(patient), TOTAL);
    }

    function test_openWith_takesAnAllowance() public {
        Terms memory t = _stableTerms();
        vm.prank(patient);
        stable.approve(address(escrow), TOTAL);
        _openedWith(t, _how(t, FundingBy.Allowance, ""));
    }

    function test_openWith_takesAPermit() public {
        Terms memory t = _stableTerms();
        _openedWith(t, _how(t, FundingBy.Permit, _permit(TOTAL, START)));
    }

    function test_openWith_takesAnAuthorisation() public {
        Terms memory t = _stableTerms();
        _openedWith(t, _how(t, FundingBy.Authorization, _authorization(t, TOTAL, START + 1)));
    }

    function test_openWith_takesUnits() public {
        Terms memory t = _terms();
        _mint(patient, TOTAL);
        bytes memory offer = _offer(t);
        escrow.openWith(t, offer, _how(t, FundingBy.Allowance, ""));
        eq(unit.balanceOf(address(escrow)), TOTAL);
    }

    function test_openWith_asksThePatientWhoCallsForNoSignature() public {
        Terms memory t = _stableTerms();
        Opening memory how = Opening("", Ground.None, "", FundingBy.Permit, _permit(TOTAL, START));
        bytes memory offer = _offer(t);
        vm.prank(patient);
        escrow.openWith(t, offer, how);
        _state(t, ICareEscrow.State.Active);
    }

    function test_openWith_revertsWhenThePatientDidNotSign() public {
        Terms memory t = _stableTerms();
        Opening memory how = _how(t, FundingBy.Permit, _permit(TOTAL, START));
        how.agreed = "";
        bytes memory offer = _offer(t);
        vm.prank(stranger);
        vm.expectRevert(ICareEscrow.AgreementNotSigned.selector);
        escrow.openWith(t, offer, how);
    }

    function test_openWith_revertsWhenTheAuthorisationIsWrong() public {
        Terms memory t = _stableTerms();
        _refused(t, _how(t, FundingBy.Authorization, _authorization(t, TOTAL - 1, START + 1)));
        _refused(t, _how(t, FundingBy.Authorization, _authorization(t, TOTAL, START)));
        _refused(t, _how(t, FundingBy.Authorization, ""));
        Terms memory other = _terms();
        other.token = t.token;
        other.payout = t.payout;
        other.salt = "other";
        _refused(t, _how(t, FundingBy.Authorization, _authorization(other, TOTAL, START + 1)));
    }

    function test_openWith_revertsWhenThePermitIsWrongAndNothingWasAllowed() public {
        Terms memory t = _stableTerms();
        _refused(t, _how(t, FundingBy.Permit, _permit(TOTAL - 1, START)));
        _refused(t, _how(t, FundingBy.Permit, _permit(TOTAL, START - 1)));
        _refused(t, _how(t, FundingBy.Permit, ""));
    }

    function test_attack_phantomPermitTakesNothing() public {
        Terms memory t = _stableTerms();
        t.token = address(phantom);
        phantom.mint(patient, TOTAL);
        _refused(t, _how(t, FundingBy.Permit, _permit(TOTAL, START)));
        eq(phantom.balanceOf(patient), TOTAL);
        // a phantom authorisation moves nothing either, and what did not arrive backs nothing
        bytes memory offer = _offer(t);
        Opening memory how = _how(t, FundingBy.Authorization, _authorization(t, TOTAL, START + 1));
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.WrongAmountReceived.selector, TOTAL, 0));
        escrow.openWith(t, offer, how);
    }

    function test_attack_permitSentByAnotherFirstDoesNoHarm() public {
        Terms memory t = _stableTerms();
        bytes memory permit = _permit(TOTAL, START);
        Opening memory how = _how(t, FundingBy.Permit, permit);
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(permit, (uint256, uint8, bytes32, bytes32));
        vm.prank(stranger);
        stable.permit(patient, address(escrow), TOTAL, deadline, v, r, s);
        _openedWith(t, how);
    }

    function test_attack_authorisationIsGoodForNobodyElse() public {
        Terms memory t = _stableTerms();
        bytes memory authorization = _authorization(t, TOTAL, START + 1);
        (uint256 from, uint256 until, uint8 v, bytes32 r, bytes32 s) =
            abi.decode(authorization, (uint256, uint256, uint8, bytes32, bytes32));
        bytes32 nonce = _id(t) >> 64 << 64;
        vm.prank(stranger);
        vm.expectRevert();
        stable.receiveWithAuthorization(patient, address(escrow), TOTAL, from, until, nonce, v, r, s);
        vm.prank(stranger);
        vm.expectRevert();
        stable.transferWithAuthorization(patient, address(escrow), TOTAL, from, until, nonce, v, r, s);
        _openedWith(t, _how(t, FundingBy.Authorization, authorization));
    }

    function test_attack_allowanceOfThePatientServesNoAgreementSheDidNotSign() public {
        Terms memory t = _stableTerms();
        vm.prank(patient);
        stable.approve(address(escrow), TOTAL);
        Terms memory other = _terms();
        other.token = t.token;
        other.payout = t.payout;
        other.salt = "other";
        Opening memory how = _how(t, FundingBy.Allowance, "");
        bytes memory offer = _offer(other);
        vm.prank(clinic);
        vm.expectRevert(ICareEscrow.AgreementNotSigned.selector);
        escrow.openWith(other, offer, how);
    }

    /// Six decimals through a whole life: the escrow knows amounts only.
    function test_attack_sixDecimalsLoseNoUnit() public {
        Terms memory t = _stableTerms();
        _openedWith(t, _how(t, FundingBy.Permit, _permit(TOTAL, START)));
        vm.warp(START + 7 days);
        for (uint8 i = 0; i < 3; ++i) {
            _claim(t, i);
            vm.prank(patient);
            escrow.accept(t);
        }
        escrow.withdraw(address(stable), _as(clinic));
        escrow.withdraw(address(stable), _as(feeTo));
        eq(stable.balanceOf(clinic) + stable.balanceOf(feeTo), TOTAL);
        eq(stable.balanceOf(address(escrow)), 0);
    }

    function test_attack_blocklistOfAStablecoinStopsOnlyWhoIsOnIt() public {
        Terms memory t = _stableTerms();
        _openedWith(t, _how(t, FundingBy.Authorization, _authorization(t, TOTAL, START + 1)));
        vm.warp(START + 7 days);
        _claim(t, 0);
        stable.setBlocked(clinic, true);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        escrow.withdraw(address(stable), _as(patient));
        escrow.withdraw(address(stable), _as(feeTo));
        vm.expectRevert(abi.encodeWithSelector(StableCoin.Blocked.selector, clinic));
        escrow.withdraw(address(stable), _as(clinic));
        eq(_owed(address(stable), _as(clinic)), 97_000);
        stable.setBlocked(clinic, false);
        escrow.withdraw(address(stable), _as(clinic));
        eq(stable.balanceOf(clinic), 97_000);
        eq(stable.balanceOf(patient), TOTAL - 100_000);
    }

    function test_attack_pausedStablecoinDelaysAndLosesNothing() public {
        Terms memory t = _stableTerms();
        stable.setPaused(true);
        _refused(t, _how(t, FundingBy.Permit, _permit(TOTAL, START)));
        stable.setPaused(false);
        _openedWith(t, _how(t, FundingBy.Permit, _permit(TOTAL, START)));
        stable.setPaused(true);
        // nothing but the withdrawal touches the token: the agreement goes its way
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(patient);
        escrow.cancel(t);
        vm.expectRevert(StableCoin.Paused.selector);
        escrow.withdraw(address(stable), _as(patient));
        stable.setPaused(false);
        eq(escrow.withdraw(address(stable), _as(patient)), TOTAL - 100_000);
        eq(escrow.withdraw(address(stable), _as(clinic)), 97_000);
    }
}
