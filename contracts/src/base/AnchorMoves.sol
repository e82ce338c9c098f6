// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILogAnchor} from "../interfaces/ILogAnchor.sol";

/// @notice What an anchor may follow: sizes only grow, and one size has one root. No calls, no storage; proved in
/// `spec/`.
library AnchorMoves {
    function next(ILogAnchor.Anchor memory known, uint64 size, bytes32 root, uint64 time)
        internal
        pure
        returns (ILogAnchor.Anchor memory after_)
    {
        require(root != 0, ILogAnchor.RootEmpty());
        require(size >= known.size, ILogAnchor.SizeWentBack(known.size, size));
        require(size != known.size || known.root == 0 || root == known.root, ILogAnchor.Forked(size, known.root, root));
        (after_.root, after_.size, after_.time) = (root, size, time);
    }
}
