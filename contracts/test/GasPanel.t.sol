// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

/// @notice What each act before the panel costs as a transaction of its own; another dispute was there before.
contract PanelGasTest is PanelWorld {
    function _note(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function test_gas_disputeBeforeThePanel() public {
        _ruled(_disputed(), 2);
        Terms memory t = _another(7);
        bytes memory data = abi.encode(t);
        vm.prank(patient);
        uint256 id = panel.createDispute(CHOICES, data);
        _note("panel.createDispute");
        _commitSecrets(id, false);
        _note("panel.prepare");
        _openSecrets(id);
        _note("panel.openSecret");
        panel.draw(id);
        _note("panel.draw");
        address[] memory members = panel.panelOf(id, 0);
        for (uint256 i = 0; i < members.length; ++i) {
            _commitVote(id, members[i], IAssessorPanel.Finding.Failed, 0);
        }
        _note("panel.commitVote");
        for (uint256 i = 0; i < members.length; ++i) {
            _reveal(id, members[i], IAssessorPanel.Finding.Failed, 0);
        }
        _note("panel.revealVote");
        panel.tally(id, 0);
        _note("panel.tally");
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        _note("panel.settle");
    }
}
