// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../interfaces/IAssessorPanel.sol";
import {Lots} from "./Lots.sol";
import {PanelDraw} from "./PanelDraw.sol";
import {PanelEyes} from "./PanelEyes.sol";
import {PanelMath} from "./PanelMath.sol";
import {PanelMoves} from "./PanelMoves.sol";

/// @notice Votes that are sealed, opened and counted.
abstract contract PanelVotes is PanelDraw {
    using PanelMoves for Case;

    /// @inheritdoc IAssessorPanel
    function commitVote(uint256 id, bytes32 commitment) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Vote storage v = _voteOfSeated(id, c.round);
        if (commitment == 0) revert WrongVote();
        if (v.commitment != 0) revert AlreadyDone();
        c = c.commitVote(_now());
        v.commitment = commitment;
        emit VoteCommitted(id, c.round, _msgSender(), commitment);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function revealVote(uint256 id, Finding finding, uint16 scores, bytes32 salt) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Vote storage v = _voteOfSeated(id, c.round);
        if (v.revealed) revert AlreadyDone();
        c = c.revealVote(_now());
        bytes32 commitment = keccak256(abi.encode(id, c.round, _msgSender(), finding, scores, salt));
        if (commitment != v.commitment || scores > 4_095) revert WrongVote();
        (v.revealed, v.finding, v.scores) = (true, finding, scores);
        _disputes[id].takers += 1;
        emit VoteRevealed(id, c.round, _msgSender(), finding, scores);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function tally(uint256 id, bytes32 layoutSecret) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Round storage r = _rounds[id][c.round];
        bool pictures = r.layout != 0;
        bool known = !pictures || r.layout == keccak256(abi.encode(id, c.round, layoutSecret));
        c = c.mayTally(_now(), known);
        uint8[3] memory counted = _count(id, c.round, pictures, known, layoutSecret);
        c = c.tally(_now(), counted[0], counted[1], counted[2]);
        emit Tallied(id, c.round, uint256(counted[0]) + counted[1] + counted[2], c.refundBps);
        _keep(id, c, before);
        if (c.phase == Phase.Appealable) emit AppealPossible(id, ARBITRABLE);
        if (c.phase == Phase.Failed) _end(id, 0, false);
    }

    /// @dev Whether pictures alone decide where there are some.
    function _blind() internal pure virtual returns (bool);

    function _voteOfSeated(uint256 id, uint8 round) private view returns (Vote storage) {
        Round storage r = _rounds[id][round];
        address by = _msgSender();
        if (!Lots.among(by, r.members)) revert NotSeated(by);
        return r.votes[by];
    }

    /// @dev Counts what was revealed and takes from who revealed nothing.
    function _count(uint256 id, uint8 round, bool pictures, bool known, bytes32 layoutSecret)
        private
        returns (uint8[3] memory counted)
    {
        Round storage r = _rounds[id][round];
        address[] memory members = r.members;
        for (uint256 i = 0; i < members.length; ++i) {
            Vote storage v = r.votes[members[i]];
            if (!v.revealed) {
                uint256 taken = POOL.takeUpTo(_who(members[i]), PanelMath.SLASH);
                _disputes[id].slashed += uint88(taken);
                emit Slashed(id, members[i], taken);
                continue;
            }
            uint256 layout = uint256(keccak256(abi.encode(layoutSecret, members[i]))) & 127;
            // without the layout a vote on pictures says nothing
            bool counts = !pictures || (known && PanelEyes.counts(v.scores, layout));
            uint256 finding = pictures && _blind() ? 0 : uint256(v.finding);
            uint256 bps = PanelEyes.refund(finding, pictures && known, v.scores, layout);
            if (counts) counted[bps / 5_000] += 1;
            if (pictures && known) POOL.note(members[i], counts);
            emit Assessed(id, round, members[i], counts, bps);
        }
    }
}
