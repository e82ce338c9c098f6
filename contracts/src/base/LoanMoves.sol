// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IInstalmentBook} from "../interfaces/IInstalmentBook.sol";
import {InstalmentMath} from "./InstalmentMath.sol";

/// @notice What each act does to a loan, and when it may: no calls, no loops, no storage; proved in `spec/`.
/// @dev Each function changes the loan it is given and hands it back. Times are seconds since the epoch.
library LoanMoves {
    function accept(IInstalmentBook.Loan memory l, uint40 time)
        internal
        pure
        returns (IInstalmentBook.Loan memory)
    {
        require(l.state == IInstalmentBook.State.None, IInstalmentBook.NotThisLoanState(l.state));
        l.state = IInstalmentBook.State.Accepted;
        l.acceptedAt = time;
        return l;
    }

    function revoke(IInstalmentBook.Loan memory l) internal pure returns (IInstalmentBook.Loan memory) {
        require(l.state == IInstalmentBook.State.Accepted, IInstalmentBook.NotThisLoanState(l.state));
        l.state = IInstalmentBook.State.Closed;
        return l;
    }

    /// @param start of the plan; `until` the last second in which it may be paid out
    function payOut(IInstalmentBook.Loan memory l, uint40 time, uint40 start, uint40 until, uint32 coolingOff)
        internal
        pure
        returns (IInstalmentBook.Loan memory)
    {
        require(l.state == IInstalmentBook.State.Accepted, IInstalmentBook.NotThisLoanState(l.state));
        require(time >= start, IInstalmentBook.LoanTooEarly(start));
        require(time >= uint256(l.acceptedAt) + coolingOff, IInstalmentBook.LoanTooEarly(uint256(l.acceptedAt) + coolingOff));
        require(time <= until, IInstalmentBook.LoanTooLate(until));
        l.state = IInstalmentBook.State.Live;
        l.share = 1e18;
        return l;
    }

    /// @notice Money is still expected, or may be.
    function expectOpen(IInstalmentBook.Loan memory l) internal pure {
        require(
            l.state == IInstalmentBook.State.Live || l.state == IInstalmentBook.State.WrittenOff,
            IInstalmentBook.NotThisLoanState(l.state)
        );
    }

    /// @notice What would close the loan: what is due, the value of what is not, less what was paid, and late fees.
    /// @dev Never more than the schedule still asks for.
    function payoff(IInstalmentBook.Loan memory l, IInstalmentBook.Standing memory s) internal pure returns (uint256) {
        return owed(l, s) + s.fees;
    }

    /// @notice Of the instalments: what is due, and the present value of what is not, less what was paid.
    function owed(IInstalmentBook.Loan memory l, IInstalmentBook.Standing memory s) internal pure returns (uint256) {
        uint256 worth = s.dueSum + s.value;
        if (worth > s.sum) worth = s.sum;
        return worth > l.paid ? worth - l.paid : 0;
    }

    /// @notice A payment that does not close the loan.
    function pay(IInstalmentBook.Loan memory l, IInstalmentBook.Standing memory s, uint256 amount)
        internal
        pure
        returns (IInstalmentBook.Loan memory, uint256 toFees)
    {
        uint256 toSchedule;
        (toSchedule, toFees,) = InstalmentMath.applied(amount, owed(l, s), s.fees);
        l.paid += uint88(toSchedule);
        l.fees = uint88(s.fees - toFees);
        l.judged = uint8(s.judged);
        l.received += uint88(toSchedule + toFees);
        return (l, toFees);
    }

    /// @notice A refund smaller than the debt: what is due is paid, and every later instalment shrinks alike.
    function partlyRefunded(IInstalmentBook.Loan memory l, IInstalmentBook.Standing memory s, uint256 refund)
        internal
        pure
        returns (IInstalmentBook.Loan memory)
    {
        l.received += uint88(refund);
        l.judged = uint8(s.judged);
        uint256 overdue = s.dueSum > l.paid ? s.dueSum - l.paid : 0;
        if (refund < overdue) {
            l.paid += uint88(refund);
            l.fees = uint88(s.fees);
            return l;
        }
        uint256 ahead = l.paid > s.dueSum ? l.paid - s.dueSum : 0;
        uint256 rest = refund - overdue;
        uint256 later = s.value > ahead ? s.value - ahead : 0;
        uint256 toSchedule = rest < later ? rest : later;
        // the late fees come last, after the whole schedule
        l.fees = uint88(s.fees - (rest - toSchedule));
        if (toSchedule > 0) l.share = uint64(InstalmentMath.shareAfter(l.share, s.value, toSchedule));
        l.from = uint8(s.next);
        l.paid = uint88(ahead);
        return l;
    }

    /// @notice Nothing is owed any more.
    function close(IInstalmentBook.Loan memory l, uint256 received)
        internal
        pure
        returns (IInstalmentBook.Loan memory)
    {
        l.state = IInstalmentBook.State.Closed;
        l.received += uint88(received);
        l.fees = 0;
        l.impaired = false;
        return l;
    }

    function writeOff(IInstalmentBook.Loan memory l, bool lost) internal pure returns (IInstalmentBook.Loan memory) {
        require(l.state == IInstalmentBook.State.Live, IInstalmentBook.NotThisLoanState(l.state));
        require(lost, IInstalmentBook.NotLate());
        l.state = IInstalmentBook.State.WrittenOff;
        l.impaired = false;
        return l;
    }
}
