// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EscrowMath} from "../src/base/EscrowMath.sol";

/// @notice Arithmetic of money, for every amount and rate that terms may contain.
contract EscrowMathSpec {
    function prove_aShareIsNeverMoreThanTheAmount(uint88 amount, uint16 bps) external pure {
        require(bps <= EscrowMath.BPS);
        assert(EscrowMath.share(amount, bps) <= amount);
    }

    function prove_aPaymentIsSplitExactly(uint88 amount, uint16 feeBps) external pure {
        require(feeBps <= EscrowMath.MAX_FEE_BPS);
        (uint256 toClinic, uint256 fee) = EscrowMath.pay(amount, feeBps);
        assert(toClinic + fee == amount);
    }

    function prove_theFeeIsWithinThePinnedRate(uint88 amount, uint16 feeBps) external pure {
        require(feeBps <= EscrowMath.MAX_FEE_BPS);
        (, uint256 fee) = EscrowMath.pay(amount, feeBps);
        assert(fee * 10_000 <= uint256(amount) * feeBps);
    }

    function prove_theFeeLacksLessThanOneUnit(uint88 amount, uint16 feeBps) external pure {
        require(feeBps <= EscrowMath.MAX_FEE_BPS);
        (, uint256 fee) = EscrowMath.pay(amount, feeBps);
        assert(fee * 10_000 + 10_000 > uint256(amount) * feeBps);
    }

    function prove_theClinicGetsNineteenTwentiethsAtLeast(uint88 amount, uint16 feeBps) external pure {
        require(feeBps <= EscrowMath.MAX_FEE_BPS);
        (uint256 toClinic,) = EscrowMath.pay(amount, feeBps);
        // the prover needs the difference to the highest rate as a number of its own
        uint256 below = uint256(amount) * (EscrowMath.MAX_FEE_BPS - feeBps);
        assert(toClinic * 10_000 >= uint256(amount) * 9_500 + below);
    }

    function prove_aDivisionIsExact(uint88 amount, uint16 refundBps) external pure {
        require(refundBps <= EscrowMath.BPS);
        (uint256 toProvider, uint256 refund) = EscrowMath.divide(amount, refundBps);
        assert(toProvider + refund == amount);
    }

    function prove_roundingStaysWithThePatient(uint88 amount, uint16 refundBps) external pure {
        require(refundBps <= EscrowMath.BPS);
        (, uint256 refund) = EscrowMath.divide(amount, refundBps);
        assert(refund * 10_000 >= uint256(amount) * refundBps);
    }

    function prove_roundingGivesLessThanOneUnit(uint88 amount, uint16 refundBps) external pure {
        require(refundBps <= EscrowMath.BPS);
        (, uint256 refund) = EscrowMath.divide(amount, refundBps);
        assert(refund * 10_000 < uint256(amount) * refundBps + 10_000);
    }

    function prove_aWholeRefundLeavesNothing(uint88 amount) external pure {
        (uint256 toProvider, uint256 refund) = EscrowMath.divide(amount, EscrowMath.BPS);
        assert(toProvider == 0 && refund == amount);
    }

    function prove_noRefundPaysEverything(uint88 amount) external pure {
        (uint256 toProvider, uint256 refund) = EscrowMath.divide(amount, 0);
        assert(toProvider == amount && refund == 0);
    }

    function prove_aCancellationKeepsThreeTenthsAtMost(uint88 amount, uint16 bps) external pure {
        require(bps <= EscrowMath.MAX_CANCEL_BPS);
        uint256 below = uint256(amount) * (EscrowMath.MAX_CANCEL_BPS - bps);
        assert(EscrowMath.share(amount, bps) * 10_000 + below <= uint256(amount) * 3_000);
    }
}
