// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ground, IParams} from "../../src/interfaces/IParams.sol";
import {ITokenGate} from "../../src/interfaces/ITokenGate.sol";
import {Invariants} from "../base/Invariants.sol";
import {World} from "../base/World.sol";

/// @notice Governance proposes anything; what the bounds refuse leaves everything as it was.
contract ParamsHandler is World {
    bytes2[3] private _places = [bytes2("CN"), bytes2("AU"), bytes2("NZ")];
    uint256 public placed;

    constructor() {
        setUp();
    }

    function contracts() external view returns (IParams, ITokenGate, address, address) {
        return (params, gate, address(unit), address(coin));
    }

    function setRule(uint8 where, uint32 least, bool consultation, bool waivable, bool exempt, uint8 uses) external {
        IParams.Start start = consultation ? IParams.Start.Consultation : IParams.Start.Payment;
        try params.setRule(_places[where % 3], uint32(least % 40 days), start, waivable, exempt, uses % 9) {} catch {}
    }

    function placeClinic(uint8 who, uint8 where) external {
        uint256 n = who % 4;
        try params.placeClinic(address(uint160(0xC0 + n)), _places[where % 3]) {
            placed |= 1 << n;
        } catch {}
    }

    function list(bool unit_, uint8 kind, uint8 decimals, uint8 uses) external {
        address token = unit_ ? address(unit) : address(coin);
        try gate.list(token, ITokenGate.Kind(kind % 3), decimals % 8, uses % 9) {} catch {}
    }
}

contract ParamsInvariants is Invariants {
    ParamsHandler private handler;

    function setUp() public {
        handler = new ParamsHandler();
        target = address(handler);
        acts = [
            handler.setRule.selector,
            handler.placeClinic.selector,
            handler.list.selector
        ];
    }

    function invariant_noKnownRuleIsBelowTheLaw() public view {
        (IParams params,,,) = handler.contracts();
        IParams.Rule memory cn = params.rule("CN");
        IParams.Rule memory au = params.rule("AU");
        yes(!cn.known || (cn.least >= 7 days && !cn.waivable), "China");
        yes(!au.known || (au.least >= 7 days && !au.waivable && !au.sameServiceExempt), "Australia");
        yes(params.rule("NZ").least <= 30 days, "thirty days");
    }

    function invariant_chinaPaysInAClosedLoop() public view {
        (IParams params,,,) = handler.contracts();
        IParams.Rule memory cn = params.rule("CN");
        yes(!cn.known || cn.uses == 1, "uses");
    }

    function invariant_everyPlacedClinicIsToldWhatToKeepTo() public view {
        (IParams params,,,) = handler.contracts();
        for (uint160 n = 0; n < 4; ++n) {
            if (handler.placed() >> n & 1 == 0) continue;
            address clinic = address(0xC0 + n);
            (uint256 least, uint256 uses) = params.demands(clinic, Ground.None);
            IParams.Rule memory r = params.rule(params.jurisdictionOf(clinic));
            yes(r.known, "known");
            eq(least, r.least);
            eq(uses, r.uses);
        }
    }

    function invariant_aClosedLoopAndAnOpenTokenNeverMeet() public view {
        (, ITokenGate gate, address unit, address coin) = handler.contracts();
        ITokenGate.Listing memory u = gate.listing(unit);
        yes(u.kind != ITokenGate.Kind.ClosedLoop || u.uses == 1, "closed loop");
        yes(gate.usesOf(coin) & 1 == 0 || gate.listing(coin).kind == ITokenGate.Kind.ClosedLoop, "open");
    }

    function invariant_whatIsNotListedHasNoUse() public view {
        (, ITokenGate gate, address unit, address coin) = handler.contracts();
        for (uint256 i = 0; i < 2; ++i) {
            ITokenGate.Listing memory l = gate.listing(i == 0 ? unit : coin);
            yes((l.kind == ITokenGate.Kind.None) == (l.uses == 0), "use");
            yes(l.uses <= 7, "uses");
        }
    }

    function invariant_decimalsAreTheTokensOwn() public view {
        (, ITokenGate gate, address unit, address coin) = handler.contracts();
        ITokenGate.Listing memory l = gate.listing(unit);
        yes(l.kind == ITokenGate.Kind.None || l.decimals == 2, "unit");
        l = gate.listing(coin);
        yes(l.kind == ITokenGate.Kind.None || l.decimals == 6, "coin");
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_noKnownRuleIsBelowTheLaw();
        invariant_chinaPaysInAClosedLoop();
        invariant_everyPlacedClinicIsToldWhatToKeepTo();
        invariant_aClosedLoopAndAnOpenTokenNeverMeet();
        invariant_whatIsNotListedHasNoUse();
        invariant_decimalsAreTheTokensOwn();
    }
}
