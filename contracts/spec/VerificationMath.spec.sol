// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VerificationMath} from "../src/base/VerificationMath.sol";

/// @notice What a check costs and where it goes, for every pay and every way a task can end.
contract VerificationMathSpec {
    function prove_aFakeOnNineteenTasksIsPaidForAndNotMore(uint96 pay) external pure {
        uint256 all = VerificationMath.overhead(pay) * 19;
        assert(all >= uint256(pay) * 3 && all < uint256(pay) * 3 + 19);
    }

    function prove_theFeeIsThreeAnswersAndTheFakesPart(uint96 pay) external pure {
        assert(VerificationMath.fee(pay) == 3 * uint256(pay) + VerificationMath.overhead(pay));
    }

    function prove_theFeeIsDividedToTheLastUnit(uint96 pay, uint8 answered, bool overruled, bool opened) external pure {
        require(answered == 2 || answered == 3);
        (uint256 a, uint256 b, uint256 c, uint256 d) =
            VerificationMath.division(pay, answered, overruled ? 2 : 0, opened);
        assert(a + b + c + d == VerificationMath.fee(pay));
    }

    function prove_theHouseGetsItsPartOnlyIfItOpened(uint96 pay, uint8 answered) external pure {
        require(answered == 2 || answered == 3);
        (,, uint256 toHouse,) = VerificationMath.division(pay, answered, 0, false);
        assert(toHouse == 0);
    }

    function prove_theSilentCanPayThoseWhoAnswered(uint96 pay, uint8 silent, uint8 answered) external pure {
        require(silent >= 1 && answered <= 2 && silent <= 3);
        assert(VerificationMath.afterSilence(pay, silent, answered) <= uint256(silent) * 2 * pay);
    }

    function prove_aPrizeIsWhatTheJuryLeaves(uint96 pay, uint8 jurors) external pure {
        require(jurors == 2 || jurors == 3);
        uint256 prize = VerificationMath.prize(pay, jurors);
        assert(prize >= pay && prize + uint256(jurors) * pay == VerificationMath.deposit(pay));
    }

    function prove_twoLocksAreOneDeposit(uint96 pay) external pure {
        assert(2 * VerificationMath.lock(pay) == VerificationMath.deposit(pay));
    }

    function prove_theHalvesAreThePay(uint96 pay) external pure {
        uint256 first = VerificationMath.half(pay);
        assert(first <= pay - first && pay - first <= first + 1);
    }

    function prove_moreThanOneInTenSuspends(uint16 checks, uint16 misses) external pure {
        require(checks >= 10 && uint256(misses) * 10 > checks);
        assert(VerificationMath.suspended(checks, misses));
    }

    function prove_oneInTenDoesNotSuspend(uint16 checks, uint16 misses) external pure {
        require(uint256(misses) * 10 <= checks);
        assert(!VerificationMath.suspended(checks, misses));
    }

    function prove_aSecondMissIsNeverForgivenBeforeTwenty(uint16 checks, uint16 misses) external pure {
        require(checks < 20 && misses >= 2);
        assert(VerificationMath.suspended(checks, misses));
    }
}
