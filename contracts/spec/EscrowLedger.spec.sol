// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow} from "../src/interfaces/ICareEscrow.sol";
import {EscrowMoves} from "../src/base/EscrowMoves.sol";

/// @notice One agreement under any sequence of acts, at any times, with any amounts. What the clinic gets is free
/// here, which allows more than the contract does: what holds for all of it holds for what the contract pays.
contract EscrowLedgerSpec {
    using EscrowMoves for ICareEscrow.Account;

    ICareEscrow.Account private account;
    uint256 private total;
    uint256 private paid;
    uint256 private rank;
    bool private wentBack;

    function _store(ICareEscrow.Account memory a) private {
        uint256 next =
            a.state == ICareEscrow.State.Closed ? type(uint256).max : uint256(a.milestone) * 10 + uint256(a.state);
        if (next < rank) wentBack = true;
        rank = next;
        account = a;
    }

    function _close(ICareEscrow.Account memory a) private {
        (ICareEscrow.Account memory b,) = a.close();
        _store(b);
    }

    function open(uint88 sum, uint40 time, uint32 coolingOff) external {
        require(account.state == ICareEscrow.State.None);
        total = sum;
        _store(EscrowMoves.open(sum, time, coolingOff));
    }

    function cancel(uint40 time, uint88 kept) external {
        ICareEscrow.Account memory a = account;
        if (a.cancel(time)) return _close(a);
        paid += kept;
        _close(a.keep(kept));
    }

    function providerCancel() external {
        ICareEscrow.Account memory a = account;
        a.providerCancel();
        _close(a);
    }

    function claim(uint40 time, uint40 dueBy, uint32 window) external {
        ICareEscrow.Account memory a = account;
        _store(a.claim(time, dueBy, window));
    }

    function accept(uint88 amount, bool last) external {
        ICareEscrow.Account memory a = account;
        a.accept();
        _settle(a, amount, 0, last);
    }

    function release(uint40 time, uint88 amount, bool last) external {
        ICareEscrow.Account memory a = account;
        a.release(time);
        _settle(a, amount, 0, last);
    }

    function expire(uint40 time, uint40 dueBy) external {
        ICareEscrow.Account memory a = account;
        a.expire(time, dueBy);
        _close(a);
    }

    function dispute(uint40 time, uint40 dueBy, uint32 window) external {
        ICareEscrow.Account memory a = account;
        _store(a.dispute(time, dueBy, window));
    }

    function rule(uint40 time, uint88 amount, uint88 refund, bool end) external {
        ICareEscrow.Account memory a = account;
        a.rule(time);
        _settle(a, amount, refund, end);
    }

    function settleSilent(uint40 time, uint88 amount, uint88 refund) external {
        ICareEscrow.Account memory a = account;
        a.silent(time, 0);
        _settle(a, amount, refund, true);
    }

    function split(uint88 refund) external {
        ICareEscrow.Account memory a = account;
        uint88 kept = a.split(refund);
        paid += kept;
        _close(a.keep(kept));
    }

    function _settle(ICareEscrow.Account memory a, uint88 amount, uint88 refund, bool last) private {
        paid += amount - refund;
        ICareEscrow.Account memory b = a.settle(amount, refund);
        if (last) _close(b);
        else _store(b);
    }

    function prove_inEqualsOutPlusHeldPlusCredit() external view {
        assert(account.held + paid + account.refunded == total);
    }

    function prove_milestoneAndStateOnlyMoveForward() external view {
        assert(!wentBack);
    }

    function prove_closedHoldsNothing() external view {
        assert(account.state != ICareEscrow.State.Closed || (account.held == 0 && account.deadline == 0));
    }

    function prove_nothingIsPaidWithinTheCoolingOff() external view {
        assert(account.state != ICareEscrow.State.Active || account.deadline == 0 || account.held == total);
    }

    function prove_onlyAClaimMakesAMilestoneClaimed() external view {
        assert(account.state != ICareEscrow.State.Claimed || account.claimed);
    }

    function prove_anActiveMilestoneIsNotClaimed() external view {
        assert(account.state != ICareEscrow.State.Active || !account.claimed);
    }

    function prove_nobodyIsPaidMoreThanWasPaidIn() external view {
        assert(paid <= total && account.refunded <= total);
    }
}
