// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUnitRegistry} from "../../src/interfaces/IUnitRegistry.sol";
import {Test} from "../base/Test.sol";
import {RegistriesHandler} from "./RegistriesHandler.sol";

/// @notice Units, logs and the settlement unit over any sequence of acts.
contract RegistriesInvariants is Test {
    RegistriesHandler private handler;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        handler = new RegistriesHandler();
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0].addr = address(handler);
        list[0].selectors = new bytes4[](7);
        list[0].selectors[0] = handler.openUnit.selector;
        list[0].selectors[1] = handler.blockLot.selector;
        list[0].selectors[2] = handler.anchor.selector;
        list[0].selectors[3] = handler.mint.selector;
        list[0].selectors[4] = handler.giveBack.selector;
        list[0].selectors[5] = handler.collect.selector;
        list[0].selectors[6] = handler.redeem.selector;
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
