// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifiers} from "../src/interfaces/IVerifiers.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {VerificationWorld} from "./base/VerificationWorld.sol";

contract VerifiersTest is VerificationWorld {
    function test_admit_ofVerifiersRevertsWhenTheCallerIsNoRegulator() public {
        vm.expectRevert();
        book.admit(stranger, _tags(1), uint40(START));
    }

    function test_admit_ofVerifiersRevertsWhenTheRosterIsFull() public {
        for (uint256 i = VERIFIERS; i < 256; ++i) {
            _admit(address(uint160(0xABC000 + i)), _tags(i));
        }
        vm.prank(regulator);
        vm.expectRevert(IVerifiers.RosterFull.selector);
        book.admit(stranger, _tags(1), uint40(START));
        _admit(_verifier(3), _tags(3));
    }

    function test_admit_ofVerifiersRenewsWithoutASecondPlace() public {
        _admit(_verifier(0), _tags(77));
        eq(book.roster().length, VERIFIERS);
        yes(book.eligible(_verifier(0), clinic), "renewed");
    }

    function test_dismiss_ofVerifiersIsForTheRegulatorAndForWhoIsThere() public {
        vm.expectRevert();
        book.dismiss(_verifier(0));
        vm.prank(regulator);
        vm.expectRevert(IVerifiers.NothingThere.selector);
        book.dismiss(stranger);
    }

    function test_dismiss_ofVerifiersClosesTheGap() public {
        vm.prank(regulator);
        book.dismiss(_verifier(0));
        vm.prank(regulator);
        book.dismiss(_verifier(VERIFIERS - 1));
        eq(book.roster().length, VERIFIERS - 2);
        yes(!book.eligible(_verifier(0), clinic) && !book.eligible(_verifier(VERIFIERS - 1), clinic), "gone");
        for (uint256 i = 1; i < VERIFIERS - 1; ++i) {
            yes(book.eligible(_verifier(i), clinic), "others stay");
            eq(book.roster()[book.verifierOf(_verifier(i)).place - 1], _verifier(i));
        }
        eq(book.verifierOf(_verifier(0)).until, 0);
        _admit(_verifier(0), _tags(1));
        yes(book.eligible(_verifier(0), clinic), "back");
    }

    function test_tag_ofClinicsIsForTheRegulator() public {
        vm.expectRevert();
        book.tag(clinic, _tags(1));
    }

    function test_bondFor_takesUnits() public {
        vm.expectRevert(IVerifiers.NothingThere.selector);
        book.bondFor(clinic, 0);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, address(this), 0, 1));
        book.bondFor(clinic, 1);
        _bond(_verifier(0), 7);
        eq(_freeBond(_verifier(0)), 5 * LOCK + 7);
        eq(unit.balanceOf(address(book)), VERIFIERS * 5 * LOCK + 7);
    }

    function test_unbond_givesBackWhatIsFree() public {
        uint256 id = _drawn(false);
        address one = book.seatsOf(id, 0)[0];
        vm.prank(one);
        vm.expectRevert(abi.encodeWithSelector(IVerifiers.BondTooSmall.selector, 4 * LOCK));
        book.unbond(uint96(4 * LOCK + 1));
        vm.prank(one);
        book.unbond(uint96(4 * LOCK));
        eq(_creditOf(one), 4 * LOCK);
        eq(_freeBond(one), 0);
        vm.prank(one);
        vm.expectRevert(IVerifiers.NothingThere.selector);
        book.unbond(0);
        _addsUp();
    }

    function test_eligible_ofVerifiersNeedsBondAndTime() public {
        address poor = _verifier(50);
        _admit(poor, _tags(50));
        _bond(poor, LOCK - 1);
        yes(!book.eligible(poor, clinic), "bond too small");
        _bond(poor, 1);
        yes(book.eligible(poor, clinic), "bond");
        vm.warp(START + 2_000 days);
        yes(book.eligible(poor, clinic), "last second");
        vm.warp(START + 2_000 days + 1);
        yes(!book.eligible(poor, clinic), "past its time");
    }

    function test_eligible_ofVerifiersNeedsTagsThatAreKnownAndFar() public {
        for (uint256 own = 0; own < 3; ++own) {
            bytes32[3] memory tags = _tags(1);
            tags[own] = 0;
            _admit(_verifier(0), tags);
            yes(!book.eligible(_verifier(0), clinic), "unknown");
            for (uint256 near = 0; near < 3; ++near) {
                tags[own] = _tags(1_000)[near];
                _admit(_verifier(0), tags);
                yes(!book.eligible(_verifier(0), clinic), "shared");
            }
        }
    }

    function test_eligible_ofVerifiersEndsAboveTenPercent() public {
        for (uint256 i = 2; i < VERIFIERS; ++i) {
            vm.prank(regulator);
            book.dismiss(_verifier(i));
        }
        for (uint256 turn = 0; turn < 2; ++turn) {
            yes(book.eligible(_verifier(0), clinic) && book.eligible(_verifier(1), clinic), "may");
            uint256 id = _counted(true, 2);
            _afterChallenge(id);
            _unseal(id, true);
        }
        eq(book.verifierOf(_verifier(0)).misses, 2);
        yes(!book.eligible(_verifier(0), clinic) && !book.eligible(_verifier(1), clinic), "suspended");
    }
}
