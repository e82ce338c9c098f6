// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../interfaces/IAssessorPanel.sol";

/// @notice When a panel's case may go on and to where, and what a ruling follows from: no calls, no loops, no storage.
/// @dev Times are seconds since the epoch and inclusive: the last second of a deadline still belongs to who had time.
library PanelMoves {
    uint8 internal constant FIRST = 5;
    uint8 internal constant SECOND = 11;
    uint8 internal constant ALL = 7;
    uint40 internal constant SECRETS_TIME = 1 days;
    uint40 internal constant OPENING_TIME = 1 days;
    uint40 internal constant VOTING_TIME = 4 days;
    uint40 internal constant REVEALING_TIME = 2 days;
    uint40 internal constant LAYOUT_TIME = 1 days;
    uint40 internal constant APPEAL_TIME = 2 days;
    /// The longest that one round takes if somebody acts as soon as time allows.
    uint40 internal constant ROUND_TIME = 9 days;

    function start(uint40 time, uint40 end) internal pure returns (IAssessorPanel.Case memory c) {
        require(end >= time + ROUND_TIME, IAssessorPanel.NotEnoughTime(end));
        c.phase = IAssessorPanel.Phase.Secrets;
        c.deadline = time + SECRETS_TIME;
        c.end = end;
    }

    /// @notice What time alone does: phases that are over give way to the next.
    function roll(IAssessorPanel.Case memory c, uint40 time) internal pure returns (IAssessorPanel.Case memory) {
        if (c.phase == IAssessorPanel.Phase.Secrets && time > c.deadline) {
            c.phase = IAssessorPanel.Phase.Opening;
            c.deadline += OPENING_TIME;
        }
        if (c.phase == IAssessorPanel.Phase.Voting && time > c.deadline) {
            c.phase = IAssessorPanel.Phase.Revealing;
            c.deadline += REVEALING_TIME;
        }
        if (c.phase == IAssessorPanel.Phase.Revealing && time > c.deadline) {
            c.phase = IAssessorPanel.Phase.Tallying;
            c.deadline += LAYOUT_TIME;
        }
        if (c.phase == IAssessorPanel.Phase.Appealable && time > c.deadline) {
            c.phase = IAssessorPanel.Phase.Ruled;
            c.deadline = 0;
        }
        return c;
    }

    /// @param bit 1 patient, 2 clinic, 4 house
    function commitSecret(IAssessorPanel.Case memory c, uint40 time, uint8 bit)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        _expect(c, IAssessorPanel.Phase.Secrets);
        require(time <= c.deadline, IAssessorPanel.NotInTime(c.deadline));
        require(c.committedSecrets & bit == 0, IAssessorPanel.AlreadyDone());
        c.committedSecrets |= bit;
        if (c.committedSecrets == ALL) {
            c.phase = IAssessorPanel.Phase.Opening;
            c.deadline = time + OPENING_TIME;
        }
        return c;
    }

    function openSecret(IAssessorPanel.Case memory c, uint40 time, uint8 bit)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        c = roll(c, time);
        _expect(c, IAssessorPanel.Phase.Opening);
        require(time <= c.deadline, IAssessorPanel.NotInTime(c.deadline));
        require(c.committedSecrets & bit != 0, IAssessorPanel.WrongSecret());
        require(c.openedSecrets & bit == 0, IAssessorPanel.AlreadyDone());
        c.openedSecrets |= bit;
        return c;
    }

    /// @notice Whether the panel may be drawn now: every secret is open, or the time for it is over.
    function mayDraw(IAssessorPanel.Case memory c, uint40 time)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        c = roll(c, time);
        _expect(c, IAssessorPanel.Phase.Opening);
        require(c.openedSecrets == ALL || time > c.deadline, IAssessorPanel.NotInTime(c.deadline));
        return c;
    }

    /// @param seats how many could be seated; a panel that is not full is none
    function draw(IAssessorPanel.Case memory c, uint40 time, uint8 seats)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        c = mayDraw(c, time);
        if (c.openedSecrets == 0 || seats != wanted(c.round)) return undecided(c);
        c.size = seats;
        c.phase = IAssessorPanel.Phase.Voting;
        c.deadline = time + VOTING_TIME;
        return c;
    }

    function commitVote(IAssessorPanel.Case memory c, uint40 time)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        _expect(c, IAssessorPanel.Phase.Voting);
        require(time <= c.deadline, IAssessorPanel.NotInTime(c.deadline));
        c.committed += 1;
        if (c.committed == c.size) {
            c.phase = IAssessorPanel.Phase.Revealing;
            c.deadline = time + REVEALING_TIME;
        }
        return c;
    }

    function revealVote(IAssessorPanel.Case memory c, uint40 time)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        c = roll(c, time);
        _expect(c, IAssessorPanel.Phase.Revealing);
        c.revealed += 1;
        if (c.revealed == c.committed) {
            c.phase = IAssessorPanel.Phase.Tallying;
            c.deadline = time + LAYOUT_TIME;
        }
        return c;
    }

    /// @param known the layout of the pictures is known, or there are none
    function mayTally(IAssessorPanel.Case memory c, uint40 time, bool known)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        c = roll(c, time);
        _expect(c, IAssessorPanel.Phase.Tallying);
        require(known || time > c.deadline, IAssessorPanel.NotInTime(c.deadline));
        return c;
    }

    /// @param none, half, all how many counted votes give nothing, half or everything back
    function tally(IAssessorPanel.Case memory c, uint40 time, uint8 none, uint8 half, uint8 all)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        if ((uint256(none) + half + all) * 2 <= c.size) return undecided(c);
        c.refundBps = median(none, half, all);
        if (c.round == 0) {
            c.phase = IAssessorPanel.Phase.Appealable;
            c.deadline = time + APPEAL_TIME;
        } else {
            c.phase = IAssessorPanel.Phase.Ruled;
            c.deadline = 0;
        }
        return c;
    }

    function appeal(IAssessorPanel.Case memory c, uint40 time)
        internal
        pure
        returns (IAssessorPanel.Case memory next)
    {
        _expect(c, IAssessorPanel.Phase.Appealable);
        require(time <= c.deadline, IAssessorPanel.NotInTime(c.deadline));
        uint16 first = c.refundBps;
        next = start(time, c.end);
        next.round = 1;
        next.refundBps = first;
    }

    /// @notice The clinic put nothing down: it has given up its case.
    function forfeit(IAssessorPanel.Case memory c) internal pure returns (IAssessorPanel.Case memory) {
        c.phase = IAssessorPanel.Phase.Ruled;
        c.refundBps = 10_000;
        c.deadline = 0;
        return c;
    }

    /// @notice A panel that could not decide: the first panel's ruling stands, or there is none.
    function undecided(IAssessorPanel.Case memory c) internal pure returns (IAssessorPanel.Case memory) {
        c.phase = c.round == 0 ? IAssessorPanel.Phase.Failed : IAssessorPanel.Phase.Ruled;
        c.deadline = 0;
        return c;
    }

    function settle(IAssessorPanel.Case memory c, uint40 time)
        internal
        pure
        returns (IAssessorPanel.Case memory)
    {
        c = roll(c, time);
        _expect(c, IAssessorPanel.Phase.Ruled);
        c.phase = IAssessorPanel.Phase.Settled;
        return c;
    }

    function fail(IAssessorPanel.Case memory c) internal pure returns (IAssessorPanel.Case memory) {
        require(live(c), IAssessorPanel.NotThisPhase(c.phase));
        c.phase = IAssessorPanel.Phase.Failed;
        c.deadline = 0;
        return c;
    }

    function live(IAssessorPanel.Case memory c) internal pure returns (bool) {
        return c.phase != IAssessorPanel.Phase.None && c.phase != IAssessorPanel.Phase.Settled
            && c.phase != IAssessorPanel.Phase.Failed;
    }

    function wanted(uint8 round) internal pure returns (uint8) {
        return round == 0 ? FIRST : SECOND;
    }

    /// @notice The middle vote; of two middle ones the patient's.
    function median(uint256 none, uint256 half, uint256 all) internal pure returns (uint16) {
        uint256 middle = (none + half + all) / 2;
        if (middle < none) return 0;
        return middle < none + half ? 5_000 : 10_000;
    }

    function _expect(IAssessorPanel.Case memory c, IAssessorPanel.Phase phase) private pure {
        require(c.phase == phase, IAssessorPanel.NotThisPhase(c.phase));
    }
}
