// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A token that refuses to say what anybody has, from a moment on; the refusal looks like the right answer.
contract MuteToken {
    uint8 public constant decimals = 6;
    uint256 private _answers;
    uint256 private _there;

    /// @param answers how often it still says what there is; afterwards it refuses
    function answer(uint256 answers) external {
        _answers = answers;
    }

    function transferFrom(address, address, uint256 amount) external returns (bool) {
        (_there, _answers) = (_there + amount, _answers - 1);
        return true;
    }

    function balanceOf(address) external view returns (uint256) {
        uint256 there = _there;
        if (_answers != 0) return there;
        assembly ("memory-safe") {
            mstore(0, there)
            revert(0, 32)
        }
    }
}
