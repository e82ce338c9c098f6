// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Vm} from "./Vm.sol";

/// @notice Cheat codes, assertions and bounds; the whole of our test framework.
abstract contract Test {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    // forge runs a contract's tests only if it carries this mark
    bool public IS_TEST = true;

    error NotEqual(uint256 left, uint256 right);
    error NotTrue(string what);

    function eq(uint256 left, uint256 right) internal pure {
        if (left != right) revert NotEqual(left, right);
    }

    function eq(bytes32 left, bytes32 right) internal pure {
        eq(uint256(left), uint256(right));
    }

    function eq(address left, address right) internal pure {
        eq(uint160(left), uint160(right));
    }

    function yes(bool condition, string memory what) internal pure {
        if (!condition) revert NotTrue(what);
    }

    function bound(uint256 x, uint256 low, uint256 high) internal pure returns (uint256) {
        if (x >= low && x <= high) return x;
        uint256 size = high - low + 1;
        return size == 0 ? x : low + x % size;
    }

    function signed(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// @dev From now on the contract refuses every call without saying why.
    function breaks(address target) internal {
        vm.mockCallRevert(target, "", "");
    }

    /// @dev From now on the contract refuses what begins so, with words that could be taken for an answer: a caller that
    /// does not look whether it was refused goes on with them.
    function refuses(address target, bytes memory call) internal returns (bytes memory said) {
        uint256[20] memory ones;
        for (uint256 i = 0; i < 20; ++i) {
            ones[i] = 1;
        }
        said = abi.encode(ones);
        vm.mockCallRevert(target, call, said);
    }

    /// @dev The next call must fail with what the contract said when it refused.
    function expectRefusal(address target, bytes memory call) internal {
        vm.clearMockedCalls();
        vm.expectRevert(refuses(target, call));
    }

    /// @dev keccak256 key of a mapping's entry.
    function slotOf(bytes32 key, uint256 slot) internal pure returns (bytes32) {
        return keccak256(abi.encode(key, slot));
    }
}
