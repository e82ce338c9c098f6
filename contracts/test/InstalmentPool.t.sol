// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {InstalmentPool} from "../src/InstalmentPool.sol";
import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {IInstalmentPool} from "../src/interfaces/IInstalmentPool.sol";
import {Plan} from "../src/interfaces/IInstalmentBook.sol";
import {LoanWorld} from "./base/LoanWorld.sol";
import {World} from "./base/World.sol";

contract InstalmentPoolTest is LoanWorld {
    address internal other = address(0x07E2);

    function setUp() public override {
        super.setUp();
        manager.grantRole(7, other, 0);
    }

    function test_deposit_givesSharesForWhatIsPaidIn() public view {
        eq(pool.balanceOf(lender), FUND * 1e6);
        eq(pool.totalAssets(), FUND);
        eq(pool.cash(), FUND);
        eq(pool.decimals(), 8);
        eq(pool.convertToAssets(FUND * 1e6), FUND);
    }

    function test_deposit_revertsForWhoIsNoLender() public {
        _mint(stranger, 5);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxDeposit.selector, stranger, 5, 0));
        pool.deposit(5, stranger);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxMint.selector, stranger, 5, 0));
        pool.mint(5, stranger);
    }

    function test_deposit_paysTheValueBeforeImpairment() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 5 days + 1);
        book.impair(p);
        uint256 shares = _deposit(other, FUND);
        eq(shares, FUND * 1e6);
        yes(pool.convertToAssets(shares) < FUND, "impaired");
        eq(pool.previewMint(shares), FUND);
    }

    function test_mint_takesWhatTheSharesCost() public {
        _mint(other, 7);
        vm.prank(other);
        eq(pool.mint(6_500_000, other), 7);
        eq(pool.balanceOf(other), 6_500_000);
    }

    function test_transfer_revertsBetweenHolders() public {
        vm.prank(lender);
        vm.expectRevert(IInstalmentPool.NotTransferable.selector);
        pool.transfer(other, 1);
    }

    function test_withdraw_goesOnlyThroughTheQueue() public {
        eq(pool.maxWithdraw(lender), 0);
        eq(pool.maxRedeem(lender), 0);
        vm.startPrank(lender);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxWithdraw.selector, lender, 1, 0));
        pool.withdraw(1, lender, lender);
        vm.expectRevert(abi.encodeWithSelector(ERC4626.ERC4626ExceededMaxRedeem.selector, lender, 1, 0));
        pool.redeem(1, lender, lender);
    }

    function _ask(address who, uint256 shares) private returns (uint256) {
        vm.prank(who);
        return pool.askExit(shares);
    }

    function test_askExit_handsTheSharesIn() public {
        eq(_ask(lender, 3e12), 0);
        eq(_ask(lender, 1e12), 1);
        eq(pool.balanceOf(lender), FUND * 1e6 - 4e12);
        eq(pool.exits(), 2);
        eq(pool.exit(0).assets, 3e6);
        eq(pool.exit(0).readyAt, START + 30 days);
        eq(pool.exit(1).owner, lender);
    }

    function test_askExit_revertsForNothing() public {
        vm.expectRevert(IInstalmentPool.NothingToDo.selector);
        _ask(lender, 0);
    }

    function test_serveExits_revertsBeforeTheTime() public {
        _ask(lender, 1e12);
        vm.warp(START + 30 days - 1);
        vm.expectRevert(IInstalmentPool.NothingToDo.selector);
        pool.serveExits(9);
        vm.warp(START + 30 days);
        eq(pool.serveExits(9), 1);
        vm.expectRevert(IInstalmentPool.NothingToDo.selector);
        pool.serveExits(9);
    }

    function test_serveExits_servesInOrderAndNoMoreThanAsked() public {
        _ask(lender, 1e12);
        _ask(lender, 2e12);
        _ask(lender, 4e12);
        vm.warp(START + 30 days);
        eq(pool.serveExits(2), 2);
        eq(pool.toCollect(lender), 3e6);
        eq(pool.nextExit(), 2);
        eq(pool.cash(), FUND - 3e6);
        eq(pool.totalSupply(), FUND * 1e6 - 3e12);
    }

    function test_serveExits_waitsForCash() public {
        (Plan memory p,) = _lent();
        _ask(lender, FUND * 1e6);
        vm.warp(p.start + 30 days);
        vm.expectRevert(IInstalmentPool.NothingToDo.selector);
        pool.serveExits(1);
        _payAll(p);
        eq(pool.serveExits(1), 1);
        eq(pool.toCollect(lender), FUND);
    }

    function test_collectExit_paysTheOwnerOnce() public {
        _ask(lender, 1e12);
        vm.warp(START + 30 days);
        pool.serveExits(1);
        vm.expectEmit(address(unit));
        emit ISettlementUnit.Redeemed(_as(lender), address(pool), 1e6);
        vm.prank(stranger);
        eq(pool.collectExit(lender), 1e6);
        vm.expectRevert(IInstalmentPool.NothingToDo.selector);
        pool.collectExit(lender);
    }

    function test_lend_revertsForWhoIsNotTheBook() public {
        bytes memory refusal = abi.encodeWithSelector(IInstalmentPool.NotTheBook.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(refusal);
        pool.lend(stranger, 1);
        vm.expectRevert(refusal);
        pool.rebook(0, 1, 0, 0);
        vm.expectRevert(refusal);
        pool.repaid(1);
        vm.expectRevert(refusal);
        pool.giveBack(1);
    }

    function test_lend_revertsWithoutCash() public {
        vm.prank(address(book));
        vm.expectRevert(abi.encodeWithSelector(IInstalmentPool.CashShort.selector, FUND, FUND + 1));
        pool.lend(patient, FUND + 1);
    }

    function test_lend_revertsWhileAReadyExitWaits() public {
        _ask(lender, 1e12);
        vm.prank(address(book));
        pool.lend(patient, 1);
        vm.warp(START + 30 days);
        vm.prank(address(book));
        vm.expectRevert(abi.encodeWithSelector(IInstalmentPool.ExitsWait.selector, 0));
        pool.lend(patient, 1);
        pool.serveExits(1);
        vm.prank(address(book));
        pool.lend(patient, 1);
        eq(unit.balanceOf(patient), 2);
    }

    function test_serveExits_keepsWhoAskedWhenAndForHowMuch() public {
        vm.warp(START + 5);
        _ask(lender, 3e12);
        bytes32 expected = keccak256(abi.encode(IInstalmentPool.Exit(lender, uint40(START + 5 + 30 days), 3e12, 3e6)));
        eq(keccak256(abi.encode(pool.exit(0))), expected);
        eq(pool.EXIT_DELAY(), 30 days);
    }

    function test_lend_addsUpWhatIsLent() public {
        vm.startPrank(address(book));
        pool.lend(patient, 3);
        pool.lend(patient, 4);
        eq(pool.outstanding(), 7);
        eq(pool.cash(), FUND - 7);
        pool.rebook(0, 0, 0, 5);
        eq(pool.impaired(), 5);
        eq(pool.totalAssets(), FUND - 5);
    }

    function test_lend_looksAtTheFirstExitThatWaits() public {
        _ask(lender, 1e12);
        vm.warp(START + 1 days);
        _ask(lender, 1e12);
        vm.warp(START + 30 days);
        pool.serveExits(1);
        vm.prank(address(book));
        pool.lend(patient, 1);
        vm.warp(START + 31 days);
        vm.prank(address(book));
        vm.expectRevert(abi.encodeWithSelector(IInstalmentPool.ExitsWait.selector, 1));
        pool.lend(patient, 1);
        pool.serveExits(1);
        vm.prank(address(book));
        pool.lend(patient, 1);
    }

    /// @dev Ten million paid in and 12,345,678 earned: shares and values to the last unit, by hand.
    function test_shares_areWorthExactlyTheirPart() public {
        vm.prank(address(book));
        pool.repaid(12_345_678);
        eq(pool.previewDeposit(1e30), 447513857153322573012885399454632817);
        eq(pool.previewMint(1e30), 2234567676543232345676766);
        eq(pool.convertToAssets(1e30), 2234567676543232345676765);
        eq(pool.convertToShares(1e30), 447513857153322573012885399454632817);
        eq(pool.previewWithdraw(1e30), 447513857153322573012885399454632818);
        eq(pool.previewRedeem(1e30), 2234567676543232345676765);
    }

    function test_setBook_happensOnce() public {
        vm.expectRevert(InstalmentPool.BookIsSet.selector);
        pool.setBook(stranger);
        eq(pool.book(), address(book));
    }
}

/// @notice Before it knows its book.
contract InstalmentPoolNewTest is World {
    InstalmentPool internal pool;

    function setUp() public override {
        super.setUp();
        pool = new InstalmentPool(address(manager), IERC20(address(unit)));
    }

    function test_setBook_takesTheAdminsFirstWord() public {
        vm.expectRevert(InstalmentPool.BookIsSet.selector);
        pool.setBook(address(0));
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        pool.setBook(stranger);
        pool.setBook(stranger);
        eq(pool.book(), stranger);
        vm.expectRevert(InstalmentPool.BookIsSet.selector);
        pool.setBook(maker);
    }
}
