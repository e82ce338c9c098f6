// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthority} from "@openzeppelin/contracts/access/manager/IAuthority.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IUnitRegistry} from "./interfaces/IUnitRegistry.sol";
import {Managed} from "./base/Managed.sol";
import {UnitMoves} from "./base/UnitMoves.sol";

/// @title See IUnitRegistry.
contract UnitRegistry is IUnitRegistry, Managed {
    mapping(bytes32 lot => Lot) private _lots;
    mapping(bytes32 lot => bytes32) public root;
    mapping(bytes32 unit => Unit) private _units;
    mapping(bytes32 use => bytes32 commitment) private _commitments;

    constructor(address authority) Managed(authority) {}

    /// @inheritdoc IUnitRegistry
    function registerLot(bytes32 lot, bytes32 root_, uint64 amountPerUnit, bool singleUse) external restricted {
        if (_lots[lot].maker != address(0)) revert LotKnown(lot);
        if (root_ == 0 || amountPerUnit == 0) revert LotEmpty();
        _lots[lot] = Lot(msg.sender, amountPerUnit, singleUse, false);
        root[lot] = root_;
        emit LotRegistered(lot, msg.sender, root_, amountPerUnit, singleUse);
    }

    /// @inheritdoc IUnitRegistry
    function blockLot(bytes32 lot) external {
        Lot storage l = _lots[lot];
        if (l.maker == address(0)) revert LotUnknown(lot);
        if (l.maker != msg.sender && !IAuthority(authority()).canCall(msg.sender, address(this), msg.sig)) {
            revert NotTheMaker(msg.sender);
        }
        l.blocked = true;
        emit LotBlocked(lot);
    }

    /// @inheritdoc IUnitRegistry
    function releaseLot(bytes32 lot) external restricted {
        Lot storage l = _lots[lot];
        if (l.maker == address(0)) revert LotUnknown(lot);
        l.blocked = false;
        emit LotReleased(lot);
    }

    /// @inheritdoc IUnitRegistry
    function open(bytes32 lot, bytes32 unit, bytes32[] calldata proof, uint64 amount, bytes32 commitment)
        external
        restricted
        returns (uint32 use)
    {
        Lot memory l = _lots[lot];
        if (l.maker == address(0)) revert LotUnknown(lot);
        if (l.blocked) revert LotIsBlocked(lot);
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(unit))));
        if (!MerkleProof.verifyCalldata(proof, root[lot], leaf)) revert NotInLot(unit);
        Unit memory u = _units[unit];
        use = u.openings;
        _units[unit] = UnitMoves.open(l, u, unit, bytes20(lot), amount);
        _commitments[_useKey(unit, use)] = commitment;
        emit UnitOpened(unit, use, amount, commitment);
    }

    /// @inheritdoc IUnitRegistry
    function lotOf(bytes32 lot) external view returns (Lot memory) {
        return _lots[lot];
    }

    /// @inheritdoc IUnitRegistry
    function unitOf(bytes32 unit) external view returns (Unit memory) {
        return _units[unit];
    }

    /// @inheritdoc IUnitRegistry
    function commitmentOf(bytes32 unit, uint32 use) external view returns (bytes32) {
        return _commitments[_useKey(unit, use)];
    }

    function _useKey(bytes32 unit, uint32 use) private pure returns (bytes32) {
        return keccak256(abi.encode(unit, use));
    }
}
