// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILogAnchor} from "../src/interfaces/ILogAnchor.sol";
import {AnchorMoves} from "../src/base/AnchorMoves.sol";

/// @notice One log under any sequence of anchors.
contract AnchorsSpec {
    ILogAnchor.Anchor private known;
    bool private sizeWentBack;
    bool private forked;

    function anchor(uint64 size, bytes32 root, uint64 time) external {
        ILogAnchor.Anchor memory before = known;
        ILogAnchor.Anchor memory next = AnchorMoves.next(before, size, root, time);
        if (next.size < before.size) sizeWentBack = true;
        if (before.root != 0 && next.size == before.size && next.root != before.root) forked = true;
        known = next;
    }

    function prove_theSizeOnlyGrows() external view {
        assert(!sizeWentBack);
    }

    function prove_oneSizeHasOneRoot() external view {
        assert(!forked);
    }

    function prove_anAnchoredLogHasARoot() external view {
        assert(known.root != 0 || known.size == 0);
    }
}
