// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow} from "../interfaces/ICareEscrow.sol";
import {EscrowMath} from "./EscrowMath.sol";

/// @notice What each act does to an agreement's account, and when it may: no calls, no loops, no storage. The contract
/// around it asks who acts, keeps the account and moves the money; `spec/` proves what holds for any sequence of acts.
/// @dev Each function changes the account it is given and hands it back. Times are seconds since the epoch.
library EscrowMoves {
    /// @dev Seconds in which whoever is said to have been absent may object.
    uint32 internal constant REBUTTAL = 48 hours;

    function open(uint88 total, uint40 time, uint32 coolingOff) internal pure returns (ICareEscrow.Account memory a) {
        a.state = ICareEscrow.State.Active;
        a.deadline = time + coolingOff;
        a.held = total;
    }

    /// @return free true while everything goes back
    function cancel(ICareEscrow.Account memory a, uint40 time) internal pure returns (bool free) {
        expect(a, ICareEscrow.State.Active);
        return time < a.deadline;
    }

    function providerCancel(ICareEscrow.Account memory a) internal pure {
        require(
            a.state == ICareEscrow.State.Active || a.state == ICareEscrow.State.Claimed || reported(a),
            ICareEscrow.NotThisState(a.state)
        );
    }

    function claim(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        internal
        pure
        returns (ICareEscrow.Account memory)
    {
        expect(a, ICareEscrow.State.Active);
        require(time >= a.deadline, ICareEscrow.CoolingOff(a.deadline));
        require(time <= dueBy, ICareEscrow.TooLate(dueBy));
        a.state = ICareEscrow.State.Claimed;
        a.claimed = true;
        a.deadline = time + window;
        return a;
    }

    function accept(ICareEscrow.Account memory a) internal pure {
        expect(a, ICareEscrow.State.Claimed);
    }

    function release(ICareEscrow.Account memory a, uint40 time) internal pure {
        expect(a, ICareEscrow.State.Claimed);
        _over(a.deadline, time);
    }

    function expire(ICareEscrow.Account memory a, uint40 time, uint40 dueBy) internal pure {
        expect(a, ICareEscrow.State.Active);
        _over(dueBy, time);
    }

    /// @notice One side reports that the other was absent.
    /// @param byPatient the clinic was; otherwise the patient
    function reportAbsence(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, bool byPatient)
        internal
        pure
        returns (ICareEscrow.Account memory)
    {
        expect(a, ICareEscrow.State.Active);
        require(time >= a.deadline, ICareEscrow.CoolingOff(a.deadline));
        require(time <= dueBy, ICareEscrow.TooLate(dueBy));
        a.state = byPatient ? ICareEscrow.State.ClinicAbsent : ICareEscrow.State.PatientAbsent;
        a.deadline = time + REBUTTAL;
        return a;
    }

    /// @return at when the absence was reported: what the schedule says of that second counts
    function settleAbsence(ICareEscrow.Account memory a, uint40 time) internal pure returns (uint40 at) {
        require(reported(a), ICareEscrow.NotThisState(a.state));
        _over(a.deadline, time);
        return a.deadline - REBUTTAL;
    }

    /// @notice Somebody was reported absent and nobody has objected yet.
    function reported(ICareEscrow.Account memory a) internal pure returns (bool) {
        return a.state == ICareEscrow.State.PatientAbsent || a.state == ICareEscrow.State.ClinicAbsent;
    }

    /// @param dueBy is not looked at once the milestone is claimed or an absence reported
    function dispute(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 arbiterWindow)
        internal
        pure
        returns (ICareEscrow.Account memory)
    {
        if (a.state == ICareEscrow.State.Claimed || reported(a)) {
            require(time <= a.deadline, ICareEscrow.TooLate(a.deadline));
        } else {
            expect(a, ICareEscrow.State.Active);
            require(time >= a.deadline, ICareEscrow.CoolingOff(a.deadline));
            require(time <= dueBy, ICareEscrow.TooLate(dueBy));
        }
        a.state = ICareEscrow.State.Disputed;
        a.deadline = time + arbiterWindow;
        return a;
    }

    function rule(ICareEscrow.Account memory a, uint40 time) internal pure {
        expect(a, ICareEscrow.State.Disputed);
        require(time <= a.deadline, ICareEscrow.TooLate(a.deadline));
    }

    /// @return refundBps what silence gives back: the default, or everything if nobody ever claimed
    function silent(ICareEscrow.Account memory a, uint40 time, uint16 defaultSplitBps)
        internal
        pure
        returns (uint16 refundBps)
    {
        expect(a, ICareEscrow.State.Disputed);
        _over(a.deadline, time);
        return a.claimed ? defaultSplitBps : EscrowMath.BPS;
    }

    /// @return kept what the clinic gets of what is held, its fee included
    function split(ICareEscrow.Account memory a, uint88 refund) internal pure returns (uint88 kept) {
        require(
            a.state != ICareEscrow.State.None && a.state != ICareEscrow.State.Closed, ICareEscrow.NotThisState(a.state)
        );
        require(refund <= a.held, ICareEscrow.TermsOutOfBounds("refund"));
        return a.held - refund;
    }

    /// @notice The clinic gets `amount` without a milestone being settled.
    function keep(ICareEscrow.Account memory a, uint88 amount) internal pure returns (ICareEscrow.Account memory) {
        a.held -= amount;
        return a;
    }

    /// @notice The present milestone is settled, `refund` of it to the patient; the next one becomes present.
    function settle(ICareEscrow.Account memory a, uint88 amount, uint88 refund)
        internal
        pure
        returns (ICareEscrow.Account memory)
    {
        a.held -= amount;
        a.refunded += refund;
        a.milestone += 1;
        a.claimed = false;
        a.deadline = 0;
        a.state = ICareEscrow.State.Active;
        return a;
    }

    /// @return rest what was still held: it goes back to the patient
    function close(ICareEscrow.Account memory a) internal pure returns (ICareEscrow.Account memory, uint88 rest) {
        rest = a.held;
        a.held = 0;
        a.refunded += rest;
        a.deadline = 0;
        a.state = ICareEscrow.State.Closed;
        return (a, rest);
    }

    function expect(ICareEscrow.Account memory a, ICareEscrow.State state) internal pure {
        require(a.state == state, ICareEscrow.NotThisState(a.state));
    }

    /// @dev Times are inclusive: the second of the deadline still belongs to whoever had time.
    function _over(uint40 deadline, uint40 time) private pure {
        require(time > deadline, ICareEscrow.TooEarly(deadline));
    }
}
