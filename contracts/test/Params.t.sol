// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ICareEscrow, FundingBy, Opening, Terms} from "../src/interfaces/ICareEscrow.sol";
import {Ground, IParams} from "../src/interfaces/IParams.sol";
import {ITokenGate} from "../src/interfaces/ITokenGate.sol";
import {World} from "./base/World.sol";

/// @notice Rules of jurisdictions, and what the escrow makes of them.
contract ParamsTest is World {
    IParams.Start private constant PAYMENT = IParams.Start.Payment;
    IParams.Start private constant CONSULTATION = IParams.Start.Consultation;

    function setUp() public override {
        super.setUp();
        _role(20, regulator, address(params), params.placeClinic.selector);
    }

    function _place(bytes2 jurisdiction) private {
        vm.prank(regulator);
        params.placeClinic(clinic, jurisdiction);
    }

    function _china() private {
        params.setRule("CN", 7 days, PAYMENT, false, true, 1);
        _place("CN");
    }

    function _out(bytes32 field) private {
        vm.expectRevert(abi.encodeWithSelector(IParams.RuleOutOfBounds.selector, field));
    }

    function _demands(Ground ground, uint256 least, uint256 uses) private view {
        (uint256 l, uint256 u) = params.demands(clinic, ground);
        eq(l, least);
        eq(u, uses);
    }

    function _waived(Terms memory t, Ground ground) private view returns (Opening memory) {
        bytes32 kind = keccak256("CoolingOffWaiver(bytes32 agreement,uint8 ground)");
        bytes memory waiver = signed(PATIENT_KEY, _digest(keccak256(abi.encode(kind, _id(t), uint8(ground)))));
        return Opening(_agreed(t), ground, waiver, FundingBy.Allowance, "");
    }

    function test_setRule_revertsWhenTheCallerIsNotTheAdmin() public {
        vm.prank(regulator);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, regulator));
        params.setRule("CN", 7 days, PAYMENT, false, false, 1);
    }

    function test_setRule_keepsWhatItIsGiven() public {
        vm.expectEmit(address(params));
        emit IParams.RuleSet("NZ", 3 days, CONSULTATION, true, true, 6);
        params.setRule("NZ", 3 days, CONSULTATION, true, true, 6);
        IParams.Rule memory r = params.rule("NZ");
        yes(r.known && r.waivable && r.sameServiceExempt && r.start == CONSULTATION, "kept");
        eq(r.least, 3 days);
        eq(r.uses, 6);
        params.setRule("NZ", 30 days, PAYMENT, false, false, 7);
        r = params.rule("NZ");
        yes(r.known && !r.waivable && !r.sameServiceExempt && r.start == PAYMENT, "changed");
        eq(r.least, 30 days);
    }

    function test_known_isTrueOnceThereIsARule() public {
        yes(!params.known("NZ"), "before");
        params.setRule("NZ", 0, PAYMENT, false, false, 2);
        yes(params.known("NZ") && !params.known("CN"), "afterwards");
    }

    function test_setRule_revertsBelowTheLaw() public {
        _out("least");
        params.setRule("CN", 7 days - 1, PAYMENT, false, true, 1);
        _out("least");
        params.setRule("AU", 7 days - 1, CONSULTATION, false, false, 2);
        params.setRule("NZ", 0, PAYMENT, false, false, 2);
    }

    function test_setRule_revertsAboveThirtyDays() public {
        _out("least");
        params.setRule("NZ", 30 days + 1, PAYMENT, false, false, 2);
    }

    function test_setRule_revertsWhenTheLawLetsNobodyWaive() public {
        _out("waivable");
        params.setRule("CN", 7 days, PAYMENT, true, false, 1);
        _out("waivable");
        params.setRule("AU", 7 days, CONSULTATION, true, false, 2);
        _out("sameServiceExempt");
        params.setRule("AU", 7 days, CONSULTATION, false, true, 2);
    }

    function test_setRule_revertsWhenTheUsesAreWrong() public {
        _out("uses");
        params.setRule("NZ", 0, PAYMENT, false, false, 0);
        _out("uses");
        params.setRule("NZ", 0, PAYMENT, false, false, 8);
        _out("uses");
        params.setRule("CN", 7 days, PAYMENT, false, false, 3);
        _out("uses");
        params.setRule("CN", 7 days, PAYMENT, false, false, 2);
        _out("jurisdiction");
        params.setRule(0, 7 days, PAYMENT, false, false, 1);
    }

    function test_placeClinic_revertsWhenTheCallerIsNotTheRegistrar() public {
        params.setRule("CN", 7 days, PAYMENT, false, false, 1);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, clinic));
        params.placeClinic(clinic, "CN");
    }

    function test_placeClinic_revertsWhenTheJurisdictionIsUnknown() public {
        vm.prank(regulator);
        vm.expectRevert(abi.encodeWithSelector(IParams.JurisdictionUnknown.selector, bytes2("XX")));
        params.placeClinic(clinic, "XX");
    }

    function test_placeClinic_placesAndMoves() public {
        params.setRule("NZ", 1 days, PAYMENT, false, false, 2);
        params.setRule("CN", 7 days, PAYMENT, false, true, 1);
        vm.expectEmit(address(params));
        emit IParams.ClinicPlaced(clinic, "NZ");
        _place("NZ");
        _demands(Ground.None, 1 days, 2);
        _place("CN");
        eq(bytes32(params.jurisdictionOf(clinic)), bytes32(bytes2("CN")));
        _demands(Ground.None, 7 days, 1);
    }

    function test_demands_isNothingWhereNoJurisdictionIsKnown() public view {
        _demands(Ground.None, 0, 7);
    }

    function test_demands_revertsWhenTheClinicIsPlacedNowhere() public {
        params.setRule("CN", 7 days, PAYMENT, false, true, 1);
        vm.expectRevert(abi.encodeWithSelector(IParams.ClinicNotPlaced.selector, clinic));
        params.demands(clinic, Ground.None);
    }

    function test_demands_followsTheGrounds() public {
        _china();
        _demands(Ground.Waived, 7 days, 1);
        _demands(Ground.SameServiceBefore, 0, 1);
        _demands(Ground.Consulted, 7 days, 1);
        params.setRule("NZ", 5 days, CONSULTATION, true, false, 6);
        _place("NZ");
        _demands(Ground.Waived, 0, 6);
        _demands(Ground.SameServiceBefore, 5 days, 6);
        _demands(Ground.Consulted, 0, 6);
    }

    function test_openWith_revertsWhenTheCoolingOffIsTooShort() public {
        _china();
        Terms memory t = _terms();
        t.coolingOff = 7 days - 1;
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.CoolingOffTooShort.selector, 7 days));
        escrow.open(t, offer);
        Opening memory how = _waived(t, Ground.Waived);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.CoolingOffTooShort.selector, 7 days));
        escrow.openWith(t, offer, how);
        t.coolingOff = 7 days;
        _open(t);
    }

    function test_openWith_shortensOnAGroundThatThePatientSigned() public {
        _china();
        Terms memory t = _terms();
        t.coolingOff = 0;
        _mint(patient, TOTAL);
        bytes memory offer = _offer(t);
        Opening memory how = _waived(t, Ground.SameServiceBefore);
        vm.expectEmit(address(escrow));
        emit ICareEscrow.CoolingOffShortened(_id(t), Ground.SameServiceBefore);
        escrow.openWith(t, offer, how);
        eq(_account(t).deadline, START);
    }

    function test_openWith_revertsWhenTheGroundIsNotSigned() public {
        _china();
        Terms memory t = _terms();
        t.coolingOff = 0;
        bytes memory offer = _offer(t);
        // another ground, another agreement, nobody
        Opening memory how = _waived(t, Ground.Consulted);
        how.ground = Ground.SameServiceBefore;
        vm.expectRevert(ICareEscrow.WaiverNotSigned.selector);
        escrow.openWith(t, offer, how);
        Terms memory other = _terms();
        other.salt = "other";
        how.waiver = _waived(other, Ground.SameServiceBefore).waiver;
        vm.expectRevert(ICareEscrow.WaiverNotSigned.selector);
        escrow.openWith(t, offer, how);
        how.waiver = "";
        vm.prank(patient);
        vm.expectRevert(ICareEscrow.WaiverNotSigned.selector);
        escrow.openWith(t, offer, how);
    }

    function test_openWith_revertsWhenTheRegionDoesNotUseTheToken() public {
        Terms memory t = _payable(_terms());
        _china();
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TokenNotAllowed.selector, address(coin)));
        escrow.open(t, offer);
        params.setRule("NZ", 0, PAYMENT, false, false, 2);
        _place("NZ");
        _open(t);
        t = _terms();
        offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TokenNotAllowed.selector, address(unit)));
        escrow.open(t, offer);
    }

    function test_openWith_revertsWhenTheClinicIsPlacedNowhere() public {
        params.setRule("CN", 7 days, PAYMENT, false, true, 1);
        Terms memory t = _terms();
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IParams.ClinicNotPlaced.selector, clinic));
        escrow.open(t, offer);
    }

    /// Closed loop, public ERC-20, a partner's ERC-20: the same life, the same amounts, and nothing left behind.
    function test_liveness_threeProfilesLeadTheSameLife() public {
        bytes2[3] memory places = [bytes2("CN"), bytes2("NZ"), bytes2("SG")];
        for (uint8 i = 0; i < 3; ++i) {
            params.setRule(places[i], 7 days, PAYMENT, false, false, uint8(1) << i);
            if (i > 0) gate.list(address(coin), ITokenGate.Kind.Erc20, 6, uint8(1) << i);
            _place(places[i]);
            Terms memory t = i == 0 ? _terms() : _payable(_terms());
            t.salt = bytes32(uint256(i));
            vm.warp(START);
            _openAndPay(t, 2);
            vm.warp(START + 60 days);
            vm.prank(clinic);
            escrow.patientAbsent(t);
            vm.warp(START + 63 days);
            escrow.settleAbsence(t);
            eq(_account(t).refunded, 35_000);
            eq(escrow.withdraw(t.token, t.payout), 35_000);
            eq(escrow.withdraw(t.token, _as(clinic)), 97_000 + 485_001 + 14_550);
            eq(escrow.withdraw(t.token, _as(feeTo)), 3_000 + 15_000 + 450);
            eq(i == 0 ? unit.balanceOf(address(escrow)) : coin.balanceOf(address(escrow)), 0);
        }
    }

    /// A rule that comes later changes nothing for who has agreed already.
    function test_attack_laterRuleReachesNoLiveAgreement() public {
        _china();
        Terms memory t = _terms();
        _open(t);
        params.setRule("CN", 30 days, PAYMENT, false, false, 1);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(patient);
        escrow.cancel(t);
        eq(_account(t).refunded, TOTAL - 100_000);
    }

    function test_attack_noRuleGoesBelowTheLaw(uint32 least, bool waivable, bool exempt, uint8 uses) public {
        try params.setRule("AU", least, CONSULTATION, waivable, exempt, uses) {
            _place("AU");
            (uint256 l,) = params.demands(clinic, Ground.Waived);
            yes(l >= 7 days, "waived in Australia");
            (l,) = params.demands(clinic, Ground.SameServiceBefore);
            yes(l >= 7 days, "exempt in Australia");
        } catch {}
        try params.setRule("CN", least, PAYMENT, waivable, exempt, uses) {
            _place("CN");
            (uint256 l, uint256 u) = params.demands(clinic, Ground.Waived);
            yes(l >= 7 days && u == 1, "waived or open in China");
        } catch {}
    }
}
