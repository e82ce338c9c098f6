// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

/// @notice How a cover ends that nobody claimed.
contract GuaranteeBookLapseTest is GuaranteeWorld {
    function _opened() private returns (Terms memory t, Cover memory c) {
        t = _held();
        c = _cover(t);
        _promise(t, c);
    }

    function _ready() private returns (Terms memory t, Cover memory c) {
        (t, c) = _opened();
        _finished(t, c);
    }

    function _not(IGuaranteeBook.State s) private {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisState.selector, s));
    }

    function test_lapse_revertsWhileItMayBeClaimed() public {
        (Terms memory t, Cover memory c) = _ready();
        vm.warp(c.until);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooEarly.selector, c.until));
        book.lapse(t, c);
    }

    function test_lapse_revertsOnceClaimed() public {
        (Terms memory t, Cover memory c) = _ready();
        _ask(t, c, 2);
        vm.warp(c.until + 1);
        _not(IGuaranteeBook.State.Claimed);
        book.lapse(t, c);
    }

    function test_lapse_revertsWithTermsOfAnotherAgreement() public {
        (Terms memory t, Cover memory c) = _ready();
        vm.warp(c.until + 1);
        t.clinic = stranger;
        vm.expectRevert(IGuaranteeBook.AnotherAgreement.selector);
        book.lapse(t, c);
    }

    function test_lapse_freesTheBondAfterItsTime() public {
        (Terms memory t, Cover memory c) = _ready();
        vm.warp(c.until + 1);
        vm.prank(stranger);
        book.lapse(t, c);
        eq(_bond(clinic).locked, 0);
        eq(_bond(clinic).total, 2_000_000);
        eq(book.openOf(clinic, c.person), 0);
        _inState(c, IGuaranteeBook.State.Closed);
    }

    function test_lapse_freesTheBondWhenEverythingWentBack() public {
        (Terms memory t, Cover memory c) = _opened();
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.TooEarly.selector, c.until));
        book.lapse(t, c);
        vm.prank(patient);
        escrow.cancel(t);
        book.lapse(t, c);
        eq(_bond(clinic).locked, 0);
    }

    function test_lapse_freesBothLayersOfAnInsurerAndThePool() public {
        book.licenseInsurer(insurer, true);
        _depositBond(insurer, 416_000);
        Terms memory t = _held();
        Cover memory c = _insured(t);
        _openInsured(t, c);
        _invest(lender, 10_000_000);
        Terms memory u = _held(1);
        Cover memory d = _pooled(u);
        _openPooled(u, d);
        vm.prank(clinic);
        escrow.providerCancel(t);
        vm.prank(clinic);
        escrow.providerCancel(u);
        book.lapse(t, c);
        book.lapse(u, d);
        eq(_bond(insurer).locked, 0);
        eq(_bond(clinic).locked, 0);
        eq(pool.exposure(), 0);
        eq(bond.credit(PAYOUT), 0);
    }
}
