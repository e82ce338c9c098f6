// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMoves} from "../src/base/PanelMoves.sol";

/// @notice What a ruling follows from: the middle of the votes, for all counts of them.
contract PanelMedianSpec {
    function prove_medianIsOneOfThree(uint8 none, uint8 half, uint8 all) external pure {
        uint16 m = PanelMoves.median(none, half, all);
        assert(m == 0 || m == 5_000 || m == 10_000);
    }

    function prove_majorityForThePatientGivesEverythingBack(uint8 none, uint8 half, uint8 all) external pure {
        require(uint256(all) > uint256(none) + half);
        assert(PanelMoves.median(none, half, all) == 10_000);
    }

    function prove_majorityForTheClinicGivesNothingBack(uint8 none, uint8 half, uint8 all) external pure {
        require(uint256(none) > uint256(half) + all);
        assert(PanelMoves.median(none, half, all) == 0);
    }

    function prove_oneMoreVoteForThePatientNeverHurtsIt(uint8 none, uint8 half, uint8 all) external pure {
        require(none > 0);
        assert(PanelMoves.median(uint256(none) - 1, half, uint256(all) + 1) >= PanelMoves.median(none, half, all));
    }
}
