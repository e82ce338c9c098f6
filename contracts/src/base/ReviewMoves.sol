// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IReviewGroups} from "../interfaces/IReviewGroups.sol";

/// @notice Who is admitted to review: once for an agreement, and only after it was settled. No calls, no storage;
/// proved in `spec/`.
library ReviewMoves {
    function admit(bool admitted, bool settled, bytes32 agreement) internal pure returns (bool) {
        require(!admitted, IReviewGroups.AdmittedAlready(agreement));
        require(settled, IReviewGroups.NotSettled(agreement));
        return true;
    }
}
