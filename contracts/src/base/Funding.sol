// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {FundingBy, ICareEscrow} from "../interfaces/ICareEscrow.sol";

/// @notice Takes an ERC-20 from its owner: by an allowance, by one that a permit gives (ERC-2612), or by an
/// authorisation to receive (ERC-3009). Whatever the token says, what arrived is measured.
library Funding {
    using SafeERC20 for IERC20;

    /// @param id the agreement: its first 24 bytes, followed by zeros, are the nonce of an authorisation, which so is
    /// good for nothing else (some tokens count in the last 8)
    /// @param authorization `abi.encode(uint256 deadline, uint8 v, bytes32 r, bytes32 s)` of a permit over `amount`, or
    /// `abi.encode(uint256 validAfter, uint256 validBefore, uint8 v, bytes32 r, bytes32 s)`
    function take(
        address token,
        address from,
        uint256 amount,
        bytes32 id,
        FundingBy by,
        bytes calldata authorization
    ) internal {
        uint256 before = IERC20(token).balanceOf(address(this));
        if (by == FundingBy.Authorization) {
            _receive(token, from, amount, id, authorization);
        } else {
            if (by == FundingBy.Permit) _permit(token, from, amount, authorization);
            IERC20(token).safeTransferFrom(from, address(this), amount);
        }
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received != amount) revert ICareEscrow.WrongAmountReceived(amount, received);
    }

    /// @dev A permit that fails may have been carried out by somebody else already, and one that does nothing (a token
    /// whose fallback swallows it) gives no allowance: in both cases the transfer that follows decides.
    function _permit(address token, address from, uint256 amount, bytes calldata authorization) private {
        (uint256 deadline, uint8 v, bytes32 r, bytes32 s) =
            abi.decode(authorization, (uint256, uint8, bytes32, bytes32));
        try IERC20Permit(token).permit(from, address(this), amount, deadline, v, r, s) {} catch {}
    }

    function _receive(address token, address from, uint256 amount, bytes32 id, bytes calldata authorization) private {
        (uint256 validAfter, uint256 validBefore, uint8 v, bytes32 r, bytes32 s) =
            abi.decode(authorization, (uint256, uint256, uint8, bytes32, bytes32));
        bytes32 nonce = id >> 64 << 64;
        IERC3009(token).receiveWithAuthorization(from, address(this), amount, validAfter, validBefore, nonce, v, r, s);
    }
}
