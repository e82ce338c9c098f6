// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ISettlementUnit} from "./interfaces/ISettlementUnit.sol";
import {Relayed} from "./base/Relayed.sol";
import {UnitBalance} from "./base/UnitBalance.sol";

/// @title See ISettlementUnit.
contract SettlementUnit is ISettlementUnit, IERC20Metadata, Relayed {
    string public name;
    string public symbol;
    uint8 public constant decimals = 2;

    uint256 public totalSupply;
    mapping(address holder => uint256) public balanceOf;
    mapping(bytes32 paymentRef => Payment) private _payments;
    mapping(address target => bool) public isSystemContract;
    mapping(address target => bool) public wasSystemContract;

    constructor(address authority, address forwarder, string memory name_, string memory symbol_)
        Relayed(authority, forwarder)
    {
        name = name_;
        symbol = symbol_;
    }

    /// @notice Lets a contract collect units, or no longer. It may always redeem what it holds: nobody's money is locked.
    function setSystemContract(address target, bool allowed) external restricted {
        isSystemContract[target] = allowed;
        if (allowed) wasSystemContract[target] = true;
        emit SystemContract(target, allowed);
    }

    /// @inheritdoc ISettlementUnit
    function mint(address to, uint96 amount, bytes32 paymentRef) external restricted {
        _payments[paymentRef] = UnitBalance.minted(_payments[paymentRef], paymentRef, to, amount);
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Minted(to, amount, paymentRef);
        emit Transfer(address(0), to, amount);
    }

    /// @inheritdoc ISettlementUnit
    function collect(address from, uint256 amount) external {
        if (!isSystemContract[msg.sender]) revert NotSystemContract(msg.sender);
        _take(from, amount);
        balanceOf[msg.sender] += amount;
        emit Collected(from, msg.sender, amount);
        emit Transfer(from, msg.sender, amount);
    }

    /// @inheritdoc ISettlementUnit
    function redeem(bytes32 payout, uint256 amount) external {
        if (!wasSystemContract[msg.sender]) revert NotSystemContract(msg.sender);
        address target = UnitBalance.targetOf(payout);
        if (target == address(0) || !wasSystemContract[target]) return _burn(msg.sender, payout, amount);
        _move(target, amount);
    }

    /// @inheritdoc ISettlementUnit
    function hand(address to, uint256 amount) external {
        if (!isSystemContract[msg.sender]) revert NotSystemContract(msg.sender);
        if (to == address(0) || amount == 0) revert NothingToMove();
        _move(to, amount);
    }

    /// @inheritdoc ISettlementUnit
    function giveBack(bytes32 paymentRef, uint96 amount) external {
        Payment memory p = _payments[paymentRef];
        _payments[paymentRef].amount = UnitBalance.givenBack(p, _msgSender(), amount);
        _burn(p.holder, paymentRef, amount);
    }

    /// @inheritdoc ISettlementUnit
    function payment(bytes32 paymentRef) external view returns (Payment memory) {
        return _payments[paymentRef];
    }

    function transfer(address, uint256) external pure returns (bool) {
        revert ClosedLoop();
    }

    function transferFrom(address, address, uint256) external pure returns (bool) {
        revert ClosedLoop();
    }

    function approve(address, uint256) external pure returns (bool) {
        revert ClosedLoop();
    }

    function allowance(address, address) external pure returns (uint256) {
        return 0;
    }

    function _burn(address from, bytes32 payout, uint256 amount) private {
        _take(from, amount);
        totalSupply -= amount;
        emit Redeemed(payout, from, amount);
        emit Transfer(from, address(0), amount);
    }

    /// @dev The caller's own units.
    function _move(address to, uint256 amount) private {
        _take(msg.sender, amount);
        balanceOf[to] += amount;
        emit Collected(msg.sender, to, amount);
        emit Transfer(msg.sender, to, amount);
    }

    function _take(address from, uint256 amount) private {
        balanceOf[from] = UnitBalance.taken(from, balanceOf[from], amount);
    }
}
