// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "../base/PanelWorld.sol";

/// @notice Parties, house and assessors act in any order on one dispute after another, and time passes.
contract PanelHandler is PanelWorld {
    /// @dev The terms of the present dispute, ABI-encoded.
    bytes internal _encoded;
    uint256 public id;
    uint256 public settled;
    string public broken;
    uint256 internal _salt;
    uint256 internal _rank;

    constructor() {
        setUp();
        _begin();
    }

    function _now() private view returns (Terms memory) {
        return abi.decode(_encoded, (Terms));
    }

    /// @dev Something new is in dispute, and a case about it begins.
    function _begin() internal {
        id = _newMatter();
        _rank = 0;
    }

    function _newMatter() internal virtual returns (uint256) {
        Terms memory t = _panelTerms();
        t.salt = keccak256(abi.encode(_salt++));
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy = uint40(block.timestamp + (i + 1) * 20 days);
        }
        t.openBy = uint40(block.timestamp);
        t.coolingOff = 0;
        _open(t);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        _encoded = abi.encode(t);
        return _create(t, _salt % 2 == 0 ? patient : clinic);
    }

    /// @dev Whether the present case may have pictures.
    function _showable() internal virtual returns (bool) {
        return true;
    }

    /// @dev The arbiter's time is over, if it is.
    function _fallSilent() internal virtual {
        try escrow.settleSilent(_now()) {} catch {}
    }

    /// @dev What asked for the ruling has it.
    function _carriedOut() internal virtual {}

    function pass(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 2 days));
        _watch();
    }

    function secrets(uint256 pictures) external {
        IAssessorPanel.Case memory c = _case(id);
        if (c.phase != IAssessorPanel.Phase.Secrets || block.timestamp > c.deadline) return;
        if (c.committedSecrets == 0) _commitSecrets(id, pictures % 2 == 0 && _showable());
        _watch();
    }

    function open(uint256 which) external {
        IAssessorPanel.Case memory c = _case(id);
        uint8 side = uint8(which % 3);
        if (c.phase != IAssessorPanel.Phase.Opening || block.timestamp > c.deadline) return;
        if (c.committedSecrets & (1 << side) == 0 || c.openedSecrets & (1 << side) != 0) return;
        panel.openSecret(id, IAssessorPanel.Side(side), _secret(c.round, side));
        _watch();
    }

    function draw() external {
        try panel.draw(id) {} catch {}
        _watch();
    }

    function vote(uint256 who, uint256 finding) external {
        IAssessorPanel.Case memory c = _case(id);
        address[] memory m = panel.panelOf(id, c.round);
        if (m.length == 0) return;
        address a = m[who % m.length];
        IAssessorPanel.Finding f = IAssessorPanel.Finding(finding % 3);
        bytes32 hash = _voteHash(id, a, f, _seen(a, finding % 7));
        vm.prank(a);
        try panel.commitVote(id, hash) {} catch {}
        vm.prank(a);
        try panel.revealVote(id, f, _seen(a, finding % 7), "salt") {} catch {}
        _watch();
    }

    function tally(uint256 known) external {
        try panel.tally(id, known % 4 == 0 ? bytes32(0) : LAYOUT) {} catch {}
        _watch();
    }

    function appeal(uint256 by) external {
        vm.prank(by % 2 == 0 ? patient : clinic);
        try panel.appeal(id, "") {} catch {}
        _watch();
    }

    function settle() external {
        try panel.settle(id, _encoded) {
            ++settled;
            _carriedOut();
        } catch {}
        _next();
    }

    function end() external {
        _fallSilent();
        try panel.lapse(id) {} catch {}
        _next();
    }

    /// @dev Phase and round never go back (P3).
    function _watch() private {
        IAssessorPanel.Case memory c = _case(id);
        uint256 rank = uint256(c.round) * 100 + uint8(c.phase);
        if (rank < _rank) broken = "went back";
        _rank = rank;
    }

    function _next() private {
        _watch();
        IAssessorPanel.Phase p = _case(id).phase;
        if (p == IAssessorPanel.Phase.Settled || p == IAssessorPanel.Phase.Failed) {
            if (panel.heldFor(id) != 0) broken = "something is held after the end";
            if (pool.purse(FUND) > 200_000 && pool.purse(_as(clinic)) > 200_000) _begin();
        }
    }

    function sums() external view returns (uint256 purses, uint256 aside, uint256 held, uint256 balance) {
        purses = pool.purse(FUND) + pool.purse(_as(clinic)) + pool.purse(_as(patient)) + pool.purse(PAYOUT);
        for (uint256 i = 0; i < ASSESSORS; ++i) {
            purses += pool.purse(_as(_assessor(i)));
        }
        return (purses, pool.aside(), panel.heldFor(id), unit.balanceOf(address(pool)));
    }

    function rulingOf() external view returns (IAssessorPanel.Case memory) {
        return _case(id);
    }

    /// @dev Seats taken by the present dispute's panels, against the seats that the pool knows.
    function seats() external view returns (uint256 known, uint256 taken) {
        for (uint256 i = 0; i < ASSESSORS; ++i) {
            known += pool.seatsOf(_assessor(i));
        }
        IAssessorPanel.Phase p = _case(id).phase;
        if (p == IAssessorPanel.Phase.Settled || p == IAssessorPanel.Phase.Failed) return (known, 0);
        taken = panel.panelOf(id, 0).length + panel.panelOf(id, 1).length;
    }

    /// @dev Whether somebody could go on by time alone, if the present case is live (P3).
    function endsByTime() external returns (bool) {
        IAssessorPanel.Phase p = _case(id).phase;
        if (p == IAssessorPanel.Phase.Settled || p == IAssessorPanel.Phase.Failed) return true;
        vm.warp(block.timestamp + 100 days);
        _fallSilent();
        panel.lapse(id);
        return panel.heldFor(id) == 0;
    }
}
