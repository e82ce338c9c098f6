// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "../base/Test.sol";
import {VerificationHandler} from "./VerificationHandler.sol";

/// @notice Paid checks over any sequence of acts.
contract VerificationInvariants is Test {
    VerificationHandler private handler;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        handler = new VerificationHandler();
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0].addr = address(handler);
        list[0].selectors = new bytes4[](10);
        list[0].selectors[0] = handler.pass.selector;
        list[0].selectors[1] = handler.prepare.selector;
        list[0].selectors[2] = handler.open.selector;
        list[0].selectors[3] = handler.draw.selector;
        list[0].selectors[4] = handler.answer.selector;
        list[0].selectors[5] = handler.answerAll.selector;
        list[0].selectors[6] = handler.tally.selector;
        list[0].selectors[7] = handler.challenge.selector;
        list[0].selectors[8] = handler.finish.selector;
        list[0].selectors[9] = handler.next.selector;
    }

    function invariant_V1_everyUnitIsABondHeldCreditedOrLost() public {
        handler.sums();
    }

    function invariant_V2_nothingGoesBackAndNothingIsHeldAfterTheEnd() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    function invariant_V2_everyTaskEndsByTime() public {
        yes(handler.endsByTime(), "held");
    }

    function invariant_V3_whoAnswersHonestlyNeverLoses() public {
        yes(handler.honestKeepAll(), "lost");
    }

    function invariant_V4_nothingStandsThatTwoDidNotAccept() public view {
        yes(handler.standsByTwo(), "stands");
    }

    /// @dev All of the above at once: one long run instead of many. Last what moves time: it counts silent seats as it
    /// goes, which the handler does not see, and would say of them that they were honest.
    function invariant_all() public {
        invariant_V1_everyUnitIsABondHeldCreditedOrLost();
        invariant_V2_nothingGoesBackAndNothingIsHeldAfterTheEnd();
        invariant_V3_whoAnswersHonestlyNeverLoses();
        invariant_V4_nothingStandsThatTwoDidNotAccept();
        invariant_V2_everyTaskEndsByTime();
    }
}
