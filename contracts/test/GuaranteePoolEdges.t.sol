// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ClinicBond} from "../src/ClinicBond.sol";
import {GuaranteePool} from "../src/GuaranteePool.sol";
import {Till} from "../src/base/Till.sol";
import {IGuaranteePool} from "../src/interfaces/IGuaranteePool.sol";
import {GuaranteeWorld} from "./base/GuaranteeWorld.sol";
import {HostileToken} from "./mocks/HostileToken.sol";
import {MuteToken} from "./mocks/MuteToken.sol";
import {World} from "./base/World.sol";

/// @notice The pool's numbers to the last unit, and its list of clinics.
contract GuaranteePoolEdgesTest is GuaranteeWorld {
    uint256 private constant CAPITAL = 10_000_000;

    function _stand(address who, bytes32 cover, uint256 amount) private {
        vm.prank(address(book));
        pool.underwrite(who, cover, amount, 0);
    }

    function _end(address who, bytes32 cover, uint256 amount, uint256 due) private {
        vm.prank(address(book));
        pool.end(who, cover, amount, due, PAYOUT);
    }

    /// @dev Ten million paid in and 12,345,678 earned: by hand.
    function test_shares_areWorthExactlyTheirPartHere() public {
        _invest(lender, CAPITAL);
        yes(pool.licensed(), "licensed");
        eq(pool.decimals(), 8);
        _give(clinic, 12_345_678, address(pool));
        vm.prank(address(book));
        pool.underwrite(clinic, "c", 0, 12_345_678);
        eq(pool.convertToShares(1e30), 447513857153322573012885399454632817);
        eq(pool.previewDeposit(1e30), 447513857153322573012885399454632817);
        eq(pool.previewWithdraw(1e30), 447513857153322573012885399454632818);
        eq(pool.convertToAssets(1e30), 2234567676543232345676765);
        eq(pool.previewMint(1e30), 2234567676543232345676766);
    }

    function test_underwrite_countsAClinicOnceHoweverManyCovers() public {
        _invest(lender, CAPITAL);
        _stand(clinic, "a", 10_000);
        _stand(clinic, "b", 30_000);
        eq(pool.minimumCapital(), 20_000);
        _end(clinic, "a", 10_000, 0);
        eq(pool.minimumCapital(), 15_000);
        eq(pool.exposureOf(clinic), 30_000);
        _end(clinic, "b", 30_000, 0);
        eq(pool.minimumCapital(), 0);
        _stand(clinic, "c", 10_000);
        eq(pool.minimumCapital(), 5_000);
    }

    function test_end_forgetsThatClinicAndNoOther() public {
        address[4] memory who = [clinic, maker, operator, regulator];
        for (uint256 gone = 0; gone < 4; ++gone) {
            _invest(lender, CAPITAL);
            for (uint256 i = 0; i < 4; ++i) {
                _stand(who[i], bytes32(i), 100_000 * (i + 1));
            }
            _end(who[gone], bytes32(gone), 100_000 * (gone + 1), 0);
            eq(pool.minimumCapital(), (1_000_000 - 100_000 * (gone + 1)) / 2);
            for (uint256 i = 0; i < 4; ++i) {
                if (i != gone) _end(who[i], bytes32(i), 100_000 * (i + 1), 0);
            }
            eq(pool.minimumCapital(), 0);
            eq(pool.exposure(), 0);
        }
    }

    function test_end_addsUpWhatIsOwedToOne() public {
        _invest(lender, CAPITAL);
        for (uint256 i = 1; i < 3; ++i) {
            _stand(clinic, bytes32(i), 500);
            vm.prank(address(book));
            pool.freeze(bytes32(i), 300);
            _end(clinic, bytes32(i), 500, 100 * i);
        }
        eq(pool.credit(PAYOUT), 300);
        eq(pool.payOut(PAYOUT), 300);
        eq(pool.credit(PAYOUT), 0);
        vm.expectRevert(Till.NothingToPayOut.selector);
        pool.payOut(PAYOUT);
    }

    function test_payOut_revertsWhenTheUnitRefuses() public {
        _invest(lender, CAPITAL);
        _stand(clinic, "c", 500);
        vm.prank(address(book));
        pool.freeze("c", 300);
        _end(clinic, "c", 500, 300);
        expectRefusal(address(unit), abi.encodePacked(unit.redeem.selector));
        pool.payOut(PAYOUT);
        expectRefusal(address(unit), abi.encodePacked(unit.collect.selector));
        vm.prank(lender);
        pool.deposit(1, lender);
    }
}

/// @notice Before it knows its book.
contract GuaranteePoolNewTest is World {
    GuaranteePool internal pool;

    function setUp() public override {
        super.setUp();
        pool = new GuaranteePool(address(manager), IERC20(address(unit)), true);
    }

    function test_bind_takesTheAdminsFirstWord() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        pool.bind(stranger);
        pool.bind(maker);
        eq(pool.book(), maker);
        vm.expectRevert(IGuaranteePool.BoundBefore.selector);
        pool.bind(stranger);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IGuaranteePool.NotTheBook.selector, stranger));
        pool.freeze("c", 1);
        vm.prank(maker);
        pool.freeze("c", 1);
    }
}

/// @notice Bond and pool over tokens that cheat or fall silent.
contract TillTokensTest is World {
    MuteToken internal mute;
    ClinicBond internal bond;
    GuaranteePool internal pool;

    function setUp() public override {
        super.setUp();
        mute = new MuteToken();
        bond = new ClinicBond(IERC20(address(mute)), false);
        pool = new GuaranteePool(address(manager), IERC20(address(mute)), false);
        pool.license(true);
    }

    /// @dev Said what there was so often, and then refused with what looks like the right answer.
    function _silentAfter(uint256 answers, uint256 there) private {
        mute.answer(answers);
        vm.expectRevert(abi.encode(there));
    }

    function test_deposit_revertsWhenTheTokenFallsSilent() public {
        mute.answer(9);
        bond.deposit(maker, 5);
        eq(bond.bond(maker, address(this)).total, 5);
        mute.answer(1);
        // the balance before is known, the one after is not
        vm.expectRevert(abi.encode(12));
        bond.deposit(maker, 7);
        _silentAfter(0, 5);
        bond.deposit(maker, 7);
        _silentAfter(1, 12);
        pool.deposit(7, address(this));
        _silentAfter(0, 5);
        pool.deposit(7, address(this));
        mute.answer(9);
        pool.deposit(7, address(this));
        eq(pool.totalAssets(), 7);
    }
}

/// @notice The pool over a coin.
contract GuaranteePoolCoinTest is GuaranteeWorld {
    function _closedLoop() internal pure override returns (bool) {
        return false;
    }

    function test_deposit_revertsWhenLessArrives() public {
        pool.license(true);
        _give(lender, 1_000, address(pool));
        coin.set(HostileToken.Mode.Fee);
        vm.expectRevert(abi.encodeWithSelector(Till.WrongAmountReceived.selector, 1_000, 990));
        vm.prank(lender);
        pool.deposit(1_000, lender);
        _give(clinic, 1_000, address(bond));
        vm.expectRevert(abi.encodeWithSelector(Till.WrongAmountReceived.selector, 1_000, 990));
        vm.prank(clinic);
        bond.deposit(address(book), 1_000);
    }
}
