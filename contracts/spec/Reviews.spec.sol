// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReviewMoves} from "../src/base/ReviewMoves.sol";

/// @notice One agreement under any sequence of attempts to be admitted.
contract ReviewsSpec {
    bool private admitted;
    bool private paid;
    uint256 private members;
    uint256 private unpaid;

    function pay() external {
        paid = true;
    }

    function admit() external {
        admitted = ReviewMoves.admit(admitted, paid, 0);
        members++;
        if (!paid) unpaid++;
    }

    function prove_anAgreementGivesOneReviewRight() external view {
        assert(members <= 1);
    }

    function prove_nobodyReviewsWhatWasNotSettled() external view {
        assert(unpaid == 0);
    }

    function prove_whoIsAdmittedIsAMember() external view {
        assert(admitted == (members == 1));
    }
}
