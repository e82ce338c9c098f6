// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../../src/interfaces/IAssessorPanel.sol";
import {Test} from "../base/Test.sol";
import {PanelHandler} from "./PanelHandler.sol";

/// @notice The panel and the pool over any sequence of acts.
contract PanelInvariants is Test {
    PanelHandler internal handler;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public virtual {
        handler = new PanelHandler();
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0].addr = address(handler);
        list[0].selectors = new bytes4[](9);
        list[0].selectors[0] = handler.pass.selector;
        list[0].selectors[1] = handler.secrets.selector;
        list[0].selectors[2] = handler.open.selector;
        list[0].selectors[3] = handler.draw.selector;
        list[0].selectors[4] = handler.vote.selector;
        list[0].selectors[5] = handler.tally.selector;
        list[0].selectors[6] = handler.appeal.selector;
        list[0].selectors[7] = handler.settle.selector;
        list[0].selectors[8] = handler.end.selector;
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
