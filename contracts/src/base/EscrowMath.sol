// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The escrow's arithmetic and limits, free of calls, loops and storage, so that `spec/` can prove them.
/// @dev Wide numbers only: a narrowing cast hides a value from the prover. What is returned never exceeds `amount`.
library EscrowMath {
    uint16 internal constant BPS = 10_000;
    uint16 internal constant MAX_FEE_BPS = 500;
    uint16 internal constant MAX_CANCEL_BPS = 3_000;
    uint256 internal constant MAX_MILESTONES = 16;
    uint256 internal constant MAX_STEPS = 8;
    uint256 internal constant MAX_WINDOW = 90 days;
    uint256 internal constant MAX_DURATION = 3 * 365 days;

    /// @notice `bps` of `amount`, rounded down: what is rounded away stays where the rest goes (I10).
    function share(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return (amount * bps) / BPS;
    }

    /// @notice What a payment to the clinic becomes. The fee is rounded down, in favour of the clinic.
    function pay(uint256 amount, uint256 feeBps) internal pure returns (uint256 toClinic, uint256 fee) {
        fee = share(amount, feeBps);
        toClinic = amount - fee;
    }

    /// @notice A disputed amount divided. The clinic's part is rounded down, in favour of the patient.
    function divide(uint256 amount, uint256 refundBps) internal pure returns (uint256 toProvider, uint256 refund) {
        toProvider = share(amount, BPS - refundBps);
        refund = amount - toProvider;
    }
}
