// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GuaranteeMath} from "../src/base/GuaranteeMath.sol";
import {GuaranteePoolMath} from "../src/base/GuaranteePoolMath.sol";

/// @notice The pool's capital rule, exits and share price.
contract GuaranteePoolMathSpec {
    function prove_theMinimumIsFifteenPerCentAtLeast(uint96 exposure, uint96 largest) external pure {
        assert(GuaranteePoolMath.minimumCapital(exposure, largest) * 10_000 >= uint256(exposure) * 1_500);
    }

    function prove_theMinimumIsHalfOfTheLargestAtLeast(uint96 exposure, uint96 largest) external pure {
        assert(GuaranteePoolMath.minimumCapital(exposure, largest) * 10_000 >= uint256(largest) * 5_000);
    }

    function prove_whatLeavesLeavesTheMinimumBehind(uint96 capital, uint96 frozen, uint96 minimum) external pure {
        require(minimum <= capital);
        assert(capital - GuaranteePoolMath.free(capital, frozen, minimum) >= minimum);
    }

    function prove_whatLeavesLeavesWhatIsFrozenBehind(uint96 capital, uint96 frozen, uint96 minimum) external pure {
        require(frozen <= capital);
        assert(capital - GuaranteePoolMath.free(capital, frozen, minimum) >= frozen);
    }

    function prove_frozenStaysWithinCapital(uint96 capital, uint96 frozen, uint96 amount) external pure {
        require(frozen <= capital);
        assert(frozen + GuaranteePoolMath.freezable(capital, frozen, amount) <= capital);
    }

    function prove_oneClinicIsATenthAtMost(uint96 capital, uint96 frozen, uint96 minimum, uint96 clinic) external pure {
        require(GuaranteePoolMath.carries(capital, frozen, minimum, clinic));
        assert(uint256(clinic) * 10 <= capital);
    }

    function prove_coversFitBesideWhatIsFrozen(uint96 capital, uint96 frozen, uint96 minimum, uint96 clinic)
        external
        pure
    {
        require(GuaranteePoolMath.carries(capital, frozen, minimum, clinic));
        assert(uint256(frozen) + minimum <= capital);
    }

    function prove_theLargestThreeStayInOrder(uint96 a, uint96 b, uint96 c, uint96 x) external pure {
        require(a >= b && b >= c);
        (uint256 d, uint256 e, uint256 f) = GuaranteePoolMath.largestThree(a, b, c, x);
        assert(d >= e && e >= f);
    }

    function prove_whoIsNotAmongTheLargestIsNoLarger(uint96 a, uint96 b, uint96 c, uint96 x) external pure {
        require(a >= b && b >= c);
        (uint256 d, uint256 e, uint256 f) = GuaranteePoolMath.largestThree(a, b, c, x);
        // one of the four is left out
        uint256 out = uint256(a) + b + c + x - d - e - f;
        assert(out <= f);
    }

    function prove_comingAndGoingAtOnceNeverProfits(uint32 assets, uint32 supply, uint32 capital) external pure {
        uint256 shares = GuaranteePoolMath.toShares(assets, supply, capital, false);
        uint256 back = (shares * (uint256(capital) + 1)) / (uint256(supply) + GuaranteePoolMath.VIRTUAL_SHARES);
        assert(back <= assets);
    }
}
