// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Invariants} from "../base/Invariants.sol";
import {VerificationHandler} from "./VerificationHandler.sol";

/// @notice Paid checks over any sequence of acts.
contract VerificationInvariants is Invariants {
    VerificationHandler private handler;

    function setUp() public {
        handler = new VerificationHandler();
        target = address(handler);
        acts = [
            handler.pass.selector,
            handler.prepare.selector,
            handler.open.selector,
            handler.draw.selector,
            handler.answer.selector,
            handler.answerAll.selector,
            handler.tally.selector,
            handler.challenge.selector,
            handler.finish.selector,
            handler.next.selector
        ];
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
