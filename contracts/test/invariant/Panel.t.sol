// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../../src/interfaces/IAssessorPanel.sol";
import {Invariants} from "../base/Invariants.sol";
import {PanelHandler} from "./PanelHandler.sol";

/// @notice The panel and the pool over any sequence of acts.
contract PanelInvariants is Invariants {
    PanelHandler internal handler;

    function setUp() public virtual {
        _over(new PanelHandler());
    }

    function _over(PanelHandler one) internal {
        handler = one;
        target = address(handler);
        acts = [
            handler.pass.selector,
            handler.secrets.selector,
            handler.open.selector,
            handler.draw.selector,
            handler.vote.selector,
            handler.tally.selector,
            handler.appeal.selector,
            handler.settle.selector,
            handler.end.selector
        ];
    }

    function invariant_P1_everyUnitIsInAPurseOrKeptForADispute() public view {
        (uint256 purses, uint256 aside, uint256 held, uint256 balance) = handler.sums();
        eq(purses + aside, balance);
        eq(aside, held);
    }

    function invariant_P2_rulingIsOneOfThreeAndRestsOnAPanel() public view {
        IAssessorPanel.Case memory c = handler.rulingOf();
        yes(c.refundBps == 0 || c.refundBps == 5_000 || c.refundBps == 10_000, "ruling");
        yes(c.phase != IAssessorPanel.Phase.Appealable || uint256(c.revealed) * 2 > c.size, "majority");
    }

    function invariant_P3_nothingGoesBack() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    function invariant_P3_everyCaseEndsByTime() public {
        yes(handler.endsByTime(), "held");
    }

    function invariant_P7_seatsAreThoseOfLivePanels() public view {
        (uint256 known, uint256 taken) = handler.seats();
        eq(known, taken);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public virtual {
        invariant_P1_everyUnitIsInAPurseOrKeptForADispute();
        invariant_P2_rulingIsOneOfThreeAndRestsOnAPanel();
        invariant_P3_nothingGoesBack();
        invariant_P3_everyCaseEndsByTime();
        invariant_P7_seatsAreThoseOfLivePanels();
    }
}
