// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssessorPanelDrawTest} from "./AssessorPanelDraw.t.sol";
import {AssessorPanelEdgesTest} from "./AssessorPanelEdges.t.sol";
import {AssessorPanelEndTest} from "./AssessorPanelEnd.t.sol";
import {AssessorPanelQuietTest} from "./AssessorPanelQuiet.t.sol";
import {AssessorPanelVotesTest} from "./AssessorPanelVotes.t.sol";
import {ClaimsAsDisputes} from "./base/ClaimsAsDisputes.sol";
import {PanelWorld} from "./base/PanelWorld.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";

/// @notice What both panels share, tested on the panel for claims: the draw, the votes, appeals and ends, the edges,
/// what is not said.
contract GuaranteePanelSharedTest is
    AssessorPanelDrawTest,
    AssessorPanelVotesTest,
    AssessorPanelEndTest,
    AssessorPanelEdgesTest,
    AssessorPanelQuietTest,
    ClaimsAsDisputes
{
    function setUp() public override(PanelWorld, ClaimsAsDisputes) {
        ClaimsAsDisputes.setUp();
    }

    function _disputed(bytes32 p) internal override(PanelWorld, ClaimsAsDisputes) returns (Terms memory) {
        return ClaimsAsDisputes._disputed(p);
    }

    function _another(uint256 n) internal override(PanelWorld, ClaimsAsDisputes) returns (Terms memory) {
        return ClaimsAsDisputes._another(n);
    }

    function _create(Terms memory t, address by) internal override(PanelWorld, ClaimsAsDisputes) returns (uint256) {
        return ClaimsAsDisputes._create(t, by);
    }

    function _settle(uint256 id, Terms memory t) internal override(PanelWorld, ClaimsAsDisputes) {
        ClaimsAsDisputes._settle(id, t);
    }

    function _subject(Terms memory t) internal view override(PanelWorld, ClaimsAsDisputes) returns (bytes memory) {
        return ClaimsAsDisputes._subject(t);
    }

    function _end(Terms memory t) internal view override(PanelWorld, ClaimsAsDisputes) returns (uint256) {
        return ClaimsAsDisputes._end(t);
    }

    function _fallSilent(Terms memory t) internal override(PanelWorld, ClaimsAsDisputes) {
        ClaimsAsDisputes._fallSilent(t);
    }

    function _gave(Terms memory t, uint256 bps) internal override(PanelWorld, ClaimsAsDisputes) {
        ClaimsAsDisputes._gave(t, bps);
    }
}
