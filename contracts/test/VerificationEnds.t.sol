// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Managed} from "../src/base/Managed.sol";
import {IProviderVerification} from "../src/interfaces/IProviderVerification.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {VerificationWorld} from "./base/VerificationWorld.sol";

/// @notice Counting, objecting, and the ends of a task: who, and when.
contract VerificationEndsTest is VerificationWorld {
    function test_tally_revertsWhileAnswersMayCome() public {
        uint256 id = _drawn(false);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Answering));
        book.tally(id);
        vm.warp(START + 9 days);
        vm.expectRevert(_late(START + 9 days));
        book.tally(id);
    }

    function test_tally_acceptsOnlyWhatTwoAccept() public {
        uint256 id = _counted(false, 2);
        yes(book.checkOf(id).accepted, "two");
        eq(book.checkOf(id).deadline, START + 14 days);
        _afterChallenge(id);
        _unseal(id, false);
        id = _counted(false, 1);
        eq(book.checkOf(id).round, 1);
        eq(book.checkOf(id).size, 1);
        _answerAll(id, 0);
        book.tally(id);
        yes(!book.checkOf(id).accepted, "one of three");
        address[] memory pair = book.seatsOf(id, 0);
        yes(book.seatsOf(id, 1)[0] != pair[0] && book.seatsOf(id, 1)[0] != pair[1], "sits twice");
    }

    function test_tally_givesTheThirdItsOwnTime() public {
        uint256 id = _drawn(false);
        vm.warp(START + 5 days);
        _answerAll(id, 1);
        vm.warp(START + 6 days);
        book.tally(id);
        eq(book.checkOf(id).deadline, START + 13 days);
        eq(book.checkOf(id).committed, 0);
        eq(book.checkOf(id).accepts, 0);
        vm.warp(START + 13 days);
        _answerAll(id, 1);
        book.tally(id);
        eq(book.checkOf(id).deadline, START + 27 days);
        _challenged(id);
        vm.warp(START + 14 days);
        book.convene(id, SECOND);
        eq(book.checkOf(id).deadline, START + 21 days);
        eq(book.checkOf(id).round, 2);
    }

    function test_revoke_isForTheLastSecondToo() public {
        uint256 id = _standing();
        uint256 end = book.checkOf(id).deadline;
        vm.warp(end + 1);
        vm.prank(regulator);
        vm.expectRevert(_late(end));
        book.revoke(id);
        vm.warp(end);
        vm.prank(regulator);
        book.revoke(id);
    }

    function test_setAuthority_isForNobody() public {
        vm.expectRevert(Managed.AuthorityIsFixed.selector);
        book.setAuthority(address(this));
        eq(book.authority(), address(manager));
    }

    function test_convene_isForTheLastSecondToo() public {
        uint256 id = _counted(false, 2);
        _challenged(id);
        vm.warp(START + 2 days + 1);
        vm.expectRevert(_late(START + 2 days));
        book.convene(id, SECOND);
        vm.warp(START + 2 days);
        book.convene(id, SECOND);
    }

    function test_draw_isForTheLastSecondToo() public {
        uint256 id = _ask();
        _prepare(id, false);
        _open(id);
        vm.warp(START + 2 days + 1);
        vm.expectRevert(_late(START + 2 days));
        book.draw(id, FIRST);
        vm.warp(START + 2 days);
        book.draw(id, FIRST);
    }

    function test_seatsOf_namesWhoSits() public {
        uint256 id = _counted(false, 1);
        eq(book.seatsOf(id, 0).length, 2);
        eq(book.seatsOf(id, 1).length, 1);
        eq(book.seatsOf(id, 2).length, 0);
        eq(book.roster().length, VERIFIERS);
        eq(book.roster()[VERIFIERS - 1], _verifier(VERIFIERS - 1));
    }

    function test_challenge_isForTheLastSecondToo() public {
        uint256 id = _counted(false, 2);
        vm.warp(START + 14 days + 1);
        vm.prank(challenger);
        vm.expectRevert(_late(START + 14 days));
        book.challenge(id, "x");
        vm.warp(START + 14 days);
        _challenged(id);
        eq(unit.balanceOf(challenger), 9 * DEPOSIT);
        eq(book.checkOf(id).deadline, START + 16 days);
    }

    function test_challenge_revertsTwiceOrTooEarly() public {
        uint256 id = _drawn(false);
        vm.prank(challenger);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Answering));
        book.challenge(id, "x");
        _answerAll(id, 2);
        book.tally(id);
        _challenged(id);
        vm.prank(challenger);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Challenged));
        book.challenge(id, "x");
    }

    function test_challenge_revertsWithoutUnits() public {
        uint256 id = _counted(false, 2);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, stranger, 0, DEPOSIT));
        book.challenge(id, "x");
    }

    function test_convene_revertsForAnotherSecretOrWithoutAChallenge() public {
        uint256 id = _counted(false, 2);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Challengeable));
        book.convene(id, SECOND);
        _challenged(id);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        book.convene(id, FIRST);
    }

    function test_convene_seatsThreeWhoDidNotSit() public {
        uint256 id = _counted(false, 2);
        _challenged(id);
        vm.recordLogs();
        book.convene(id, SECOND);
        (, bytes32 seed,) = abi.decode(vm.getRecordedLogs()[0].data, (uint256, bytes32, address[]));
        bytes32 first = keccak256(
            abi.encode(keccak256(abi.encode(block.prevrandao, block.number, id)), OWN, FIRST)
        );
        eq(seed, keccak256(abi.encode(first, bytes32("grounds"), SECOND)));
        address[] memory jury = book.seatsOf(id, 2);
        address[] memory pair = book.seatsOf(id, 0);
        eq(jury.length, 3);
        eq(book.checkOf(id).size, 3);
        for (uint256 i = 0; i < 3; ++i) {
            yes(jury[i] != pair[0] && jury[i] != pair[1], "sat");
        }
        eq(book.heldFor(id), FEE + 5 * LOCK + DEPOSIT);
    }

    function test_convene_endsTheTaskWithoutThree() public {
        uint256 id = _counted(false, 2);
        address[] memory pair = book.seatsOf(id, 0);
        uint256 left;
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            if (_verifier(i) == pair[0] || _verifier(i) == pair[1] || ++left < 3) continue;
            vm.prank(regulator);
            book.dismiss(_verifier(i));
        }
        _challenged(id);
        book.convene(id, SECOND);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(challenger), DEPOSIT);
        eq(book.heldFor(id), 0);
    }

    function test_unseal_revertsForAnotherWord() public {
        uint256 id = _counted(true, 2);
        _afterChallenge(id);
        vm.expectRevert(IProviderVerification.WrongSecret.selector);
        _unseal(id, false);
    }

    function test_unseal_revertsBeforeTheChallengeIsOver() public {
        uint256 id = _counted(false, 2);
        vm.warp(book.checkOf(id).deadline);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Challengeable));
        _unseal(id, false);
    }

    function test_unseal_isForTheLastSecondToo() public {
        uint256 id = _counted(false, 2);
        vm.warp(START + 21 days + 1);
        vm.expectRevert(_late(START + 21 days));
        _unseal(id, false);
        vm.warp(START + 21 days);
        _unseal(id, false);
        eq(book.checkOf(id).deadline, START + 21 days + 365 days);
    }

    function test_revoke_isForTheRegulator() public {
        uint256 id = _standing();
        vm.expectRevert();
        book.revoke(id);
    }

    function test_revoke_endsTheStandingAtOnce() public {
        uint256 id = _standing();
        vm.prank(regulator);
        book.revoke(id);
        _phaseIs(id, IProviderVerification.Phase.Revoked);
        eq(book.standingOf(clinic), 0);
        vm.prank(regulator);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Revoked));
        book.revoke(id);
        vm.warp(book.checkOf(id).deadline + 1);
        book.expire(id);
        eq(_creditOf(book.seatsOf(id, 0)[0]), PAY);
        eq(book.heldFor(id), 0);
    }

    function test_standingOf_isTheNewestResultAndNotTheBest() public {
        _standing();
        uint256 id = _counted(true, 0);
        _afterChallenge(id);
        _unseal(id, true);
        eq(book.standingOf(clinic), 1);
        id = _counted(false, 0);
        _afterChallenge(id);
        _unseal(id, false);
        eq(book.standingOf(clinic), 0);
    }

    function test_standingOf_endsWithTheYear() public {
        uint256 id = _standing();
        vm.warp(book.checkOf(id).deadline);
        eq(book.standingOf(clinic), id);
        vm.warp(block.timestamp + 1);
        eq(book.standingOf(clinic), 0);
        eq(book.standingOf(stranger), 0);
    }

    function test_expire_revertsBeforeTheEnd() public {
        uint256 id = _standing();
        vm.warp(book.checkOf(id).deadline);
        vm.expectRevert(_late(block.timestamp));
        book.expire(id);
        vm.warp(block.timestamp + 1);
        book.expire(id);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Ended));
        book.expire(id);
    }

    function test_expire_revertsForWhatIsNotDecided() public {
        uint256 id = _counted(false, 2);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Challengeable));
        book.expire(id);
    }

    function _standing() private returns (uint256 id) {
        id = _counted(false, 2);
        _afterChallenge(id);
        _unseal(id, false);
    }

    function test_lapse_revertsInTheLastSecond() public {
        uint256 id = _ask();
        vm.warp(START + 2 days);
        vm.expectRevert(_late(START + 2 days));
        book.lapse(id);
    }

    function test_lapse_revertsWhileVerifiersWork() public {
        uint256 id = _drawn(false);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Answering));
        book.lapse(id);
        vm.warp(START + 20 days);
        vm.expectRevert(_notThis(IProviderVerification.Phase.Revealing));
        book.lapse(id);
    }

    function test_lapse_givesTheFeeBackWhenHouseOrClinicAreSilent() public {
        for (uint256 turn = 0; turn < 3; ++turn) {
            uint256 id = _ask();
            if (turn > 0) _prepare(id, false);
            if (turn > 1) _open(id);
            vm.warp(book.checkOf(id).deadline + 1);
            book.lapse(id);
            eq(_creditOf(clinic), FEE * (turn + 1));
            eq(book.heldFor(id), 0);
        }
        _addsUp();
    }

    function test_lapse_paysInFullWhenTheHouseOpensNoSeal() public {
        uint256 id = _counted(false, 2);
        vm.warp(book.checkOf(id).deadline + 7 days + 1);
        book.lapse(id);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(book.seatsOf(id, 0)[0]), PAY);
        eq(_creditOf(clinic), FEE - 2 * PAY);
        eq(_creditOf(house), 0);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_lapse_givesTheChallengerItsDepositWhenTheHouseIsSilent() public {
        uint256 id = _counted(false, 2);
        _challenged(id);
        eq(book.heldFor(id), FEE + 2 * LOCK + DEPOSIT);
        vm.warp(book.checkOf(id).deadline + 1);
        book.lapse(id);
        eq(_creditOf(challenger), DEPOSIT);
        eq(_creditOf(book.seatsOf(id, 0)[1]), PAY);
        eq(_freeBond(book.seatsOf(id, 0)[1]), 5 * LOCK);
        eq(_creditOf(clinic), FEE - 2 * PAY);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_expire_paysTheSecondHalves() public {
        uint256 id = _counted(false, 1);
        _answerAll(id, 0);
        book.tally(id);
        _afterChallenge(id);
        _unseal(id, false);
        vm.warp(block.timestamp + 365 days + 1);
        book.expire(id);
        _phaseIs(id, IProviderVerification.Phase.Ended);
        for (uint256 i = 0; i < 2; ++i) {
            eq(_creditOf(book.seatsOf(id, 0)[i]), PAY);
        }
        eq(_creditOf(book.seatsOf(id, 1)[0]), PAY);
        eq(book.heldFor(id), 0);
        _addsUp();
    }
}
