// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InstalmentMath} from "../src/base/InstalmentMath.sol";
import {LoanPoolMath} from "../src/base/LoanPoolMath.sol";

/// @notice Arithmetic of instalments and of the pool, for every amount that a plan may contain.
contract InstalmentsSpec {
    function prove_interestIsNeverTooLittle(uint88 balance, uint32 rate, uint32 term) external pure {
        require(rate <= InstalmentMath.MAX_RATE && term <= InstalmentMath.MAX_TERM);
        uint256 exact = uint256(balance) * rate * term;
        assert(InstalmentMath.interest(balance, rate, term) * InstalmentMath.MILLION * InstalmentMath.YEAR >= exact);
    }

    function prove_interestIsLessThanAUnitTooMuch(uint88 balance, uint32 rate, uint32 term) external pure {
        require(rate <= InstalmentMath.MAX_RATE && term <= InstalmentMath.MAX_TERM);
        uint256 year = InstalmentMath.MILLION * InstalmentMath.YEAR;
        uint256 exact = uint256(balance) * rate * term;
        assert(InstalmentMath.interest(balance, rate, term) * year < exact + year);
    }

    function prove_aRefundedShareIsNoMoreThanTheAmount(uint88 amount, uint64 share) external pure {
        require(share <= InstalmentMath.ONE);
        assert(InstalmentMath.part(amount, share) <= amount);
    }

    function prove_aLateFeeIsAtMostATwentieth(uint88 amount, uint16 bps) external pure {
        require(bps <= InstalmentMath.MAX_LATE_BPS);
        uint256 below = uint256(amount) * (InstalmentMath.MAX_LATE_BPS - bps);
        assert(InstalmentMath.lateFee(amount, bps) * 10_000 + below <= uint256(amount) * 500);
    }

    function prove_aPaymentIsDividedExactly(uint88 amount, uint88 schedule, uint88 fees) external pure {
        (uint256 toSchedule, uint256 toFees, uint256 rest) = InstalmentMath.applied(amount, schedule, fees);
        assert(toSchedule + toFees + rest == amount);
    }

    function prove_feesAreLast(uint88 amount, uint88 schedule, uint88 fees) external pure {
        (uint256 toSchedule, uint256 toFees,) = InstalmentMath.applied(amount, schedule, fees);
        assert(toFees == 0 || toSchedule == schedule);
    }

    function prove_nothingIsTakenBeyondWhatIsOwed(uint88 amount, uint88 schedule, uint88 fees) external pure {
        (uint256 toSchedule, uint256 toFees,) = InstalmentMath.applied(amount, schedule, fees);
        assert(toSchedule <= schedule && toFees <= fees);
    }

    function prove_aRefundIsDividedExactly(uint88 refund, uint88 debt) external pure {
        (uint256 toLoan, uint256 toPatient) = InstalmentMath.refunded(refund, debt);
        assert(toLoan + toPatient == refund);
    }

    function prove_theLoanIsFirst(uint88 refund, uint88 debt) external pure {
        (uint256 toLoan, uint256 toPatient) = InstalmentMath.refunded(refund, debt);
        assert(toLoan <= debt && (toPatient == 0 || toLoan == debt));
    }

    function prove_whatWasNotDoneCostsNothing(uint88 refund, uint88 principal, uint88 received) external pure {
        require(refund >= principal);
        (uint256 toLoan,, uint256 back) = InstalmentMath.unperformed(refund, principal, received);
        assert(uint256(received) + toLoan == uint256(principal) + back);
    }

    function prove_anExitIsTheLowerOfTwoValues(uint128 asked, uint128 present) external pure {
        uint256 value = LoanPoolMath.exitValue(asked, present);
        assert(value <= asked && value <= present);
    }

    function prove_impairmentNeverExceedsWhatIsLent(uint96 cash, uint96 outstanding, uint96 impaired) external pure {
        require(impaired <= outstanding);
        assert(LoanPoolMath.net(cash, outstanding, impaired) >= cash);
    }

    function prove_aReplacedPartChangesNothingElse(uint96 others, uint96 before, uint96 later) external pure {
        assert(LoanPoolMath.replaced(uint256(others) + before, before, later) == uint256(others) + later);
    }
}
