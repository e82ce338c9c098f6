// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../src/base/PanelMath.sol";
import {IAssessorPool} from "../src/interfaces/IAssessorPool.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {PanelWorld} from "./base/PanelWorld.sol";

contract AssessorPoolTest is PanelWorld {
    function test_admit_revertsWhenTheCallerIsNoRegulator() public {
        vm.expectRevert();
        pool.admit(stranger, _tags(1), uint40(START));
    }

    function test_admit_revertsWhenThePoolIsFull() public {
        for (uint256 i = ASSESSORS; i < 256; ++i) {
            _admit(_assessor(i), _tags(i));
        }
        vm.prank(regulator);
        vm.expectRevert(IAssessorPool.PoolFull.selector);
        pool.admit(stranger, _tags(1), uint40(START));
        _admit(_assessor(3), _tags(3));
    }

    function test_admit_renewsWithoutASecondPlace() public {
        _admit(_assessor(0), _tags(77));
        eq(pool.pool().length, ASSESSORS);
        yes(pool.eligible(_assessor(0), clinic), "renewed");
    }

    function test_dismiss_revertsWhenTheCallerIsNoRegulator() public {
        vm.expectRevert();
        pool.dismiss(_assessor(0));
    }

    function test_dismiss_revertsForWhoIsNotThere() public {
        vm.prank(regulator);
        vm.expectRevert(IAssessorPool.NothingThere.selector);
        pool.dismiss(stranger);
    }

    function test_dismiss_closesTheGap() public {
        vm.prank(regulator);
        pool.dismiss(_assessor(0));
        vm.prank(regulator);
        pool.dismiss(_assessor(ASSESSORS - 1));
        eq(pool.pool().length, ASSESSORS - 2);
        yes(!pool.eligible(_assessor(0), clinic) && !pool.eligible(_assessor(ASSESSORS - 1), clinic), "gone");
        for (uint256 i = 1; i < ASSESSORS - 1; ++i) {
            yes(pool.eligible(_assessor(i), clinic), "others stay");
        }
        _admit(_assessor(0), _tags(1));
        yes(pool.eligible(_assessor(0), clinic), "back");
    }

    function test_dismiss_movesTheLastOneIntoTheGap() public {
        vm.prank(regulator);
        pool.dismiss(_assessor(3));
        eq(pool.pool()[3], _assessor(ASSESSORS - 1));
        vm.prank(regulator);
        pool.dismiss(_assessor(ASSESSORS - 1));
        eq(pool.pool()[3], _assessor(ASSESSORS - 2));
        eq(pool.pool().length, ASSESSORS - 2);
        vm.prank(regulator);
        vm.expectRevert(IAssessorPool.NothingThere.selector);
        pool.dismiss(_assessor(3));
        for (uint256 i = 0; i < ASSESSORS - 2; ++i) {
            address one = pool.pool()[0];
            vm.prank(regulator);
            pool.dismiss(one);
        }
        eq(pool.pool().length, 0);
    }

    function test_admit_givesEachItsOwnPlace() public {
        for (uint256 i = ASSESSORS; i < ASSESSORS + 3; ++i) {
            _admit(_assessor(i), _tags(i + 1));
            eq(pool.pool().length, i + 1);
            eq(pool.pool()[i], _assessor(i));
        }
        vm.prank(regulator);
        pool.dismiss(_assessor(ASSESSORS + 1));
        eq(pool.pool()[ASSESSORS + 1], _assessor(ASSESSORS + 2));
        eq(pool.pool()[ASSESSORS], _assessor(ASSESSORS));
    }

    function test_tag_revertsWhenTheCallerIsNoRegulator() public {
        vm.expectRevert();
        pool.tag(clinic, _tags(1));
    }

    function test_eligible_saysNoWithoutABondOrPastItsTime() public {
        address poor = _assessor(50);
        _admit(poor, _tags(50));
        yes(!pool.eligible(poor, clinic), "no bond");
        _fund(_as(poor), PanelMath.BOND - 1);
        yes(!pool.eligible(poor, clinic), "bond too small");
        _fund(_as(poor), 1);
        yes(pool.eligible(poor, clinic), "bond");
        vm.warp(START + 2_000 days);
        yes(pool.eligible(poor, clinic), "last second");
        vm.warp(START + 2_000 days + 1);
        yes(!pool.eligible(poor, clinic), "past its time");
    }

    function test_eligible_saysNoToWhoSharesATagOrHasNone() public {
        for (uint256 own = 0; own < 3; ++own) {
            bytes32[3] memory tags = _tags(1);
            tags[own] = 0;
            _admit(_assessor(0), tags);
            yes(!pool.eligible(_assessor(0), clinic), "unknown");
            for (uint256 near = 0; near < 3; ++near) {
                tags[own] = _tags(1_000)[near];
                _admit(_assessor(0), tags);
                yes(!pool.eligible(_assessor(0), clinic), "shared");
            }
        }
    }

    function test_fundFor_revertsForNothing() public {
        vm.expectRevert(IAssessorPool.NothingThere.selector);
        pool.fundFor(FUND, 0);
    }

    function test_fundFor_revertsWithoutUnits() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, address(this), 0, 1));
        pool.fundFor(FUND, 1);
    }

    function test_withdraw_revertsForAnother() public {
        vm.expectRevert(abi.encodeWithSelector(IAssessorPool.NotOwner.selector, address(this)));
        pool.withdraw(_as(clinic), 1);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPool.NotOwner.selector, address(this)));
        pool.withdraw(FUND, 1);
    }

    function test_withdraw_revertsForMoreThanThereIs() public {
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPool.PurseTooSmall.selector, 1_000_001));
        pool.withdraw(_as(clinic), 1_000_001);
        vm.prank(clinic);
        vm.expectRevert(IAssessorPool.NothingThere.selector);
        pool.withdraw(_as(clinic), 0);
    }

    function test_withdraw_paysTheOwnerOut() public {
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 400_000);
        eq(pool.purse(_as(clinic)), 600_000);
        eq(unit.balanceOf(address(pool)), 600_000 + 1_000_000 + ASSESSORS * PanelMath.BOND);
    }

    function test_withdraw_paysAPayoutReferenceByAnybody() public {
        _fund(PAYOUT, 5);
        vm.prank(stranger);
        pool.withdraw(PAYOUT, 5);
        eq(pool.purse(PAYOUT), 0);
    }

    function _look(address who, uint256 times, bool right) private {
        for (uint256 i = 0; i < times; ++i) {
            vm.prank(address(panel));
            pool.note(who, right);
        }
    }

    function test_note_isForThePanelAlone() public {
        vm.prank(regulator);
        vm.expectRevert();
        pool.note(_assessor(0), true);
    }

    function test_note_countsLooksAndThoseThatWereRight() public {
        address a = _assessor(0);
        vm.expectEmit(address(pool));
        emit IAssessorPool.Calibrated(a, 1, 1);
        _look(a, 1, true);
        _look(a, 3, false);
        (uint256 looks, uint256 right, bool enough) = pool.calibrationOf(a);
        eq(looks, 4);
        eq(right, 1);
        yes(enough && pool.eligible(a, clinic), "too few looks to judge by");
        _look(a, 1, false);
        (looks, right, enough) = pool.calibrationOf(a);
        eq(looks, 5);
        yes(!enough && !pool.eligible(a, clinic), "below the bound");
        // better eyes bring it back
        _look(a, 5, true);
        yes(pool.eligible(a, clinic), "six of ten");
        address b = _assessor(1);
        _look(b, 5, true);
        _look(b, 5, false);
        yes(!pool.eligible(b, clinic), "five of ten");
    }

    function test_note_beginsAnewWithANewAdmission() public {
        _look(_assessor(0), 5, false);
        _admit(_assessor(0), _tags(1));
        (uint256 looks, uint256 right, bool enough) = pool.calibrationOf(_assessor(0));
        yes(looks == 0 && right == 0 && enough && pool.eligible(_assessor(0), clinic), "a new record");
    }

    function test_note_doesNotTouchPlaceSeatsOrTime() public {
        _look(_assessor(1), 5, true);
        eq(pool.seatsOf(_assessor(1)), 0);
        eq(pool.pool()[1], _assessor(1));
        yes(pool.eligible(_assessor(1), clinic), "still there");
    }

    function test_take_isForThePanelAlone() public {
        vm.expectRevert();
        pool.take(FUND, 1);
        vm.expectRevert();
        pool.takeUpTo(FUND, 1);
        vm.expectRevert();
        pool.give(FUND, 0);
        vm.expectRevert();
        pool.seat(0, clinic, new address[](0), 0);
        vm.expectRevert();
        pool.rise(new address[](0));
    }

    function test_withdraw_knowsAReferenceFromAnAddressByItsFirstBit() public {
        bytes32 named = bytes32(uint256(1) << 160);
        _fund(named, 5);
        vm.prank(stranger);
        pool.withdraw(named, 5);
        bytes32 largest = bytes32(uint256(type(uint160).max));
        _fund(largest, 5);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPool.NotOwner.selector, stranger));
        pool.withdraw(largest, 5);
    }

    function test_takeUpTo_takesWhatIsThereAndNoMoreThanAsked() public {
        bytes32 who = _as(_assessor(0));
        vm.prank(address(panel));
        eq(pool.takeUpTo(who, 7), 7);
        eq(pool.purse(who), PanelMath.BOND - 7);
        eq(pool.aside(), 7);
        vm.prank(address(panel));
        eq(pool.takeUpTo(who, PanelMath.BOND), PanelMath.BOND - 7);
        eq(pool.purse(who), 0);
        eq(pool.aside(), PanelMath.BOND);
        vm.prank(address(panel));
        yes(!pool.take(who, 1), "nothing there");
    }

    function test_give_revertsForMoreThanIsKeptAside() public {
        vm.prank(address(panel));
        pool.take(FUND, 5);
        vm.prank(address(panel));
        vm.expectRevert();
        pool.give(FUND, 6);
        vm.prank(address(panel));
        pool.give(FUND, 5);
        eq(pool.aside(), 0);
    }

    function test_seat_takesNobodyTwiceNorTheSeated() public {
        address[] memory none = new address[](0);
        vm.prank(address(panel));
        address[] memory first = pool.seat("seed", clinic, none, 5);
        vm.prank(address(panel));
        address[] memory second = pool.seat("seed", clinic, first, 15);
        for (uint256 i = 0; i < 15; ++i) {
            for (uint256 k = 0; k < 5; ++k) {
                yes(second[i] != first[k], "sits already");
            }
            for (uint256 k = 0; k < i; ++k) {
                yes(second[i] != second[k], "twice");
            }
            eq(pool.seatsOf(second[i]), 1);
        }
        vm.prank(address(panel));
        eq(pool.seat("seed", clinic, first, 16).length, 0);
        vm.prank(second[0]);
        vm.expectRevert(IAssessorPool.SeatedStill.selector);
        pool.withdraw(_as(second[0]), 1);
        vm.prank(address(panel));
        pool.rise(second);
        vm.prank(second[0]);
        pool.withdraw(_as(second[0]), 1);
    }

    function test_seat_passesOverWhoSharesAnyTagWithTheClinic() public {
        bytes32[3] memory near = _tags(1_000);
        for (uint256 i = 0; i < 15; ++i) {
            bytes32[3] memory tags = _tags(i + 1);
            tags[i / 5] = near[i % 3];
            _admit(_assessor(i), tags);
        }
        vm.prank(address(panel));
        address[] memory members = pool.seat("seed", clinic, new address[](0), 5);
        for (uint256 i = 0; i < 5; ++i) {
            yes(uint160(members[i]) >= uint160(_assessor(15)), "a neighbour sits");
        }
        vm.prank(address(panel));
        eq(pool.seat("seed", clinic, new address[](0), 6).length, 0);
        // a second panel is a second seat, and rising from one leaves the other
        vm.prank(address(panel));
        pool.seat("another seed", clinic, new address[](0), 5);
        eq(pool.seatsOf(_assessor(15)), 2);
        vm.prank(address(panel));
        pool.rise(members);
        eq(pool.seatsOf(_assessor(15)), 1);
    }

    function test_seat_followsTheSeedBitForBit() public {
        vm.prank(address(panel));
        address[] memory members = pool.seat(keccak256("a seed"), clinic, new address[](0), 5);
        address[] memory left = pool.pool();
        for (uint256 turn = 0; turn < 5; ++turn) {
            uint256 rest = left.length - turn;
            uint256 at_ = uint256(keccak256(abi.encode(keccak256("a seed"), turn))) % rest;
            eq(members[turn], left[at_]);
            left[at_] = left[rest - 1];
        }
    }
}
