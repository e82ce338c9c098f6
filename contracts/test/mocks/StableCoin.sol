// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice Behaves as widely used stablecoins do: 6 decimals, people on a blocklist, a pause, permits (ERC-2612) and
/// authorisations (ERC-3009).
contract StableCoin is ERC20Permit, ERC3009 {
    bool public paused;
    mapping(address who => bool) public blocked;

    error Paused();
    error Blocked(address who);

    constructor() ERC20("Stable Coin", "STC") ERC20Permit("Stable Coin") {}

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setPaused(bool paused_) external {
        paused = paused_;
    }

    function setBlocked(address who, bool blocked_) external {
        blocked[who] = blocked_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (paused) revert Paused();
        if (blocked[from]) revert Blocked(from);
        if (blocked[to]) revert Blocked(to);
        super._update(from, to, amount);
    }
}

/// @notice A token that swallows every call it does not know, permits included, and says nothing.
contract PhantomCoin is ERC20 {
    constructor() ERC20("Phantom Coin", "PHC") {}

    fallback() external {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
