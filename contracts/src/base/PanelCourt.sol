// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IArbitrator} from "../interfaces/IArbitrator.sol";
import {IAssessorPanel} from "../interfaces/IAssessorPanel.sol";
import {Terms} from "../interfaces/ICareEscrow.sol";
import {PanelMath} from "./PanelMath.sol";
import {PanelMoves} from "./PanelMoves.sol";
import {PanelVotes} from "./PanelVotes.sol";

/// @notice The rest of a case: appeal, carrying out, ending, and what ERC-792 asks.
abstract contract PanelCourt is PanelVotes {
    using PanelMoves for Case;

    /// @inheritdoc IArbitrator
    function appeal(uint256 id, bytes calldata extraData) external {
        if (extraData.length != 0) revert WrongTerms();
        Dispute_ storage d = _disputes[id];
        address by = _msgSender();
        if (by != d.patient && by != d.clinic) revert NotParty(by);
        Case memory c = _case(id);
        Phase before = c.phase;
        d.firstBps = c.refundBps;
        c = c.appeal(_now());
        uint256 due = PanelMath.appealFee(d.fee);
        d.forAppeal = uint88(due);
        d.appellant = by == d.patient ? Side.Patient : Side.Clinic;
        if (due > 0 && !POOL.take(_who(by), due)) {
            if (by != d.patient || !d.patientByFund || !POOL.take(FUND, due)) revert DepositMissing(due);
            d.appealByFund = true;
        }
        emit AppealDecision(id, ARBITRABLE);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function settle(uint256 id, bytes calldata terms) external {
        Dispute_ storage d = _disputes[id];
        if (keccak256(terms) != d.agreement) revert WrongTerms();
        Case memory c = _case(id);
        Phase before = c.phase;
        c = c.settle(_now());
        _keep(id, c, before);
        bool waiting = _waiting(d);
        _end(id, c.refundBps, waiting);
        if (waiting) _carryOut(d, c.refundBps, terms);
    }

    /// @inheritdoc IAssessorPanel
    function lapse(uint256 id) external {
        Case memory c = _case(id);
        if (c.phase == Phase.None || _waiting(_disputes[id])) revert NotInTime(c.end);
        _keep(id, c.fail(), Phase.None);
        _end(id, 0, false);
    }

    /// @inheritdoc IAssessorPanel
    function submitEvidence(uint256 id, bytes32 digest) external {
        Dispute_ storage d = _disputes[id];
        address by = _msgSender();
        if (by != d.patient && by != d.clinic) revert NotParty(by);
        if (!_case(id).live()) revert NotThisPhase(_case(id).phase);
        emit Evidence(this, id, by, Strings.toHexString(uint256(digest), 32));
    }

    /// @inheritdoc IArbitrator
    function appealCost(uint256 id, bytes calldata) external view returns (uint256) {
        return PanelMath.appealFee(_disputes[id].fee);
    }

    /// @inheritdoc IArbitrator
    function appealPeriod(uint256 id) external view returns (uint256 from, uint256 until) {
        Case memory c = _case(id);
        if (c.phase == Phase.Appealable) return (c.deadline - PanelMoves.APPEAL_TIME, c.deadline);
    }

    /// @inheritdoc IArbitrator
    function disputeStatus(uint256 id) external view returns (DisputeStatus) {
        Case memory c = PanelMoves.roll(_case(id), _now());
        if (c.phase == Phase.Appealable) return DisputeStatus.Appealable;
        return c.live() && c.phase != Phase.Ruled ? DisputeStatus.Waiting : DisputeStatus.Solved;
    }

    /// @inheritdoc IArbitrator
    function currentRuling(uint256 id) external view returns (uint256) {
        Case memory c = _case(id);
        bool decided = c.round > 0 || c.phase == Phase.Appealable || c.phase == Phase.Ruled || c.phase == Phase.Settled;
        return decided ? uint256(c.refundBps) + 1 : 0;
    }

    /// @inheritdoc IAssessorPanel
    function caseOf(uint256 id) external view returns (Case memory) {
        return _case(id);
    }

    /// @dev Brings the ruling to what asked for it.
    /// @param subject what `settle` was given, of which the case keeps the hash
    function _carryOut(Dispute_ storage d, uint16 refundBps, bytes calldata subject) internal virtual;

    /// @dev The terms where they stand. They are well formed if their hash is that of an agreement that was opened: no
    /// other encoding has it, and nothing is written before it was compared.
    function _termsIn(bytes calldata encoded) internal pure returns (Terms calldata terms) {
        assembly ("memory-safe") {
            terms := add(encoded.offset, 0x20)
        }
    }
}
