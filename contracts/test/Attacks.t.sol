// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import {ICareEscrow, Milestone, Terms} from "../src/interfaces/ICareEscrow.sol";
import {IReviewGroups} from "../src/interfaces/IReviewGroups.sol";
import {IUnitRegistry} from "../src/interfaces/IUnitRegistry.sol";
import {ContractClinic} from "./mocks/ContractClinic.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {World} from "./base/World.sol";

/// @notice Attacks by name, beside those on tokens in CareEscrowAttacks; docs/contracts.md numbers them.
contract AttacksTest is World {
    function _refusedOpening(Terms memory t, bytes memory offer, bytes memory why) private {
        vm.prank(t.patient);
        vm.expectRevert(why);
        escrow.open(t, offer);
    }

    // 5

    function test_attack_shrinkingTokenTouchesNoOtherMoney() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        Terms memory other = _terms();
        other.salt = "in units";
        vm.warp(START);
        _openAndPay(other, 1);
        coin.rebase(address(escrow));
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.expectRevert();
        escrow.withdraw(address(coin), t.payout);
        escrow.withdraw(address(unit), _as(clinic));
        eq(_owed(address(unit), _as(clinic)), 0);
    }

    function test_attack_stoppedTokenDelaysAndLosesNothing() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        coin.setBlocked(address(escrow), true);
        vm.expectRevert();
        escrow.withdraw(address(coin), _as(clinic));
        coin.setBlocked(address(escrow), false);
        eq(escrow.withdraw(address(coin), _as(clinic)), 97_000);
    }

    // 8

    function test_attack_offerIsGoodForOneAgreementOnly() public {
        Terms memory t = _terms();
        bytes memory offer = _offer(t);
        _open(t);
        vm.prank(patient);
        escrow.cancel(t);
        _mint(patient, TOTAL);
        _refusedOpening(t, offer, _notThisState(ICareEscrow.State.Closed));
        t.salt = "again";
        _refusedOpening(t, offer, abi.encodeWithSelector(ICareEscrow.OfferNotSigned.selector));
    }

    function test_attack_attendanceIsGoodForOneMilestoneOnly() public {
        Terms memory t = _terms();
        t.milestones[0].performed = true;
        _openAndPay(t, 0);
        bytes memory attendance = _attended(t, 0, "evidence");
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(clinic);
        vm.expectRevert(ICareEscrow.AttendanceNotSigned.selector);
        escrow.claim(t, "evidence", attendance);
    }

    function test_attack_splitIsGoodForOneMilestoneAndOneAgreement() public {
        Terms memory t = _terms();
        Terms memory twin = _terms();
        twin.salt = "twin";
        _openAndPay(t, 1);
        vm.warp(START);
        _open(twin);
        bytes memory byPatient = _splitSigned(PATIENT_KEY, twin, 0, 0);
        bytes memory byClinic = _splitSigned(CLINIC_KEY, twin, 0, 0);
        vm.expectRevert(ICareEscrow.SplitNotSigned.selector);
        escrow.split(t, 0, byPatient, byClinic);
        byPatient = _splitSigned(PATIENT_KEY, t, 0, 0);
        byClinic = _splitSigned(CLINIC_KEY, t, 0, 0);
        vm.expectRevert(ICareEscrow.SplitNotSigned.selector);
        escrow.split(t, 0, byPatient, byClinic);
    }

    function test_attack_zeroSignerSignsNothing() public {
        Terms memory t = _terms();
        t.patient = address(0);
        bytes memory offer = _offer(t);
        vm.expectRevert(ICareEscrow.AgreementNotSigned.selector);
        escrow.openFor(t, offer, new bytes(65));
    }

    function test_attack_garbageFromAContractIsNoConsent() public {
        ContractClinic liar = new ContractClinic();
        Terms memory t = _terms();
        t.clinic = address(liar);
        liar.answer(0xffffffff);
        _mint(patient, TOTAL);
        _refusedOpening(t, "", abi.encodeWithSelector(ICareEscrow.OfferNotSigned.selector));
    }

    // 11

    function test_attack_disputeAfterAcceptanceOrTwiceFindsNothing() public {
        Terms memory t = _terms();
        t.milestones = new Milestone[](1);
        t.milestones[0] = Milestone(100_000, uint40(START + 10 days), 2 days, false);
        _openAndPay(t, 1);
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.Closed));
        escrow.dispute(t);
        t.salt = "twice";
        vm.warp(START);
        _openAndPay(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(clinic);
        vm.expectRevert(_notThisState(ICareEscrow.State.Disputed));
        escrow.dispute(t);
    }

    // 12

    function test_attack_silentArbiterHoldsNoMoney() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        uint256 end = _account(t).deadline;
        vm.warp(end + 1);
        vm.prank(arbiter);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooLate.selector, end));
        escrow.rule(t, 0, true);
        vm.prank(stranger);
        escrow.settleSilent(t);
        eq(_account(t).held, 0);
    }

    function test_attack_arbiterCannotGiveMoreThanThereIs() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        vm.expectRevert(_bounds("refundBps"));
        escrow.rule(t, 10_001, true);
        vm.prank(arbiter);
        escrow.rule(t, 0, true);
        // one milestone was his to divide, the rest was not
        eq(_account(t).refunded, TOTAL - 100_000);
    }

    // 15

    function test_attack_noReviewTwiceOrAfterAFullRefund() public {
        Terms memory t = _terms();
        _openAndPay(t, 2);
        groups.admit(t);
        vm.expectRevert(abi.encodeWithSelector(IReviewGroups.AdmittedAlready.selector, _id(t)));
        groups.admit(t);
        t.salt = "refunded";
        vm.warp(START);
        _openAndPay(t, 1);
        _claim(t, 1);
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.expectRevert(abi.encodeWithSelector(IReviewGroups.NotSettled.selector, _id(t)));
        groups.admit(t);
    }

    // 16

    function test_attack_nodeOfTheTreeIsNoUnitAndTheRootStays() public {
        bytes32 left = keccak256(bytes.concat(keccak256(abi.encode(bytes32("unit a")))));
        bytes32 right = keccak256(bytes.concat(keccak256(abi.encode(bytes32("unit b")))));
        bytes32 root = left < right ? keccak256(abi.encode(left, right)) : keccak256(abi.encode(right, left));
        vm.prank(maker);
        units.registerLot("lot", root, 1, true);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotInLot.selector, root));
        units.open("lot", root, new bytes32[](0), 1, "c");
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = right;
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotInLot.selector, left));
        units.open("lot", left, proof, 1, "c");
        vm.prank(maker);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.LotKnown.selector, bytes32("lot")));
        units.registerLot("lot", "another root", 1, true);
    }

    // 24

    function test_attack_bombFromATokenHurtsOnlyItsOwn() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        coin.set(HostileToken.Mode.Bomb);
        vm.expectRevert();
        escrow.withdraw(address(coin), _as(clinic));
        // the agreement itself moves on, for nothing in it calls the token
        vm.prank(clinic);
        escrow.providerCancel(t);
        _state(t, ICareEscrow.State.Closed);
    }

    // 26

    function test_attack_largestSumsDoNotWrap() public {
        Terms memory t = _terms();
        t.milestones = new Milestone[](1);
        t.milestones[0] = Milestone(type(uint88).max, uint40(START + 10 days), 1 days, false);
        t.feeBps = 500;
        _openAndPay(t, 1);
        uint256 fee = uint256(type(uint88).max) * 500 / 10_000;
        eq(_owed(t.token, _as(feeTo)), fee);
        eq(_owed(t.token, _as(clinic)), type(uint88).max - fee);
    }

    // 27

    function test_attack_forcedEtherChangesNothing() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.deal(address(escrow), 5 ether);
        vm.deal(address(unit), 5 ether);
        vm.prank(clinic);
        escrow.providerCancel(t);
        escrow.withdraw(t.token, PAYOUT);
        eq(_owed(t.token, PAYOUT), 0);
        eq(address(escrow).balance, 5 ether);
        (bool ok,) = address(escrow).call{value: 1}("");
        yes(!ok, "takes no ether");
    }

    /// @dev An address may get code later (EIP-7702). It then speaks for itself by code, and for nobody else.
    function test_attack_codeAtAPartySpeaksForThatPartyAlone() public {
        ContractClinic yes_ = new ContractClinic();
        yes_.answer(0x1626ba7e);
        Terms memory t = _terms();
        t.clinic = address(yes_);
        _mint(patient, TOTAL);
        vm.prank(patient);
        escrow.open(t, "anything");
        vm.expectRevert(ICareEscrow.SplitNotSigned.selector);
        escrow.split(t, 0, "", "anything");
    }

    // 25

    function test_attack_forwardedRequestServesOnce() public {
        Terms memory t = _terms();
        _open(t);
        uint48 deadline = uint48(block.timestamp + 60);
        bytes memory data = abi.encodeCall(escrow.cancel, (t));
        bytes32 kind = keccak256(
            "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei Forwarder"),
                keccak256("1"),
                block.chainid,
                address(forwarder)
            )
        );
        bytes32 request = keccak256(
            abi.encode(kind, patient, address(escrow), 0, 500_000, forwarder.nonces(patient), deadline, keccak256(data))
        );
        ERC2771Forwarder.ForwardRequestData memory call_ = ERC2771Forwarder.ForwardRequestData(
            patient,
            address(escrow),
            0,
            500_000,
            deadline,
            data,
            signed(PATIENT_KEY, keccak256(abi.encodePacked(hex"1901", domain, request)))
        );
        forwarder.execute(call_);
        _state(t, ICareEscrow.State.Closed);
        vm.expectRevert();
        forwarder.execute(call_);
    }

    // 30

    function test_attack_lockDoesNotOutlastItsCall() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        // one transaction, two guarded calls, and one that failed between them
        escrow.withdraw(address(coin), _as(clinic));
        vm.expectRevert(ICareEscrow.NothingToWithdraw.selector);
        escrow.withdraw(address(coin), _as(clinic));
        eq(escrow.withdraw(address(coin), _as(feeTo)), 3_000);
    }
}
