// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementUnit} from "../interfaces/ISettlementUnit.sol";

/// @notice Takes and pays out settlement units alone; they call nobody back. What is owed is credited and taken out by
/// pulling, so that nobody's money depends on another's account.
abstract contract UnitTill {
    ISettlementUnit internal immutable UNIT;

    /// Owed to an account, or to a custodian's payout reference.
    mapping(bytes32 who => uint256) public credit;

    event Credited(bytes32 indexed who, bytes32 indexed cover, uint256 amount);
    event PaidOut(bytes32 indexed who, uint256 amount);

    error NothingToPayOut();

    constructor(ISettlementUnit unit) {
        UNIT = unit;
    }

    /// @notice Pays out what is credited; anybody may call, it goes only to `who`.
    function payOut(bytes32 who) external returns (uint256 amount) {
        amount = credit[who];
        if (amount == 0) revert NothingToPayOut();
        credit[who] = 0;
        emit PaidOut(who, amount);
        UNIT.redeem(who, amount);
    }

    function _owe(bytes32 who, bytes32 cover, uint256 amount) internal {
        if (amount == 0) return;
        credit[who] += amount;
        emit Credited(who, cover, amount);
    }
}
