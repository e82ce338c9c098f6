// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {Till} from "../src/base/Till.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

contract ClinicBondTest is GuaranteeWorld {
    function _small(uint256 available, uint256 needed) private {
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, available, needed));
    }

    function test_deposit_revertsWithoutAnAmount() public {
        vm.expectRevert(IClinicBond.NothingToMove.selector);
        vm.prank(clinic);
        bond.deposit(address(book), 0);
    }

    function test_deposit_putsMoneyAsideForOneBook() public {
        _give(clinic, 7, address(bond));
        vm.prank(clinic);
        bond.deposit(stranger, 7);
        eq(_bond(clinic).total, 2_000_000);
        eq(bond.bond(stranger, clinic).total, 7);
        eq(unit.balanceOf(address(bond)), 2_000_007);
    }

    function test_deposit_addsToWhatIsThere() public {
        _depositBond(clinic, 5);
        eq(_bond(clinic).total, 2_000_005);
        eq(unit.balanceOf(clinic), 0);
    }

    function test_deposit_revertsWhenTheTokenDoesNotAnswer() public {
        breaks(address(unit));
        vm.expectRevert();
        vm.prank(clinic);
        bond.deposit(address(book), 5);
    }

    function test_reclaim_revertsWithoutAnAmount() public {
        vm.expectRevert(IClinicBond.NothingToMove.selector);
        vm.prank(clinic);
        bond.reclaim(address(book), 0);
    }

    function test_reclaim_revertsWhenCoversNeedIt() public {
        vm.prank(address(book));
        bond.lock(clinic, "c", 1_500_000);
        _small(500_000, 500_001);
        vm.prank(clinic);
        bond.reclaim(address(book), 500_001);
    }

    function test_reclaim_creditsWhatNoCoverNeeds() public {
        vm.prank(address(book));
        bond.lock(clinic, "c", 1_500_000);
        vm.prank(clinic);
        bond.reclaim(address(book), 500_000);
        eq(bond.credit(_as(clinic)), 500_000);
        eq(_bond(clinic).total, 1_500_000);
        _small(0, 1);
        vm.prank(clinic);
        bond.reclaim(address(book), 1);
    }

    function test_lock_revertsWhenTheBondIsTooSmall() public {
        _small(2_000_000, 2_000_001);
        vm.prank(address(book));
        bond.lock(clinic, "c", 2_000_001);
        vm.prank(address(book));
        bond.lock(clinic, "c", 1);
        _small(1_999_999, 2_000_000);
        vm.prank(address(book));
        bond.lock(clinic, "d", 2_000_000);
    }

    function test_lock_locksInTheCallersOwnCompartmentOnly() public {
        _small(0, 1);
        vm.prank(stranger);
        bond.lock(clinic, "c", 1);
        vm.prank(address(book));
        bond.lock(clinic, "c", 2_000_000);
        eq(_bond(clinic).locked, 2_000_000);
    }

    function test_release_revertsWhenLessWasLocked() public {
        vm.prank(address(book));
        bond.lock(clinic, "c", 5);
        _small(5, 6);
        vm.prank(address(book));
        bond.release(clinic, "c", 6, 6, PAYOUT);
    }

    function test_release_revertsWhenMoreIsPaidThanWasLocked() public {
        vm.prank(address(book));
        bond.lock(clinic, "c", 9);
        _small(9, 5);
        vm.prank(address(book));
        bond.release(clinic, "c", 5, 6, PAYOUT);
    }

    function test_release_freesTheRestAndOwesWhatIsPaid() public {
        vm.prank(address(book));
        bond.lock(clinic, "c", 9);
        vm.prank(address(book));
        bond.release(clinic, "c", 9, 4, PAYOUT);
        eq(_bond(clinic).total, 1_999_996);
        eq(_bond(clinic).locked, 0);
        eq(bond.credit(PAYOUT), 4);
        vm.prank(address(book));
        bond.lock(clinic, "d", 3);
        vm.prank(address(book));
        bond.release(clinic, "d", 3, 3, PAYOUT);
        eq(bond.credit(PAYOUT), 7);
    }

    function testFuzz_release_keepsTheSumOfWhatThereIs(uint96 locked, uint96 paid) public {
        locked = uint96(bound(locked, 0, 2_000_000));
        paid = uint96(bound(paid, 0, locked));
        vm.prank(address(book));
        bond.lock(clinic, "c", locked);
        vm.prank(address(book));
        bond.release(clinic, "c", locked, paid, PAYOUT);
        eq(uint256(_bond(clinic).total) + bond.credit(PAYOUT), unit.balanceOf(address(bond)));
        eq(_bond(clinic).locked, 0);
    }

    function test_payOut_revertsWhenNothingIsOwed() public {
        vm.expectRevert(Till.NothingToPayOut.selector);
        bond.payOut(PAYOUT);
    }

    function test_payOut_paysToTheReferenceOnce() public {
        vm.prank(address(book));
        bond.lock(clinic, "c", 9);
        vm.prank(address(book));
        bond.release(clinic, "c", 9, 4, PAYOUT);
        uint256 supply = unit.totalSupply();
        vm.prank(stranger);
        eq(bond.payOut(PAYOUT), 4);
        eq(unit.totalSupply(), supply - 4);
        eq(unit.balanceOf(address(bond)), 1_999_996);
        vm.expectRevert(Till.NothingToPayOut.selector);
        bond.payOut(PAYOUT);
    }
}
