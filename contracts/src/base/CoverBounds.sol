// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../interfaces/IGuaranteeBook.sol";
import {GuaranteeMath} from "./GuaranteeMath.sol";

/// @notice What a cover may say at all, whoever signed it.
library CoverBounds {
    function total(Terms calldata terms) internal pure returns (uint256 sum) {
        for (uint256 i = 0; i < terms.milestones.length; ++i) {
            sum += terms.milestones[i].amount;
        }
    }

    function check(Terms calldata terms, Cover calldata cover, uint256 price) internal view {
        if (cover.sum == 0 || cover.sum > GuaranteeMath.mostCovered(price)) _out("sum");
        if (block.timestamp > cover.openBy) _out("openBy");
        if (
            cover.from < block.timestamp + GuaranteeMath.MIN_WAITING
                || cover.until > block.timestamp + GuaranteeMath.MAX_DURATION
        ) _out("from");
        if (
            cover.until < uint256(cover.from) + GuaranteeMath.MIN_WINDOW
                || cover.until > uint256(cover.from) + GuaranteeMath.MAX_WINDOW
        ) _out("until");
        if (
            cover.arbiterWindow < GuaranteeMath.MIN_ARBITER_WINDOW
                || cover.arbiterWindow > GuaranteeMath.MAX_ARBITER_WINDOW
        ) _out("arbiterWindow");
        if (cover.goodwillBps > GuaranteeMath.MAX_GOODWILL_BPS) _out("goodwillBps");
        if (cover.silentBps < GuaranteeMath.MIN_SILENT_BPS || cover.silentBps > GuaranteeMath.BPS) _out("silentBps");
        if (cover.arbiter == address(0) || cover.arbiter == terms.clinic || cover.arbiter == terms.patient) {
            _out("arbiter");
        }
        // the clinic cannot stand behind itself
        if ((cover.profile == IGuaranteeBook.Profile.Insurer) != (cover.backer != address(0))) _out("backer");
        if (cover.backer == terms.clinic) _out("backer");
    }

    function _out(bytes32 field) private pure {
        revert IGuaranteeBook.CoverOutOfBounds(field);
    }
}
