// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Test} from "./Test.sol";

/// @notice What every suite of invariants has: one handler, and the acts that may be called on it in any order.
/// @dev An act that stands twice in the list is chosen twice as often.
abstract contract Invariants is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    address internal target;
    bytes4[] internal acts;

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = target;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        list = new FuzzSelector[](1);
        list[0] = FuzzSelector({addr: target, selectors: acts});
    }
}
