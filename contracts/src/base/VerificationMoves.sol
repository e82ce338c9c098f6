// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../interfaces/IProviderVerification.sol";

/// @notice When a check may go on and to where: no calls, no loops, no storage; proved in `spec/`.
/// @dev Times are seconds since the epoch and inclusive: the last second of a deadline still belongs to who had time.
library VerificationMoves {
    uint40 internal constant HOUSE_TIME = 2 days;
    uint40 internal constant CLINIC_TIME = 3 days;
    uint40 internal constant ANSWER_TIME = 7 days;
    uint40 internal constant REVEAL_TIME = 2 days;
    uint40 internal constant CHALLENGE_TIME = 14 days;
    uint40 internal constant UNSEAL_TIME = 7 days;
    uint40 internal constant VALID_TIME = 365 days;
    uint8 internal constant PAIR = 2;
    uint8 internal constant JURY = 3;
    uint8 internal constant JURY_ROUND = 2;

    /// @notice What time alone does: phases that are over give way to the next.
    function roll(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        if (time <= c.deadline) return c;
        if (c.phase == IProviderVerification.Phase.Answering) {
            c.phase = IProviderVerification.Phase.Revealing;
            c.deadline += REVEAL_TIME;
        } else if (c.phase == IProviderVerification.Phase.Challengeable) {
            c.phase = IProviderVerification.Phase.Unsealing;
            c.deadline += UNSEAL_TIME;
        }
        return c;
    }

    function ask(uint40 time) internal pure returns (IProviderVerification.Check memory c) {
        return _to(c, IProviderVerification.Phase.Asked, time + HOUSE_TIME);
    }

    function prepare(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Asked, time);
        return _to(c, IProviderVerification.Phase.Opening, time + CLINIC_TIME);
    }

    function openSecret(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Opening, time);
        return _to(c, IProviderVerification.Phase.Drawing, time + HOUSE_TIME);
    }

    /// @param seats how many could be seated; without two there is no check
    function draw(IProviderVerification.Check memory c, uint40 time, uint256 seats)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Drawing, time);
        return _seat(c, time, 0, PAIR, seats);
    }

    function commitAnswer(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Answering, time);
        c.committed += 1;
        if (c.committed < c.size) return c;
        return _to(c, IProviderVerification.Phase.Revealing, time + REVEAL_TIME);
    }

    function attest(IProviderVerification.Check memory c, uint40 time, bool accepts)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        c = roll(c, time);
        _expect(c, IProviderVerification.Phase.Revealing, time);
        c.revealed += 1;
        if (accepts) c.accepts += 1;
        return c;
    }

    /// @notice Whether the answers may be counted now: all are in, or their time is over.
    function mayTally(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        c = roll(c, time);
        require(c.phase == IProviderVerification.Phase.Revealing, IProviderVerification.NotThisPhase(c.phase));
        require(c.revealed >= c.size || time > c.deadline, IProviderVerification.NotInTime(c.deadline));
        return c;
    }

    /// @notice The two verifiers contradict each other.
    function split(IProviderVerification.Check memory c) internal pure returns (bool) {
        return c.round == 0 && c.revealed == PAIR && c.accepts == 1;
    }

    /// @param seats a third verifier, if one was needed and could be seated
    function tally(IProviderVerification.Check memory c, uint40 time, uint256 seats)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        if (c.round == JURY_ROUND) return _verdict(c, time);
        if (c.revealed < c.size) return fail(c);
        if (split(c)) return _seat(c, time, 1, 1, seats);
        // of two verifiers who contradicted each other one accepts
        c.accepted = c.accepts == PAIR - c.round;
        return _to(c, IProviderVerification.Phase.Challengeable, time + CHALLENGE_TIME);
    }

    function challenge(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Challengeable, time);
        return _to(c, IProviderVerification.Phase.Challenged, time + HOUSE_TIME);
    }

    function convene(IProviderVerification.Check memory c, uint40 time, uint256 seats)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Challenged, time);
        return _seat(c, time, JURY_ROUND, JURY, seats);
    }

    function unseal(IProviderVerification.Check memory c, uint40 time, bool fake)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        c = roll(c, time);
        _expect(c, IProviderVerification.Phase.Unsealing, time);
        if (fake) return _to(c, IProviderVerification.Phase.Exposed, 0);
        return _to(
            c,
            c.accepted ? IProviderVerification.Phase.Standing : IProviderVerification.Phase.Rejected,
            time + VALID_TIME
        );
    }

    function revoke(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        _expect(c, IProviderVerification.Phase.Standing, time);
        return _to(c, IProviderVerification.Phase.Revoked, c.deadline);
    }

    function expire(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        bool stands =
            c.phase >= IProviderVerification.Phase.Standing && c.phase <= IProviderVerification.Phase.Revoked;
        require(stands, IProviderVerification.NotThisPhase(c.phase));
        require(time > c.deadline, IProviderVerification.NotInTime(c.deadline));
        return _to(c, IProviderVerification.Phase.Ended, 0);
    }

    /// @notice The house or the clinic was silent too long.
    function lapse(IProviderVerification.Check memory c, uint40 time)
        internal
        pure
        returns (IProviderVerification.Check memory)
    {
        c = roll(c, time);
        bool waits = c.phase == IProviderVerification.Phase.Asked || c.phase == IProviderVerification.Phase.Opening
            || c.phase == IProviderVerification.Phase.Drawing || c.phase == IProviderVerification.Phase.Challenged
            || c.phase == IProviderVerification.Phase.Unsealing;
        require(waits, IProviderVerification.NotThisPhase(c.phase));
        require(time > c.deadline, IProviderVerification.NotInTime(c.deadline));
        return fail(c);
    }

    function fail(IProviderVerification.Check memory c) internal pure returns (IProviderVerification.Check memory) {
        return _to(c, IProviderVerification.Phase.Failed, 0);
    }

    /// @dev Two of three jurors decide; without two that agree nothing is decided, and what is undecided is not accepted.
    function _verdict(IProviderVerification.Check memory c, uint40 time)
        private
        pure
        returns (IProviderVerification.Check memory)
    {
        if (c.accepts < 2 && c.revealed - c.accepts < 2) return fail(c);
        bool accepted = c.accepts >= 2;
        c.overruled = accepted != c.accepted;
        c.accepted = accepted;
        return _to(c, IProviderVerification.Phase.Unsealing, time + UNSEAL_TIME);
    }

    function _seat(IProviderVerification.Check memory c, uint40 time, uint8 round, uint8 wanted, uint256 seats)
        private
        pure
        returns (IProviderVerification.Check memory)
    {
        if (seats != wanted) return fail(c);
        c.round = round;
        c.size = wanted;
        (c.committed, c.revealed, c.accepts) = (0, 0, 0);
        return _to(c, IProviderVerification.Phase.Answering, time + ANSWER_TIME);
    }

    function _to(IProviderVerification.Check memory c, IProviderVerification.Phase phase, uint40 deadline)
        private
        pure
        returns (IProviderVerification.Check memory)
    {
        c.phase = phase;
        c.deadline = deadline;
        return c;
    }

    function _expect(IProviderVerification.Check memory c, IProviderVerification.Phase phase, uint40 time) private pure {
        require(c.phase == phase, IProviderVerification.NotThisPhase(c.phase));
        require(time <= c.deadline, IProviderVerification.NotInTime(c.deadline));
    }
}
