// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice How people are drawn by lot to look at a clinic: who stands on the list, whose lot comes next, and who is far
/// enough from the clinic. What else somebody must have to sit is asked by whoever draws.
library Lots {
    /// @dev A draw looks at everybody, so there is a limit to how many there are.
    uint256 internal constant MOST = 256;

    /// @notice Takes whoever stands at `place` (counted from 1) off the list.
    /// @return moved who stands there now: the last of the list, which may be the same
    function leave(address[] storage list, uint16 place) internal returns (address moved) {
        moved = list[list.length - 1];
        list[place - 1] = moved;
        list.pop();
    }

    /// @notice The lot of turn 0, 1, …: each of the list once, in an order that follows from `seed`.
    /// @param left the list in memory, which is used up from its end
    function next(address[] memory left, bytes32 seed, uint256 turn) internal pure returns (address drawn) {
        uint256 rest = left.length - turn;
        uint256 place = uint256(keccak256(abi.encode(seed, turn))) % rest;
        drawn = left[place];
        left[place] = left[rest - 1];
    }

    /// @notice Whether somebody shares no tag with a clinic. An empty tag of one's own is unknown, and unknown is too
    /// near; so a clinic's empty tag meets nobody's.
    function apart(bytes32[3] memory own, bytes32[3] memory clinic) internal pure returns (bool) {
        for (uint256 i = 0; i < 3; ++i) {
            if (own[i] == 0 || own[i] == clinic[0] || own[i] == clinic[1] || own[i] == clinic[2]) return false;
        }
        return true;
    }

    function among(address a, address[] memory list) internal pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == a) return true;
        }
        return false;
    }
}
