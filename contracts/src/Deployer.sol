// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Deploys by CREATE2, so that every address is known before and a second run finds what exists.
contract Deployer {
    event Deployed(address indexed target, bytes32 salt);

    error DeploymentFailed();

    function deploy(bytes32 salt, bytes calldata initCode) external returns (address target) {
        bytes memory code = initCode;
        assembly ("memory-safe") {
            target := create2(0, add(code, 0x20), mload(code), salt)
        }
        if (target == address(0)) revert DeploymentFailed();
        emit Deployed(target, salt);
    }
}
