// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILogAnchor} from "./interfaces/ILogAnchor.sol";
import {AnchorMoves} from "./base/AnchorMoves.sol";
import {Managed} from "./base/Managed.sol";

/// @title See ILogAnchor.
contract LogAnchor is ILogAnchor, Managed {
    mapping(bytes32 origin => Anchor) private _anchors;

    constructor(address authority) Managed(authority) {}

    /// @inheritdoc ILogAnchor
    function anchor(bytes32 origin, uint64 size, bytes32 root) external restricted {
        _anchors[origin] = AnchorMoves.next(_anchors[origin], size, root, uint64(block.timestamp));
        emit Anchored(origin, size, root);
    }

    /// @inheritdoc ILogAnchor
    function latest(bytes32 origin) external view returns (Anchor memory) {
        return _anchors[origin];
    }
}
