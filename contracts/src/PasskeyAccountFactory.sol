// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {PasskeyAccount} from "./PasskeyAccount.sol";

/// @title Creates accounts at an address that is known before: it follows from the first signers.
contract PasskeyAccountFactory {
    address public immutable IMPLEMENTATION;

    event AccountCreated(address indexed account);

    constructor(address implementation) {
        IMPLEMENTATION = implementation;
    }

    /// @notice Idempotent: an account that exists already is returned unchanged.
    function create(bytes[] calldata signers, uint64 threshold, bytes32 salt) external returns (address account) {
        account = addressOf(signers, threshold, salt);
        if (account.code.length > 0) return account;
        Clones.cloneDeterministic(IMPLEMENTATION, _salt(signers, threshold, salt));
        PasskeyAccount(payable(account)).initialize(signers, threshold);
        emit AccountCreated(account);
    }

    function addressOf(bytes[] calldata signers, uint64 threshold, bytes32 salt) public view returns (address) {
        return Clones.predictDeterministicAddress(IMPLEMENTATION, _salt(signers, threshold, salt));
    }

    function _salt(bytes[] calldata signers, uint64 threshold, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(signers, threshold, salt));
    }
}
