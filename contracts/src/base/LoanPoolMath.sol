// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Arithmetic of the lenders' pool: no calls, no loops, no storage; proved in `spec/`.
library LoanPoolMath {
    /// Shares that nobody holds, so that the first deposit cannot be inflated away.
    uint256 internal constant VIRTUAL_SHARES = 1_000_000;
    uint256 internal constant VIRTUAL_ASSETS = 1;

    /// @notice Shares for a deposit, rounded down, at the value before impairment: who comes late pays for what may recover.
    function sharesFor(uint256 assets, uint256 supply, uint256 gross) internal pure returns (uint256) {
        return (assets * (supply + VIRTUAL_SHARES)) / (gross + VIRTUAL_ASSETS);
    }

    /// @notice The value of shares, rounded down, after impairment.
    function assetsFor(uint256 shares, uint256 supply, uint256 value) internal pure returns (uint256) {
        return (shares * (value + VIRTUAL_ASSETS)) / (supply + VIRTUAL_SHARES);
    }

    /// @notice What leaves for an exit: the lower of the values when it was asked for and when its time came.
    function exitValue(uint256 asked, uint256 present) internal pure returns (uint256) {
        return asked < present ? asked : present;
    }

    /// @notice Value of the pool after impairment.
    function net(uint256 cash, uint256 outstanding, uint256 impaired) internal pure returns (uint256) {
        return cash + outstanding - impaired;
    }

    /// @notice A total in which one loan's part is replaced.
    function replaced(uint256 total, uint256 before, uint256 later) internal pure returns (uint256) {
        return total - before + later;
    }
}
