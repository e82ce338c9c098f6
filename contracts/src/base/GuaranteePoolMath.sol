// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuaranteeMath} from "./GuaranteeMath.sol";

/// @notice The guarantee pool's arithmetic: capital rule, exits, share price. No calls, loops or storage.
library GuaranteePoolMath {
    uint256 internal constant MCR_BPS = 1_500;
    uint256 internal constant LARGEST_BPS = 5_000;
    uint256 internal constant CONCENTRATION_BPS = 1_000;
    uint256 internal constant MAX_CLINICS = 64;
    /// As long as the longest time in which a cover may be claimed: nobody leaves before a loss that is under way.
    uint256 internal constant EXIT_DELAY = GuaranteeMath.MAX_WINDOW;
    uint256 internal constant EXIT_WINDOW = 30 days;
    /// Shares that nobody owns, against the inflation of the first share.
    uint256 internal constant VIRTUAL_SHARES = 1e6;

    /// @notice Minimum capital: 15 % of what is covered, or half of the three largest clinics, rounded up.
    function minimumCapital(uint256 exposure, uint256 largest) internal pure returns (uint256) {
        uint256 byAll = GuaranteeMath.shareUp(exposure, MCR_BPS);
        uint256 byLargest = GuaranteeMath.shareUp(largest, LARGEST_BPS);
        return byAll > byLargest ? byAll : byLargest;
    }

    /// @notice What may leave.
    function free(uint256 capital, uint256 frozen, uint256 minimum) internal pure returns (uint256) {
        uint256 bound = frozen > minimum ? frozen : minimum;
        return capital > bound ? capital - bound : 0;
    }

    /// @notice Whether the pool may stand for what it would stand for then.
    /// @param clinic exposure to the clinic in question
    function carries(uint256 capital, uint256 frozen, uint256 minimum, uint256 clinic) internal pure returns (bool) {
        return frozen + minimum <= capital && clinic <= GuaranteeMath.share(capital, CONCENTRATION_BPS);
    }

    /// @notice What can be put aside for a claim: the whole, or what is not put aside for others.
    function freezable(uint256 capital, uint256 frozen, uint256 amount) internal pure returns (uint256) {
        return GuaranteeMath.least(amount, capital - frozen);
    }

    /// @notice The three largest of four, in order.
    /// @dev `a` >= `b` >= `c` before and after
    function largestThree(uint256 a, uint256 b, uint256 c, uint256 x) internal pure returns (uint256, uint256, uint256) {
        if (x > a) return (x, a, b);
        if (x > b) return (a, x, b);
        if (x > c) return (a, b, x);
        return (a, b, c);
    }

    function toShares(uint256 assets, uint256 supply, uint256 capital, bool up) internal pure returns (uint256) {
        uint256 parts = assets * (supply + VIRTUAL_SHARES);
        return (parts + (up ? capital : 0)) / (capital + 1);
    }

    function toAssets(uint256 shares, uint256 supply, uint256 capital, bool up) internal pure returns (uint256) {
        uint256 parts = shares * (capital + 1);
        return (parts + (up ? supply + VIRTUAL_SHARES - 1 : 0)) / (supply + VIRTUAL_SHARES);
    }
}
