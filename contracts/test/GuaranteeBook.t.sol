// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {IGuaranteePool} from "../src/interfaces/IGuaranteePool.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook, Rate} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

contract GuaranteeBookTest is GuaranteeWorld {
    function _unauthorised() private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
    }

    function _out(Terms memory t, Cover memory c, bytes32 field) private {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.CoverOutOfBounds.selector, field));
        _promise(t, c);
    }

    function test_setPricer_revertsWhenTheCallerIsNoAdmin() public {
        _unauthorised();
        book.setPricer(stranger);
    }

    function test_licenseInsurer_revertsWhenTheCallerIsNoAdmin() public {
        _unauthorised();
        book.licenseInsurer(insurer, true);
    }

    function test_postTable_revertsWhenTheCallerMayNotPost() public {
        _unauthorised();
        book.postTable("t", 1);
    }

    function test_postTable_revertsTwiceInAnEpoch() public {
        book.postTable("t", 1);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TablePostedBefore.selector, START / 90 days));
        book.postTable("u", 2);
        vm.warp(START + 90 days);
        book.postTable("u", 2);
        eq(book.tableOf(START / 90 days), "t");
        eq(book.tableOf(START / 90 days + 1), "u");
    }

    function test_open_revertsWhenTheCallerIsNotTheClinic() public {
        Terms memory t = _held();
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisParty.selector, stranger));
        vm.prank(stranger);
        book.open(t, _cover(t), none, "");
    }

    function test_open_revertsForTermsOfAnotherAgreement() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        t.salt = "another";
        vm.expectRevert(IGuaranteeBook.AnotherAgreement.selector);
        _promise(t, c);
    }

    function test_open_revertsForAnotherToken() public {
        Terms memory t = _payable(_terms());
        _open(t);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.AnotherToken.selector, address(coin)));
        _promise(t, _cover(t));
    }

    function test_open_revertsForAPayoutThatNamesAnAccountOfTheClosedLoop() public {
        Terms memory t = _terms();
        t.payout = bytes32(uint256(0xB00C));
        _open(t);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.CoverOutOfBounds.selector, bytes32("payout")));
        _promise(t, _cover(t));
    }

    function test_open_revertsWhenNothingIsHeld() public {
        Terms memory t = _terms();
        vm.expectRevert(IGuaranteeBook.OutcomeKnown.selector);
        _promise(t, _cover(t));
    }

    function test_open_revertsOutOfEachBound() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        c.sum = 0;
        _out(t, c, "sum");
        c.sum = 520_001;
        _out(t, c, "sum");
        c = _cover(t);
        c.openBy = uint40(START - 1);
        _out(t, c, "openBy");
        c = _cover(t);
        c.from = uint40(START + 7 days - 1);
        _out(t, c, "from");
        c.from = uint40(START + 1095 days - 14 days + 1);
        c.until = uint40(START + 1095 days + 1);
        _out(t, c, "from");
        c = _cover(t);
        c.until = c.from + 14 days - 1;
        _out(t, c, "until");
        c.until = c.from + 180 days + 1;
        _out(t, c, "until");
        c = _cover(t);
        c.arbiterWindow = 3 days - 1;
        _out(t, c, "arbiterWindow");
        c.arbiterWindow = 90 days + 1;
        _out(t, c, "arbiterWindow");
        c = _cover(t);
        c.goodwillBps = 1_001;
        _out(t, c, "goodwillBps");
        c = _cover(t);
        c.silentBps = 4_999;
        _out(t, c, "silentBps");
        c.silentBps = 10_001;
        _out(t, c, "silentBps");
        c = _cover(t);
        c.arbiter = address(0);
        _out(t, c, "arbiter");
        c.arbiter = clinic;
        _out(t, c, "arbiter");
        c.arbiter = patient;
        _out(t, c, "arbiter");
        c = _cover(t);
        c.backer = insurer;
        _out(t, c, "backer");
        c.profile = IGuaranteeBook.Profile.Insurer;
        c.backer = address(0);
        _out(t, c, "backer");
        c.backer = clinic;
        _out(t, c, "backer");
    }

    function test_open_acceptsTheEdgeOfEachBound() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        c.openBy = uint40(START);
        c.from = uint40(START + 7 days);
        c.until = c.from + 14 days;
        c.arbiterWindow = 3 days;
        _promise(t, c);
        _inState(c, IGuaranteeBook.State.Open);
        t = _held(1);
        c = _cover(t);
        c.from = uint40(START + 1095 days - 180 days);
        c.until = uint40(START + 1095 days);
        c.arbiterWindow = 90 days;
        c.silentBps = 10_000;
        _promise(t, c);
        _inState(c, IGuaranteeBook.State.Open);
    }

    function test_open_revertsForAThirdOpenCoverOfAPerson() public {
        for (uint256 i = 0; i < 2; ++i) {
            Terms memory t = _held(i);
            _promise(t, _cover(t));
        }
        eq(book.openOf(clinic, keccak256("person")), 2);
        Terms memory third = _held(2);
        Cover memory c = _cover(third);
        vm.expectRevert(IGuaranteeBook.TooManyCovers.selector);
        _promise(third, c);
        c.person = "another";
        _promise(third, c);
    }

    function test_open_revertsWhenTheBondIsTooSmall() public {
        vm.prank(clinic);
        bond.reclaim(address(book), 2_000_000 - 650_000);
        Terms memory t = _held();
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, 650_000, TOTAL));
        _promise(t, _cover(t));
    }

    function test_open_locksThePriceForTheClinicsOwnPromise() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        bytes32 id = _promise(t, c);
        eq(id, _coverId(c));
        eq(book.coverId(c), id);
        eq(book.coverOf(_id(t)), id);
        eq(_bond(clinic).locked, TOTAL);
    }

    function test_open_locksBothLayersForAnInsurer() public {
        Terms memory t = _held();
        Cover memory c = _insured(t);
        _depositBond(insurer, 1_000_000);
        bytes memory policy = _policy(c);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotLicensed.selector, insurer));
        vm.prank(clinic);
        book.open(t, c, none, policy);
        book.licenseInsurer(insurer, true);
        vm.expectRevert(IGuaranteeBook.BackingNotSigned.selector);
        vm.prank(clinic);
        book.open(t, c, none, "");
        _openInsured(t, c);
        // 20 % of 520,000 and the co-pay are the clinic's
        eq(_bond(clinic).locked, 234_001);
        eq(_bond(insurer).locked, 416_000);
        book.licenseInsurer(insurer, false);
        yes(!book.insurerLicensed(insurer), "licensed");
    }

    function test_open_takesThePremiumForThePool() public {
        Terms memory t = _held();
        _invest(lender, 10_000_000);
        _openPooled(t, _pooled(t));
        eq(_bond(clinic).locked, 234_001);
        eq(pool.exposure(), 416_000);
        // 4 % of 520,000 and 10.00
        eq(pool.totalAssets(), 10_021_800);
        (uint32 epoch, uint32 ppm, uint32 before) = book.rateOf(keccak256(abi.encode(clinic, t.standard)));
        eq(epoch, START / 90 days);
        eq(ppm, PPM);
        eq(before, 0);
    }

    function _poolRefused(Terms memory t, Rate memory r, bytes memory line, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(clinic);
        book.open(t, _pooled(t), r, line);
    }

    function test_open_revertsWithoutAPostedTableOrItsSignature() public {
        Terms memory t = _held();
        _invest(lender, 10_000_000);
        Rate memory r = _rate(PPM);
        bytes memory line = _line(PRICER_KEY, t, r);
        bytes memory notPosted = abi.encodeWithSelector(IGuaranteeBook.TableNotPosted.selector, r.epoch, r.table);
        _poolRefused(t, r, line, notPosted);
        _table();
        r.table = 0;
        _poolRefused(t, r, line, abi.encodeWithSelector(IGuaranteeBook.TableNotPosted.selector, r.epoch, 0));
        r.table = "table";
        r.epoch -= 1;
        _poolRefused(t, r, line, abi.encodeWithSelector(IGuaranteeBook.TableNotPosted.selector, r.epoch, r.table));
        r.epoch += 1;
        r.ppm += 1;
        _poolRefused(t, r, line, abi.encodeWithSelector(IGuaranteeBook.BackingNotSigned.selector));
    }

    function _rateRefused(Terms memory t, uint32 ppm, uint256 before) private {
        Rate memory r = _rate(ppm);
        _poolRefused(
            t,
            r,
            _line(PRICER_KEY, t, r),
            abi.encodeWithSelector(IGuaranteeBook.RateOutOfBounds.selector, before, uint256(ppm))
        );
    }

    function test_open_keepsRatesWithinAQuarterOfTheEpochBefore() public {
        Terms memory t = _held();
        _invest(lender, 20_000_000);
        _table();
        _rateRefused(t, 4_999, 0);
        _rateRefused(t, 500_001, 0);
        _openPooled(t, _pooled(t));
        vm.warp(START + 90 days);
        _table();
        t = _terms();
        t.salt = "next epoch";
        t.openBy = uint40(START + 91 days);
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy += 90 days;
        }
        _open(t);
        _rateRefused(t, PPM * 5 / 4 + 1, PPM);
        _rateRefused(t, PPM * 3 / 4 - 1, PPM);
        Cover memory c = _pooled(t);
        Rate memory r = _rate(PPM * 5 / 4);
        bytes memory line = _line(PRICER_KEY, t, r);
        _give(clinic, 27_000, address(pool));
        vm.prank(clinic);
        book.open(t, c, r, line);
        (, uint32 ppm, uint32 before) = book.rateOf(keccak256(abi.encode(clinic, t.standard)));
        eq(ppm, PPM * 5 / 4);
        eq(before, PPM);
    }

    function test_open_revertsWhileThePoolIsOff() public {
        Terms memory t = _held();
        Cover memory c = _pooled(t);
        _table();
        Rate memory r = _rate(PPM);
        bytes memory line = _line(PRICER_KEY, t, r);
        vm.expectRevert(IGuaranteePool.NotLicensed.selector);
        vm.prank(clinic);
        book.open(t, c, r, line);
    }
}
