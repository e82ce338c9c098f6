// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook, Rate} from "../src/interfaces/IGuaranteeBook.sol";
import {IGuaranteePool} from "../src/interfaces/IGuaranteePool.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

/// @notice What a cover's book keeps from one transaction to the next, whom it asks and stops with, and its borders.
contract GuaranteeBookEdgesTest is GuaranteeWorld {
    bytes private constant DOWN = "down";

    Cover private ruled;
    Cover private settled;
    Cover private lapsed;
    Cover private waiting;

    function setUp() public override {
        super.setUp();
        _depositBond(clinic, 4_000_000);
        _depositBond(insurer, 1_000_000);
        book.licenseInsurer(insurer, true);
        _invest(lender, 20_000_000);
        (, waiting) = _promised(4);
        (Terms memory t, Cover memory c) = _promised(3);
        lapsed = c;
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.lapse(t, c);
        (t, c) = _promised(2);
        settled = c;
        _finished(t, c);
        _ask(t, c, 3);
        _rule(c, 3);
        book.settle(t, c);
        vm.warp(START);
        (t, c) = _promised(1);
        ruled = c;
        _finished(t, c);
        _ask(t, c, 2);
        _rule(c, 2);
    }

    function _promised(uint256 n) private returns (Terms memory t, Cover memory c) {
        t = _held(n);
        c = _of(_cover(t), n);
        _promise(t, c);
    }

    /// @dev A person of her own, so that nobody has too many covers.
    function _of(Cover memory c, uint256 n) private pure returns (Cover memory) {
        c.person = keccak256(abi.encode("person", n));
        return c;
    }

    function _insuredNow(uint256 n) private returns (Terms memory t, Cover memory c) {
        vm.warp(START);
        t = _held(n);
        c = _of(_insured(t), n);
        _openInsured(t, c);
    }

    function _pooledNow(uint256 n) private returns (Terms memory t, Cover memory c) {
        vm.warp(START);
        t = _held(n);
        c = _of(_pooled(t), n);
        _openPooled(t, c);
    }

    /// @dev As if the escrow said so.
    function _escrowSays(ICareEscrow.State s, uint256 refunded) private {
        ICareEscrow.Account memory a;
        a.state = s;
        a.refunded = uint88(refunded);
        vm.mockCall(address(escrow), abi.encodeWithSelector(ICareEscrow.account.selector), abi.encode(a));
    }

    function _bondFails(bytes4 act, address whose) private {
        vm.mockCallRevert(address(bond), abi.encodeWithSelector(act, whose), DOWN);
    }

    function _account(Cover memory c) private view returns (IGuaranteeBook.Account memory) {
        return book.account(_coverId(c));
    }

    // what is kept

    function test_account_keepsEveryFieldUntilTheEnd() public view {
        IGuaranteeBook.Account memory a = _account(ruled);
        eq(uint8(a.state), uint8(IGuaranteeBook.State.Claimed));
        eq(a.asked, 2);
        eq(a.ruled ? 1 : 0, 1);
        eq(a.ruling, 2);
        eq(a.deadline, ruled.from + 14 days);
        eq(a.arbiter, judge);
        a = _account(settled);
        eq(uint8(a.state), uint8(IGuaranteeBook.State.Closed));
        eq(a.asked, 3);
        eq(a.ruled ? 1 : 0, 1);
        eq(a.ruling, 3);
        eq(a.deadline, 0);
        eq(a.arbiter, judge);
    }

    function test_account_isEmptyButForTheStateWhereNobodyClaimed() public view {
        IGuaranteeBook.Account memory a;
        a.state = IGuaranteeBook.State.Closed;
        eq(keccak256(abi.encode(_account(lapsed))), keccak256(abi.encode(a)));
        a.state = IGuaranteeBook.State.Open;
        eq(keccak256(abi.encode(_account(waiting))), keccak256(abi.encode(a)));
    }

    function test_licenseInsurer_isKeptAndCanBeReadAsCanThePricer() public view {
        eq(book.insurerLicensed(insurer) ? 1 : 0, 1);
        eq(book.insurerLicensed(stranger) ? 1 : 0, 0);
        eq(book.pricer(), vm.addr(PRICER_KEY));
        eq(book.goodwillIn(clinic, settled.from / 90 days), 1);
    }

    // nothing goes on where somebody asked does not answer

    function test_open_stopsWhereTheEscrowDoes() public {
        vm.warp(START);
        Terms memory t = _held(9);
        Cover memory c = _of(_cover(t), 9);
        vm.mockCallRevert(address(escrow), abi.encodeWithSelector(ICareEscrow.account.selector), DOWN);
        vm.expectRevert(DOWN);
        _promise(t, c);
    }

    function test_open_stopsWhereTheInsurersBondDoes() public {
        vm.warp(START);
        Terms memory t = _held(9);
        Cover memory c = _of(_insured(t), 9);
        bytes memory policy = _policy(c);
        _bondFails(IClinicBond.lock.selector, insurer);
        vm.expectRevert(DOWN);
        vm.prank(clinic);
        book.open(t, c, none, policy);
    }

    function test_claim_stopsWhereTheEscrowDoes() public {
        (Terms memory t, Cover memory c) = _insuredNow(9);
        _finished(t, c);
        vm.mockCallRevert(address(escrow), abi.encodeWithSelector(ICareEscrow.account.selector), DOWN);
        vm.expectRevert(DOWN);
        _ask(t, c, 2);
    }

    function test_claim_stopsWhereThePoolDoes() public {
        (Terms memory t, Cover memory c) = _pooledNow(9);
        _finished(t, c);
        vm.mockCallRevert(address(pool), abi.encodeWithSelector(IGuaranteePool.freeze.selector), DOWN);
        vm.expectRevert(DOWN);
        _ask(t, c, 2);
    }

    function test_claim_asksThePoolOnlyWhereItStandsBehind() public {
        (Terms memory t, Cover memory c) = _insuredNow(9);
        _finished(t, c);
        vm.mockCallRevert(address(pool), abi.encodeWithSelector(IGuaranteePool.freeze.selector), DOWN);
        vm.mockCallRevert(address(pool), abi.encodeWithSelector(IGuaranteePool.end.selector), DOWN);
        _ask(t, c, 2);
        _rule(c, 0);
        book.settle(t, c);
        t = _terms();
        t.salt = bytes32(uint256(1));
        book.settle(t, ruled);
        _inState(c, IGuaranteeBook.State.Closed);
        _inState(ruled, IGuaranteeBook.State.Closed);
    }

    function test_settle_stopsWhereABondDoes() public {
        (Terms memory t, Cover memory c) = _insuredNow(9);
        _finished(t, c);
        _ask(t, c, 2);
        _rule(c, 2);
        _bondFails(IClinicBond.release.selector, insurer);
        vm.expectRevert(DOWN);
        book.settle(t, c);
        vm.clearMockedCalls();
        _bondFails(IClinicBond.release.selector, clinic);
        vm.expectRevert(DOWN);
        book.settle(t, c);
    }

    function test_settle_stopsWhereThePoolDoes() public {
        (Terms memory t, Cover memory c) = _pooledNow(9);
        _finished(t, c);
        _ask(t, c, 2);
        _rule(c, 2);
        vm.mockCallRevert(address(pool), abi.encodeWithSelector(IGuaranteePool.end.selector), DOWN);
        vm.expectRevert(DOWN);
        book.settle(t, c);
    }

    function test_lapse_stopsWhereTheEscrowDoes() public {
        vm.warp(START);
        (Terms memory t, Cover memory c) = _promised(9);
        vm.warp(c.until + 1);
        vm.mockCallRevert(address(escrow), abi.encodeWithSelector(ICareEscrow.account.selector), DOWN);
        vm.expectRevert(DOWN);
        book.lapse(t, c);
    }

    // borders

    function test_lapse_revertsWhileAnAgreementThatGaveEverythingBackGoesOn() public {
        vm.warp(START);
        (Terms memory t, Cover memory c) = _promised(9);
        _escrowSays(ICareEscrow.State.Active, TOTAL);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooEarly.selector, c.until));
        book.lapse(t, c);
        _escrowSays(ICareEscrow.State.Closed, TOTAL - 1);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooEarly.selector, c.until));
        book.lapse(t, c);
    }

    function test_concede_takesWhatTheFirstLossJustPays() public {
        (Terms memory t, Cover memory c) = _insuredNow(9);
        _finished(t, c);
        _ask(t, c, 1);
        _escrowSays(ICareEscrow.State.Closed, TOTAL - 234_002);
        vm.expectRevert(IGuaranteeBook.BackerMustBeHeard.selector);
        vm.prank(clinic);
        book.concede(t, c);
        _escrowSays(ICareEscrow.State.Closed, TOTAL - 234_001);
        uint256 before = bond.credit(PAYOUT);
        vm.prank(clinic);
        book.concede(t, c);
        eq(bond.credit(PAYOUT) - before, 234_001);
        eq(_bond(insurer).total, 1_000_000);
        _inState(c, IGuaranteeBook.State.Closed);
    }

    function test_open_takesAPayoutThatJustNamesNoAccount() public {
        vm.warp(START);
        Terms memory t = _terms();
        t.salt = "payout";
        t.payout = bytes32(uint256(1) << 160);
        _open(t);
        Cover memory c = _of(_cover(t), 9);
        _promise(t, c);
        _inState(c, IGuaranteeBook.State.Open);
    }

    function test_open_revertsWithTheTableOfAnEpochThatIsOver() public {
        vm.warp(START);
        _table();
        Rate memory old = _rate(PPM);
        Terms memory t = _held(9);
        vm.warp(START + 90 days);
        Cover memory c = _of(_pooled(t), 9);
        bytes memory line = _line(PRICER_KEY, t, old);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TableNotPosted.selector, old.epoch, old.table));
        vm.prank(clinic);
        book.open(t, c, old, line);
    }

    function test_open_revertsWithNoTableWhereNoneIsPosted() public {
        vm.warp(START);
        Terms memory t = _held(9);
        Cover memory c = _of(_pooled(t), 9);
        Rate memory r = _rate(PPM);
        r.table = 0;
        bytes memory line = _line(PRICER_KEY, t, r);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TableNotPosted.selector, r.epoch, 0));
        vm.prank(clinic);
        book.open(t, c, r, line);
    }

    function _openAt(uint256 n, uint32 ppm, uint96 sum) private returns (Terms memory t) {
        t = _terms();
        t.salt = bytes32(n);
        uint40 later = uint40(block.timestamp - START) / 90 days * 90 days;
        t.openBy += later;
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy += later;
        }
        _open(t);
        Cover memory c = _of(_pooled(t), n);
        c.sum = sum;
        Rate memory r = _rate(ppm);
        bytes memory line = _line(PRICER_KEY, t, r);
        _give(clinic, 300_000, address(pool));
        vm.prank(clinic);
        book.open(t, c, r, line);
    }

    function test_open_takesTheLeastRateAndRoundsThePremiumUpByLessThanOne() public {
        vm.warp(START);
        _table();
        uint256 before = pool.totalAssets();
        // 504,091 × 5,011 ppm is 2,526.000001
        _openAt(9, 5_011, 504_091);
        eq(pool.totalAssets() - before, 2_527 + 1_000);
        // within an epoch a rate is held to that of the epoch before, of which there is none
        Terms memory t = _openAt(10, 5_000, SUM);
        (, uint32 ppm, uint32 earlier) = book.rateOf(keccak256(abi.encode(clinic, t.standard)));
        eq(ppm, 5_000);
        eq(earlier, 0);
    }

    function test_open_takesARateThatJustFellByAQuarter() public {
        vm.warp(START);
        _table();
        _openAt(9, PPM, SUM);
        vm.warp(START + 90 days);
        _table();
        Terms memory t = _openAt(10, PPM * 3 / 4, SUM);
        (, uint32 ppm, uint32 earlier) = book.rateOf(keccak256(abi.encode(clinic, t.standard)));
        eq(ppm, PPM * 3 / 4);
        eq(earlier, PPM);
    }
}
