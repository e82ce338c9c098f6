// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInstalmentBook, Instalment, Plan} from "../interfaces/IInstalmentBook.sol";
import {InstalmentMath} from "./InstalmentMath.sol";

/// @notice What walks over a plan's instalments: its bounds, its yearly cost, and where it stands.
library PlanBounds {
    /// @notice The schedule follows from principal and rate: it ends at exactly nothing, at dates that fit its terms.
    function check(Plan calldata plan) internal pure {
        uint256 n = plan.instalments.length;
        if (n == 0 || n > InstalmentMath.MAX_INSTALMENTS) revert IInstalmentBook.PlanOutOfBounds("instalments");
        // so that whatever a schedule adds up to fits the loan's fields
        if (plan.principal == 0 || plan.principal > type(uint80).max) revert IInstalmentBook.PlanOutOfBounds("principal");
        if (plan.cap > InstalmentMath.MAX_RATE) revert IInstalmentBook.PlanOutOfBounds("cap");
        if (plan.rate > plan.cap) revert IInstalmentBook.PlanOutOfBounds("rate");
        if (plan.lateBps > InstalmentMath.MAX_LATE_BPS) revert IInstalmentBook.PlanOutOfBounds("lateBps");
        if (plan.coolingOff < InstalmentMath.MIN_COOLING || plan.coolingOff > InstalmentMath.MAX_COOLING) {
            revert IInstalmentBook.PlanOutOfBounds("coolingOff");
        }
        if (plan.payout == 0) revert IInstalmentBook.PlanOutOfBounds("payout");
        uint256 balance = plan.principal;
        uint256 last = plan.start;
        uint256 reckoned = plan.start;
        for (uint256 i = 0; i < n; ++i) {
            Instalment calldata one = plan.instalments[i];
            if (one.term == 0 || one.term > InstalmentMath.MAX_TERM) revert IInstalmentBook.PlanOutOfBounds("term");
            reckoned += one.term;
            if (
                one.dueBy <= last || one.dueBy + InstalmentMath.DRIFT < reckoned
                    || one.dueBy > reckoned + InstalmentMath.DRIFT
            ) revert IInstalmentBook.PlanOutOfBounds("dueBy");
            balance += InstalmentMath.interest(balance, plan.rate, one.term);
            if (one.amount == 0 || one.amount > balance) revert IInstalmentBook.PlanOutOfBounds("amount");
            balance -= one.amount;
            last = one.dueBy;
        }
        if (balance != 0) revert IInstalmentBook.PlanOutOfBounds("balance");
    }

    /// @notice Yearly cost ≤ cap, without looking for the yearly cost: at the cap the instalments are worth no more than
    /// what is lent. The actuarial method of 12 CFR 1026 Appendix J, with terms as fractions of a year.
    function withinCap(Plan calldata plan) internal pure returns (bool) {
        uint256 value;
        uint256 cap = plan.cap;
        Instalment[] calldata instalments = plan.instalments;
        for (uint256 i = instalments.length; i > 0;) {
            unchecked {
                --i;
            }
            Instalment calldata one = instalments[i];
            value = InstalmentMath.discounted(value, one.amount, cap, one.term);
        }
        return value <= uint256(plan.principal) * InstalmentMath.BILLION;
    }

    /// @notice Where the loan stands at `time`. An instalment is due from its `dueBy` on.
    function standing(Plan calldata plan, IInstalmentBook.Loan memory l, uint256 time)
        internal
        pure
        returns (IInstalmentBook.Standing memory s)
    {
        uint256 balance = plan.principal;
        uint256 since = plan.start;
        (s.fees, s.judged, s.next) = (l.fees, l.judged, l.from);
        bool found;
        for (uint256 i = 0; i < plan.instalments.length; ++i) {
            Instalment calldata one = plan.instalments[i];
            if (i >= l.from) {
                uint256 amount = InstalmentMath.part(one.amount, l.share);
                s.sum += amount;
                if (time >= one.dueBy) {
                    s.dueSum += amount;
                    s.next = i + 1;
                    if (time > one.dueBy + InstalmentMath.GRACE) _judge(s, l, i, amount, plan.lateBps);
                    if (time > one.dueBy + InstalmentMath.DEFAULT && s.sum > l.paid) s.lost = true;
                } else if (!found) {
                    found = true;
                    uint256 passed = time > since ? time - since : 0;
                    if (passed > one.term) passed = one.term;
                    uint256 grown = balance + InstalmentMath.interest(balance, plan.rate, passed);
                    s.value = InstalmentMath.part(grown, l.share);
                }
            }
            balance = balance + InstalmentMath.interest(balance, plan.rate, one.term) - one.amount;
            since = one.dueBy;
        }
    }

    /// @notice What the pool may count on: the principal that the payments so far leave open.
    function carrying(Plan calldata plan, IInstalmentBook.Loan memory l) internal pure returns (uint256) {
        uint256 balance = plan.principal;
        uint256 left = l.paid;
        for (uint256 i = 0; i < plan.instalments.length; ++i) {
            Instalment calldata one = plan.instalments[i];
            uint256 after_ = balance + InstalmentMath.interest(balance, plan.rate, one.term) - one.amount;
            if (i >= l.from) {
                uint256 amount = InstalmentMath.part(one.amount, l.share);
                if (left < amount) {
                    uint256 before = InstalmentMath.part(balance, l.share);
                    uint256 floor = InstalmentMath.part(after_, l.share);
                    return before > floor + left ? before - left : floor;
                }
                left -= amount;
            }
            balance = after_;
        }
        return 0;
    }

    /// @dev A late fee is charged once, and only where the instalment is still open when it is looked at.
    function _judge(
        IInstalmentBook.Standing memory s,
        IInstalmentBook.Loan memory l,
        uint256 i,
        uint256 amount,
        uint256 bps
    ) private pure {
        bool open = s.sum > l.paid;
        if (open) s.late = true;
        if (i < s.judged) return;
        s.judged = i + 1;
        if (open) s.fees += InstalmentMath.lateFee(amount, bps);
    }
}
