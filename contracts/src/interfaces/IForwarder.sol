// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What somebody signed for the forwarder, laid out as OpenZeppelin's `ERC2771Forwarder` takes it.
struct ForwardRequestData {
    address from;
    address to;
    uint256 value;
    uint256 gas;
    uint48 deadline;
    bytes data;
    bytes signature;
}

/// @title The part of OpenZeppelin's `ERC2771Forwarder` that brings one request.
/// @dev Its own file draws in code that the prover would have to read.
interface IForwarder {
    /// @notice Carries the request out in the name of whoever signed it; refused if the call is.
    function execute(ForwardRequestData calldata request) external payable;
}
