// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IClinicBond} from "../src/interfaces/IClinicBond.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {IGuaranteePool} from "../src/interfaces/IGuaranteePool.sol";
import {Till} from "../src/base/Till.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

/// @notice What must not work against bonds, pool and book, by name; with an ERC-20 that misbehaves.
contract GuaranteeBookAttacksTest is GuaranteeWorld {
    function _closedLoop() internal pure override returns (bool) {
        return false;
    }

    /// @dev 02: whoever reads the share price while money moves reads the one before or the one after.
    function test_attack_02_priceReadWhileMoneyMovesIsAPrice() public {
        uint256 shares = _invest(lender, 10_000_000);
        vm.prank(lender);
        pool.askExit(uint128(shares));
        vm.warp(START + 180 days);
        coin.reenterWith(address(pool), abi.encodeCall(pool.convertToAssets, (1e12)));
        vm.prank(lender);
        pool.redeem(shares / 2, lender, lender);
        yes(coin.reentered(), "nothing was read");
        eq(abi.decode(coin.reply(), (uint256)), 1e6);
        _give(lender, 1_000, address(pool));
        vm.prank(lender);
        pool.deposit(1_000, lender);
        eq(abi.decode(coin.reply(), (uint256)), 1e6);
    }

    function test_attack_02_reenteringThePoolFindsTheDoorClosed() public {
        uint256 shares = _invest(lender, 10_000_000);
        vm.prank(lender);
        pool.askExit(uint128(shares));
        vm.warp(START + 180 days);
        coin.reenterWith(address(pool), abi.encodeCall(pool.deposit, (1, lender)));
        vm.prank(lender);
        pool.redeem(shares / 2, lender, lender);
        yes(!coin.reentered(), "entered");
        coin.reenterWith(address(bond), abi.encodeCall(bond.payOut, (_as(clinic))));
        vm.prank(clinic);
        bond.reclaim(address(book), 5);
        eq(bond.payOut(_as(clinic)), 5);
        yes(!coin.reentered(), "entered the bond");
    }

    /// @dev 03: a gift before the second depositor takes nothing from her.
    function test_attack_03_firstDepositorCannotInflateAShare() public {
        _invest(stranger, 1);
        coin.mint(address(pool), 10_000_000);
        uint256 shares = _invest(lender, 10_000_000);
        eq(pool.convertToAssets(shares), 10_000_000);
        // even a premium of that size in the place of a gift costs the attacker more than it takes
        vm.prank(address(book));
        pool.underwrite(clinic, "c", 0, 0);
        yes(pool.previewRedeem(pool.balanceOf(stranger)) <= 1, "gained");
    }

    /// @dev 04: a gift is nobody's.
    function test_attack_04_giftToPoolAndBondChangesNothing() public {
        uint256 shares = _invest(lender, 10_000_000);
        coin.mint(address(pool), 777);
        coin.mint(address(bond), 777);
        eq(pool.totalAssets(), 10_000_000);
        eq(pool.convertToAssets(shares), 10_000_000);
        eq(_bond(clinic).total, 2_000_000);
        vm.expectRevert(Till.NothingToPayOut.selector);
        bond.payOut(_as(stranger));
    }

    function test_attack_tokenThatKeepsAFeeBacksNothing() public {
        _give(clinic, 1_000, address(bond));
        coin.set(HostileToken.Mode.Fee);
        vm.expectRevert(abi.encodeWithSelector(Till.WrongAmountReceived.selector, 1_000, 990));
        vm.prank(clinic);
        bond.deposit(address(book), 1_000);
    }

    function test_attack_tokenThatDoesNotAnswerBacksNothing() public {
        _give(clinic, 1_000, address(bond));
        breaks(address(coin));
        vm.expectRevert();
        vm.prank(clinic);
        bond.deposit(address(book), 1_000);
        eq(_bond(clinic).total, 2_000_000);
    }

    function test_attack_blockedPatientKeepsTheClaim() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        _promise(t, c);
        _finished(t, c);
        coin.setBlocked(patient, true);
        _ask(t, c, 2);
        _rule(c, 2);
        book.settle(t, c);
        vm.expectRevert();
        bond.payOut(t.payout);
        coin.setBlocked(patient, false);
        eq(bond.payOut(t.payout), SUM);
        eq(coin.balanceOf(patient), SUM);
    }

    /// @dev 17: a loss that is under way finds its money.
    function test_attack_17_lenderCannotLeaveBeforeAKnownClaim() public {
        uint256 shares = _invest(lender, 10_000_000);
        Terms memory t = _held();
        Cover memory c = _pooled(t);
        _openPooled(t, c);
        vm.prank(lender);
        pool.askExit(uint128(shares));
        _finished(t, c);
        vm.warp(c.until);
        _ask(t, c, 1);
        eq(pool.maxRedeem(lender), 0);
        // when the queue lets her go, what was claimed stays behind, and she bears her part of it
        vm.warp(pool.exitOf(lender).from);
        yes(pool.maxWithdraw(lender) <= pool.totalAssets() - 416_000, "left with what was claimed");
    }

    function test_attack_17_placeInTheQueueCannotBeJumpedOrSold() public {
        uint256 shares = _invest(lender, 10_000_000);
        vm.prank(lender);
        pool.askExit(uint128(shares));
        vm.warp(START + 180 days);
        vm.expectRevert(IGuaranteePool.NotTransferable.selector);
        vm.prank(lender);
        pool.transfer(stranger, shares);
        _invest(lender, 10_000_000);
        eq(pool.maxRedeem(lender), shares);
        eq(pool.maxRedeem(stranger), 0);
    }

    function test_attack_17_capitalForTheDayOfAPremiumStaysForItsRisk() public {
        _invest(lender, 10_000_000);
        uint256 shares = _invest(stranger, 10_000_000);
        Terms memory t = _held();
        _openPooled(t, _pooled(t));
        yes(pool.previewRedeem(shares) > 10_000_000, "no part of the premium");
        eq(pool.maxRedeem(stranger), 0);
        vm.prank(stranger);
        pool.askExit(uint128(shares));
        vm.warp(START + 150 days);
        eq(pool.maxRedeem(stranger), 0);
    }

    /// @dev 18: bonds and pool cannot be promised twice.
    function test_attack_18_sameBondCannotStandForTwoCovers() public {
        vm.prank(clinic);
        bond.reclaim(address(book), 2_000_000 - 1_300_001);
        Terms memory t = _held();
        _promise(t, _cover(t));
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, 650_000, 650_001));
        vm.prank(clinic);
        bond.reclaim(address(book), 650_001);
        Terms memory u = _held(1);
        Cover memory d = _cover(u);
        vm.expectRevert(abi.encodeWithSelector(IClinicBond.BondTooSmall.selector, 650_000, TOTAL));
        _promise(u, d);
    }

    function test_attack_18_oneClinicCannotUseUpThePool() public {
        _invest(lender, 5_000_000);
        Terms memory t = _held();
        _openPooled(t, _pooled(t));
        Terms memory u = _held(1);
        Cover memory d = _pooled(u);
        bytes memory line = _line(PRICER_KEY, u, _rate(PPM));
        vm.expectRevert(IGuaranteePool.TooMuchForCapital.selector);
        vm.prank(clinic);
        book.open(u, d, _rate(PPM), line);
    }

    /// @dev 19: nobody promises, or buys a promise, once the outcome can be known.
    function test_attack_19_coverAfterTheOutcomeIsRefused() public {
        Terms memory t = _held();
        vm.warp(START + 7 days);
        _claim(t, 0);
        Cover memory c = _cover(t);
        c.openBy = uint40(START + 90 days);
        vm.expectRevert(IGuaranteeBook.OutcomeKnown.selector);
        _promise(t, c);
        vm.prank(patient);
        escrow.accept(t);
        vm.expectRevert(IGuaranteeBook.OutcomeKnown.selector);
        _promise(t, c);
    }

    function test_attack_19_twoCoversOfOneAgreementAreRefused() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        _promise(t, c);
        vm.expectRevert(IGuaranteeBook.CoveredBefore.selector);
        _promise(t, c);
        c.salt = "another";
        vm.expectRevert(IGuaranteeBook.CoveredBefore.selector);
        _promise(t, c);
    }

    function test_attack_19_claimIsMadeAndPaidOnce() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        _promise(t, c);
        _finished(t, c);
        _ask(t, c, 2);
        vm.expectRevert(
            abi.encodeWithSelector(IGuaranteeBook.NotThisState.selector, IGuaranteeBook.State.Claimed)
        );
        _ask(t, c, 1);
        _rule(c, 2);
        book.settle(t, c);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisState.selector, IGuaranteeBook.State.Closed));
        book.settle(t, c);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteeBook.NotThisState.selector, IGuaranteeBook.State.Closed));
        _ask(t, c, 1);
        eq(bond.credit(t.payout), SUM);
    }

    /// @dev A dispute gave back half of the treatment: the guarantee pays the rest of the loss at most.
    function test_attack_19_refundAndGuaranteeNeverPayTheSameLossTwice() public {
        Terms memory t = _held();
        Cover memory c = _cover(t);
        _promise(t, c);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        _claim(t, 1);
        vm.prank(patient);
        escrow.dispute(t);
        vm.warp(START + 8 days);
        vm.prank(arbiter);
        escrow.rule(t, 5_000, true);
        vm.warp(c.from);
        uint256 refunded = escrow.account(_id(t)).refunded;
        eq(refunded, 250_001 + 50_000);
        _ask(t, c, 1);
        _rule(c, 1);
        book.settle(t, c);
        eq(bond.credit(t.payout) + refunded, TOTAL);
    }

    function testFuzz_rounding_anyRulingAndAnyRefundGiveBackThePriceAtMost(uint16 refundBps, uint8 ruling) public {
        refundBps = uint16(bound(refundBps, 0, 9_999));
        Terms memory t = _held();
        Cover memory c = _cover(t);
        _promise(t, c);
        vm.warp(START + 7 days);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, refundBps, true);
        vm.warp(c.from);
        if (escrow.account(_id(t)).refunded == TOTAL) return;
        _ask(t, c, 2);
        _rule(c, ruling % 4);
        book.settle(t, c);
        yes(bond.credit(t.payout) + escrow.account(_id(t)).refunded <= TOTAL, "paid twice");
    }
}
