// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {IAssessorPool} from "../src/interfaces/IAssessorPool.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteePanelWorld} from "./base/GuaranteePanelWorld.sol";

/// @notice Attack 13 of the catalogue once more, on a case about a claim.
contract GuaranteePanelAttacksTest is GuaranteePanelWorld {
    uint256 private constant CLAIM_FEE = SUM / 20;

    function test_attack_13_onAClaimACopiedVoteCannotBeRevealed() public {
        uint256 id = _newCase(1);
        address[] memory m = _draw(id, false);
        _commitVote(id, m[0], IAssessorPanel.Finding.Failed, 0);
        bytes32 copied = _voteHash(id, m[0], IAssessorPanel.Finding.Failed, 0);
        vm.prank(m[1]);
        panel.commitVote(id, copied);
        vm.warp(_case(id).deadline + 1);
        vm.prank(m[1]);
        vm.expectRevert(IAssessorPanel.WrongVote.selector);
        panel.revealVote(id, IAssessorPanel.Finding.Failed, 0, "salt");
    }

    function test_attack_13_onAClaimSilenceIsSlashedAndDissentIsNot() public {
        uint256 id = _newCase(1);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], _finding(i != 0), 0);
        }
        for (uint256 i = 0; i < 4; ++i) {
            _reveal(id, m[i], _finding(i != 0), 0);
        }
        vm.warp(_case(id).deadline + 1);
        panel.tally(id, 0);
        eq(pool.purse(_as(m[0])), PanelMath.BOND);
        eq(pool.purse(_as(m[4])), PanelMath.BOND - PanelMath.SLASH);
        vm.prank(m[0]);
        vm.expectRevert(IAssessorPool.SeatedStill.selector);
        pool.withdraw(_as(m[0]), 1);
    }

    function test_attack_13_onAClaimHeldBackSecretsStopNoDraw() public {
        uint256 id = _newCase(1);
        _commitSecrets(id, false);
        panel.openSecret(id, IAssessorPanel.Side.House, _secret(0, 2));
        vm.expectRevert(IAssessorPanel.WrongSecret.selector);
        panel.openSecret(id, IAssessorPanel.Side.Clinic, "another");
        vm.warp(_case(id).deadline + 1);
        panel.draw(id);
        eq(panel.panelOf(id, 0).length, 5);
    }

    function test_attack_13_onAClaimNeighboursAndBareNamesNeverSit() public {
        bytes32[3] memory near = _tags(1_000);
        for (uint256 i = 0; i < 10; ++i) {
            bytes32[3] memory tags = _tags(i + 1);
            tags[i % 3] = near[2];
            _admit(_assessor(i), tags);
            _admit(_assessor(i + 100), _tags(i + 100));
        }
        uint256 id = _newCase(1);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            yes(uint160(m[i]) >= uint160(_assessor(10)), "a neighbour sits");
            yes(uint160(m[i]) < uint160(_assessor(ASSESSORS)), "somebody without a bond sits");
        }
    }

    function test_attack_13_onAClaimAppealsOutOfSpiteCostThoseWhoMakeThem() public {
        (Terms memory t, Cover memory c) = _claimed(1, 2);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 5);
        panel.tally(id, 0);
        vm.prank(clinic);
        panel.appeal(id, "");
        _vote(id, _draw(id, false), 11);
        panel.tally(id, 0);
        _settleFor(id, c);
        eq(pool.purse(_as(clinic)), 1_000_000 - 3 * CLAIM_FEE);
        _poolAddsUp(id);
    }

    function test_attack_13_onAClaimNoiseIsNotedAndLosesItsSeat() public {
        // as long as it is not drawn out of the pool, everybody sits once in a while
        for (uint256 i = 0; i < PanelMath.MIN_LOOKS; ++i) {
            vm.prank(address(panel));
            pool.note(_assessor(0), false);
            vm.prank(address(panel));
            pool.note(_assessor(1), i != 0 && i != 1);
            vm.prank(address(panel));
            pool.note(_assessor(2), i == 0 || i == 1);
        }
        yes(!pool.eligible(_assessor(0), clinic), "noise is drawn");
        yes(pool.eligible(_assessor(1), clinic), "three of five are enough");
        yes(!pool.eligible(_assessor(2), clinic), "two of five are not");
        // it keeps its bond: seeing badly costs the seat, never money
        vm.prank(_assessor(0));
        pool.withdraw(_as(_assessor(0)), PanelMath.BOND);
    }

    function test_attack_13_onAClaimNoiseDecidesNothing() public {
        uint256 id = _newCase(1);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], IAssessorPanel.Finding.Failed, i < 3 ? _seen(m[i], 5) : 0);
        }
        for (uint256 i = 0; i < 5; ++i) {
            _reveal(id, m[i], IAssessorPanel.Finding.Failed, i < 3 ? _seen(m[i], 5) : 0);
        }
        panel.tally(id, LAYOUT);
        eq(_case(id).refundBps, 0);
        (uint256 looks, uint256 right,) = pool.calibrationOf(m[0]);
        yes(looks == 1 && right == 1, "seen");
        (looks, right,) = pool.calibrationOf(m[4]);
        yes(looks == 1 && right == 0, "noise");
    }

    function test_attack_13_onAClaimThePanelCannotRuleOverAnothersCover() public {
        (Terms memory t, Cover memory c) = _promised(1);
        c.arbiter = arbiter;
        c.person = "another";
        t = _agreement(2);
        _open(t);
        c.agreement = _id(t);
        vm.prank(clinic);
        book.open(t, c, none, "");
        _claimNow(t, c, 2);
        bytes memory data = _both(t, c);
        vm.prank(patient);
        vm.expectRevert(IAssessorPanel.WrongTerms.selector);
        panel.createDispute(CHOICES, data);
        vm.prank(address(panel));
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisParty.selector, address(panel)));
        book.rule(uint256(_coverId(c)), 2);
    }
}
