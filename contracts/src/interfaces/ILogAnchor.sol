// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The newest size and root of each transparency log. One transaction anchors any number of entries.
interface ILogAnchor {
    struct Anchor {
        bytes32 root;
        uint64 size;
        uint64 time;
    }

    event Anchored(bytes32 indexed origin, uint64 size, bytes32 root);

    error SizeWentBack(uint64 known, uint64 given);
    error Forked(uint64 size, bytes32 known, bytes32 given);
    error RootEmpty();

    /// @notice Sizes only grow; one size has one root for ever.
    /// @param origin keccak256 of the log's origin line
    function anchor(bytes32 origin, uint64 size, bytes32 root) external;

    function latest(bytes32 origin) external view returns (Anchor memory);
}
