// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Milestone, Retention, Terms} from "../interfaces/ICareEscrow.sol";
import {EscrowMath} from "./EscrowMath.sol";

/// @notice What terms may say at all, whoever signed them.
library TermsBounds {
    /// @param closedLoop the settlement unit: money in it returns to a custodian's reference, in any other token to an
    /// address
    /// @return total sum of the milestones
    function check(Terms calldata terms, address closedLoop) internal view returns (uint256 total) {
        // read so that they are validated before anything is opened (`TermsHash`); 0 is an arbiter who stays silent
        terms.arbiter;
        if (terms.feeBps > EscrowMath.MAX_FEE_BPS) revert ICareEscrow.TermsOutOfBounds("feeBps");
        if (terms.defaultSplitBps > EscrowMath.BPS) revert ICareEscrow.TermsOutOfBounds("defaultSplitBps");
        if (terms.arbiterWindow == 0 || terms.arbiterWindow > EscrowMath.MAX_WINDOW) {
            revert ICareEscrow.TermsOutOfBounds("arbiterWindow");
        }
        if (terms.coolingOff > EscrowMath.MAX_WINDOW) revert ICareEscrow.TermsOutOfBounds("coolingOff");
        if (terms.payout == 0 || terms.clinic == address(0) || terms.feeTo == address(0)) {
            revert ICareEscrow.TermsOutOfBounds("parties");
        }
        if (terms.token != closedLoop && uint256(terms.payout) >> 160 != 0) {
            revert ICareEscrow.TermsOutOfBounds("payout");
        }
        _checkSchedule(terms.schedule);
        return _checkMilestones(terms.milestones, block.timestamp + terms.coolingOff);
    }

    function _checkMilestones(Milestone[] calldata milestones, uint256 earliest) private view returns (uint256 total) {
        uint256 n = milestones.length;
        if (n == 0 || n > EscrowMath.MAX_MILESTONES) revert ICareEscrow.TermsOutOfBounds("milestones");
        for (uint256 i = 0; i < n; ++i) {
            Milestone calldata m = milestones[i];
            m.performed;
            if (m.amount == 0) revert ICareEscrow.TermsOutOfBounds("amount");
            if (m.window == 0 || m.window > EscrowMath.MAX_WINDOW) revert ICareEscrow.TermsOutOfBounds("window");
            if (m.dueBy <= earliest || m.dueBy > block.timestamp + EscrowMath.MAX_DURATION) {
                revert ICareEscrow.TermsOutOfBounds("dueBy");
            }
            // a patient who stays silent for a whole window must not make the next milestone overdue
            earliest = uint256(m.dueBy) + m.window;
            total += m.amount;
        }
        if (total > type(uint88).max) revert ICareEscrow.TermsOutOfBounds("total");
    }

    function _checkSchedule(Retention[] calldata schedule) private pure {
        if (schedule.length > EscrowMath.MAX_STEPS) revert ICareEscrow.TermsOutOfBounds("schedule");
        uint256 before = type(uint256).max;
        uint16 bps;
        for (uint256 i = 0; i < schedule.length; ++i) {
            Retention calldata step = schedule[i];
            if (step.before >= before || step.bps < bps || step.bps > EscrowMath.MAX_CANCEL_BPS) {
                revert ICareEscrow.TermsOutOfBounds("schedule");
            }
            (before, bps) = (step.before, step.bps);
        }
    }
}
