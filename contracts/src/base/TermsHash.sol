// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../interfaces/ICareEscrow.sol";

/// @notice The id of terms: keccak256(abi.encode(terms)), hashed as they came and not decoded and written again, which
/// cost more than the rest of most acts.
library TermsHash {
    /// @dev 17 words: the fields, with offsets in place of the two lists.
    uint256 private constant HEAD = 17 * 32;

    /// @dev Terms that are not laid out as `abi.encode` lays them out have no id. Fields of fewer than 32 bytes are
    /// validated where they are read; `TermsBounds.check` reads each of them before an agreement can exist.
    function idOf(Terms calldata terms) internal pure returns (bytes32 id) {
        uint256 schedule = terms.schedule.length;
        uint256 milestones = terms.milestones.length;
        uint256 at;
        uint256 size;
        // both lists lie within the calldata, so their lengths are small
        unchecked {
            at = HEAD + 32 + schedule * 64;
            size = at + 32 + milestones * 128;
        }
        bool ordered;
        assembly ("memory-safe") {
            // the offsets of `schedule` and `milestones` are words 14 and 15
            ordered := and(eq(calldataload(add(terms, 0x1c0)), HEAD), eq(calldataload(add(terms, 0x1e0)), at))
        }
        if (!ordered) revert ICareEscrow.TermsOutOfBounds("encoding");
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, 0x20)
            calldatacopy(add(free, 0x20), terms, size)
            id := keccak256(free, add(size, 0x20))
        }
    }
}
