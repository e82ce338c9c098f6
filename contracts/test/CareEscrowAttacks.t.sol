// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CareEscrow} from "../src/CareEscrow.sol";
import {ICareEscrow, Milestone, Terms} from "../src/interfaces/ICareEscrow.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {World} from "./base/World.sol";

/// @notice Hostile tokens, re-entrance, donations, blocked parties, pauses: what must not work, by name.
contract CareEscrowAttacksTest is World {
    function _openRefused(HostileToken.Mode mode) private {
        Terms memory t = _payable(_terms());
        bytes memory offer = _offer(t);
        coin.set(mode);
        vm.prank(patient);
        vm.expectRevert();
        escrow.open(t, offer);
        _state(t, ICareEscrow.State.None);
    }

    function test_attack_feeOnTransferTokenIsRefused() public {
        Terms memory t = _payable(_terms());
        bytes memory offer = _offer(t);
        coin.set(HostileToken.Mode.Fee);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.WrongAmountReceived.selector, TOTAL, TOTAL - TOTAL / 100));
        escrow.open(t, offer);
    }

    function test_attack_falseReturningTokenIsRefused() public {
        _openRefused(HostileToken.Mode.False);
    }

    function test_attack_falseReturningTokenKeepsTheCredit() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        coin.set(HostileToken.Mode.False);
        vm.expectRevert();
        escrow.withdraw(address(coin), _as(clinic));
        eq(_owed(address(coin), _as(clinic)), 97_000);
    }

    function test_attack_tokenWithoutReturnValueWorks() public {
        coin.set(HostileToken.Mode.NoReturn);
        Terms memory t = _payable(_terms());
        _openAndPay(t, 3);
        escrow.withdraw(address(coin), _as(clinic));
        eq(coin.balanceOf(clinic), TOTAL - 19_500);
    }

    function test_attack_blockedPartyStopsOnlyItself() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        coin.setBlocked(clinic, true);
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.expectRevert();
        escrow.withdraw(address(coin), _as(clinic));
        escrow.withdraw(address(coin), t.payout);
        escrow.withdraw(address(coin), _as(feeTo));
        eq(coin.balanceOf(patient), TOTAL - 100_000);
        coin.setBlocked(clinic, false);
        escrow.withdraw(address(coin), _as(clinic));
        eq(coin.balanceOf(clinic), 97_000);
    }

    function test_attack_reenteringWithdrawPaysOnce() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        coin.reenterWith(address(escrow), abi.encodeCall(escrow.withdraw, (address(coin), t.payout)));
        vm.prank(clinic);
        escrow.providerCancel(t);
        escrow.withdraw(address(coin), _as(clinic));
        yes(!coin.reentered(), "entered while paying another");
        coin.reenterWith(address(escrow), abi.encodeCall(escrow.withdraw, (address(coin), t.payout)));
        escrow.withdraw(address(coin), t.payout);
        yes(!coin.reentered(), "entered while paying itself");
        eq(coin.balanceOf(patient), TOTAL - 100_000);
    }

    function test_attack_reenteringOpenFindsTheDoorClosed() public {
        Terms memory t = _payable(_terms());
        bytes memory offer = _offer(t);
        Terms memory other = _payable(_terms());
        other.salt = "other";
        vm.prank(patient);
        coin.approve(address(escrow), 2 * TOTAL);
        coin.reenterWith(address(escrow), abi.encodeCall(escrow.openFor, (other, _offer(other), _agreed(other))));
        vm.prank(patient);
        escrow.open(t, offer);
        yes(!coin.reentered(), "opened twice in one");
        _state(other, ICareEscrow.State.None);
    }

    function test_attack_hookCannotTakeOutWhatIsNotYetIn() public {
        // while the money is on its way, the agreement is cancelled: credit follows only if the money arrives
        Terms memory t = _payable(_terms());
        t.patient = address(coin);
        coin.mint(address(coin), TOTAL);
        vm.prank(address(coin));
        coin.approve(address(escrow), TOTAL);
        bytes memory offer = _offer(t);
        coin.reenterWith(address(escrow), abi.encodeCall(escrow.cancel, (t)));
        vm.prank(address(coin));
        escrow.open(t, offer);
        yes(coin.reentered(), "cancelled inside");
        eq(coin.balanceOf(address(escrow)), TOTAL);
        eq(_owed(address(coin), t.payout), TOTAL);
    }

    function test_attack_donationChangesNothing() public {
        Terms memory t = _payable(_terms());
        coin.mint(address(escrow), 999);
        _openAndPay(t, 3);
        eq(_owed(address(coin), _as(clinic)) + _owed(address(coin), _as(feeTo)), TOTAL);
        eq(coin.balanceOf(address(escrow)), TOTAL + 999);
    }

    function test_attack_forgedTermsFindNoAccount() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        Terms memory forged = _terms();
        forged.payout = "attacker";
        vm.prank(patient);
        vm.expectRevert(_notThisState(ICareEscrow.State.None));
        escrow.cancel(forged);
        forged = _terms();
        forged.clinic = stranger;
        vm.prank(stranger);
        vm.expectRevert(_notThisState(ICareEscrow.State.None));
        escrow.claim(forged, "evidence", "");
        forged = _terms();
        forged.milestones[0].window = 0;
        _claim(t, 0);
        vm.expectRevert(_notThisState(ICareEscrow.State.None));
        escrow.release(forged);
    }

    function test_attack_packedTermsDoNotCollide() public view {
        // moving a milestone's end into the next field gives another id: abi.encode carries lengths and offsets
        Terms memory a = _terms();
        Terms memory b = _terms();
        b.milestones = new Milestone[](2);
        (b.milestones[0], b.milestones[1]) = (a.milestones[0], a.milestones[1]);
        yes(escrow.agreementId(a) != escrow.agreementId(b), "ids differ");
    }

    function test_attack_stolenAgreementKeyCannotRedirectMoney() public {
        // the thief has the patient's key: everything he can do returns the money to the pinned reference
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.prank(patient);
        escrow.cancel(t);
        vm.prank(patient);
        vm.expectRevert(ICareEscrow.NothingToWithdraw.selector);
        escrow.withdraw(address(unit), _as(patient));
        eq(escrow.withdraw(address(unit), PAYOUT), TOTAL - 100_000);
    }

    function test_attack_pauseTrapsNoFunds() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        escrow.allowToken(address(unit), false);
        unit.setSystemContract(address(escrow), false);
        manager.setTargetClosed(address(escrow), true);
        manager.setTargetClosed(address(unit), true);
        _claim(t, 1);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(patient);
        escrow.cancel(t);
        escrow.withdraw(address(unit), PAYOUT);
        escrow.withdraw(address(unit), _as(clinic));
        escrow.withdraw(address(unit), _as(feeTo));
        eq(unit.totalSupply(), 0);
    }

    function test_attack_rulingAfterSplitIsTooLate() public {
        Terms memory t = _terms();
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        escrow.split(t, 7, _splitSigned(PATIENT_KEY, t, 7, 0), _splitSigned(CLINIC_KEY, t, 7, 0));
        vm.prank(arbiter);
        vm.expectRevert(_notThisState(ICareEscrow.State.Closed));
        escrow.rule(t, 0, false);
    }

    function test_attack_silentPatientCannotMakeTheNextMilestoneOverdue() public {
        Terms memory t = _terms();
        _open(t);
        vm.warp(t.milestones[0].dueBy);
        _claim(t, 0);
        vm.warp(uint256(t.milestones[0].dueBy) + t.milestones[0].window + 1);
        escrow.release(t);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TooEarly.selector, t.milestones[1].dueBy));
        escrow.expire(t);
    }

    /// @dev I6: whatever happened before, anybody can bring the agreement to its end by waiting.
    function testFuzz_liveness_anybodyClosesFromEveryState(uint8 paid, uint8 way) public {
        Terms memory t = _terms();
        paid = uint8(bound(paid, 0, 2));
        way = uint8(bound(way, 0, 3));
        if (way == 0) _open(t); // cooling
        else _openAndPay(t, paid); // active
        if (way >= 2) _claim(t, paid);
        if (way == 3) {
            vm.prank(patient);
            escrow.dispute(t);
        }
        for (uint256 i = 0; i < 2 && _account(t).state != ICareEscrow.State.Closed; ++i) {
            vm.warp(block.timestamp + 100 days);
            vm.startPrank(stranger);
            ICareEscrow.State s = _account(t).state;
            if (s == ICareEscrow.State.Active) escrow.expire(t);
            else if (s == ICareEscrow.State.Claimed) escrow.release(t);
            else escrow.settleSilent(t);
            vm.stopPrank();
        }
        _state(t, ICareEscrow.State.Closed);
        eq(_owed(t.token, PAYOUT) + _owed(t.token, _as(clinic)) + _owed(t.token, _as(feeTo)), TOTAL);
    }

    /// @dev I10: what cannot be divided stays with the patient; nothing is made or lost.
    function testFuzz_rounding_staysWithThePatient(uint88 amount, uint16 refundBps, uint16 feeBps) public {
        Terms memory t = _terms();
        t.milestones[0].amount = uint88(bound(amount, 1, 1e15));
        t.feeBps = uint16(bound(feeBps, 0, 500));
        refundBps = uint16(bound(refundBps, 0, 10_000));
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, refundBps, false);
        uint256 back = _owed(t.token, PAYOUT);
        uint256 fee = _owed(t.token, _as(feeTo));
        uint256 exact = uint256(t.milestones[0].amount) * refundBps;
        yes(back * 10_000 >= exact && back * 10_000 < exact + 10_000, "patient rounded up by less than a cent");
        yes(fee * 10_000 <= (t.milestones[0].amount - back) * t.feeBps, "fee within its rate");
        eq(back + fee + _owed(t.token, _as(clinic)), t.milestones[0].amount);
    }
}
