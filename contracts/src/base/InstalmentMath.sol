// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Arithmetic of instalments: no calls, no loops, no storage, so that `spec/` can prove it. The browser and the
/// server compute the same numbers (`modules/money/core/instalment-math.ts`), bit for bit.
/// @dev A year has 31,536,000 seconds, a month is its twelfth (2,628,000). Rates are nominal, in millionths a year;
/// within a term interest is simple, from term to term it is actuarial. Wide numbers only.
library InstalmentMath {
    uint256 internal constant YEAR = 365 days;
    uint256 internal constant MILLION = 1_000_000;
    /// The whole of a schedule.
    uint256 internal constant ONE = 1e18;
    /// Present values are computed in billionths of a minor unit.
    uint256 internal constant BILLION = 1e9;
    uint256 internal constant BPS = 10_000;
    uint256 internal constant MAX_RATE = 240_000;
    uint256 internal constant MAX_LATE_BPS = 500;
    uint256 internal constant MAX_INSTALMENTS = 36;
    uint256 internal constant MAX_TERM = 100 days;
    /// By how much a date of the calendar may differ from its term.
    uint256 internal constant DRIFT = 4 days;
    uint256 internal constant GRACE = 5 days;
    uint256 internal constant DEFAULT = 60 days;
    uint256 internal constant MAX_COOLING = 30 days;
    uint256 internal constant MIN_COOLING = 1 days;

    /// @notice Interest of one term, rounded up: the debt is never less than exact, and never a unit more.
    function interest(uint256 balance, uint256 rate, uint256 term) internal pure returns (uint256) {
        uint256 year = MILLION * YEAR;
        return (balance * rate * term + year - 1) / year;
    }

    /// @notice One step of Horner's rule from the last instalment to the first: what is due after a term, at its
    /// beginning, discounted at `cap`. Rounded up, against the lender.
    /// @param later present value, in billionths, of what follows this instalment
    /// @dev Unchecked, because it is taken for each instalment: at most 36 amounts below 2^88 add up to less than 2^124
    /// billionths, times 2^45 (proved).
    function discounted(uint256 later, uint256 amount, uint256 cap, uint256 term) internal pure returns (uint256) {
        unchecked {
            uint256 divisor = MILLION * YEAR + cap * term;
            return ((later + amount * BILLION) * (MILLION * YEAR) + divisor - 1) / divisor;
        }
    }

    /// @notice The share of an amount that is left after refunds, rounded down, in favour of the patient.
    function part(uint256 amount, uint256 share) internal pure returns (uint256) {
        return (amount * share) / ONE;
    }

    /// @notice What is left of `share` when `refund` of the debt's present value was paid back. Rounded down.
    /// @dev `refund` < `value`
    function shareAfter(uint256 share, uint256 value, uint256 refund) internal pure returns (uint256) {
        return (share * (value - refund)) / value;
    }

    /// @notice Once for an instalment that is past grace: a share of this instalment, of no fee. Rounded down.
    function lateFee(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return (amount * bps) / BPS;
    }

    /// @notice What of a payment goes where: to instalments first, to late fees last.
    function applied(uint256 amount, uint256 schedule, uint256 fees)
        internal
        pure
        returns (uint256 toSchedule, uint256 toFees, uint256 rest)
    {
        toSchedule = amount < schedule ? amount : schedule;
        toFees = amount - toSchedule < fees ? amount - toSchedule : fees;
        rest = amount - toSchedule - toFees;
    }

    /// @notice A refund pays the debt first; the rest is the patient's.
    function refunded(uint256 refund, uint256 debt) internal pure returns (uint256 toLoan, uint256 toPatient) {
        toLoan = refund < debt ? refund : debt;
        toPatient = refund - toLoan;
    }

    /// @notice Nothing was done: the loan costs nothing. The lender gets back what it lent, no more.
    /// @return toLoan of the refund
    /// @return toPatient of the refund
    /// @return back what the lender has had beyond what it lent
    function unperformed(uint256 refund, uint256 principal, uint256 received)
        internal
        pure
        returns (uint256 toLoan, uint256 toPatient, uint256 back)
    {
        uint256 debt = principal > received ? principal - received : 0;
        back = received > principal ? received - principal : 0;
        (toLoan, toPatient) = refunded(refund, debt);
    }
}
