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
        uint256 arbiterWindow = terms.arbiterWindow;
        if (arbiterWindow == 0 || arbiterWindow > EscrowMath.MAX_WINDOW) {
            revert ICareEscrow.TermsOutOfBounds("arbiterWindow");
        }
        uint256 coolingOff = terms.coolingOff;
        if (coolingOff > EscrowMath.MAX_WINDOW) revert ICareEscrow.TermsOutOfBounds("coolingOff");
        if (terms.payout == 0 || terms.clinic == address(0) || terms.feeTo == address(0)) {
            revert ICareEscrow.TermsOutOfBounds("parties");
        }
        if (terms.token != closedLoop && uint256(terms.payout) >> 160 != 0) {
            revert ICareEscrow.TermsOutOfBounds("payout");
        }
        _checkSchedule(terms.schedule);
        return _checkMilestones(terms.milestones, coolingOff);
    }

    /// @dev Each field is read once, and nothing here can overflow: what is added is a time of less than 2^41 or one of
    /// at most 16 amounts of 88 bits.
    function _checkMilestones(Milestone[] calldata milestones, uint256 coolingOff)
        private
        view
        returns (uint256 total)
    {
        uint256 n = milestones.length;
        if (n == 0 || n > EscrowMath.MAX_MILESTONES) revert ICareEscrow.TermsOutOfBounds("milestones");
        unchecked {
            uint256 earliest = block.timestamp + coolingOff;
            uint256 latest = block.timestamp + EscrowMath.MAX_DURATION;
            for (uint256 i = 0; i < n; ++i) {
                Milestone calldata m = milestones[i];
                m.performed;
                uint256 amount = m.amount;
                if (amount == 0) revert ICareEscrow.TermsOutOfBounds("amount");
                uint256 window = m.window;
                if (window == 0 || window > EscrowMath.MAX_WINDOW) revert ICareEscrow.TermsOutOfBounds("window");
                uint256 dueBy = m.dueBy;
                if (dueBy <= earliest || dueBy > latest) revert ICareEscrow.TermsOutOfBounds("dueBy");
                // a patient who stays silent for a whole window must not make the next milestone overdue
                earliest = dueBy + window;
                total += amount;
            }
        }
        if (total > type(uint88).max) revert ICareEscrow.TermsOutOfBounds("total");
    }

    function _checkSchedule(Retention[] calldata schedule) private pure {
        uint256 n = schedule.length;
        if (n > EscrowMath.MAX_STEPS) revert ICareEscrow.TermsOutOfBounds("schedule");
        uint256 lastBefore = type(uint256).max;
        uint256 lastBps;
        unchecked {
            for (uint256 i = 0; i < n; ++i) {
                Retention calldata step = schedule[i];
                (uint256 before, uint256 bps) = (step.before, step.bps);
                if (before >= lastBefore || bps < lastBps || bps > EscrowMath.MAX_CANCEL_BPS) {
                    revert ICareEscrow.TermsOutOfBounds("schedule");
                }
                (lastBefore, lastBps) = (before, bps);
            }
        }
    }
}
