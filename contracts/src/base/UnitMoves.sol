// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IUnitRegistry} from "../interfaces/IUnitRegistry.sol";

/// @notice What opening does to a unit: spent once, or up to what it holds, and under one lot only. No calls, no
/// storage; proved in `spec/`.
library UnitMoves {
    /// @param lotKey first 20 bytes of the lot that the unit is opened under
    function open(
        IUnitRegistry.Lot memory lot,
        IUnitRegistry.Unit memory known,
        bytes32 unit,
        bytes20 lotKey,
        uint64 amount
    ) internal pure returns (IUnitRegistry.Unit memory) {
        require(known.openings == 0 || known.lot == lotKey, IUnitRegistry.OpenedInAnotherLot(unit));
        require(!lot.singleUse || known.openings == 0, IUnitRegistry.AlreadyOpened(unit));
        uint64 left = lot.amountPerUnit - known.used;
        require(amount != 0 && amount <= left, IUnitRegistry.AmountExceeded(left, amount));
        known.used += amount;
        known.openings += 1;
        known.lot = lotKey;
        return known;
    }
}
