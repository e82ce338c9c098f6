// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {BondMoves} from "../src/base/BondMoves.sol";

/// @notice Any sequence of acts, by induction: a bond whose locked part is within it stays one.
contract BondMovesSpec {
    using BondMoves for IClinicBond.Bond;

    function prove_depositingKeepsLockedWithin(IClinicBond.Bond memory b, uint96 amount) external pure {
        require(b.locked <= b.total);
        IClinicBond.Bond memory n = b.deposit(amount);
        assert(n.locked <= n.total);
    }

    function prove_withdrawingKeepsLockedWithin(IClinicBond.Bond memory b, uint96 amount) external pure {
        require(b.locked <= b.total);
        IClinicBond.Bond memory n = b.withdraw(amount);
        assert(n.locked <= n.total);
    }

    function prove_lockingKeepsLockedWithin(IClinicBond.Bond memory b, uint96 amount) external pure {
        require(b.locked <= b.total);
        IClinicBond.Bond memory n = b.lock(amount);
        assert(n.locked <= n.total);
    }

    function prove_releasingKeepsLockedWithin(IClinicBond.Bond memory b, uint96 amount, uint96 paid) external pure {
        require(b.locked <= b.total);
        IClinicBond.Bond memory n = b.release(amount, paid);
        assert(n.locked <= n.total);
    }

    function prove_releasingPaysExactlyWhatLeaves(IClinicBond.Bond memory b, uint96 amount, uint96 paid) external pure {
        require(b.locked <= b.total);
        uint256 before = b.total;
        IClinicBond.Bond memory n = b.release(amount, paid);
        assert(uint256(n.total) + paid == before);
    }
}
