// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {CareEscrow} from "../src/CareEscrow.sol";
import {ICareEscrow, Milestone, Retention, Terms} from "../src/interfaces/ICareEscrow.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {ContractClinic} from "./mocks/ContractClinic.sol";
import {World} from "./base/World.sol";

contract CareEscrowOpenTest is World {
    /// @dev Opens with a matching offer and expects the given refusal.
    function _refused(Terms memory t, bytes memory reason) private {
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(reason);
        escrow.open(t, offer);
    }

    function _refusedOffer(Terms memory t, bytes memory offer) private {
        _mint(patient, TOTAL);
        vm.prank(patient);
        vm.expectRevert(ICareEscrow.OfferNotSigned.selector);
        escrow.open(t, offer);
    }

    function test_open_revertsWhenTheCallerIsNotThePatient() public {
        Terms memory t = _terms();
        bytes memory offer = _offer(t);
        vm.prank(clinic);
        vm.expectRevert(_notParty(clinic));
        escrow.open(t, offer);
    }

    function test_open_opensInTheLastSecondOfTheOffer() public {
        Terms memory t = _terms();
        vm.warp(t.openBy);
        _open(t);
        _state(t, ICareEscrow.State.Active);
    }

    function test_open_revertsOneSecondAfterTheOfferEnded() public {
        Terms memory t = _terms();
        vm.warp(t.openBy + 1);
        _refused(t, abi.encodeWithSelector(ICareEscrow.OfferExpired.selector));
    }

    function test_open_revertsWhenTheTokenIsNotAllowed() public {
        Terms memory t = _terms();
        t.token = address(0x70);
        _refused(t, abi.encodeWithSelector(ICareEscrow.TokenNotAllowed.selector, address(0x70)));
    }

    function test_open_revertsWithoutMilestonesOrWithTooMany() public {
        Terms memory t = _terms();
        t.milestones = new Milestone[](0);
        _refused(t, _bounds("milestones"));
        t.milestones = new Milestone[](17);
        _refused(t, _bounds("milestones"));
    }

    function test_open_revertsWhenFeeOrDefaultSplitAreTooHigh() public {
        Terms memory t = _terms();
        t.feeBps = 501;
        _refused(t, _bounds("feeBps"));
        t = _terms();
        t.defaultSplitBps = 10_001;
        _refused(t, _bounds("defaultSplitBps"));
    }

    function test_open_revertsWhenWindowsAreMissingOrTooLong() public {
        Terms memory t = _terms();
        t.arbiterWindow = 0;
        _refused(t, _bounds("arbiterWindow"));
        t.arbiterWindow = 90 days + 1;
        _refused(t, _bounds("arbiterWindow"));
        t = _terms();
        t.coolingOff = 90 days + 1;
        _refused(t, _bounds("coolingOff"));
        t = _terms();
        t.milestones[1].window = 0;
        _refused(t, _bounds("window"));
        t.milestones[1].window = 90 days + 1;
        _refused(t, _bounds("window"));
    }

    function test_open_revertsWhenAPartyOrThePayoutIsMissing() public {
        Terms memory t = _terms();
        t.clinic = address(0);
        _refused(t, _bounds("parties"));
        t = _terms();
        t.feeTo = address(0);
        _refused(t, _bounds("parties"));
        t = _terms();
        t.payout = 0;
        _refused(t, _bounds("parties"));
    }

    function test_open_revertsWhenACoinShouldReturnToNoAddress() public {
        Terms memory t = _payable(_terms());
        t.payout = PAYOUT;
        _refused(t, _bounds("payout"));
    }

    function test_open_revertsWhenAMilestoneHasNoAmount() public {
        Terms memory t = _terms();
        t.milestones[2].amount = 0;
        _refused(t, _bounds("amount"));
    }

    function test_open_revertsWhenAMilestoneFallsDueBeforeItCanBeClaimed() public {
        Terms memory t = _terms();
        t.milestones[0].dueBy = uint40(START + 7 days);
        _refused(t, _bounds("dueBy"));
        t = _terms();
        t.milestones[1].dueBy = t.milestones[0].dueBy + t.milestones[0].window;
        _refused(t, _bounds("dueBy"));
        t = _terms();
        t.milestones[2].dueBy = uint40(START + 3 * 365 days + 1);
        _refused(t, _bounds("dueBy"));
    }

    function test_open_revertsWhenTheSumDoesNotFit() public {
        Terms memory t = _terms();
        t.milestones[1].amount = type(uint88).max;
        _refused(t, _bounds("total"));
    }

    function test_open_revertsWhenTheScheduleIsNotOrderedOrTooHigh() public {
        Terms memory t = _terms();
        t.schedule[1].before = t.schedule[0].before;
        _refused(t, _bounds("schedule"));
        t = _terms();
        t.schedule[1].bps = t.schedule[0].bps - 1;
        _refused(t, _bounds("schedule"));
        t = _terms();
        t.schedule[1].bps = 3_001;
        _refused(t, _bounds("schedule"));
        t.schedule = new Retention[](9);
        _refused(t, _bounds("schedule"));
    }

    function test_open_revertsWhenTheAgreementExists() public {
        Terms memory t = _terms();
        _open(t);
        _mint(patient, TOTAL);
        _refused(t, _notThisState(ICareEscrow.State.Active));
    }

    function test_open_revertsWhenTheAgreementWasClosed() public {
        Terms memory t = _terms();
        _open(t);
        vm.prank(patient);
        escrow.cancel(t);
        _mint(patient, TOTAL);
        _refused(t, _notThisState(ICareEscrow.State.Closed));
    }

    function test_open_revertsWhenAnotherSignedTheOffer() public {
        Terms memory t = _terms();
        _refusedOffer(t, _agreed(t));
        _refusedOffer(t, "");
        _refusedOffer(t, new bytes(65));
    }

    function test_open_revertsWhenTheOfferIsForOtherTerms() public {
        Terms memory t = _terms();
        bytes memory offer = _offer(t);
        t.milestones[1].amount -= 1;
        _refusedOffer(t, offer);
    }

    function test_open_revertsWhenTheOfferIsForAnotherChain() public {
        Terms memory t = _terms();
        bytes memory offer = _offer(t);
        vm.chainId(block.chainid + 1);
        _refusedOffer(t, offer);
    }

    function test_open_revertsWhenTheOfferIsForAnotherEscrow() public {
        Terms memory t = _terms();
        bytes memory offer = _offer(t);
        escrow = new CareEscrow(address(manager), address(forwarder), unit, params, gate);
        unit.setSystemContract(address(escrow), true);
        _refusedOffer(t, offer);
    }

    function test_open_revertsWhenTheSignatureIsMalleated() public {
        Terms memory t = _terms();
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(CLINIC_KEY, _digest(keccak256(abi.encode(keccak256("Offer(bytes32 agreement)"), _id(t)))));
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        _refusedOffer(t, abi.encodePacked(r, n - uint256(s), v == 27 ? uint8(28) : uint8(27)));
    }

    function test_open_revertsWhenAContractClinicAnswersGarbage() public {
        Terms memory t = _terms();
        ContractClinic c = new ContractClinic();
        t.clinic = address(c);
        c.answer(bytes4(0xffffffff));
        _refusedOffer(t, "any");
        c.answerLong(5_000);
        _refusedOffer(t, "any");
        c.answerNothing();
        _refusedOffer(t, "any");
    }

    function test_open_acceptsAnERC1271Offer() public {
        Terms memory t = _terms();
        ContractClinic c = new ContractClinic();
        t.clinic = address(c);
        c.approve(_digest(keccak256(abi.encode(keccak256("Offer(bytes32 agreement)"), _id(t)))));
        _mint(patient, TOTAL);
        vm.prank(patient);
        escrow.open(t, "any");
        _state(t, ICareEscrow.State.Active);
    }

    function test_open_revertsWhenThePatientHasTooLittle() public {
        Terms memory t = _terms();
        _mint(patient, TOTAL - 1);
        _refused(t, abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, patient, TOTAL - 1, TOTAL));
    }

    function test_open_holdsTheSumAndStartsTheCoolingOff() public {
        Terms memory t = _terms();
        bytes32 id = _open(t);
        ICareEscrow.Account memory a = escrow.account(id);
        eq(uint8(a.state), uint8(ICareEscrow.State.Active));
        eq(a.held, TOTAL);
        eq(a.refunded, 0);
        eq(a.milestone, 0);
        eq(a.released, 0);
        eq(a.deadline, START + 7 days);
        eq(unit.balanceOf(address(escrow)), TOTAL);
        eq(unit.balanceOf(patient), 0);
        eq(id, escrow.agreementId(t));
        // the whole account is one slot
        yes(vm.load(address(escrow), slotOf(id, 3)) != 0, "account slot");
    }

    function test_open_opensThroughTheForwarder() public {
        Terms memory t = _terms();
        _mint(patient, TOTAL);
        bytes memory call_ = abi.encodeCall(escrow.open, (t, _offer(t)));
        vm.prank(address(forwarder));
        (bool ok,) = address(escrow).call(abi.encodePacked(call_, patient));
        yes(ok, "forwarded");
        _state(t, ICareEscrow.State.Active);
        // anybody else who appends the patient's address is just anybody
        vm.prank(stranger);
        (ok,) = address(escrow).call(abi.encodePacked(abi.encodeCall(escrow.cancel, (t)), patient));
        yes(!ok, "not the forwarder");
    }

    function test_open_takesACoinByAllowance() public {
        Terms memory t = _payable(_terms());
        _open(t);
        eq(coin.balanceOf(address(escrow)), TOTAL);
        eq(coin.balanceOf(patient), 0);
    }

    function test_open_opensAtTheEdgeOfEveryBound() public {
        Terms memory t = _terms();
        t.feeBps = 500;
        t.defaultSplitBps = 10_000;
        t.coolingOff = 90 days;
        t.arbiterWindow = 90 days;
        t.schedule = new Retention[](8);
        for (uint32 i = 0; i < 8; ++i) {
            t.schedule[i] = Retention(8 - i, 3_000);
        }
        t.milestones = new Milestone[](16);
        uint40 due = uint40(START + 90 days + 1);
        for (uint256 i = 0; i < 16; ++i) {
            t.milestones[i] = Milestone(1, due, 1, false);
            due += 2;
        }
        t.milestones[15].window = 90 days;
        t.milestones[15].dueBy = uint40(START + 3 * 365 days);
        _open(t);
        eq(_account(t).held, 16);
    }

    function test_openFor_revertsWhenThePatientDidNotSign() public {
        Terms memory t = _terms();
        _mint(patient, TOTAL);
        bytes memory offer = _offer(t);
        vm.expectRevert(ICareEscrow.AgreementNotSigned.selector);
        escrow.openFor(t, offer, offer);
    }

    function test_openFor_revertsWhenThePatientIsTheZeroAddress() public {
        Terms memory t = _terms();
        t.patient = address(0);
        bytes memory offer = _offer(t);
        vm.expectRevert(ICareEscrow.AgreementNotSigned.selector);
        escrow.openFor(t, offer, new bytes(65));
    }

    function test_openFor_opensWhenAnybodySendsIt() public {
        Terms memory t = _terms();
        _mint(patient, TOTAL);
        (bytes memory offer, bytes memory agreed) = (_offer(t), _agreed(t));
        vm.prank(stranger);
        escrow.openFor(t, offer, agreed);
        eq(_account(t).held, TOTAL);
    }

    function test_allowToken_revertsWhenTheCallerIsNotTheAdmin() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        escrow.allowToken(address(1), true);
    }

    function test_allowToken_leavesLiveAgreementsAlone() public {
        Terms memory t = _payable(_terms());
        _open(t);
        escrow.allowToken(address(coin), false);
        vm.prank(patient);
        escrow.cancel(t);
        escrow.withdraw(address(coin), t.payout);
        eq(coin.balanceOf(patient), TOTAL);
    }
}
