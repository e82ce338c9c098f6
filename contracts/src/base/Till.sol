// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISettlementUnit} from "../interfaces/ISettlementUnit.sol";

/// @notice Takes and pays out one token, whether it is the closed-loop unit or an ERC-20. What is owed is credited and
/// taken out by pulling, so that nobody's money depends on another's account.
abstract contract Till is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IERC20 internal immutable TOKEN;
    bool internal immutable CLOSED_LOOP;

    /// Owed to an address, or to a custodian's payout reference.
    mapping(bytes32 who => uint256) public credit;

    event Credited(bytes32 indexed who, bytes32 indexed cover, uint256 amount);
    event PaidOut(bytes32 indexed who, uint256 amount);

    error WrongAmountReceived(uint256 expected, uint256 received);
    error NothingToPayOut();

    constructor(IERC20 token, bool closedLoop) {
        TOKEN = token;
        CLOSED_LOOP = closedLoop;
    }

    /// @notice Pays out what is credited; anybody may call, it goes only to `who`.
    function payOut(bytes32 who) external nonReentrant returns (uint256 amount) {
        amount = credit[who];
        if (amount == 0) revert NothingToPayOut();
        credit[who] = 0;
        emit PaidOut(who, amount);
        _give(who, amount);
    }

    function _owe(bytes32 who, bytes32 cover, uint256 amount) internal {
        if (amount == 0) return;
        credit[who] += amount;
        emit Credited(who, cover, amount);
    }

    function _take(address from, uint256 amount) internal {
        if (CLOSED_LOOP) {
            ISettlementUnit(address(TOKEN)).collect(from, amount);
            return;
        }
        uint256 before = TOKEN.balanceOf(address(this));
        TOKEN.safeTransferFrom(from, address(this), amount);
        uint256 received = TOKEN.balanceOf(address(this)) - before;
        if (received != amount) revert WrongAmountReceived(amount, received);
    }

    function _give(bytes32 who, uint256 amount) internal {
        if (CLOSED_LOOP) ISettlementUnit(address(TOKEN)).redeem(who, amount);
        else TOKEN.safeTransfer(address(uint160(uint256(who))), amount);
    }
}
