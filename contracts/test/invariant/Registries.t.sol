// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUnitRegistry} from "../../src/interfaces/IUnitRegistry.sol";
import {Invariants} from "../base/Invariants.sol";
import {RegistriesHandler} from "./RegistriesHandler.sol";

/// @notice Units, logs and the settlement unit over any sequence of acts.
contract RegistriesInvariants is Invariants {
    RegistriesHandler private handler;

    function setUp() public {
        handler = new RegistriesHandler();
        target = address(handler);
        acts = [
            handler.openUnit.selector,
            handler.blockLot.selector,
            handler.anchor.selector,
            handler.mint.selector,
            handler.giveBack.selector,
            handler.collect.selector,
            handler.redeem.selector
        ];
    }

    function invariant_unitsAreNeverOverused() public view {
        for (uint256 i = 0; i < 8; ++i) {
            (IUnitRegistry.Lot memory l, IUnitRegistry.Unit memory u, uint256 commitments) = handler.state(i / 2, i % 2);
            eq(u.used, handler.openedAmount(handler.unitAt(i / 2, i % 2)));
            yes(u.used <= l.amountPerUnit, "used within its amount");
            yes(!l.singleUse || u.openings <= 1, "single use");
            eq(commitments, u.openings);
        }
    }

    function invariant_supplyIsWhatWasPaidInLessWhatWentOut() public view {
        (uint256 supply, uint256 balances) = handler.escrowBalance();
        eq(supply, balances);
        eq(supply, handler.minted() - handler.redeemed());
    }

    /// @dev The registries accept exactly what their rules allow; logs only grow and never fork.
    function invariant_rulesHoldExactly() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_unitsAreNeverOverused();
        invariant_supplyIsWhatWasPaidInLessWhatWentOut();
        invariant_rulesHoldExactly();
    }
}
