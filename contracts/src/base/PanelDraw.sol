// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../interfaces/IAssessorPanel.sol";
import {PanelMoney} from "./PanelMoney.sol";
import {PanelMoves} from "./PanelMoves.sol";

/// @notice Secrets of three sides, and the panel that is drawn from them.
abstract contract PanelDraw is PanelMoney {
    using PanelMoves for Case;

    /// @inheritdoc IAssessorPanel
    function commitSecret(uint256 id, bytes32 beacon, bytes32 commitment) external {
        Dispute_ storage d = _disputes[id];
        address by = _msgSender();
        if (by != d.patient && by != d.clinic) revert NotParty(by);
        _commitSecret(id, by == d.patient ? Side.Patient : Side.Clinic, beacon, commitment);
    }

    /// @inheritdoc IAssessorPanel
    function prepare(uint256 id, bytes32 beacon, bytes32 commitment, bytes32 layout) external restricted {
        if (layout != 0 && !_mayShow(_disputes[id])) revert WrongTerms();
        uint8 round = _cases[id].round;
        _commitSecret(id, Side.House, beacon, commitment);
        _rounds[id][round].layout = layout;
    }

    /// @inheritdoc IAssessorPanel
    function openSecret(uint256 id, Side side, bytes32 secret) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Round storage r = _rounds[id][c.round];
        c = c.openSecret(_now(), _bit(side));
        bytes32 commitment = keccak256(abi.encode(id, c.round, side, _disputes[id].beacon, secret));
        if (commitment != r.commitments[uint8(side)]) revert WrongSecret();
        r.secrets[uint8(side)] = secret;
        emit SecretOpened(id, c.round, side, secret);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function draw(uint256 id) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        c = c.mayDraw(_now());
        Dispute_ storage d = _disputes[id];
        if (c.round == 0 && d.fee > 0 && d.fromClinic == 0) return _keep(id, c.forfeit(), before);
        Round storage r = _rounds[id][c.round];
        bytes32 seed = keccak256(abi.encode(d.beacon, r.secrets));
        address[] memory earlier = c.round == 0 ? new address[](0) : _rounds[id][0].members;
        address[] memory members;
        if (c.openedSecrets != 0) members = POOL.seat(seed, d.clinic, earlier, PanelMoves.wanted(c.round));
        c = c.draw(_now(), uint8(members.length));
        if (c.phase == Phase.Voting) {
            r.members = members;
            emit Drawn(id, c.round, seed, members, c.deadline);
        }
        _keep(id, c, before);
        if (c.phase == Phase.Failed) _end(id, 0, false);
    }

    /// @inheritdoc IAssessorPanel
    function beaconOf(uint256 id) external view returns (bytes32) {
        return _disputes[id].beacon;
    }

    /// @inheritdoc IAssessorPanel
    function panelOf(uint256 id, uint8 round) external view returns (address[] memory) {
        return _rounds[id][round].members;
    }

    /// @dev Whether pictures may be shown in this case.
    function _mayShow(Dispute_ storage d) internal view virtual returns (bool);

    function _commitSecret(uint256 id, Side side, bytes32 beacon, bytes32 commitment) private {
        Case memory c = _case(id);
        Phase before = c.phase;
        c = c.commitSecret(_now(), _bit(side));
        // after a reorganisation the dispute's block is another one, and what was committed for the old is worth nothing
        if (beacon != _disputes[id].beacon) revert WrongBeacon(_disputes[id].beacon);
        _rounds[id][c.round].commitments[uint8(side)] = commitment;
        emit SecretCommitted(id, c.round, side, commitment);
        _keep(id, c, before);
    }

    function _bit(Side side) private pure returns (uint8) {
        return uint8(1) << uint8(side);
    }
}
