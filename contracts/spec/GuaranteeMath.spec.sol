// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuaranteeMath} from "../src/base/GuaranteeMath.sol";

/// @notice Arithmetic of covers, for every price, sum and ruling that a cover may have.
contract GuaranteeMathSpec {
    function prove_theCoPayIsAFifthAtLeast(uint96 price) external pure {
        uint256 covered = GuaranteeMath.mostCovered(price);
        assert(covered * 10_000 <= uint256(price) * 8_000);
    }

    function prove_bothLayersAreThePrice(bool alone, uint96 price, uint96 sum) external pure {
        require(sum <= GuaranteeMath.mostCovered(price));
        (uint256 firstLoss, uint256 backed) = GuaranteeMath.layers(alone, price, sum);
        assert(firstLoss + backed == price);
    }

    function prove_theClinicsLayerIsAFifthOfTheSumAtLeast(bool alone, uint96 price, uint96 sum) external pure {
        require(sum <= price);
        (uint256 firstLoss,) = GuaranteeMath.layers(alone, price, sum);
        assert(firstLoss >= GuaranteeMath.shareUp(sum, 2_000));
    }

    function prove_anObjectiveFailurePaysWhatWasKept(uint96 paid, uint96 sum, uint16 goodwillBps) external pure {
        assert(GuaranteeMath.due(GuaranteeMath.OBJECTIVE, paid, sum, goodwillBps) == paid);
    }

    function prove_aVerdictPaysNoMoreThanWasKept(uint96 paid, uint96 sum) external pure {
        assert(GuaranteeMath.due(GuaranteeMath.NO_IMPROVEMENT, paid, sum, 0) <= paid);
    }

    function prove_goodwillIsNeverMoreThanWasKept(uint88 paid, uint16 goodwillBps) external pure {
        require(goodwillBps <= GuaranteeMath.BPS);
        assert(GuaranteeMath.share(paid, goodwillBps) <= paid);
    }

    function prove_aRefusalPaysNothing(uint96 paid, uint96 sum, uint16 goodwillBps) external pure {
        assert(GuaranteeMath.due(GuaranteeMath.REFUSED, paid, sum, goodwillBps) == 0);
    }

    function prove_aVerdictPaysTheSumAtMost(uint96 paid, uint96 sum, uint16 goodwillBps) external pure {
        assert(GuaranteeMath.due(GuaranteeMath.NO_IMPROVEMENT, paid, sum, goodwillBps) <= sum);
    }

    /// @dev Silence gives this share of what `due` gives, whatever that is.
    function prove_silencePaysNoMoreThanAVerdict(uint88 verdict, uint16 silentBps) external pure {
        require(silentBps <= GuaranteeMath.BPS);
        assert(GuaranteeMath.share(verdict, silentBps) <= verdict);
    }

    function prove_theWaterfallPaysExactlyWhatIsDue(uint96 amount, uint96 firstLoss) external pure {
        (uint256 fromBond, uint256 fromBacker) = GuaranteeMath.waterfall(amount, firstLoss);
        assert(fromBond + fromBacker == amount);
    }

    function prove_theBondPaysItsLayerAtMost(uint96 amount, uint96 firstLoss) external pure {
        (uint256 fromBond,) = GuaranteeMath.waterfall(amount, firstLoss);
        assert(fromBond <= firstLoss);
    }

    function prove_whoStandsBehindPaysItsLayerAtMost(uint96 firstLoss, uint96 backed, uint96 amount) external pure {
        require(amount <= uint256(firstLoss) + backed);
        (, uint256 fromBacker) = GuaranteeMath.waterfall(amount, firstLoss);
        assert(fromBacker <= backed);
    }

    function prove_theBackerPaysOnlyWhenTheBondIsUsedUp(uint96 amount, uint96 firstLoss) external pure {
        (uint256 fromBond, uint256 fromBacker) = GuaranteeMath.waterfall(amount, firstLoss);
        assert(fromBacker == 0 || fromBond == firstLoss);
    }

    function prove_aPremiumIsNeverBelowItsRate(uint96 sum, uint32 ppm, uint96 expense) external pure {
        assert((GuaranteeMath.premium(sum, ppm, expense) - expense) * 1_000_000 >= uint256(sum) * ppm);
    }

    function prove_aRateIsNeverBelowTheFloor(uint32 before, uint32 ppm) external pure {
        require(GuaranteeMath.rateAllowed(before, ppm));
        assert(ppm >= GuaranteeMath.RATE_FLOOR && ppm <= GuaranteeMath.RATE_CAP);
    }

    function prove_aRateMovesByAQuarterAtMost(uint32 before, uint32 ppm) external pure {
        require(before != 0 && GuaranteeMath.rateAllowed(before, ppm));
        assert(uint256(ppm) * 4 <= uint256(before) * 5 && uint256(ppm) * 4 >= uint256(before) * 3);
    }
}
