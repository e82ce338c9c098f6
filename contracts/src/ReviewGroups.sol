// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {InternalLeanIMT, LeanIMTData} from "@zk-kit/lean-imt.sol/InternalLeanIMT.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {IReviewGroups} from "./interfaces/IReviewGroups.sol";
import {ReviewMoves} from "./base/ReviewMoves.sol";

/// @title See IReviewGroups.
contract ReviewGroups is IReviewGroups {
    using InternalLeanIMT for LeanIMTData;

    ICareEscrow public immutable ESCROW;

    /// @dev The present root in one plain slot, so that one storage proof is evidence.
    mapping(uint256 group => uint256) public rootOf;
    mapping(bytes32 agreement => bool) public admitted;
    /// @dev Roots stay usable for proofs made before later members came.
    mapping(uint256 group => mapping(uint256 root => uint64 time)) public rootSince;
    mapping(uint256 group => LeanIMTData) private _trees;

    constructor(ICareEscrow escrow) {
        ESCROW = escrow;
    }

    /// @inheritdoc IReviewGroups
    function admit(Terms calldata terms) external {
        bytes32 id = keccak256(abi.encode(terms));
        admitted[id] = ReviewMoves.admit(admitted[id], _settled(terms, ESCROW.account(id)), id);
        uint256 group = uint256(uint160(terms.clinic));
        uint256 index = _trees[group].size;
        uint256 root = _trees[group]._insert(terms.review);
        rootOf[group] = root;
        rootSince[group][root] = uint64(block.timestamp);
        emit MemberAdmitted(group, index, terms.review, root, id);
    }

    /// @inheritdoc IReviewGroups
    function sizeOf(uint256 group) external view returns (uint256) {
        return _trees[group].size;
    }

    /// @dev The clinic was paid for a milestone whose attendance the patient had to sign.
    function _settled(Terms calldata terms, ICareEscrow.Account memory a) private pure returns (bool) {
        for (uint256 i = 0; i < terms.milestones.length; ++i) {
            if (terms.milestones[i].performed && (a.released >> i) & 1 == 1) return true;
        }
        return false;
    }
}
