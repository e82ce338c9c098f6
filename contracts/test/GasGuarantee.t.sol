// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, Rate} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

/// @notice What each act of a cover costs as a transaction of its own; the clinic gave another promise before.
contract GuaranteeGasTest is GuaranteeWorld {
    function _note(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function setUp() public override {
        super.setUp();
        Terms memory t = _held(1);
        _promise(t, _cover(t));
        _invest(lender, 10_000_000);
    }

    function test_gas_coverOfTheClinicAlone() public {
        Terms memory t = _held(2);
        Cover memory c = _cover(t);
        c.person = "another";
        vm.prank(clinic);
        book.open(t, c, none, "");
        _note("guarantee.open, own promise");
        _finished(t, c);
        vm.prank(patient);
        book.claim(t, c, 2, "shown");
        _note("guarantee.claim");
        _rule(c, 2);
        _note("guarantee.rule");
        book.settle(t, c);
        _note("guarantee.settle");
        bond.payOut(t.payout);
        _note("guarantee.payOut");
        vm.prank(clinic);
        bond.reclaim(address(book), 1_000);
        _note("bond.reclaim");
        _give(clinic, 1_000, address(bond));
        vm.prank(clinic);
        bond.deposit(address(book), 1_000);
        _note("bond.deposit");
    }

    function test_gas_coverOfThePool() public {
        Terms memory t = _held(2);
        Cover memory c = _pooled(t);
        c.person = "another";
        _table();
        Rate memory r = _rate(PPM);
        _give(clinic, 25_000, address(pool));
        bytes memory line = _line(PRICER_KEY, t, r);
        vm.prank(clinic);
        book.open(t, c, r, line);
        _note("guarantee.open, pool");
        vm.warp(c.until + 1);
        book.lapse(t, c);
        _note("guarantee.lapse, pool");
        _give(lender, 1_000, address(pool));
        vm.prank(lender);
        pool.deposit(1_000, lender);
        _note("guarantee.deposit");
        vm.prank(lender);
        pool.askExit(1e9);
        _note("guarantee.askExit");
        vm.warp(pool.exitOf(lender).from);
        vm.prank(lender);
        pool.redeem(1e9, lender, lender);
        _note("guarantee.redeem");
    }
}
