// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The guarantee's arithmetic and limits, free of calls, loops and storage, so that `spec/` can prove them.
/// `modules/money/core/guarantee-math.ts` computes the same, bit for bit.
/// @dev Amounts are minor units of the token, shares are in 1/10,000 (bps), rates in 1/1,000,000 (ppm).
library GuaranteeMath {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant PPM = 1_000_000;
    /// The patient's own part of a loss that only a verdict proves.
    uint256 internal constant COPAY_BPS = 2_000;
    /// The clinic's part of what is covered, where somebody stands behind it.
    uint256 internal constant FIRST_LOSS_BPS = 2_000;
    uint256 internal constant MAX_GOODWILL_BPS = 1_000;
    /// What an arbiter's silence gives at least, of what a verdict would have given.
    uint256 internal constant MIN_SILENT_BPS = 5_000;
    uint256 internal constant MIN_WAITING = 7 days;
    uint256 internal constant MIN_WINDOW = 14 days;
    uint256 internal constant MAX_WINDOW = 180 days;
    uint256 internal constant MIN_ARBITER_WINDOW = 3 days;
    uint256 internal constant MAX_ARBITER_WINDOW = 90 days;
    uint256 internal constant MAX_DURATION = 3 * 365 days;
    uint256 internal constant MAX_OPEN = 2;
    uint256 internal constant GOODWILL_PAUSE = 365 days;
    uint256 internal constant MAX_GOODWILL = 8;
    uint256 internal constant EPOCH = 90 days;
    uint256 internal constant RATE_FLOOR = 5_000;
    uint256 internal constant RATE_CAP = 500_000;
    uint256 internal constant RATE_STEP_BPS = 2_500;

    uint8 internal constant REFUSED = 0;
    /// Not performed as agreed, a wrong or false product, the wrong site, harm: everything paid.
    uint8 internal constant OBJECTIVE = 1;
    /// Assessors who do not know which picture is which see no improvement: the sum covered.
    uint8 internal constant NO_IMPROVEMENT = 2;
    /// Not satisfied: a fixed share, from the bond alone.
    uint8 internal constant GOODWILL = 3;

    /// @notice `bps` of `amount`, rounded down.
    function share(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return (amount * bps) / BPS;
    }

    /// @notice `bps` of `amount`, rounded up.
    function shareUp(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return (amount * bps + (BPS - 1)) / BPS;
    }

    /// @notice The most that may be covered of a price: what the co-pay leaves, rounded down.
    function mostCovered(uint256 price) internal pure returns (uint256) {
        return price - shareUp(price, COPAY_BPS);
    }

    /// @notice Who stands for how much of a cover. Both layers together are the price.
    /// @param alone true where nobody stands behind the clinic
    /// @return firstLoss the clinic's bond; the co-pay of an objective failure is always the clinic's
    /// @return backed who stands behind it
    function layers(bool alone, uint256 price, uint256 sum) internal pure returns (uint256 firstLoss, uint256 backed) {
        backed = alone ? 0 : sum - shareUp(sum, FIRST_LOSS_BPS);
        firstLoss = price - backed;
    }

    /// @notice What a ruling gives of a loss, rounded down.
    /// @param paid what the clinic kept of the price, so that no refund is paid a second time
    function due(uint8 ruling, uint256 paid, uint256 sum, uint256 goodwillBps) internal pure returns (uint256) {
        if (ruling == OBJECTIVE) return paid;
        if (ruling == NO_IMPROVEMENT) return least(sum, mostCovered(paid));
        if (ruling == GOODWILL) return least(sum, share(paid, goodwillBps));
        return 0;
    }

    /// @notice What an arbiter's silence gives of what was asked for; never the co-pay.
    function dueInSilence(uint8 asked, uint256 paid, uint256 sum, uint256 goodwillBps, uint256 silentBps)
        internal
        pure
        returns (uint256)
    {
        return share(due(asked == GOODWILL ? GOODWILL : NO_IMPROVEMENT, paid, sum, goodwillBps), silentBps);
    }

    /// @notice The bond pays first.
    function waterfall(uint256 amount, uint256 firstLoss) internal pure returns (uint256 fromBond, uint256 fromBacker) {
        fromBond = least(amount, firstLoss);
        fromBacker = amount - fromBond;
    }

    /// @notice Price of a cover, rounded up in favour of who stands behind it.
    function premium(uint256 sum, uint256 ppm, uint256 expense) internal pure returns (uint256) {
        return (sum * ppm + (PPM - 1)) / PPM + expense;
    }

    /// @notice Whether a cell's rate may follow its rate of an earlier epoch, or stand alone if there was none.
    function rateAllowed(uint256 before, uint256 ppm) internal pure returns (bool) {
        if (ppm < RATE_FLOOR || ppm > RATE_CAP) return false;
        if (before == 0) return true;
        return ppm * BPS <= before * (BPS + RATE_STEP_BPS) && ppm * BPS >= before * (BPS - RATE_STEP_BPS);
    }

    function least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
