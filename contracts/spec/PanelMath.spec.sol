// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";

/// @notice What a dispute costs, where its money goes, and who may judge: for all inputs.
contract PanelMathSpec {
    function prove_feeIsWithinItsBounds(uint88 amount) external pure {
        uint256 due = PanelMath.fee(amount);
        assert(due <= 200_000 && due * 20 <= amount);
    }

    function prove_appealCostsTwiceAtMost(uint88 amount) external pure {
        assert(PanelMath.appealFee(PanelMath.fee(amount)) <= 400_000);
    }

    function prove_nobodyPaysMoreThanItPutDown(uint88 a, uint88 b, uint16 refundBps) external pure {
        require(refundBps <= 10_000);
        (uint256 patientPays, uint256 clinicPays) = PanelMath.charges(a, b, refundBps);
        assert(patientPays <= a && clinicPays <= b);
    }

    function prove_whoWinsEverythingPaysNothing(uint88 a, uint88 b) external pure {
        (uint256 patientPays,) = PanelMath.charges(a, b, 10_000);
        (, uint256 clinicPays) = PanelMath.charges(a, b, 0);
        assert(patientPays == 0 && clinicPays == 0);
    }

    function prove_theEndDividesExactlyWhatWasHeld(
        PanelMath.Deposits memory d,
        uint16 refundBps,
        bool carriedOut,
        bool worked
    ) external pure {
        require(d.fromPatient < 2 ** 88 && d.fromClinic < 2 ** 88 && d.forAppeal < 2 ** 88 && d.slashed < 2 ** 88);
        require(refundBps <= 10_000);
        (uint256 toPatient, uint256 toClinic, uint256 toAppellant, uint256 shared) =
            PanelMath.ending(d, refundBps, carriedOut, worked);
        assert(toPatient + toClinic + toAppellant + shared == d.fromPatient + d.fromClinic + d.forAppeal + d.slashed);
    }

    function prove_aClaimFindsNothingWhatWasAskedOrGoodwill(uint256 bps, uint8 asked) external pure {
        require(asked >= 1 && asked <= 3);
        uint256 what = PanelMath.found(bps, asked);
        assert(what == 0 || what == asked || what == 3);
    }

    function prove_aClaimFindsNothingExactlyWhereNothingIsRuled(uint256 bps, uint8 asked) external pure {
        require(asked >= 1 && asked <= 3);
        assert((PanelMath.found(bps, asked) == 0) == (bps == 0));
    }

    function prove_aFullRulingFindsWhatWasAsked(uint8 asked) external pure {
        require(asked >= 1 && asked <= 3);
        assert(PanelMath.found(10_000, asked) == asked);
    }

    function prove_eyesThatAreAlwaysRightMayAlwaysSit(uint32 looks) external pure {
        assert(PanelMath.calibrated(looks, looks));
    }

    function prove_eyesThatAreNeverRightLoseTheirSeat(uint32 looks) external pure {
        require(looks >= 5);
        assert(!PanelMath.calibrated(looks, 0));
    }

    function prove_oneMoreRightLookNeverCostsTheSeat(uint32 looks, uint32 right) external pure {
        require(right <= looks && PanelMath.calibrated(looks, right) && looks >= 5);
        assert(PanelMath.calibrated(uint256(looks) + 1, uint256(right) + 1));
    }
}
