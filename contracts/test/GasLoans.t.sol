// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Plan} from "../src/interfaces/IInstalmentBook.sol";
import {PlanBounds} from "../src/base/PlanBounds.sol";
import {LoanWorld} from "./base/LoanWorld.sol";

/// @notice What each act of a loan costs as a transaction of its own; somebody else borrowed and left before.
contract LoanGasTest is LoanWorld {
    function _note(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function _other(bytes32 salt) private view returns (Plan memory p, Terms memory t) {
        t = _financed();
        t.salt = salt;
        p = _plan(t);
    }

    function setUp() public override {
        super.setUp();
        (Plan memory p, Terms memory t) = _other("before");
        _borrow(p, t);
        vm.warp(START);
    }

    function test_gas_loanFromAcceptanceToItsEnd() public {
        (Plan memory p, Terms memory t) = _other("loan");
        bytes memory offer = _loanOffer(p);
        vm.prank(patient);
        book.accept(p, offer);
        _note("instalments.accept, 6 instalments");
        (bytes memory clinics, bytes memory patients) = (_offer(t), _agreed(t));
        vm.warp(p.start);
        book.payOut(p, t, clinics, patients);
        _note("instalments.payOut, agreement opened");
        _mint(patient, 10 * TOTAL);
        vm.prank(patient);
        book.pay(p, p.instalments[0].amount);
        _note("instalments.pay");
        vm.warp(p.instalments[2].dueBy + 5 days + 1);
        book.impair(p);
        _note("instalments.impair");
        vm.prank(patient);
        book.pay(p, 10 * TOTAL);
        _note("instalments.pay, all");
    }

    function test_gas_loanThatComesBack() public {
        (Plan memory p, Terms memory t) = _other("loan");
        _accept(p);
        vm.prank(patient);
        book.revoke(p);
        _note("instalments.revoke");
        (p, t) = _other("back");
        _borrow(p, t);
        vm.prank(clinic);
        escrow.providerCancel(t);
        book.settle(p);
        _note("instalments.settle, all came back");
        vm.warp(START);
        (p, t) = _other("lost");
        _borrow(p, t);
        vm.warp(p.instalments[0].dueBy + 60 days + 1);
        book.writeOff(p);
        _note("instalments.writeOff");
    }

    function test_gas_poolOfLenders() public {
        _mint(lender, 1_000_000);
        vm.prank(lender);
        pool.deposit(1_000_000, lender);
        _note("instalments.deposit");
        vm.prank(lender);
        pool.askExit(1e12);
        _note("instalments.askExit");
        vm.warp(START + 30 days);
        pool.serveExits(1);
        _note("instalments.serveExits, one");
        pool.collectExit(lender);
        _note("instalments.collectExit");
    }

    function measure(Plan calldata p) external view returns (uint256 gas_) {
        uint256 before = gasleft();
        PlanBounds.withinCap(p);
        gas_ = before - gasleft();
    }

    /// @dev The check alone, without call data and the transaction's base.
    function test_gas_yearlyCost() public {
        vm.snapshotValue("gas", "instalments.yearly cost, 12", this.measure(_planOver(_financed(), 398_000, 120_000, 12)));
        vm.snapshotValue("gas", "instalments.yearly cost, 36", this.measure(_planOver(_financed(), 398_000, 120_000, 36)));
    }
}
