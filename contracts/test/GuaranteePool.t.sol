// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Managed} from "../src/base/Managed.sol";
import {Till} from "../src/base/Till.sol";
import {IGuaranteePool} from "../src/interfaces/IGuaranteePool.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";

contract GuaranteePoolTest is GuaranteeWorld {
    uint256 private constant CAPITAL = 10_000_000;

    function _unauthorised() private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
    }

    /// @dev The book stands for an amount; the premium is 7.
    function _stand(address who, bytes32 cover, uint256 amount) private {
        _give(who, 7, address(pool));
        vm.prank(address(book));
        pool.underwrite(who, cover, amount, 7);
    }

    function _freeze(bytes32 cover, uint256 amount) private {
        vm.prank(address(book));
        pool.freeze(cover, amount);
    }

    function _end(address who, bytes32 cover, uint256 amount, uint256 due) private returns (uint256) {
        vm.prank(address(book));
        return pool.end(who, cover, amount, due, PAYOUT);
    }

    function _leave(uint256 shares) private {
        vm.prank(lender);
        pool.askExit(uint128(shares));
        vm.warp(pool.exitOf(lender).from);
    }

    function test_license_revertsWhenTheCallerIsNoAdmin() public {
        _unauthorised();
        pool.license(true);
    }

    function test_license_opensAndClosesThePool() public {
        eq(pool.maxDeposit(lender), 0);
        eq(pool.maxMint(lender), 0);
        pool.license(true);
        eq(pool.maxDeposit(lender), type(uint96).max);
        yes(pool.maxMint(lender) > 0, "closed");
        pool.license(false);
        eq(pool.maxDeposit(lender), 0);
    }

    function test_bind_revertsWhenTheCallerIsNoAdmin() public {
        _unauthorised();
        pool.bind(stranger);
    }

    function test_bind_revertsWhenItIsBound() public {
        vm.expectRevert(IGuaranteePool.BoundBefore.selector);
        pool.bind(stranger);
        eq(pool.book(), address(book));
    }

    function test_setAuthority_revertsAlwaysHere() public {
        vm.expectRevert(Managed.AuthorityIsFixed.selector);
        pool.setAuthority(stranger);
        eq(pool.authority(), address(manager));
    }

    function test_deposit_revertsWhileThePoolIsNotLicensed() public {
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxDeposit.selector, lender, 1, 0));
        vm.prank(lender);
        pool.deposit(1, lender);
    }

    function test_deposit_givesSharesForWhatComesIn() public {
        uint256 shares = _invest(lender, CAPITAL);
        eq(shares, CAPITAL * 1e6);
        eq(pool.balanceOf(lender), shares);
        eq(pool.totalAssets(), CAPITAL);
        eq(pool.convertToAssets(shares), CAPITAL);
        eq(unit.balanceOf(address(pool)), CAPITAL);
        eq(pool.maxDeposit(lender), type(uint96).max - CAPITAL);
    }

    function test_mint_roundsInFavourOfThePool() public {
        _invest(lender, CAPITAL);
        _stand(clinic, "c", 500_000);
        _give(lender, 10, address(pool));
        vm.prank(lender);
        eq(pool.mint(1, lender), 1);
        eq(pool.totalAssets(), CAPITAL + 8);
        eq(pool.previewRedeem(1), 0);
        eq(pool.previewMint(1e6 - 1), 1);
        eq(pool.previewWithdraw(1), pool.previewDeposit(1) + 1);
    }

    function test_askExit_revertsAboveTheBalance() public {
        uint256 shares = _invest(lender, CAPITAL);
        vm.expectRevert(
            abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxRedeem.selector, lender, shares + 1, shares)
        );
        vm.prank(lender);
        pool.askExit(uint128(shares + 1));
    }

    function test_askExit_beginsTheDelayAnew() public {
        uint256 shares = _invest(lender, CAPITAL);
        _leave(shares);
        eq(pool.exitOf(lender).from, START + 180 days);
        eq(pool.maxRedeem(lender), shares);
        vm.prank(lender);
        pool.askExit(uint128(shares));
        eq(pool.maxRedeem(lender), 0);
        eq(pool.exitOf(lender).from, START + 360 days);
    }

    function test_redeem_revertsBeforeTheDelayAndAfterTheWindow() public {
        uint256 shares = _invest(lender, CAPITAL);
        eq(pool.maxRedeem(lender), 0);
        _leave(shares);
        vm.warp(START + 180 days - 1);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxRedeem.selector, lender, 1, 0));
        vm.prank(lender);
        pool.redeem(1, lender, lender);
        vm.warp(START + 210 days);
        eq(pool.maxRedeem(lender), shares);
        vm.warp(START + 210 days + 1);
        eq(pool.maxRedeem(lender), 0);
        eq(pool.maxWithdraw(lender), 0);
    }

    function test_redeem_paysWhatIsAskedForAndLeavesTheRestInTheQueue() public {
        uint256 shares = _invest(lender, CAPITAL);
        _leave(shares / 2);
        vm.prank(lender);
        eq(pool.redeem(shares / 4, lender, lender), CAPITAL / 4);
        eq(pool.exitOf(lender).shares, shares / 4);
        eq(pool.balanceOf(lender), shares - shares / 4);
        eq(pool.totalAssets(), CAPITAL - CAPITAL / 4);
        eq(unit.balanceOf(address(pool)), CAPITAL - CAPITAL / 4);
        vm.prank(lender);
        eq(pool.withdraw(CAPITAL / 4, lender, lender), shares / 4);
        eq(pool.maxRedeem(lender), 0);
    }

    function test_redeem_revertsForAnotherWithoutAllowance() public {
        uint256 shares = _invest(lender, CAPITAL);
        _leave(shares);
        vm.expectRevert();
        vm.prank(stranger);
        pool.redeem(1, stranger, lender);
        vm.prank(lender);
        pool.approve(stranger, 1e6);
        vm.prank(stranger);
        eq(pool.redeem(1e6, stranger, lender), 1);
        eq(pool.allowance(lender, stranger), 0);
    }

    function test_redeem_leavesTheMinimumCapitalBehind() public {
        uint256 shares = _invest(lender, CAPITAL);
        _stand(clinic, "a", 900_000);
        _stand(maker, "b", 800_000);
        _stand(operator, "c", 700_000);
        _stand(regulator, "d", 600_000);
        // 15 % of 3,000,000 is less than half of the three largest
        eq(pool.exposure(), 3_000_000);
        eq(pool.exposureOf(clinic), 900_000);
        eq(pool.minimumCapital(), 1_200_000);
        _leave(shares);
        eq(pool.maxWithdraw(lender), CAPITAL + 28 - 1_200_000 - 1);
        _freeze("a", 900_000);
        eq(pool.maxWithdraw(lender), CAPITAL + 28 - 1_200_000 - 1);
        _freeze("b", 800_000);
        eq(pool.maxWithdraw(lender), CAPITAL + 28 - 1_700_000 - 1);
    }

    function test_redeem_isBoundByFifteenPerCentOfManyClinics() public {
        _invest(lender, CAPITAL);
        for (uint160 i = 1; i <= 40; ++i) {
            _stand(address(0xAA00 + i), bytes32(uint256(i)), 900_000);
        }
        eq(pool.exposure(), 36_000_000);
        eq(pool.minimumCapital(), 5_400_000);
    }

    function test_transfer_revertsAlwaysForShares() public {
        _invest(lender, CAPITAL);
        vm.expectRevert(IGuaranteePool.NotTransferable.selector);
        vm.prank(lender);
        pool.transfer(stranger, 1);
        vm.prank(lender);
        pool.approve(stranger, 1);
        vm.expectRevert(IGuaranteePool.NotTransferable.selector);
        vm.prank(stranger);
        pool.transferFrom(lender, stranger, 1);
    }

    function test_underwrite_revertsForAnybodyButTheBook() public {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteePool.NotTheBook.selector, stranger));
        vm.prank(stranger);
        pool.underwrite(clinic, "c", 1, 0);
    }

    function test_underwrite_revertsWhileThePoolIsNotLicensed() public {
        vm.expectRevert(IGuaranteePool.NotLicensed.selector);
        vm.prank(address(book));
        pool.underwrite(clinic, "c", 1, 0);
    }

    function test_underwrite_revertsAboveATenthOfTheCapitalForOneClinic() public {
        _invest(lender, CAPITAL);
        vm.expectRevert(IGuaranteePool.TooMuchForCapital.selector);
        vm.prank(address(book));
        pool.underwrite(clinic, "c", 1_000_001, 0);
        _stand(clinic, "c", 1_000_000);
        vm.expectRevert(IGuaranteePool.TooMuchForCapital.selector);
        vm.prank(address(book));
        pool.underwrite(clinic, "d", 1, 0);
    }

    function test_underwrite_revertsWhenTheMinimumIsAboveWhatIsFree() public {
        _invest(lender, CAPITAL);
        for (uint160 i = 1; i <= 63; ++i) {
            _stand(address(0xAA00 + i), bytes32(uint256(i)), 1_000_000);
        }
        // 63,000,000 at 15 % are 9,450,000: of the capital and 63 premiums 550,441 may be frozen besides, and no more
        _freeze(bytes32(uint256(1)), 550_441);
        vm.prank(address(book));
        pool.underwrite(address(0xAA01), "x", 0, 0);
        _freeze(bytes32(uint256(2)), 1);
        vm.expectRevert(IGuaranteePool.TooMuchForCapital.selector);
        vm.prank(address(book));
        pool.underwrite(address(0xAA01), "x", 0, 0);
    }

    function test_underwrite_revertsAboveSixtyFourClinics() public {
        _invest(lender, CAPITAL);
        for (uint160 i = 1; i <= 64; ++i) {
            _stand(address(0xAA00 + i), bytes32(uint256(i)), 1);
        }
        vm.expectRevert(IGuaranteePool.TooManyClinics.selector);
        vm.prank(address(book));
        pool.underwrite(clinic, "c", 1, 0);
        _end(address(0xAA07), bytes32(uint256(7)), 1, 0);
        _stand(clinic, "c", 9);
        _end(address(0xAA40), bytes32(uint256(64)), 1, 0);
        eq(pool.minimumCapital(), 11);
        eq(pool.exposure(), 71);
    }

    function test_underwrite_takesThePremiumIntoCapital() public {
        uint256 shares = _invest(lender, CAPITAL);
        _stand(clinic, "c", 500_000);
        eq(pool.totalAssets(), CAPITAL + 7);
        eq(unit.balanceOf(clinic), 0);
        eq(pool.exposureOf(clinic), 500_000);
        yes(pool.convertToAssets(shares) > CAPITAL, "the premium belongs to the lenders");
    }

    function test_freeze_revertsForAnybodyButTheBook() public {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteePool.NotTheBook.selector, stranger));
        vm.prank(stranger);
        pool.freeze("c", 1);
    }

    function test_freeze_putsAsideWhatThereIs() public {
        _invest(lender, 1_000);
        _freeze("c", 600);
        eq(pool.frozen(), 600);
        _freeze("d", 600);
        eq(pool.frozenFor("d"), 400);
        eq(pool.frozen(), 1_000);
    }

    function test_end_revertsForAnybodyButTheBook() public {
        vm.expectRevert(abi.encodeWithSelector(IGuaranteePool.NotTheBook.selector, stranger));
        vm.prank(stranger);
        pool.end(clinic, "c", 1, 0, PAYOUT);
    }

    function test_end_paysWhatWasPutAsideAndFreesTheRest() public {
        _invest(lender, CAPITAL);
        _stand(clinic, "c", 500_000);
        _freeze("c", 500_000);
        eq(_end(clinic, "c", 500_000, 300_000), 300_000);
        eq(pool.frozen(), 0);
        eq(pool.frozenFor("c"), 0);
        eq(pool.exposure(), 0);
        eq(pool.totalAssets(), CAPITAL + 7 - 300_000);
        eq(pool.credit(PAYOUT), 300_000);
        eq(pool.payOut(PAYOUT), 300_000);
        eq(unit.balanceOf(address(pool)), CAPITAL + 7 - 300_000);
    }

    function test_end_paysNoMoreThanWasPutAside() public {
        _invest(lender, 10_000);
        _stand(clinic, "c", 900);
        _freeze("c", 800);
        eq(_end(clinic, "c", 900, 900), 800);
        vm.expectRevert(Till.NothingToPayOut.selector);
        pool.payOut("nobody");
    }

    function test_end_worksForACoverThatLeavesThePoolNothing() public {
        _invest(lender, CAPITAL);
        _stand(clinic, "c", 0);
        _stand(clinic, "d", 10);
        _stand(clinic, "e", 0);
        eq(pool.minimumCapital(), 5);
        _end(clinic, "d", 10, 0);
        _end(clinic, "c", 0, 0);
        _end(clinic, "e", 0, 0);
        eq(pool.minimumCapital(), 0);
    }

    function testFuzz_redeem_neverProfitsFromComingAndGoing(uint88 first, uint88 second, uint88 premium) public {
        first = uint88(bound(first, 1, 1e20));
        second = uint88(bound(second, 1, 1e20));
        premium = uint88(bound(premium, 1, 1e18));
        _invest(lender, first);
        _give(clinic, premium, address(pool));
        vm.prank(address(book));
        pool.underwrite(clinic, "c", 0, premium);
        uint256 shares = _invest(stranger, second);
        yes(pool.previewRedeem(shares) <= second, "profit out of nothing");
    }
}
