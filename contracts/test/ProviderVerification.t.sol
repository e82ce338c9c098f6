// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../src/interfaces/IProviderVerification.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {VerificationWorld} from "./base/VerificationWorld.sol";

/// @notice Who may do what, and when.
contract ProviderVerificationTest is VerificationWorld {
    function test_setPay_revertsWhenTheCallerIsNoAdmin() public {
        vm.prank(stranger);
        vm.expectRevert();
        book.setPay(2_000);
    }

    function test_setPay_revertsOutOfBounds() public {
        vm.expectRevert(abi.encodeWithSelector(IProviderVerification.PayOutOfBounds.selector, 999));
        book.setPay(999);
        vm.expectRevert(abi.encodeWithSelector(IProviderVerification.PayOutOfBounds.selector, 20_001));
        book.setPay(20_001);
        book.setPay(1_000);
        book.setPay(20_000);
        eq(book.pay(), 20_000);
    }

    function test_setPay_reachesNoTaskThatRuns() public {
        uint256 id = _drawn(false);
        book.setPay(20_000);
        _answerAll(id, 2);
        book.tally(id);
        _afterChallenge(id);
        _unseal(id, false);
        eq(_creditOf(book.seatsOf(id, 0)[0]), PAY / 2);
        _addsUp();
    }

    function test_ask_revertsForAnUntaggedClinic() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IProviderVerification.Untagged.selector, stranger));
        book.ask(SUBJECT, "x");
    }

    function test_ask_revertsWhileACheckRuns() public {
        uint256 id = _ask();
        vm.prank(clinic);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Asked));
        book.ask(SUBJECT, "x");
        vm.warp(book.checkOf(id).deadline + 1);
        book.lapse(id);
        eq(_ask(), 2);
    }

    function test_ask_revertsUntilTheSealIsOpen() public {
        uint256 id = _counted(false, 2);
        _afterChallenge(id);
        vm.prank(clinic);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Challengeable));
        book.ask(SUBJECT, "x");
        _unseal(id, false);
        eq(_ask(), 2);
        eq(book.standingOf(clinic), 1);
        eq(book.lastOf(clinic), 2);
    }

    function test_ask_revertsWithoutUnits() public {
        vm.prank(regulator);
        book.tag(stranger, _tags(2_000));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, stranger, 0, FEE));
        book.ask(SUBJECT, "x");
    }

    function test_ask_takesTheFee() public {
        uint256 id = _ask();
        eq(book.heldFor(id), FEE);
        eq(unit.balanceOf(clinic), 9 * FEE);
        eq(book.checkOf(id).deadline, START + 2 days);
        eq(book.tasks(), 1);
        _phaseIs(id, IProviderVerification.Phase.Asked);
    }

    function test_prepare_revertsWhenTheCallerIsNotTheHouse() public {
        uint256 id = _ask();
        vm.prank(clinic);
        vm.expectRevert();
        book.prepare(id, "x", "y");
    }

    function test_prepare_isForTheLastSecondToo() public {
        uint256 id = _ask();
        vm.warp(START + 2 days + 1);
        vm.prank(house);
        vm.expectRevert(_late(START + 2 days));
        book.prepare(id, "x", "y");
        vm.warp(START + 2 days);
        _prepare(id, false);
        eq(book.checkOf(id).deadline, START + 5 days);
    }

    function test_prepare_revertsTwice() public {
        uint256 id = _ask();
        _prepare(id, false);
        vm.prank(house);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Opening));
        book.prepare(id, "x", "y");
    }

    function test_openSecret_revertsForAnother() public {
        uint256 id = _ask();
        _prepare(id, false);
        vm.prank(clinic);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        book.openSecret(id, "other");
    }

    function test_openSecret_isForTheLastSecondToo() public {
        uint256 id = _ask();
        vm.prank(clinic);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Asked));
        book.openSecret(id, OWN);
        _prepare(id, false);
        vm.warp(START + 3 days + 1);
        vm.prank(clinic);
        vm.expectRevert(_late(START + 3 days));
        book.openSecret(id, OWN);
        vm.warp(START + 3 days);
        _open(id);
        eq(book.checkOf(id).deadline, START + 5 days);
    }

    function test_draw_revertsBeforeTheClinicOpened() public {
        uint256 id = _ask();
        _prepare(id, false);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Opening));
        book.draw(id, FIRST);
    }

    function test_draw_revertsForAnotherSecret() public {
        uint256 id = _ask();
        _prepare(id, false);
        _open(id);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        book.draw(id, SECOND);
    }

    function test_draw_failsWithoutTwo() public {
        for (uint256 i = 1; i < VERIFIERS; ++i) {
            vm.prank(regulator);
            book.dismiss(_verifier(i));
        }
        uint256 id = _drawn(false);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(clinic), FEE);
        eq(_freeBond(_verifier(0)), 5 * LOCK);
        _addsUp();
    }

    function test_draw_seatsTwo() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        eq(pair.length, 2);
        yes(pair[0] != pair[1], "twice");
        eq(book.checkOf(id).deadline, START + 7 days);
    }

    function test_draw_dependsOnBothSecretsAndTheBlock() public {
        uint256 id = _ask();
        _prepare(id, false);
        bytes32 beacon = keccak256(abi.encode(block.prevrandao, block.number, id));
        _open(id);
        vm.recordLogs();
        book.draw(id, FIRST);
        (, bytes32 seed,) = abi.decode(vm.getRecordedLogs()[0].data, (uint256, bytes32, address[]));
        eq(seed, keccak256(abi.encode(beacon, OWN, FIRST)));
        _followsTheSeed(seed, book.seatsOf(id, 0));
    }

    function _followsTheSeed(bytes32 seed, address[] memory pair) private view {
        address[] memory left = book.roster();
        for (uint256 turn = 0; turn < 2; ++turn) {
            uint256 rest = left.length - turn;
            uint256 at_ = uint256(keccak256(abi.encode(seed, turn))) % rest;
            eq(pair[turn], left[at_]);
            left[at_] = left[rest - 1];
        }
    }

    function test_commitAnswer_isForTheSeated() public {
        uint256 id = _drawn(false);
        vm.expectRevert(abi.encodeWithSelector(IProviderVerification.NotSeated.selector, address(this)));
        book.commitAnswer(id, "x");
    }

    function test_commitAnswer_revertsForNothingOrTwice() public {
        uint256 id = _drawn(false);
        address one = book.seatsOf(id, 0)[0];
        vm.prank(one);
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.commitAnswer(id, 0);
        vm.prank(one);
        book.commitAnswer(id, "x");
        vm.prank(one);
        vm.expectRevert(IProviderVerification.AlreadyDone.selector);
        book.commitAnswer(id, "x");
    }

    function test_commitAnswer_isForTheLastSecondToo() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        vm.warp(START + 7 days);
        vm.prank(pair[0]);
        book.commitAnswer(id, "x");
        _phaseIs(id, IProviderVerification.Phase.Answering);
        vm.warp(START + 7 days + 1);
        vm.prank(pair[1]);
        vm.expectRevert(_late(START + 7 days));
        book.commitAnswer(id, "x");
        vm.warp(START + 7 days);
        vm.prank(pair[1]);
        book.commitAnswer(id, "x");
        _phaseIs(id, IProviderVerification.Phase.Revealing);
        eq(book.checkOf(id).deadline, START + 9 days);
    }

    function test_attest_revertsBeforeAllHaveAnswered() public {
        uint256 id = _drawn(false);
        IProviderVerification.Attestation memory a = _answer(book.seatsOf(id, 0)[0], true);
        _commit(id, a);
        bytes memory s = _signedBy(_keyOf(a.verifier), _structHash(id, a));
        vm.expectRevert(_notThis(IProviderVerification.Phase.Answering));
        book.attest(id, a, "salt", s);
    }

    function test_attest_revertsForWhatWasNotCommitted() public {
        (uint256 id, IProviderVerification.Attestation memory a) = _committed();
        bytes memory s = _signedBy(_keyOf(a.verifier), _structHash(id, a));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(id, a, "pepper", s);
        a.failed = 1;
        s = _signedBy(_keyOf(a.verifier), _structHash(id, a));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(id, a, "salt", s);
    }

    function test_attest_revertsForAnotherSignature() public {
        (uint256 id, IProviderVerification.Attestation memory a) = _committed();
        bytes memory s = _signedBy(CLINIC_KEY, _structHash(id, a));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(id, a, "salt", s);
    }

    function test_attest_revertsForAnUnknownSource() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        IProviderVerification.Attestation memory a = _answer(pair[0], false);
        a.failed = 16;
        _commit(id, a);
        _commit(id, _answer(pair[1], true));
        bytes memory s = _signedBy(_keyOf(a.verifier), _structHash(id, a));
        vm.expectRevert(IProviderVerification.WrongAnswer.selector);
        book.attest(id, a, "salt", s);
    }

    function test_attest_takesEverySource() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        IProviderVerification.Attestation memory a = _answer(pair[0], false);
        a.failed = 15;
        _commit(id, a);
        _commit(id, _answer(pair[1], false));
        _attest(id, a);
        eq(book.checkOf(id).revealed, 1);
        eq(book.checkOf(id).accepts, 0);
    }

    function test_attest_revertsTwiceOrForStrangers() public {
        (uint256 id, IProviderVerification.Attestation memory a) = _committed();
        _attest(id, a);
        vm.expectRevert(IProviderVerification.AlreadyDone.selector);
        book.attest(id, a, "salt", "");
        a.verifier = stranger;
        vm.expectRevert(abi.encodeWithSelector(IProviderVerification.NotSeated.selector, stranger));
        book.attest(id, a, "salt", "");
    }

    function test_attest_isForTheLastSecondToo() public {
        (uint256 id, IProviderVerification.Attestation memory a) = _committed();
        bytes memory s = _signedBy(_keyOf(a.verifier), _structHash(id, a));
        vm.warp(START + 2 days + 1);
        vm.expectRevert(_late(START + 2 days));
        book.attest(id, a, "salt", s);
        vm.warp(START + 2 days);
        book.attest(id, a, "salt", s);
    }

    function _committed() private returns (uint256 id, IProviderVerification.Attestation memory a) {
        id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        a = _answer(pair[0], true);
        _commit(id, a);
        _commit(id, _answer(pair[1], true));
    }
}
