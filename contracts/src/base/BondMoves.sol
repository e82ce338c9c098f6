// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClinicBond} from "../interfaces/IClinicBond.sol";

/// @notice What each act does to a bond. No calls, no storage; proved in `spec/`: locked is never more than there is.
library BondMoves {
    function deposit(IClinicBond.Bond memory b, uint96 amount) internal pure returns (IClinicBond.Bond memory) {
        require(amount != 0, IClinicBond.NothingToMove());
        b.total += amount;
        return b;
    }

    function withdraw(IClinicBond.Bond memory b, uint96 amount) internal pure returns (IClinicBond.Bond memory) {
        require(amount != 0, IClinicBond.NothingToMove());
        require(b.total - b.locked >= amount, IClinicBond.BondTooSmall(b.total - b.locked, amount));
        b.total -= amount;
        return b;
    }

    function lock(IClinicBond.Bond memory b, uint96 amount) internal pure returns (IClinicBond.Bond memory) {
        require(b.total - b.locked >= amount, IClinicBond.BondTooSmall(b.total - b.locked, amount));
        b.locked += amount;
        return b;
    }

    /// @param amount what was locked @param paid what of it is paid out
    function release(IClinicBond.Bond memory b, uint96 amount, uint96 paid)
        internal
        pure
        returns (IClinicBond.Bond memory)
    {
        require(b.locked >= amount && amount >= paid, IClinicBond.BondTooSmall(b.locked, amount));
        b.locked -= amount;
        b.total -= paid;
        return b;
    }
}
