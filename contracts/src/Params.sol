// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ground, IParams} from "./interfaces/IParams.sol";
import {Managed} from "./base/Managed.sol";
import {ParamsBounds} from "./base/ParamsBounds.sol";

/// @title See IParams.
contract Params is IParams, Managed {
    mapping(bytes2 jurisdiction => Rule) private _rules;
    mapping(address clinic => bytes2) public jurisdictionOf;
    bool private _configured;

    constructor(address authority) Managed(authority) {}

    /// @inheritdoc IParams
    function setRule(
        bytes2 jurisdiction,
        uint32 least,
        Start start,
        bool waivable,
        bool sameServiceExempt,
        uint8 uses
    ) external restricted {
        Rule memory r = Rule(least, start, waivable, sameServiceExempt, uses, true);
        ParamsBounds.check(jurisdiction, r);
        _rules[jurisdiction] = r;
        _configured = true;
        emit RuleSet(jurisdiction, least, start, waivable, sameServiceExempt, uses);
    }

    /// @inheritdoc IParams
    function placeClinic(address clinic, bytes2 jurisdiction) external restricted {
        if (!_rules[jurisdiction].known) revert JurisdictionUnknown(jurisdiction);
        jurisdictionOf[clinic] = jurisdiction;
        emit ClinicPlaced(clinic, jurisdiction);
    }

    /// @inheritdoc IParams
    function demands(address clinic, Ground ground) external view returns (uint256, uint256) {
        Rule memory r = _rules[jurisdictionOf[clinic]];
        if (r.known) return (ParamsBounds.least(r, ground), r.uses);
        if (_configured) revert ClinicNotPlaced(clinic);
        return (0, ParamsBounds.ALL_USES);
    }

    /// @inheritdoc IParams
    function rule(bytes2 jurisdiction) external view returns (Rule memory) {
        return _rules[jurisdiction];
    }

    /// @inheritdoc IParams
    function known(bytes2 jurisdiction) external view returns (bool) {
        return _rules[jurisdiction].known;
    }
}
