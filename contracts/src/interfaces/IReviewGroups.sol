// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./ICareEscrow.sol";

/// @title One group of review rights for each clinic (LeanIMT over Poseidon, as Semaphore v4 uses it).
interface IReviewGroups {
    event MemberAdmitted(
        uint256 indexed group, uint256 index, uint256 commitment, uint256 root, bytes32 indexed agreement
    );

    error NotSettled(bytes32 agreement);
    error AdmittedAlready(bytes32 agreement);

    /// @notice Anybody: gives the agreement's review right, once a performed milestone was paid.
    function admit(Terms calldata terms) external;

    function rootOf(uint256 group) external view returns (uint256);
    function sizeOf(uint256 group) external view returns (uint256);
    function admitted(bytes32 agreement) external view returns (bool);
}
