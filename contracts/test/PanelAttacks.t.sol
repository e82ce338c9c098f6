// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";
import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {IAssessorPool} from "../src/interfaces/IAssessorPool.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

/// @notice Attacks 11, 12, 13 and 29 of the catalogue on the panel.
contract PanelAttacksTest is PanelWorld {
    function test_attack_11_disputeInTheLastSecondIsHeardAndASecondOneIsNot() public {
        Terms memory t = _panelTerms();
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.warp(_account(t).deadline);
        vm.prank(patient);
        escrow.dispute(t);
        uint256 id = _create(t, patient);
        bytes memory data = abi.encode(t);
        vm.prank(clinic);
        vm.expectRevert(IAssessorPanel.AlreadyDone.selector);
        panel.createDispute(CHOICES, data);
        eq(id, 1);
    }

    function test_attack_11_disputeAfterAcceptanceFindsNoPanel() public {
        Terms memory t = _panelTerms();
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        bytes memory data = abi.encode(t);
        vm.prank(patient);
        vm.expectRevert(IAssessorPanel.NotOpenHere.selector);
        panel.createDispute(CHOICES, data);
    }

    function test_attack_12_silentPanelHoldsNoMoney() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        _draw(id, false);
        vm.warp(_account(t).deadline + 1);
        escrow.settleSilent(t);
        panel.lapse(id);
        _state(t, ICareEscrow.State.Closed);
        eq(pool.aside(), 0);
        _poolAddsUp(id);
    }

    function test_attack_12_splitBehindThePanelsBackEndsTheCase() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        bytes memory a = _splitSigned(PATIENT_KEY, t, 100_000, 0);
        bytes memory b = _splitSigned(CLINIC_KEY, t, 100_000, 0);
        escrow.split(t, 100_000, a, b);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        // the ruling came too late for the money, and those who worked are paid by both
        eq(_owed(address(unit), PAYOUT), 100_000);
        eq(pool.purse(_as(clinic)), 1_000_000 - FEE / 2);
        _poolAddsUp(id);
    }

    function test_attack_13_copiedVoteCannotBeRevealed() public {
        uint256 id = _create(_disputed(), patient);
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

    function test_attack_13_silenceIsSlashedAndDissentIsNot() public {
        Terms memory t = _disputed();
        uint256 id = _create(t, patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            _commitVote(id, m[i], _finding(i != 0), 0);
        }
        for (uint256 i = 0; i < 4; ++i) {
            _reveal(id, m[i], _finding(i != 0), 0);
        }
        vm.warp(_case(id).deadline + 1);
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settle(id, t);
        uint256 part = (FEE + PanelMath.SLASH) / 4;
        eq(pool.purse(_as(m[0])), PanelMath.BOND + part);
        eq(pool.purse(_as(m[1])), PanelMath.BOND + part);
        eq(pool.purse(_as(m[4])), PanelMath.BOND - PanelMath.SLASH);
        // with less than a bond it is not drawn again
        yes(!pool.eligible(m[4], clinic), "drawn again");
    }

    function test_attack_13_bondCannotBeTakenBeforeTheVoteIsIn() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        vm.prank(m[0]);
        vm.expectRevert(IAssessorPool.SeatedStill.selector);
        pool.withdraw(_as(m[0]), 1);
    }

    function test_attack_13_lastRevealerCannotChooseItsSecret() public {
        uint256 id = _create(_disputed(), patient);
        _commitSecrets(id, false);
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 0));
        panel.openSecret(id, IAssessorPanel.Side.House, _secret(0, 2));
        // whoever is last knows both draws, but only its own secret opens; holding it back costs a day and changes
        // nothing that the others can object to
        for (uint256 i = 0; i < 8; ++i) {
            vm.expectRevert(IAssessorPanel.WrongSecret.selector);
            panel.openSecret(id, IAssessorPanel.Side.Clinic, keccak256(abi.encode(i)));
        }
        vm.warp(_case(id).deadline + 1);
        panel.draw(id);
        eq(panel.panelOf(id, 0).length, 5);
    }

    function test_attack_13_assessorsOfTheSameCityNeverSit() public {
        bytes32[3] memory near = _tags(1_000);
        for (uint256 i = 0; i < 10; ++i) {
            bytes32[3] memory tags = _tags(i + 1);
            tags[i % 3] = near[0];
            _admit(_assessor(i), tags);
        }
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            yes(uint160(m[i]) >= uint160(_assessor(10)), "a neighbour sits");
        }
    }

    function test_attack_13_manyNamesWithoutCredentialOrBondAreNotDrawn() public {
        for (uint256 i = 100; i < 140; ++i) {
            _fund(_as(_assessor(i)), PanelMath.BOND);
            _admit(_assessor(i + 100), _tags(i));
        }
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, false);
        for (uint256 i = 0; i < 5; ++i) {
            yes(uint160(m[i]) < uint160(_assessor(ASSESSORS)), "not admitted, or without a bond");
        }
    }

    function test_attack_13_appealsOutOfSpiteCostThoseWhoMakeThem() public {
        Terms memory t = _disputed();
        uint256 id = _ruled(t, 5);
        vm.prank(clinic);
        panel.appeal(id, "");
        _vote(id, _draw(id, false), 11);
        panel.tally(id, 0);
        _settle(id, t);
        eq(pool.purse(_as(clinic)), 1_000_000 - 3 * FEE);
        eq(pool.purse(_as(panel.panelOf(id, 1)[0])), PanelMath.BOND + (3 * FEE) / 16);
        _poolAddsUp(id);
    }

    function test_attack_13_noiseIsNotCounted() public {
        uint256 id = _create(_disputed(), patient);
        address[] memory m = _draw(id, true);
        for (uint256 i = 0; i < 5; ++i) {
            // three see a clear improvement, two press the same key for everything
            uint16 scores = i < 3 ? _seen(m[i], 5) : 0;
            _commitVote(id, m[i], IAssessorPanel.Finding.Kept, scores);
        }
        for (uint256 i = 0; i < 5; ++i) {
            uint16 scores = i < 3 ? _seen(m[i], 5) : 0;
            _reveal(id, m[i], IAssessorPanel.Finding.Kept, scores);
        }
        panel.tally(id, LAYOUT);
        _phase(id, IAssessorPanel.Phase.Appealable);
        eq(_case(id).refundBps, 0);
    }

    function test_attack_29_commitmentMadeForAnotherHistoryIsRefused() public {
        uint256 id = _create(_disputed(), patient);
        bytes32 beacon = panel.beaconOf(id);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.WrongBeacon.selector, beacon));
        panel.commitSecret(id, keccak256("the beacon of a block that is no more"), "x");
    }

    function test_attack_29_secretOfTheFirstRoundDoesNotOpenInTheSecond() public {
        uint256 id = _ruled(_disputed(), 5);
        vm.prank(clinic);
        panel.appeal(id, "");
        _commitSecrets(id, false);
        vm.expectRevert(IAssessorPanel.WrongSecret.selector);
        panel.openSecret(id, IAssessorPanel.Side.Patient, _secret(0, 0));
    }
}
