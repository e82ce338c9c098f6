// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ground, IParams} from "../interfaces/IParams.sol";

/// @notice What no rule may say, whoever proposes it, and what a rule means: no calls, no loops, no storage.
library ParamsBounds {
    bytes2 internal constant CN = "CN";
    bytes2 internal constant AU = "AU";
    uint256 internal constant MAX_LEAST = 30 days;
    uint256 internal constant ALL_USES = 7;
    uint256 internal constant CLOSED_LOOP = 1;

    /// @notice Seconds that a rule of this jurisdiction may not go below: seven days of prepaid consumption in China
    /// (the Supreme People's Court's interpretation of 2025), seven days before cosmetic surgery in Australia.
    function floor(bytes2 jurisdiction) internal pure returns (uint256) {
        return jurisdiction == CN || jurisdiction == AU ? 7 days : 0;
    }

    function check(bytes2 jurisdiction, IParams.Rule memory r) internal pure {
        require(uint16(jurisdiction) != 0, IParams.RuleOutOfBounds("jurisdiction"));
        require(r.least >= floor(jurisdiction) && r.least <= MAX_LEAST, IParams.RuleOutOfBounds("least"));
        // in neither may a patient simply do without it; in Australia nothing frees from it
        require(!r.waivable || floor(jurisdiction) == 0, IParams.RuleOutOfBounds("waivable"));
        require(!r.sameServiceExempt || jurisdiction != AU, IParams.RuleOutOfBounds("sameServiceExempt"));
        require(r.uses != 0 && r.uses <= ALL_USES, IParams.RuleOutOfBounds("uses"));
        // where money goes round in a closed loop by law, no rule opens it
        require(jurisdiction != CN || r.uses == CLOSED_LOOP, IParams.RuleOutOfBounds("uses"));
    }

    /// @return seconds of cooling-off at least
    function least(IParams.Rule memory r, Ground ground) internal pure returns (uint256) {
        bool free = (ground == Ground.Waived && r.waivable)
            || (ground == Ground.SameServiceBefore && r.sameServiceExempt)
            || (ground == Ground.Consulted && r.start == IParams.Start.Consultation);
        return free ? 0 : r.least;
    }
}
