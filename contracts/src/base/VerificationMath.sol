// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a check costs and where its money goes: no calls, no loops, no storage, so that `spec/` can prove it.
/// Amounts are minor units of the settlement unit; `pay` is what a verifier gets for one task.
library VerificationMath {
    uint256 internal constant MIN_PAY = 1_000;
    uint256 internal constant MAX_PAY = 20_000;
    /// One seeded fake on nineteen real tasks: 5 %.
    uint256 internal constant REAL_PER_FAKE = 19;
    /// Fewer seeded fakes than this say nothing about a rate.
    uint256 internal constant ENOUGH_CHECKS = 10;

    /// @notice A real task's part of what one fake costs the house, rounded up in favour of the house.
    function overhead(uint256 pay) internal pure returns (uint256) {
        return (3 * pay + REAL_PER_FAKE - 1) / REAL_PER_FAKE;
    }

    /// @notice Three answers, of which the third goes back if it is not needed, and the part of a fake.
    function fee(uint256 pay) internal pure returns (uint256) {
        return 3 * pay + overhead(pay);
    }

    /// @notice What one seat locks of a bond: enough for the pay of everybody else who answered.
    function lock(uint256 pay) internal pure returns (uint256) {
        return 2 * pay;
    }

    /// @notice A challenger puts down as much as the two verifiers whom it contradicts.
    function deposit(uint256 pay) internal pure returns (uint256) {
        return 4 * pay;
    }

    /// @notice The half that is paid at once, rounded down; the rest waits.
    function half(uint256 pay) internal pure returns (uint256) {
        return pay / 2;
    }

    /// @notice What remains of the locks of those who were silent, once those who answered are paid from them.
    function afterSilence(uint256 pay, uint256 silent, uint256 answered) internal pure returns (uint256 toFund) {
        return silent * lock(pay) - answered * pay;
    }

    /// @notice The loser's deposit: jurors who answered are paid, the rest is the winner's.
    function prize(uint256 pay, uint256 jurors) internal pure returns (uint256) {
        return deposit(pay) - jurors * pay;
    }

    /// @notice How a fee is divided once the result is known. The four add up to the fee.
    /// @param answered 2 or 3 @param wrong 0, or 2 whom the jury overruled @param opened the house did its part
    function division(uint256 pay, uint256 answered, uint256 wrong, bool opened)
        internal
        pure
        returns (uint256 toVerifiers, uint256 toFund, uint256 toHouse, uint256 toClinic)
    {
        toFund = wrong * pay;
        toVerifiers = answered * pay - toFund;
        toHouse = opened ? overhead(pay) : 0;
        toClinic = fee(pay) - toFund - toVerifiers - toHouse;
    }

    /// @notice More than 10 % of the seeded fakes accepted, counted as if there had been ten at least.
    function suspended(uint256 checks, uint256 misses) internal pure returns (bool) {
        return misses * 10 > (checks < ENOUGH_CHECKS ? ENOUGH_CHECKS : checks);
    }
}
