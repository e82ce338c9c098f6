// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPaymaster, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

/// @notice A paymaster that validates and settles as it is told.
contract TestPaymaster is IPaymaster {
    uint256 public validation;
    bytes public context;
    bool public angry;
    bool public angryAfter;
    uint256 public settled;
    PostOpMode public lastMode;

    error Refused();

    function set(uint256 validation_, bytes calldata context_, bool angry_, bool angryAfter_) external {
        (validation, context, angry, angryAfter) = (validation_, context_, angry_, angryAfter_);
    }

    function validatePaymasterUserOp(PackedUserOperation calldata, bytes32, uint256)
        external
        view
        returns (bytes memory, uint256)
    {
        if (angry) revert Refused();
        return (context, validation);
    }

    function postOp(PostOpMode mode, bytes calldata, uint256 cost, uint256) external {
        if (angryAfter) revert Refused();
        settled += cost;
        lastMode = mode;
    }
}
