// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IClinicBond} from "./interfaces/IClinicBond.sol";
import {BondMoves} from "./base/BondMoves.sol";
import {Till} from "./base/Till.sol";

/// @title See IClinicBond.
contract ClinicBond is IClinicBond, Till {
    using BondMoves for Bond;

    mapping(address book => mapping(address provider => Bond)) private _bonds;

    constructor(IERC20 token, bool closedLoop) Till(token, closedLoop) {}

    /// @inheritdoc IClinicBond
    function deposit(address book, uint96 amount) external nonReentrant {
        _bonds[book][msg.sender] = _bonds[book][msg.sender].deposit(amount);
        emit Deposited(book, msg.sender, amount);
        _take(msg.sender, amount);
    }

    /// @inheritdoc IClinicBond
    function reclaim(address book, uint96 amount) external nonReentrant {
        _bonds[book][msg.sender] = _bonds[book][msg.sender].withdraw(amount);
        emit Reclaimed(book, msg.sender, amount);
        _owe(bytes32(uint256(uint160(msg.sender))), 0, amount);
    }

    /// @inheritdoc IClinicBond
    function lock(address provider, bytes32 cover, uint96 amount) external nonReentrant {
        _bonds[msg.sender][provider] = _bonds[msg.sender][provider].lock(amount);
        emit Locked(msg.sender, provider, cover, amount);
    }

    /// @inheritdoc IClinicBond
    function release(address provider, bytes32 cover, uint96 amount, uint96 paid, bytes32 who) external nonReentrant {
        _bonds[msg.sender][provider] = _bonds[msg.sender][provider].release(amount, paid);
        emit Released(msg.sender, provider, cover, amount, paid);
        _owe(who, cover, paid);
    }

    /// @inheritdoc IClinicBond
    function bond(address book, address provider) external view returns (Bond memory) {
        return _bonds[book][provider];
    }
}
