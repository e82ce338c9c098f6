// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {PanelMoves} from "../src/base/PanelMoves.sol";

/// @notice An induction over a case: beginning makes a lawful one, and each act and all passing of time turn a lawful
/// case into a lawful one that is further on. Secrets are bits, which the prover does not follow; the suite does.
contract PanelMovesSpec {
    using PanelMoves for IAssessorPanel.Case;

    uint40 private constant FAR = 2 ** 38;

    function prove_beginningIsLawful(uint40 time, uint40 end) external pure {
        require(time < FAR && end < FAR);
        IAssessorPanel.Case memory c = PanelMoves.start(time, end);
        assert(_lawful(c) && c.round == 0 && c.end == end && c.deadline <= end);
    }

    function prove_timeAloneKeepsItLawful(IAssessorPanel.Case memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.roll(time);
        assert(_lawful(c) && _rank(c) >= before);
    }

    function prove_drawKeepsItLawful(IAssessorPanel.Case memory c, uint40 time, uint8 seats) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.draw(time, seats);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_votingKeepsItLawful(IAssessorPanel.Case memory c, uint40 time) external pure {
        _assume(c, time);
        require(c.committed < c.size);
        uint256 before = _rank(c);
        c = c.commitVote(time);
        assert(_lawful(c) && _rank(c) >= before);
    }

    function prove_revealingKeepsItLawful(IAssessorPanel.Case memory c, uint40 time) external pure {
        _assume(c, time);
        require(c.revealed < c.committed);
        uint256 before = _rank(c);
        c = c.revealVote(time);
        assert(_lawful(c) && _rank(c) >= before);
    }

    function prove_tallyKeepsItLawful(
        IAssessorPanel.Case memory c,
        uint40 time,
        bool known,
        uint8 none,
        uint8 half,
        uint8 all
    ) external pure {
        _assume(c, time);
        require(uint256(none) + half + all <= c.revealed);
        uint256 before = _rank(c);
        c = c.mayTally(time, known);
        c = c.tally(time, none, half, all);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_appealIsOnce(IAssessorPanel.Case memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        uint16 first = c.refundBps;
        c = c.appeal(time);
        assert(_lawful(c) && _rank(c) > before && c.round == 1 && c.refundBps == first);
    }

    function prove_settlingIsTheEnd(IAssessorPanel.Case memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.settle(time);
        assert(_lawful(c) && _rank(c) > before && !c.live());
    }

    function prove_failingIsTheEnd(IAssessorPanel.Case memory c, uint40 time) external pure {
        _assume(c, time);
        c = c.fail();
        assert(_lawful(c) && !c.live());
    }

    function prove_aPanelThatCannotDecideLeavesTheFirstRuling(IAssessorPanel.Case memory c, uint40 time)
        external
        pure
    {
        _assume(c, time);
        require(c.round == 1);
        uint16 first = c.refundBps;
        c = c.undecided();
        assert(c.phase == IAssessorPanel.Phase.Ruled && c.refundBps == first);
    }

    function prove_nobodyRulesWithoutAMajority(IAssessorPanel.Case memory c, uint40 time, uint8 none, uint8 half, uint8 all)
        external
        pure
    {
        _assume(c, time);
        require(c.round == 0);
        c = c.tally(time, none, half, all);
        assert(c.phase == IAssessorPanel.Phase.Failed || (uint256(none) + half + all) * 2 > c.size);
    }

    function _assume(IAssessorPanel.Case memory c, uint40 time) private pure {
        require(_lawful(c) && time < FAR && c.deadline < FAR && c.end < FAR);
    }

    /// @dev A ruling is one of three; votes are within the panel; there are two rounds; only the first may be appealed.
    function _lawful(IAssessorPanel.Case memory c) private pure returns (bool) {
        return (c.refundBps == 0 || c.refundBps == 5_000 || c.refundBps == 10_000) && c.round <= 1 && c.size <= 11
            && c.committed <= c.size && c.revealed <= c.committed
            && (c.phase != IAssessorPanel.Phase.Appealable || c.round == 0)
            && (c.phase > IAssessorPanel.Phase.Opening || c.committed == 0);
    }

    /// @dev How far on it is: a later round counts more than any phase.
    function _rank(IAssessorPanel.Case memory c) private pure returns (uint256) {
        return uint256(c.round) * 7 + uint256(c.phase)
            + (c.phase >= IAssessorPanel.Phase.Ruled ? 100 : 0);
    }
}
