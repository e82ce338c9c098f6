// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementUnit} from "../interfaces/ISettlementUnit.sol";

/// @notice The settlement unit's arithmetic. No calls, no storage; proved in `spec/`.
library UnitBalance {
    function taken(address from, uint256 balance, uint256 amount) internal pure returns (uint256) {
        require(balance >= amount, ISettlementUnit.InsufficientBalance(from, balance, amount));
        return balance - amount;
    }

    /// @notice The address that a reference is, or none: a custodian's references are random in all 32 bytes.
    function targetOf(bytes32 payout) internal pure returns (address) {
        uint256 value = uint256(payout);
        return value >> 160 == 0 ? address(uint160(value)) : address(0);
    }

    /// @notice What of a payment may still be given back after `amount` of it was.
    function givenBack(ISettlementUnit.Payment memory p, address by, uint96 amount) internal pure returns (uint96) {
        require(p.holder == by, ISettlementUnit.NotThePayer(by));
        require(amount != 0, ISettlementUnit.NothingToMove());
        require(p.amount >= amount, ISettlementUnit.InsufficientBalance(p.holder, p.amount, amount));
        return p.amount - amount;
    }

    /// @notice A payment is minted once, to somebody, and not for nothing.
    function minted(ISettlementUnit.Payment memory known, bytes32 paymentRef, address to, uint96 amount)
        internal
        pure
        returns (ISettlementUnit.Payment memory)
    {
        require(amount != 0 && to != address(0), ISettlementUnit.NothingToMove());
        require(known.holder == address(0), ISettlementUnit.PaymentSeen(paymentRef));
        (known.holder, known.amount) = (to, amount);
        return known;
    }
}
