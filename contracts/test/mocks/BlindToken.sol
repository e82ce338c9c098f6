// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Takes money and then no longer says what anybody has.
contract BlindToken {
    uint8 public constant decimals = 6;
    bool private _blind;

    function balanceOf(address) external view returns (uint256) {
        require(!_blind);
        return 0;
    }

    function transferFrom(address, address, uint256) external returns (bool) {
        _blind = true;
        return true;
    }
}
