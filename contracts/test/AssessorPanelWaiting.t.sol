// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

interface Answers {
    function mockCall(address target, bytes calldata call, bytes calldata answer) external;
}

/// @notice What the panel reads in the escrow and in the terms, and the smallest sums.
contract AssessorPanelWaitingTest is PanelWorld {
    /// @dev From now on the escrow says so of every agreement, with all the time in the world.
    function _says(ICareEscrow.State state, uint8 milestone) private {
        ICareEscrow.Account memory a;
        (a.state, a.milestone, a.deadline) = (state, milestone, type(uint40).max);
        Answers(address(vm))
            .mockCall(address(escrow), abi.encodeWithSelector(escrow.account.selector), abi.encode(a));
    }

    function _small(uint88 amount) private returns (Terms memory t) {
        t = _panelTerms();
        t.milestones[0].amount = amount;
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
    }

    function test_lapse_endsTheCaseOfAMilestoneThatIsNoLongerPresent() public {
        uint256 id = _create(_disputed(), patient);
        _says(ICareEscrow.State.Disputed, 1);
        panel.lapse(id);
        _phase(id, IAssessorPanel.Phase.Failed);
    }

    function test_lapse_endsTheCaseOfAMilestoneThatIsNoLongerInDispute() public {
        uint256 id = _create(_disputed(), patient);
        _says(ICareEscrow.State.Active, 0);
        panel.lapse(id);
        _phase(id, IAssessorPanel.Phase.Failed);
    }

    function test_lapse_chargesNobodyForTheSmallestFee() public {
        Terms memory t = _small(20);
        uint256 id = _ruled(t, 3);
        eq(panel.heldFor(id), 2);
        vm.warp(_end(t) + 1);
        panel.lapse(id);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(pool.purse(FUND), 1_000_000);
    }

    function test_appeal_asksNoPurseWhereNothingIsDue() public {
        Terms memory t = _small(19);
        refuses(address(pool), abi.encodeWithSelector(pool.take.selector));
        uint256 id = _ruled(t, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        eq(_case(id).round, 1);
    }

    function test_tally_givesEverythingBackWhereItFailedWhateverThePicturesShow() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Failed, _seen(m[i], 5));
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Failed, _seen(m[i], 5));
        }
        panel.tally(id, LAYOUT);
        eq(_case(id).refundBps, 10_000);
    }

    function test_settle_returnsItToTheSmallestReferenceThatIsNoAccount() public {
        bytes32 to = bytes32(uint256(1) << 160);
        Terms memory t = _disputed(to);
        _fund(_as(patient), FEE);
        uint256 id = _ruled(t, 5);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        eq(pool.purse(to), FEE);
    }
}
