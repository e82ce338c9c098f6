// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {VerificationMath} from "../src/base/VerificationMath.sol";
import {IProviderVerification} from "../src/interfaces/IProviderVerification.sol";
import {Vm} from "./base/Vm.sol";
import {VerificationWorld} from "./base/VerificationWorld.sol";

/// @notice Where a task's money goes in each of its ends.
contract VerificationMoneyTest is VerificationWorld {
    function test_unseal_paysHalfNowAndLetsTheRestWait() public {
        uint256 id = _counted(false, 2);
        address[] memory pair = book.seatsOf(id, 0);
        eq(book.heldFor(id), FEE + 2 * LOCK);
        eq(_freeBond(pair[0]), 4 * LOCK);
        _afterChallenge(id);
        _unseal(id, false);
        _phaseIs(id, IProviderVerification.Phase.Standing);
        eq(book.standingOf(clinic), id);
        eq(_creditOf(pair[0]), PAY / 2);
        eq(_creditOf(pair[1]), PAY / 2);
        eq(_freeBond(pair[0]), 5 * LOCK);
        eq(_freeBond(pair[1]), 5 * LOCK);
        eq(book.heldFor(id), PAY);
        eq(_creditOf(clinic), PAY);
        eq(_creditOf(house), FEE - 3 * PAY);
        _addsUp();
    }

    function test_unseal_paysTheSameForARejection() public {
        uint256 id = _counted(false, 0);
        address[] memory pair = book.seatsOf(id, 0);
        _afterChallenge(id);
        _unseal(id, false);
        _phaseIs(id, IProviderVerification.Phase.Rejected);
        eq(book.standingOf(clinic), 0);
        eq(_creditOf(pair[0]), PAY / 2);
        eq(_creditOf(pair[1]), PAY / 2);
        eq(book.heldFor(id), PAY);
        eq(_creditOf(clinic), PAY);
        eq(_creditOf(house), FEE - 3 * PAY);
    }

    function test_unseal_paysThreeAfterADisagreement() public {
        uint256 id = _counted(false, 1);
        eq(book.seatsOf(id, 1).length, 1);
        _answerAll(id, 1);
        book.tally(id);
        yes(book.checkOf(id).accepted, "two of three");
        _afterChallenge(id);
        _unseal(id, false);
        for (uint256 i = 0; i < 2; ++i) {
            eq(_creditOf(book.seatsOf(id, 0)[i]), PAY / 2);
        }
        eq(_creditOf(book.seatsOf(id, 1)[0]), PAY / 2);
        eq(_creditOf(clinic), 0);
        eq(book.heldFor(id), 3 * PAY / 2);
        _addsUp();
    }

    function test_unseal_takesTheWaitingHalfFromWhoAcceptedAFake() public {
        uint256 id = _counted(true, 2);
        address[] memory pair = book.seatsOf(id, 0);
        _afterChallenge(id);
        _unseal(id, true);
        _phaseIs(id, IProviderVerification.Phase.Exposed);
        eq(book.standingOf(clinic), 0);
        eq(_creditOf(pair[0]), PAY / 2);
        eq(book.lost(), PAY);
        eq(book.heldFor(id), 0);
        eq(book.verifierOf(pair[1]).checks, 1);
        eq(book.verifierOf(pair[1]).misses, 1);
        eq(_freeBond(pair[0]), 5 * LOCK);
        _addsUp();
    }

    function test_unseal_paysInFullWhoSawAFake() public {
        uint256 id = _counted(true, 0);
        address[] memory pair = book.seatsOf(id, 0);
        _afterChallenge(id);
        _unseal(id, true);
        eq(_creditOf(pair[0]), PAY);
        eq(_creditOf(pair[1]), PAY);
        eq(book.lost(), 0);
        eq(book.verifierOf(pair[0]).checks, 1);
        eq(book.verifierOf(pair[0]).misses, 0);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_unseal_measuresTheJuryToo() public {
        uint256 id = _counted(true, 2);
        _judged(id, 1);
        _unseal(id, true);
        address[] memory jury = book.seatsOf(id, 2);
        eq(book.verifierOf(jury[0]).misses, 1);
        eq(book.verifierOf(jury[1]).misses, 0);
        eq(book.verifierOf(jury[2]).checks, 1);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_tally_letsTheSilentPayThoseWhoAnswered() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        _commit(id, _answer(pair[0], false));
        vm.warp(book.checkOf(id).deadline + 1);
        _attest(id, _answerAt(pair[0], false, START));
        vm.warp(block.timestamp + 2 days);
        book.tally(id);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(clinic), FEE);
        eq(_creditOf(pair[0]), PAY);
        eq(_freeBond(pair[0]), 5 * LOCK);
        eq(_freeBond(pair[1]), 4 * LOCK);
        eq(book.lost(), LOCK - PAY);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_tally_givesTheFeeBackWhenBothAreSilent() public {
        uint256 id = _drawn(false);
        vm.warp(book.checkOf(id).deadline + 2 days + 1);
        book.tally(id);
        eq(_creditOf(clinic), FEE);
        eq(book.lost(), 2 * LOCK);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_tally_letsASilentThirdPayTheTwo() public {
        uint256 id = _counted(false, 1);
        vm.warp(book.checkOf(id).deadline + 2 days + 1);
        book.tally(id);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(clinic), FEE);
        eq(_creditOf(book.seatsOf(id, 0)[0]), PAY);
        eq(_creditOf(book.seatsOf(id, 0)[1]), PAY);
        eq(book.lost(), 0);
        eq(_freeBond(book.seatsOf(id, 1)[0]), 4 * LOCK);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_tally_paysBothWhenThereIsNoThird() public {
        uint256 id = _drawn(false);
        address[] memory pair = book.seatsOf(id, 0);
        _answerAll(id, 1);
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            vm.prank(regulator);
            book.dismiss(_verifier(i));
        }
        book.tally(id);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(pair[0]), PAY);
        eq(_creditOf(pair[1]), PAY);
        eq(_creditOf(clinic), FEE - 2 * PAY);
        eq(_creditOf(house), 0);
        eq(_freeBond(pair[0]), 5 * LOCK);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_tally_givesTheVerifiersBondsToWhoProvesThemWrong() public {
        uint256 id = _counted(false, 2);
        address[] memory pair = book.seatsOf(id, 0);
        _judged(id, 0);
        IProviderVerification.Check memory c = book.checkOf(id);
        yes(c.overruled && !c.accepted, "overruled");
        eq(_creditOf(challenger), DEPOSIT + DEPOSIT - 3 * PAY);
        eq(_creditOf(book.seatsOf(id, 2)[0]), PAY);
        eq(_creditOf(book.seatsOf(id, 2)[2]), PAY);
        _unseal(id, false);
        _phaseIs(id, IProviderVerification.Phase.Rejected);
        eq(_freeBond(pair[0]), 4 * LOCK);
        eq(_creditOf(pair[0]), 0);
        eq(book.lost(), 2 * PAY);
        eq(_creditOf(clinic), PAY);
        eq(book.heldFor(id), 0);
        vm.warp(block.timestamp + 365 days + 1);
        book.expire(id);
        eq(_creditOf(pair[0]), 0);
        _addsUp();
    }

    function test_tally_givesTheDepositToThoseWhoWereRight() public {
        uint256 id = _counted(false, 2);
        address[] memory pair = book.seatsOf(id, 0);
        _judged(id, 2);
        IProviderVerification.Check memory c = book.checkOf(id);
        yes(!c.overruled && c.accepted, "stands");
        eq(_creditOf(challenger), 0);
        eq(_creditOf(pair[0]), (DEPOSIT - 3 * PAY) / 2);
        eq(_creditOf(pair[1]), (DEPOSIT - 3 * PAY) / 2);
        eq(_creditOf(book.seatsOf(id, 2)[1]), PAY);
        _unseal(id, false);
        eq(_creditOf(pair[0]), (DEPOSIT - 3 * PAY) / 2 + PAY / 2);
        eq(_freeBond(pair[0]), 5 * LOCK);
        _addsUp();
    }

    function test_tally_keepsAnOddUnitOfADepositForTheFund() public {
        book.setPay(3_005);
        _mint(clinic, 100);
        uint256 id = _counted(false, 0);
        _judged(id, 1);
        address[] memory pair = book.seatsOf(id, 0);
        eq(_creditOf(pair[0]), 1_502);
        eq(book.lost(), 1);
        _unseal(id, false);
        eq(_creditOf(pair[0]), 3_004);
        vm.warp(block.timestamp + 366 days);
        book.expire(id);
        eq(_creditOf(pair[0]), 4_507);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_tally_givesAnOddPrizeWholeToTheChallenger() public {
        book.setPay(3_005);
        _mint(clinic, 100);
        _mint(challenger, 100);
        uint256 id = _counted(false, 2);
        vm.recordLogs();
        _judged(id, 0);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 slashed;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IProviderVerification.Slashed.selector) ++slashed;
        }
        eq(slashed, 2);
        eq(_creditOf(challenger), 4 * 3_005 + 3_005);
        eq(book.lost(), 0);
        eq(book.heldFor(id), 9_015 + 475);
        _addsUp();
    }

    function test_tally_leavesTheOneWhoWasRightItsBondAndPay() public {
        uint256 id = _counted(false, 1);
        _answerAll(id, 1);
        book.tally(id);
        _judged(id, 0);
        address right = book.seatsOf(id, 0)[1];
        eq(_creditOf(right), 0);
        _unseal(id, false);
        eq(_creditOf(right), PAY / 2);
        eq(_freeBond(right), 5 * LOCK);
        eq(_freeBond(book.seatsOf(id, 0)[0]), 4 * LOCK);
        eq(_freeBond(book.seatsOf(id, 1)[0]), 4 * LOCK);
        eq(book.heldFor(id), PAY / 2);
        vm.warp(block.timestamp + 366 days);
        book.expire(id);
        eq(_creditOf(right), PAY);
        _addsUp();
    }

    function test_tally_givesNothingOfADepositToWhoWasOutvoted() public {
        uint256 id = _counted(false, 1);
        _answerAll(id, 1);
        book.tally(id);
        _judged(id, 3);
        eq(book.checkOf(id).deadline, START + 7 days);
        eq(_creditOf(book.seatsOf(id, 0)[0]), PAY / 2);
        eq(_creditOf(book.seatsOf(id, 0)[1]), 0);
        eq(_creditOf(book.seatsOf(id, 1)[0]), PAY / 2);
        eq(book.lost(), 0);
        eq(book.heldFor(id), FEE + 3 * LOCK);
        _addsUp();
    }

    function test_tally_takesFromASilentJuror() public {
        uint256 id = _counted(false, 2);
        _challenged(id);
        book.convene(id, SECOND);
        address[] memory jury = book.seatsOf(id, 2);
        for (uint256 i = 0; i < 2; ++i) {
            _commit(id, _answerAt(jury[i], false, START));
        }
        vm.warp(book.checkOf(id).deadline + 1);
        for (uint256 i = 0; i < 2; ++i) {
            _attest(id, _answerAt(jury[i], false, START));
        }
        vm.warp(block.timestamp + 2 days);
        book.tally(id);
        _phaseIs(id, IProviderVerification.Phase.Unsealing);
        eq(_freeBond(jury[2]), 4 * LOCK);
        eq(book.lost(), LOCK);
        eq(_creditOf(jury[0]), PAY);
        eq(_freeBond(jury[0]), 5 * LOCK);
        eq(book.heldFor(id), FEE);
        eq(_creditOf(challenger), 2 * DEPOSIT - 2 * PAY);
        _addsUp();
    }

    function test_tally_letsNothingStandWhenTheJuryDoesNotDecide() public {
        uint256 id = _counted(false, 2);
        address[] memory pair = book.seatsOf(id, 0);
        _challenged(id);
        book.convene(id, SECOND);
        address[] memory jury = book.seatsOf(id, 2);
        for (uint256 i = 0; i < 2; ++i) {
            _commit(id, _answerAt(jury[i], i == 0, START));
        }
        vm.warp(book.checkOf(id).deadline + 1);
        for (uint256 i = 0; i < 2; ++i) {
            _attest(id, _answerAt(jury[i], i == 0, START));
        }
        vm.warp(block.timestamp + 2 days);
        book.tally(id);
        _phaseIs(id, IProviderVerification.Phase.Failed);
        eq(_creditOf(challenger), DEPOSIT);
        eq(_creditOf(jury[0]), PAY);
        eq(_creditOf(jury[1]), PAY);
        eq(_creditOf(pair[0]), PAY);
        eq(_creditOf(clinic), FEE - 2 * PAY);
        eq(book.lost(), 0);
        eq(book.heldFor(id), 0);
        _addsUp();
    }

    function test_endow_handsWhatWasLostToTheFundForPatients() public {
        uint256 id = _drawn(false);
        vm.warp(book.checkOf(id).deadline + 2 days + 1);
        book.tally(id);
        book.endow();
        eq(book.lost(), 0);
        eq(pool.purse(0), 2 * LOCK);
        eq(unit.balanceOf(address(pool)), 2 * LOCK);
        _addsUp();
    }

    function test_endow_revertsForNothing() public {
        vm.expectRevert();
        book.endow();
    }

    function test_payOut_paysWhatIsCredited() public {
        uint256 id = _ask();
        vm.warp(book.checkOf(id).deadline + 1);
        book.lapse(id);
        uint256 before = unit.totalSupply();
        eq(book.payOut(_as(clinic)), FEE);
        eq(unit.totalSupply(), before - FEE);
        _addsUp();
    }

    function test_payOut_keepsTheCreditWhenTheUnitRefuses() public {
        uint256 id = _ask();
        vm.warp(book.checkOf(id).deadline + 1);
        book.lapse(id);
        breaks(address(unit));
        vm.expectRevert();
        book.payOut(_as(clinic));
        eq(_creditOf(clinic), FEE);
    }

    function test_feeOf_isExactWhereItDivides() public {
        book.setPay(1_900);
        eq(book.heldFor(_ask()), 6_000);
    }

    function testFuzz_feeOf_isDividedToTheLastUnit(uint96 pay_, uint256 answered, bool overruled, bool opened)
        public
        pure
    {
        uint256 p = bound(pay_, 1_000, 20_000);
        answered = bound(answered, 2, 3);
        (uint256 a, uint256 b, uint256 c, uint256 d) =
            VerificationMath.division(p, answered, overruled ? 2 : 0, opened);
        eq(a + b + c + d, VerificationMath.fee(p));
    }

    function _answerAt(address who, bool accepts, uint256 at_)
        private
        pure
        returns (IProviderVerification.Attestation memory)
    {
        return IProviderVerification.Attestation(who, accepts ? 0 : 5, uint40(at_), "pages");
    }
}
