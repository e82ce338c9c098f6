// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Creates accounts in a context of its own, so that a factory never sees the EntryPoint as caller.
contract SenderCreator {
    address private immutable ENTRY_POINT = msg.sender;

    error NotEntryPoint();

    /// @param initCode factory address followed by its call
    /// @return sender what the factory answered; 0 if it failed
    function createSender(bytes calldata initCode) external returns (address sender) {
        if (msg.sender != ENTRY_POINT) revert NotEntryPoint();
        (bool ok, bytes memory reply) = address(bytes20(initCode[:20])).call(initCode[20:]);
        if (ok && reply.length == 32) sender = abi.decode(reply, (address));
    }
}
