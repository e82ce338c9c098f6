// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClaimPanelHandler} from "./ClaimPanelHandler.sol";
import {PanelInvariants} from "./Panel.t.sol";

/// @notice The same invariants where the panel decides about claims; the book keeps exactly what was ruled.
contract ClaimPanelInvariants is PanelInvariants {
    function setUp() public override {
        _over(new ClaimPanelHandler());
    }

    function invariant_claimsPayAtMostWhatClinicsKept() public view {
        (uint256 credit, uint256 most) = ClaimPanelHandler(address(handler)).paid();
        yes(credit <= most, "paid more");
    }

    function invariant_all() public override {
        super.invariant_all();
        invariant_claimsPayAtMostWhatClinicsKept();
    }
}
