// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ground, IParams} from "../src/interfaces/IParams.sol";
import {ParamsBounds} from "../src/base/ParamsBounds.sol";

/// @notice Any rule that may be set, and any ground that a patient signs.
contract ParamsBoundsSpec {
    function prove_noRuleInChinaGoesBelowSevenDays(IParams.Rule memory r) external pure {
        ParamsBounds.check("CN", r);
        assert(r.least >= 7 days);
    }

    function prove_nobodyDoesWithoutItInChina(IParams.Rule memory r) external pure {
        ParamsBounds.check("CN", r);
        assert(ParamsBounds.least(r, Ground.Waived) >= 7 days);
    }

    function prove_moneyInChinaStaysInAClosedLoop(IParams.Rule memory r) external pure {
        ParamsBounds.check("CN", r);
        assert(r.uses == 1);
    }

    function prove_nobodyDoesWithoutItInAustralia(IParams.Rule memory r) external pure {
        ParamsBounds.check("AU", r);
        assert(ParamsBounds.least(r, Ground.Waived) >= 7 days);
    }

    function prove_noEarlierServiceFreesInAustralia(IParams.Rule memory r) external pure {
        ParamsBounds.check("AU", r);
        assert(ParamsBounds.least(r, Ground.SameServiceBefore) >= 7 days);
    }

    function prove_noRuleAsksForMoreThanThirtyDays(IParams.Rule memory r, bytes2 jurisdiction) external pure {
        ParamsBounds.check(jurisdiction, r);
        assert(r.least <= 30 days);
    }

    function prove_everyRuleUsesSomeToken(IParams.Rule memory r, bytes2 jurisdiction) external pure {
        ParamsBounds.check(jurisdiction, r);
        assert(r.uses >= 1 && r.uses <= 7);
    }

    function prove_withoutAGroundTheRuleHolds(IParams.Rule memory r) external pure {
        assert(ParamsBounds.least(r, Ground.None) == r.least);
    }

    function prove_noGroundAsksForMore(IParams.Rule memory r, Ground ground) external pure {
        assert(ParamsBounds.least(r, ground) <= r.least);
    }
}
