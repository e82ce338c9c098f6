// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ClinicBond} from "../../src/ClinicBond.sol";
import {GuaranteeBook} from "../../src/GuaranteeBook.sol";
import {GuaranteePool} from "../../src/GuaranteePool.sol";
import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {IClinicBond} from "../../src/interfaces/IClinicBond.sol";
import {Cover, IGuaranteeBook} from "../../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeMath} from "../../src/base/GuaranteeMath.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {Invariants} from "../base/Invariants.sol";
import {GuaranteeHandler} from "./GuaranteeHandler.sol";

/// @notice The invariants of bonds, pool and book over any sequence of acts.
contract GuaranteeInvariants is Invariants {
    GuaranteeHandler private handler;
    ClinicBond private bond;
    GuaranteePool private pool;
    GuaranteeBook private book;
    HostileToken private coin;

    function setUp() public {
        handler = new GuaranteeHandler();
        (address a, address b, address c, address d) = handler.parts();
        (bond, pool, book, coin) = (ClinicBond(a), GuaranteePool(b), GuaranteeBook(c), HostileToken(d));
        target = address(handler);
        acts = [
            handler.open.selector,
            handler.open.selector,
            handler.pass.selector,
            handler.cancel.selector,
            handler.treat.selector,
            handler.treat.selector,
            handler.claim.selector,
            handler.claim.selector,
            handler.concede.selector,
            handler.rule.selector,
            handler.settle.selector,
            handler.lapse.selector,
            handler.invest.selector,
            handler.askExit.selector,
            handler.redeem.selector,
            handler.reclaim.selector,
            handler.payOut.selector,
            handler.donate.selector
        ];
    }

    function _bond(address who) private view returns (IClinicBond.Bond memory) {
        return bond.bond(address(book), who);
    }

    function _patient() private view returns (bytes32) {
        (Terms memory t,,) = handler.at(0);
        return t.payout;
    }

    function invariant_bond_balanceIsWhatIsThereAndOwed() public view {
        address clinic = handler.clinicOf();
        uint256 owed = bond.credit(bytes32(uint256(uint160(clinic))));
        if (handler.count() > 0) owed += bond.credit(_patient());
        uint256 there = uint256(_bond(clinic).total) + _bond(handler.insurerOf()).total;
        eq(coin.balanceOf(address(bond)), there + owed + handler.donated());
    }

    function invariant_bond_lockedIsNeverMoreThanThereIs() public view {
        IClinicBond.Bond memory b = _bond(handler.clinicOf());
        yes(b.locked <= b.total, "clinic");
        b = _bond(handler.insurerOf());
        yes(b.locked <= b.total, "insurer");
    }

    /// @dev locked >= the first loss of every cover that is open, and no more.
    function invariant_bond_lockedIsTheFirstLossOfOpenCovers() public view {
        uint256 first;
        uint256 insured;
        uint256 pooled;
        for (uint256 i = 0; i < handler.count(); ++i) {
            (, Cover memory c,) = handler.at(i);
            IGuaranteeBook.State s = book.account(keccak256(abi.encode(c))).state;
            if (s == IGuaranteeBook.State.Closed) continue;
            (uint256 own, uint256 backed) =
                GuaranteeMath.layers(c.profile == IGuaranteeBook.Profile.Promise, 650_001, c.sum);
            first += own;
            if (c.profile == IGuaranteeBook.Profile.Insurer) insured += backed;
            if (c.profile == IGuaranteeBook.Profile.Pool) pooled += backed;
        }
        eq(_bond(handler.clinicOf()).locked, first);
        eq(_bond(handler.insurerOf()).locked, insured);
        eq(pool.exposure(), pooled);
    }

    function invariant_pool_balanceIsCapitalAndWhatIsOwed() public view {
        uint256 owed = handler.count() > 0 ? pool.credit(_patient()) : 0;
        eq(coin.balanceOf(address(pool)), pool.totalAssets() + owed + handler.donated());
    }

    function invariant_pool_frozenIsWithinCapital() public view {
        yes(pool.frozen() <= pool.totalAssets(), "frozen");
    }

    function invariant_pool_exposureIsTheSumOverClinics() public view {
        eq(pool.exposure(), pool.exposureOf(handler.clinicOf()));
    }

    function invariant_book_refundAndGuaranteeAreThePriceAtMost() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            (Terms memory t,, uint256 got) = handler.at(i);
            uint256 refunded = book.ESCROW().account(keccak256(abi.encode(t))).refunded;
            yes(got + refunded <= 650_001, "paid twice");
        }
    }

    function invariant_book_statesGoForwardAndCapitalStays() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    function invariant_book_openCoversAreCounted() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            (Terms memory t, Cover memory c,) = handler.at(i);
            bool over = book.account(keccak256(abi.encode(c))).state == IGuaranteeBook.State.Closed;
            eq(book.openOf(t.clinic, c.person), over ? 0 : 1);
        }
    }

    /// @dev Every state has a way out by time, and nothing stays locked behind it.
    function afterInvariant() external {
        handler.finish();
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_bond_balanceIsWhatIsThereAndOwed();
        invariant_bond_lockedIsNeverMoreThanThereIs();
        invariant_bond_lockedIsTheFirstLossOfOpenCovers();
        invariant_pool_balanceIsCapitalAndWhatIsOwed();
        invariant_pool_frozenIsWithinCapital();
        invariant_pool_exposureIsTheSumOverClinics();
        invariant_book_refundAndGuaranteeAreThePriceAtMost();
        invariant_book_statesGoForwardAndCapitalStays();
        invariant_book_openCoversAreCounted();
    }
}
