// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {World} from "./base/World.sol";

contract SettlementUnitTest is World {
    function _unauthorised(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function test_mint_revertsWhenTheCallerIsNotTheCustodian() public {
        _unauthorised(stranger);
        vm.prank(stranger);
        unit.mint(patient, 1, "p");
    }

    function test_mint_revertsWhenThePaymentWasSeen() public {
        vm.startPrank(custodian);
        unit.mint(patient, 5, "p");
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.PaymentSeen.selector, bytes32("p")));
        unit.mint(stranger, 5, "p");
    }

    function test_mint_revertsWithoutAmountOrHolder() public {
        vm.startPrank(custodian);
        vm.expectRevert(ISettlementUnit.NothingToMove.selector);
        unit.mint(patient, 0, "p");
        vm.expectRevert(ISettlementUnit.NothingToMove.selector);
        unit.mint(address(0), 5, "p");
    }

    function test_mint_creditsTheHolderOnceForThePayment() public {
        vm.prank(custodian);
        unit.mint(patient, 5, "p");
        eq(unit.balanceOf(patient), 5);
        eq(unit.totalSupply(), 5);
        eq(unit.payment("p").holder, patient);
    }

    function test_mint_addsUpPayments() public {
        _mint(patient, 5);
        _mint(patient, 7);
        eq(unit.balanceOf(patient), 12);
        eq(unit.totalSupply(), 12);
    }

    function test_collect_addsUpWhatASystemContractTakes() public {
        _mint(patient, 12);
        unit.setSystemContract(address(this), true);
        unit.collect(patient, 5);
        unit.collect(patient, 7);
        eq(unit.balanceOf(address(this)), 12);
        eq(unit.balanceOf(patient), 0);
        eq(unit.totalSupply(), 12);
    }

    function test_setSystemContract_remembersWhoEverWasOne() public {
        unit.setSystemContract(stranger, false);
        yes(!unit.wasSystemContract(stranger), "never was");
        unit.setSystemContract(stranger, true);
        yes(unit.isSystemContract(stranger) && unit.wasSystemContract(stranger), "is one");
        unit.setSystemContract(stranger, false);
        yes(!unit.isSystemContract(stranger) && unit.wasSystemContract(stranger), "was one");
    }

    function test_transfer_hasANameForWallets() public view {
        eq(keccak256(bytes(unit.name())), keccak256("Settlement CNY"));
        eq(keccak256(bytes(unit.symbol())), keccak256("sCNY"));
    }

    function test_collect_revertsWhenTheCallerIsNoSystemContract() public {
        _mint(patient, 5);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotSystemContract.selector, patient));
        unit.collect(patient, 5);
    }

    function test_collect_revertsWhenTheSystemContractWasRetired() public {
        _mint(patient, 5);
        unit.setSystemContract(address(escrow), false);
        vm.prank(address(escrow));
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotSystemContract.selector, address(escrow)));
        unit.collect(patient, 5);
    }

    function test_redeem_revertsWhenTheCallerNeverWasASystemContract() public {
        _mint(patient, 5);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotSystemContract.selector, patient));
        unit.redeem("attacker", 5);
    }

    function test_redeem_stillRedeemsForARetiredSystemContract() public {
        _mint(address(escrow), 5);
        unit.setSystemContract(address(escrow), false);
        vm.prank(address(escrow));
        unit.redeem("payout", 5);
        eq(unit.totalSupply(), 0);
    }

    function test_redeem_movesToASystemContractThatTheReferenceNames() public {
        unit.setSystemContract(stranger, true);
        _mint(address(escrow), 5);
        vm.prank(address(escrow));
        unit.redeem(_as(stranger), 3);
        eq(unit.balanceOf(stranger), 3);
        eq(unit.totalSupply(), 5);
        vm.startPrank(address(escrow));
        unit.redeem(_as(clinic), 1);
        eq(unit.balanceOf(clinic), 0);
        unit.redeem(bytes32((uint256(1) << 160) | uint160(stranger)), 1);
        eq(unit.balanceOf(stranger), 3);
        eq(unit.totalSupply(), 3);
    }

    function test_hand_movesTheCallersOwnUnitsAndNobodyPaysThemOut() public {
        unit.setSystemContract(address(this), true);
        _mint(address(this), 5);
        unit.hand(patient, 3);
        eq(unit.balanceOf(patient), 3);
        eq(unit.balanceOf(address(this)), 2);
        eq(unit.totalSupply(), 5);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotThePayer.selector, patient));
        unit.giveBack(keccak256(abi.encode("payment", uint256(0))), 3);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, address(this), 2, 3));
        unit.hand(patient, 3);
    }

    function test_hand_revertsWhenTheCallerIsNoSystemContract() public {
        _mint(stranger, 5);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotSystemContract.selector, stranger));
        unit.hand(patient, 5);
    }

    function test_hand_revertsWithoutAmountOrHolder() public {
        unit.setSystemContract(address(this), true);
        _mint(address(this), 5);
        vm.expectRevert(ISettlementUnit.NothingToMove.selector);
        unit.hand(patient, 0);
        vm.expectRevert(ISettlementUnit.NothingToMove.selector);
        unit.hand(address(0), 5);
    }

    function test_giveBack_revertsWhenAnotherHolderCalls() public {
        bytes32 ref = _mint(patient, 5);
        _mint(stranger, 5);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.NotThePayer.selector, stranger));
        unit.giveBack(ref, 5);
    }

    function test_giveBack_revertsWhenMoreThanThePaymentIsGivenBack() public {
        bytes32 ref = _mint(patient, 5);
        _mint(patient, 9);
        vm.startPrank(patient);
        unit.giveBack(ref, 2);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, patient, 3, 4));
        unit.giveBack(ref, 4);
    }

    function test_giveBack_revertsWhenTheUnitsAreInAnAgreement() public {
        _open(_terms());
        bytes32 ref = keccak256(abi.encode("payment", uint256(0)));
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ISettlementUnit.InsufficientBalance.selector, patient, 0, TOTAL));
        unit.giveBack(ref, uint96(TOTAL));
    }

    function test_giveBack_revertsWithoutAmount() public {
        bytes32 ref = _mint(patient, 5);
        vm.prank(patient);
        vm.expectRevert(ISettlementUnit.NothingToMove.selector);
        unit.giveBack(ref, 0);
    }

    function test_giveBack_burnsAndNamesThePayment() public {
        bytes32 ref = _mint(patient, 5);
        vm.expectEmit(address(unit));
        emit ISettlementUnit.Redeemed(ref, patient, 5);
        vm.prank(patient);
        unit.giveBack(ref, 5);
        eq(unit.totalSupply(), 0);
    }

    function test_transfer_revertsForEverybody() public {
        _mint(patient, 5);
        vm.startPrank(patient);
        vm.expectRevert(ISettlementUnit.ClosedLoop.selector);
        unit.transfer(stranger, 1);
        vm.expectRevert(ISettlementUnit.ClosedLoop.selector);
        unit.approve(stranger, 1);
        vm.expectRevert(ISettlementUnit.ClosedLoop.selector);
        unit.transferFrom(patient, stranger, 1);
    }

    function test_transfer_showsTheERC20View() public view {
        eq(unit.decimals(), 2);
        eq(unit.allowance(patient, stranger), 0);
        eq(keccak256(bytes(unit.symbol())), keccak256("sCNY"));
        eq(keccak256(bytes(unit.name())), keccak256("Settlement CNY"));
    }

    function test_setSystemContract_revertsWhenTheCallerIsNotTheAdmin() public {
        _unauthorised(custodian);
        vm.prank(custodian);
        unit.setSystemContract(custodian, true);
    }
}
