// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITokenGate} from "../src/interfaces/ITokenGate.sol";
import {ICareEscrow, Milestone, Retention, Terms} from "../src/interfaces/ICareEscrow.sol";
import {BlindToken} from "./mocks/BlindToken.sol";
import {World} from "./base/World.sol";
import {Vm} from "./base/Vm.sol";

/// @notice Last seconds, largest sums, and what is left behind: borders that a story does not touch.
contract CareEscrowEdgesTest is World {
    function _disputed(uint8 paid) private returns (Terms memory t) {
        t = _terms();
        _openAndPay(t, paid);
        vm.prank(patient);
        escrow.dispute(t);
    }

    function test_open_holdsTheLargestSum() public {
        Terms memory t = _terms();
        t.milestones = new Milestone[](1);
        t.milestones[0] = Milestone(type(uint88).max, uint40(START + 10 days), 1 days, false);
        _open(t);
        eq(_account(t).held, type(uint88).max);
    }

    function test_open_refusesNineStepsEvenInOrder() public {
        Terms memory t = _terms();
        t.schedule = new Retention[](9);
        for (uint32 i = 0; i < 9; ++i) {
            t.schedule[i] = Retention(9 - i, 1_000);
        }
        _mint(patient, TOTAL);
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(_bounds("schedule"));
        escrow.open(t, offer);
    }

    function test_open_startsUnclaimed() public {
        Terms memory t = _terms();
        _open(t);
        yes(!_account(t).claimed, "nobody claimed");
    }

    function test_open_revertsWhenACoinDoesNotSayWhatItHolds() public {
        BlindToken blind = new BlindToken();
        escrow.allowToken(address(blind), true);
        gate.list(address(blind), ITokenGate.Kind.Erc20, 6, 2);
        Terms memory t = _payable(_terms());
        t.token = address(blind);
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert();
        escrow.open(t, offer);
        breaks(address(blind));
        vm.prank(patient);
        vm.expectRevert();
        escrow.open(t, offer);
    }

    function test_agreementId_isTheHashOfTheEncodedTerms(uint8 steps, uint8 parts, bytes32 salt) public view {
        Terms memory t = _terms();
        t.salt = salt;
        t.schedule = new Retention[](steps % 12);
        t.milestones = new Milestone[](parts % 20);
        for (uint32 i = 0; i < t.milestones.length; ++i) {
            t.milestones[i] = Milestone(i, i, i, i % 2 == 0);
        }
        eq(escrow.agreementId(t), keccak256(abi.encode(t)));
    }

    function test_agreementId_revertsWhenTheTermsAreLaidOutOtherwise() public {
        // both lists moved one word further: a decoder reads the same terms
        Terms memory t = _terms();
        bytes memory plain = abi.encodeCall(escrow.agreementId, (t));
        bytes memory moved = new bytes(plain.length + 32);
        // selector, offset, 17 words of head; a gap; the rest
        uint256 head = 4 + 32 + 17 * 32;
        for (uint256 i = 0; i < plain.length; ++i) {
            moved[i < head ? i : i + 32] = plain[i];
        }
        for (uint256 i = 0; i < 2; ++i) {
            uint256 at = 4 + 32 + (14 + i) * 32 + 32;
            assembly ("memory-safe") {
                mstore(add(moved, at), add(mload(add(moved, at)), 32))
            }
        }
        (bool ok, bytes memory reply) = address(escrow).staticcall(moved);
        yes(!ok, "took it");
        eq(keccak256(reply), keccak256(_bounds("encoding")));
        (ok, reply) = address(escrow).staticcall(plain);
        eq(abi.decode(reply, (bytes32)), _id(t));
        yes(ok, "refused it");
    }

    /// @dev Opens terms in which one word holds more than its field, under an offer for exactly these.
    function _dirty(uint256 word) private {
        Terms memory t = _terms();
        bytes memory body = abi.encode(t);
        bytes32 high = bytes32(uint256(1) << 255);
        assembly ("memory-safe") {
            let at := add(add(body, 0x40), mul(word, 32))
            mstore(at, or(mload(at), high))
        }
        bytes32 id = keccak256(body);
        bytes memory offer =
            signed(CLINIC_KEY, _digest(keccak256(abi.encode(keccak256("Offer(bytes32 agreement)"), id))));
        bytes memory sent = abi.encodeCall(escrow.open, (t, offer));
        assembly ("memory-safe") {
            // selector, two offsets
            let at := add(add(sent, 0x64), mul(word, 32))
            mstore(at, or(mload(at), high))
        }
        _mint(patient, TOTAL);
        vm.prank(patient);
        (bool ok, bytes memory reply) = address(escrow).call(sent);
        yes(!ok && reply.length == 0, "opened");
        eq(unit.balanceOf(address(escrow)), 0);
    }

    function test_open_revertsWhenAFieldHoldsMoreThanItsType() public {
        // arbiter, and the last word of the first milestone
        _dirty(3);
        _dirty(17 + 1 + 2 * 2 + 1 + 3);
    }

    function test_dispute_freezesInTheFirstSecondAfterTheCoolingOff() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(START + 7 days);
        vm.prank(patient);
        escrow.dispute(t);
        _state(t, ICareEscrow.State.Disputed);
    }

    function test_rule_dividesInTheLastSecondOfTheArbitersTime() public {
        Terms memory t = _disputed(0);
        vm.warp(_account(t).deadline);
        vm.prank(arbiter);
        escrow.rule(t, 5_000, true);
        _state(t, ICareEscrow.State.Closed);
    }

    function test_rule_leavesTheNextMilestoneUnclaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, 0, false);
        yes(!_account(t).claimed, "the next one");
        vm.prank(patient);
        escrow.dispute(t);
        vm.warp(_account(t).deadline + 1);
        escrow.settleSilent(t);
        eq(_account(t).refunded, TOTAL - 100_000);
    }

    function test_split_revertsWhenNothingWasOpened() public {
        Terms memory t = _terms();
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, 0, 0);
        bytes memory byClinic = _splitSigned(CLINIC_KEY, t, 0, 0);
        vm.expectRevert(_notThisState(ICareEscrow.State.None));
        escrow.split(t, 0, byPatient, byClinic);
    }

    function test_split_countsNoPaymentWhenEverythingIsReturned() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, TOTAL, 0);
        escrow.split(t, uint88(TOTAL), byPatient, _splitSigned(CLINIC_KEY, t, TOTAL, 0));
        eq(_account(t).refunded, TOTAL);
        eq(_account(t).released, 0);
        eq(_owed(t.token, PAYOUT), TOTAL);
    }

    function test_account_keepsWhetherThePresentMilestoneWasClaimed() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        vm.prank(clinic);
        escrow.providerCancel(t);
        yes(!_account(t).claimed, "never claimed");
        t.salt = "claimed";
        vm.warp(START);
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(clinic);
        escrow.providerCancel(t);
        yes(_account(t).claimed, "claimed");
    }

    /// @dev Whoever is owed nothing hears nothing.
    function test_credit_isNeverOfNothing() public {
        vm.recordLogs();
        Terms memory t = _terms();
        _openAndPay(t, 3);
        t.salt = "without a fee, kept nothing";
        t.feeBps = 0;
        vm.warp(START);
        _openAndPay(t, 1);
        vm.prank(patient);
        escrow.cancel(t);
        t.salt = "ruled for the clinic";
        vm.warp(START);
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, 0, false);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 seen;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].emitter != address(escrow) || logs[i].topics[0] != ICareEscrow.Credited.selector) continue;
            yes(abi.decode(logs[i].data, (uint256)) > 0, "a credit of nothing");
            seen++;
        }
        eq(seen, 9);
    }

    function test_withdraw_keepsTheCreditWhenTheUnitRefuses() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        breaks(address(unit));
        vm.expectRevert();
        escrow.withdraw(t.token, _as(clinic));
        eq(_owed(t.token, _as(clinic)), 97_000);
    }

    function test_allowToken_opensAndClosesTheDoorForNewAgreements() public {
        yes(escrow.tokenAllowed(address(unit)), "the unit from the start");
        escrow.allowToken(address(0xC01), true);
        yes(escrow.tokenAllowed(address(0xC01)), "allowed");
        escrow.allowToken(address(0xC01), false);
        yes(!escrow.tokenAllowed(address(0xC01)), "no longer");
    }
}
