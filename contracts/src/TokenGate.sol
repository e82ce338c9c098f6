// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ITokenGate} from "./interfaces/ITokenGate.sol";
import {Managed} from "./base/Managed.sol";

/// @title See ITokenGate.
contract TokenGate is ITokenGate, Managed {
    uint8 private constant CLOSED_LOOP = 1;
    uint8 private constant ALL_USES = 7;
    uint8 private constant MAX_DECIMALS = 18;

    mapping(address token => Listing) private _listings;

    constructor(address authority) Managed(authority) {}

    /// @inheritdoc ITokenGate
    function list(address token, Kind kind, uint8 decimals, uint8 uses) external restricted {
        if (kind == Kind.None) {
            if (decimals != 0) revert ListingOutOfBounds("decimals");
            if (uses != 0) revert ListingOutOfBounds("uses");
        } else {
            if (decimals > MAX_DECIMALS) revert ListingOutOfBounds("decimals");
            // a closed loop is of no other use, and no other token is one
            if (uses == 0 || uses > ALL_USES || (kind == Kind.ClosedLoop) != (uses & CLOSED_LOOP != 0)) {
                revert ListingOutOfBounds("uses");
            }
            if (kind == Kind.ClosedLoop && uses != CLOSED_LOOP) revert ListingOutOfBounds("uses");
            uint256 found = IERC20Metadata(token).decimals();
            if (found != decimals) revert DecimalsDiffer(decimals, found);
        }
        _listings[token] = Listing(kind, decimals, uses);
        emit TokenListed(token, kind, decimals, uses);
    }

    /// @inheritdoc ITokenGate
    function listing(address token) external view returns (Listing memory) {
        return _listings[token];
    }

    /// @inheritdoc ITokenGate
    function usesOf(address token) external view returns (uint256) {
        return _listings[token].uses;
    }
}
