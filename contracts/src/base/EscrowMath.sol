// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The escrow's arithmetic and limits, free of calls and storage.
library EscrowMath {
    uint16 internal constant BPS = 10_000;
    uint16 internal constant MAX_FEE_BPS = 500;
    uint16 internal constant MAX_CANCEL_BPS = 3_000;
    uint256 internal constant MAX_MILESTONES = 16;
    uint256 internal constant MAX_STEPS = 8;
    uint256 internal constant MAX_WINDOW = 90 days;
    uint256 internal constant MAX_DURATION = 3 * 365 days;

    /// @notice `bps` of `amount`, rounded down: what is rounded away stays where the rest goes (I10).
    function share(uint88 amount, uint16 bps) internal pure returns (uint88) {
        return uint88((uint256(amount) * bps) / BPS);
    }
}
