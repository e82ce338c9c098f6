// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../src/interfaces/IProviderVerification.sol";
import {VerificationWorld} from "./base/VerificationWorld.sol";

/// @notice Attacks 4, 8, 13, 27 and 29 of the catalogue on paid checks.
contract VerificationAttacksTest is VerificationWorld {
    function test_attack_04_giftToTheBookCountsForNothing() public {
        uint256 id = _counted(false, 2);
        uint256 before = unit.balanceOf(address(book));
        _mint(address(book), 5);
        _afterChallenge(id);
        _unseal(id, false);
        eq(unit.balanceOf(address(book)), before + 5);
        eq(book.lost() + _creditOf(clinic), PAY);
    }

    function test_attack_08_attestationIsGoodForOneTaskOnly() public {
        uint256 id = _counted(false, 2);
        address one = book.seatsOf(id, 0)[0];
        IProviderVerification.Attestation memory a = _answer(one, true);
        bytes memory s = _signedBy(_keyOf(one), _structHash(id, a));
        _afterChallenge(id);
        _unseal(id, false);
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            if (_verifier(i) == one || i == (_verifier(0) == one ? 1 : 0)) continue;
            vm.prank(regulator);
            book.dismiss(_verifier(i));
        }
        uint256 next = _drawn(false);
        _commit(next, a);
        _commit(next, _answer(book.seatsOf(next, 0)[book.seatsOf(next, 0)[0] == one ? 1 : 0], true));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(next, a, "salt", s);
    }

    function test_attack_13_copiedAnswerCannotBeRevealed() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        IProviderVerification.Attestation memory a = _answer(pair[0], true);
        bytes32 commitment = keccak256(abi.encode(_structHash(id, a), bytes32("salt")));
        vm.prank(pair[0]);
        book.commitAnswer(id, commitment);
        vm.prank(pair[1]);
        book.commitAnswer(id, commitment);
        _attest(id, a);
        a.verifier = pair[1];
        bytes memory s = _signedBy(_keyOf(pair[1]), _structHash(id, a));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(id, a, "salt", s);
    }

    function test_attack_13_clinicCannotTryAnotherDraw() public {
        uint256 id = _ask();
        _prepare(id, false);
        _open(id);
        vm.prank(clinic);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Drawing));
        book.openSecret(id, OWN);
        vm.prank(clinic);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Drawing));
        book.ask(SUBJECT, "other");
    }

    function test_attack_13_houseCannotCallARealTaskAFake() public {
        uint256 id = _counted(false, 2);
        _afterChallenge(id);
        vm.prank(house);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        book.unseal(id, true, SEAL_SALT);
        eq(book.verifierOf(book.seatsOf(id, 0)[0]).checks, 0);
    }

    function test_attack_13_bondCannotBeTakenBeforeTheTaskIsOver() public {
        uint256 id = _counted(false, 2);
        address one = book.seatsOf(id, 0)[0];
        vm.prank(one);
        vm.expectRevert();
        book.unbond(uint96(5 * LOCK));
        _judged(id, 0);
        eq(_creditOf(challenger), 2 * DEPOSIT - 3 * PAY);
    }

    function test_attack_13_challengerNeverSitsOnItsOwnJury() public {
        uint256 id = _counted(false, 2);
        address[] memory pair = book.seatsOf(id, 0);
        uint256 left;
        address own;
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            address v = _verifier(i);
            if (v == pair[0] || v == pair[1]) continue;
            if (++left <= 3) {
                own = v;
                continue;
            }
            vm.prank(regulator);
            book.dismiss(v);
        }
        _mint(own, DEPOSIT);
        vm.prank(own);
        book.challenge(id, "grounds");
        book.convene(id, SECOND);
        // two are left beside the challenger: no jury
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(own), DEPOSIT);
    }

    function test_attack_13_fundOfLossesPaysOutToNobody() public {
        uint256 id = _drawn(false);
        vm.warp(book.checkOf(id).deadline + 2 days + 1);
        book.tally(id);
        vm.expectRevert();
        book.payOut(0);
        eq(book.lost(), 2 * LOCK);
    }

    function test_attack_27_codeAtAVerifierSpeaksForThatVerifierAlone() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        _commit(id, _answer(pair[0], true));
        _commit(id, _answer(pair[1], true));
        IProviderVerification.Attestation memory a = _answer(pair[0], true);
        bytes memory s = _signedBy(_keyOf(pair[1]), _structHash(id, a));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(id, a, "salt", s);
    }

    function test_attack_29_secretOfTheDrawDoesNotConveneTheJury() public {
        uint256 id = _counted(false, 2);
        _challenged(id);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        book.convene(id, FIRST);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        book.draw(id, FIRST);
    }
}
