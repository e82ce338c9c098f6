// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow} from "../src/interfaces/ICareEscrow.sol";
import {EscrowMoves} from "../src/base/EscrowMoves.sol";

/// @notice Any sequence of acts, by induction: opening makes a lawful account, and each act turns a lawful account into
/// a lawful one that is further on. What the clinic gets is free here, which allows more than the contract does; what
/// holds for all of it holds for what the contract pays.
/// @dev `paid` is what the clinic and the fee account got so far, `total` what was paid in.
contract EscrowLedgerSpec {
    using EscrowMoves for ICareEscrow.Account;

    /// @dev In = out + held + credit; a closed account holds nothing and waits for nothing; nothing left within the
    /// cooling-off period; only a claim makes a milestone claimed.
    function _lawful(ICareEscrow.Account memory a, uint256 paid, uint256 total) private pure returns (bool) {
        if (uint256(a.held) + paid + a.refunded != total) return false;
        if (a.state == ICareEscrow.State.Active) return !a.claimed && (a.deadline == 0 || a.held == total);
        if (a.state == ICareEscrow.State.Claimed) return a.claimed;
        if (a.state == ICareEscrow.State.Closed) return a.held == 0 && a.deadline == 0;
        if (a.reported()) return !a.claimed;
        return a.state == ICareEscrow.State.Disputed;
    }

    /// @dev Closed is the end; before it, a later milestone is further on, and within one Active, Claimed or reported absent,
    /// Disputed.
    function _rank(ICareEscrow.Account memory a) private pure returns (uint256) {
        if (a.state == ICareEscrow.State.Closed) return 10_000;
        return uint256(a.milestone) * 10
            + (a.state == ICareEscrow.State.Active ? 1 : a.state == ICareEscrow.State.Disputed ? 3 : 2);
    }

    function prove_openingIsLawful(uint88 total, uint40 time, uint32 coolingOff) external pure {
        assert(_lawful(EscrowMoves.open(total, time, coolingOff), 0, total));
    }

    function prove_cancellingInTimeIsLawful(ICareEscrow.Account memory a, uint256 paid, uint256 total, uint40 time)
        external
        pure
    {
        require(_lawful(a, paid, total));
        require(a.cancel(time));
        (ICareEscrow.Account memory b,) = a.close();
        assert(_lawful(b, paid, total));
    }

    function prove_cancellingInTimeGoesForward(ICareEscrow.Account memory a, uint40 time) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        require(a.cancel(time));
        (ICareEscrow.Account memory b,) = a.close();
        assert(_rank(b) > before);
    }

    function prove_cancellingLateIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint88 kept
    ) external pure {
        require(_lawful(a, paid, total));
        require(!a.cancel(time));
        (ICareEscrow.Account memory b,) = a.keep(kept).close();
        assert(_lawful(b, paid + kept, total));
    }

    function prove_cancellingLateGoesForward(ICareEscrow.Account memory a, uint40 time, uint88 kept) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        require(!a.cancel(time));
        (ICareEscrow.Account memory b,) = a.keep(kept).close();
        assert(_rank(b) > before);
    }

    function prove_theClinicLeavingIsLawful(ICareEscrow.Account memory a, uint256 paid, uint256 total) external pure {
        require(_lawful(a, paid, total));
        a.providerCancel();
        (ICareEscrow.Account memory b,) = a.close();
        assert(_lawful(b, paid, total));
    }

    function prove_theClinicLeavingGoesForward(ICareEscrow.Account memory a) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.providerCancel();
        (ICareEscrow.Account memory b,) = a.close();
        assert(_rank(b) > before);
    }

    function prove_claimingIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint40 dueBy,
        uint32 window
    ) external pure {
        require(_lawful(a, paid, total));
        ICareEscrow.Account memory b = a.claim(time, dueBy, window);
        assert(_lawful(b, paid, total));
    }

    function prove_claimingGoesForward(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        external
        pure
    {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        ICareEscrow.Account memory b = a.claim(time, dueBy, window);
        assert(_rank(b) > before);
    }

    function prove_acceptingIsLawful(ICareEscrow.Account memory a, uint256 paid, uint256 total, uint88 amount)
        external
        pure
    {
        require(_lawful(a, paid, total));
        a.accept();
        ICareEscrow.Account memory b = a.settle(amount, 0);
        assert(_lawful(b, paid + amount, total));
    }

    function prove_acceptingGoesForward(ICareEscrow.Account memory a, uint88 amount) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.accept();
        ICareEscrow.Account memory b = a.settle(amount, 0);
        assert(_rank(b) > before);
    }

    function prove_acceptingTheLastIsLawful(ICareEscrow.Account memory a, uint256 paid, uint256 total, uint88 amount)
        external
        pure
    {
        require(_lawful(a, paid, total));
        a.accept();
        (ICareEscrow.Account memory b,) = a.settle(amount, 0).close();
        assert(_lawful(b, paid + amount, total));
    }

    function prove_acceptingTheLastGoesForward(ICareEscrow.Account memory a, uint88 amount) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.accept();
        (ICareEscrow.Account memory b,) = a.settle(amount, 0).close();
        assert(_rank(b) > before);
    }

    function prove_releasingIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint88 amount
    ) external pure {
        require(_lawful(a, paid, total));
        a.release(time);
        ICareEscrow.Account memory b = a.settle(amount, 0);
        assert(_lawful(b, paid + amount, total));
    }

    function prove_releasingGoesForward(ICareEscrow.Account memory a, uint40 time, uint88 amount) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.release(time);
        ICareEscrow.Account memory b = a.settle(amount, 0);
        assert(_rank(b) > before);
    }

    function prove_expiringIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint40 dueBy
    ) external pure {
        require(_lawful(a, paid, total));
        a.expire(time, dueBy);
        (ICareEscrow.Account memory b,) = a.close();
        assert(_lawful(b, paid, total));
    }

    function prove_expiringGoesForward(ICareEscrow.Account memory a, uint40 time, uint40 dueBy) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.expire(time, dueBy);
        (ICareEscrow.Account memory b,) = a.close();
        assert(_rank(b) > before);
    }

    function prove_disputingIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint40 dueBy,
        uint32 window
    ) external pure {
        require(_lawful(a, paid, total));
        ICareEscrow.Account memory b = a.dispute(time, dueBy, window);
        assert(_lawful(b, paid, total));
    }

    function prove_disputingGoesForward(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        external
        pure
    {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        ICareEscrow.Account memory b = a.dispute(time, dueBy, window);
        assert(_rank(b) > before);
    }

    function prove_reportingAnAbsenceIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint40 dueBy,
        bool byPatient
    ) external pure {
        require(_lawful(a, paid, total));
        ICareEscrow.Account memory b = a.reportAbsence(time, dueBy, byPatient);
        assert(_lawful(b, paid, total));
    }

    function prove_reportingAnAbsenceGoesForward(
        ICareEscrow.Account memory a,
        uint40 time,
        uint40 dueBy,
        bool byPatient
    ) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        ICareEscrow.Account memory b = a.reportAbsence(time, dueBy, byPatient);
        assert(_rank(b) > before);
    }

    function prove_settlingAnAbsenceIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint88 kept
    ) external pure {
        require(_lawful(a, paid, total));
        a.settleAbsence(time);
        (ICareEscrow.Account memory b,) = a.keep(kept).close();
        assert(_lawful(b, paid + kept, total));
    }

    function prove_settlingAnAbsenceGoesForward(ICareEscrow.Account memory a, uint40 time, uint88 kept) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.settleAbsence(time);
        (ICareEscrow.Account memory b,) = a.keep(kept).close();
        assert(_rank(b) > before);
    }

    function prove_rulingIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint88 amount,
        uint88 refund
    ) external pure {
        require(_lawful(a, paid, total));
        a.rule(time);
        ICareEscrow.Account memory b = a.settle(amount, refund);
        assert(_lawful(b, paid + (amount - refund), total));
    }

    function prove_rulingGoesForward(ICareEscrow.Account memory a, uint40 time, uint88 amount, uint88 refund)
        external
        pure
    {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.rule(time);
        ICareEscrow.Account memory b = a.settle(amount, refund);
        assert(_rank(b) > before);
    }

    function prove_rulingTheEndGoesForward(ICareEscrow.Account memory a, uint40 time, uint88 amount, uint88 refund)
        external
        pure
    {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.rule(time);
        (ICareEscrow.Account memory b,) = a.settle(amount, refund).close();
        assert(_rank(b) > before);
    }

    /// @dev An act that ends the agreement settles or keeps first, and then closes.
    function prove_closingIsLawful(ICareEscrow.Account memory a, uint256 paid, uint256 total) external pure {
        require(_lawful(a, paid, total) && a.state != ICareEscrow.State.Closed);
        (ICareEscrow.Account memory b,) = a.close();
        assert(_lawful(b, paid, total));
    }

    function prove_anArbitersSilenceIsLawful(
        ICareEscrow.Account memory a,
        uint256 paid,
        uint256 total,
        uint40 time,
        uint88 amount,
        uint88 refund
    ) external pure {
        require(_lawful(a, paid, total));
        a.silent(time, 0);
        ICareEscrow.Account memory b = a.settle(amount, refund);
        assert(_lawful(b, paid + (amount - refund), total));
    }

    function prove_anArbitersSilenceGoesForward(ICareEscrow.Account memory a, uint40 time, uint88 amount, uint88 refund)
        external
        pure
    {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        a.silent(time, 0);
        (ICareEscrow.Account memory b,) = a.settle(amount, refund).close();
        assert(_rank(b) > before);
    }

    function prove_splittingIsLawful(ICareEscrow.Account memory a, uint256 paid, uint256 total, uint88 refund)
        external
        pure
    {
        require(_lawful(a, paid, total));
        uint88 kept = a.split(refund);
        (ICareEscrow.Account memory b,) = a.keep(kept).close();
        assert(_lawful(b, paid + kept, total));
    }

    function prove_splittingGoesForward(ICareEscrow.Account memory a, uint88 refund) external pure {
        uint256 before = _rank(a);
        require(a.milestone < 16);
        uint88 kept = a.split(refund);
        (ICareEscrow.Account memory b,) = a.keep(kept).close();
        assert(_rank(b) > before);
    }
}
