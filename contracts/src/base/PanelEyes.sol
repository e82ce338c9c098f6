// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "./PanelMath.sol";

/// @notice What a vote on pictures says. Scores are bits, which the prover does not follow, so they stand apart
/// from what it proves (`PanelMath`); the suite tests them.
library PanelEyes {
    /// @notice How one assessor sees the four pairs: the real pair, the real pair in the other order, a pair with a known
    /// improvement, and a pair without any. `layout` turns the places and the sides.
    function answer(uint256 scores, uint256 layout, uint256 kind) internal pure returns (uint256 score) {
        uint256 place = (kind + layout) % 4;
        score = (scores >> (place * 3)) & 7;
        if (score > 6) score = 6;
        bool swapped = kind < 2 ? ((layout >> 4) + kind) % 2 == 1 : (layout >> (kind + 3)) % 2 == 1;
        if (swapped) score = 6 - score;
    }

    /// @notice A vote counts if the known pairs were seen as they are and the same pair was not seen as better both ways.
    function counts(uint256 scores, uint256 layout) internal pure returns (bool) {
        uint256 first = answer(scores, layout, 0);
        uint256 again = answer(scores, layout, 1);
        uint256 better = answer(scores, layout, 2);
        uint256 same = answer(scores, layout, 3);
        if (better <= 3 || same < 2 || same > 4) return false;
        return !(first > 3 && again < 3) && !(first < 3 && again > 3);
    }

    /// @notice GAIS: 1 very much improved, 2 much improved, 3 improved, 4 unchanged, 5 worse; a half grade is rounded
    /// towards unchanged or worse, in favour of the patient.
    function gais(uint256 scores, uint256 layout) internal pure returns (uint256) {
        uint256 mean = (answer(scores, layout, 0) + answer(scores, layout, 1)) / 2;
        return mean < 3 ? 5 : 7 - mean;
    }

    /// @param finding 0 kept, 1 partly, 2 failed
    /// @return share of the milestone that a vote gives back: what the papers say, or everything if no improvement is seen
    function refund(uint256 finding, bool pictures, uint256 scores, uint256 layout)
        internal
        pure
        returns (uint256 share)
    {
        if (finding == 2 || (pictures && gais(scores, layout) > 3)) return PanelMath.BPS;
        return finding == 1 ? PanelMath.BPS / 2 : 0;
    }
}
