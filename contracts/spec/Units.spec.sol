// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUnitRegistry} from "../src/interfaces/IUnitRegistry.sol";
import {UnitMoves} from "../src/base/UnitMoves.sol";

/// @notice One unit under any sequence of openings, with any lot that names it.
contract UnitsSpec {
    IUnitRegistry.Unit private unit;
    uint256 private sum;
    uint64 private limit;
    bool private singleUse;
    bytes20 private first;
    bool private set;

    /// @dev A lot's limit and kind never change: the registry has no act for it.
    function register(uint64 amountPerUnit, bool once, bytes20 lot) external {
        require(!set && amountPerUnit > 0);
        (set, limit, singleUse, first) = (true, amountPerUnit, once, lot);
    }

    function open(uint64 amount, bytes20 lot, address maker) external {
        require(set && (unit.openings > 0 || lot == first));
        IUnitRegistry.Unit memory known = unit;
        IUnitRegistry.Lot memory l;
        (l.maker, l.amountPerUnit, l.singleUse) = (maker, limit, singleUse);
        unit = UnitMoves.open(l, known, 0, lot, amount);
        sum += amount;
    }

    function prove_noMoreIsUsedThanAUnitHolds() external view {
        assert(unit.used <= limit);
    }

    function prove_whatIsUsedIsTheSumOfTheOpenings() external view {
        assert(unit.used == sum);
    }

    function prove_aSingleUseUnitIsOpenedOnce() external view {
        assert(!singleUse || unit.openings <= 1);
    }

    function prove_aUnitStaysInItsFirstLot() external view {
        assert(unit.openings == 0 || unit.lot == first);
    }

    function prove_everyOpeningUsesSomething() external view {
        assert(unit.openings <= unit.used);
    }
}
