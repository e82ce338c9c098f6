// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {IClinicBond} from "../../src/interfaces/IClinicBond.sol";
import {Cover, IGuaranteeBook} from "../../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeWorld} from "../base/GuaranteeWorld.sol";

/// @notice Clinics, patients, lenders, insurer and arbiter do what they may, in any order. Nothing here may revert:
/// what would be refused is not tried (the trees show the refusals).
contract GuaranteeHandler is GuaranteeWorld {
    uint256 private constant MAX_COVERS = 20;

    struct Known {
        bytes terms;
        bytes cover;
        uint256 fromGuarantee;
    }

    Known[] private _all;
    mapping(bytes32 id => uint256) private _rank;
    uint256 public donated;
    uint256 private _opened;
    string public broken;

    constructor() {
        setUp();
        book.licenseInsurer(insurer, true);
        _invest(lender, 5_000_000);
        _depositBond(insurer, 1_000_000);
    }

    function _closedLoop() internal pure override returns (bool) {
        return false;
    }

    function parts() external view returns (address, address, address, address) {
        return (address(bond), address(pool), address(book), address(coin));
    }

    function count() external view returns (uint256) {
        return _all.length;
    }

    function at(uint256 i) public view returns (Terms memory t, Cover memory c, uint256 fromGuarantee) {
        Known storage k = _all[i];
        return (abi.decode(k.terms, (Terms)), abi.decode(k.cover, (Cover)), k.fromGuarantee);
    }

    function insurerOf() external view returns (address) {
        return insurer;
    }

    function clinicOf() external view returns (address) {
        return clinic;
    }

    function _owedTo(Terms memory t) private view returns (uint256) {
        return bond.credit(t.payout) + pool.credit(t.payout);
    }

    /// @dev What an act credits to the patient belongs to the cover it is about; states only go forward.
    modifier about(uint256 seed) {
        if (_all.length == 0) return;
        uint256 i = seed % _all.length;
        (Terms memory t, Cover memory c,) = at(i);
        uint256 before = _owedTo(t);
        _;
        _all[i].fromGuarantee += _owedTo(t) - before;
        bytes32 id = _coverId(c);
        uint256 rank = uint8(book.account(id).state);
        if (rank < _rank[id]) broken = "a cover went back";
        _rank[id] = rank;
    }

    function _picked(uint256 seed) private view returns (Terms memory t, Cover memory c, IGuaranteeBook.Account memory a) {
        (t, c,) = at(seed % _all.length);
        a = book.account(_coverId(c));
    }

    function open(uint256 seed, uint8 profile, uint96 sum) external {
        if (_all.length >= MAX_COVERS) return;
        Terms memory t = _terms();
        t.salt = bytes32(++_opened);
        t.openBy = uint40(block.timestamp);
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy = uint40(block.timestamp + 10 days * (i + 1));
        }
        t = _payable(t);
        _open(t);
        Cover memory c = profile % 3 == 0 ? _cover(t) : profile % 3 == 1 ? _insured(t) : _pooled(t);
        c.sum = uint96(bound(sum, 1, 520_000));
        c.openBy = uint40(block.timestamp);
        c.from = uint40(block.timestamp + 35 days);
        c.until = c.from + 60 days;
        c.person = bytes32(_all.length);
        c.goodwillBps = uint16(seed % 1_001);
        c.silentBps = uint16(5_000 + seed % 5_001);
        uint256 backed = c.sum - (uint256(c.sum) + 4) / 5;
        if (_free(clinic) < TOTAL) _depositBond(clinic, 1_000_000);
        if (profile % 3 == 0) {
            _promise(t, c);
        } else if (profile % 3 == 1) {
            if (_free(insurer) < backed) _depositBond(insurer, 1_000_000);
            _openInsured(t, c);
        } else {
            // within a tenth of the capital, and half of what is exposed besides what is frozen
            uint256 clinics = pool.exposureOf(clinic) + backed;
            if (clinics * 10 > pool.totalAssets() || pool.frozen() + clinics > pool.totalAssets()) return;
            _openPooled(t, c);
        }
        _all.push(Known(abi.encode(t), abi.encode(c), 0));
        _rank[_coverId(c)] = 1;
    }

    function _free(address who) private view returns (uint256) {
        IClinicBond.Bond memory b = _bond(who);
        return b.total - b.locked;
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + time % 20 days);
    }

    function cancel(uint256 seed) external {
        if (_all.length == 0) return;
        (Terms memory t,,) = _picked(seed);
        if (_account(t).state != ICareEscrow.State.Active) return;
        vm.prank(clinic);
        escrow.providerCancel(t);
    }

    /// @dev The whole treatment, disputed and divided, so that some of it is kept.
    function treat(uint256 seed, uint16 refundBps) external {
        if (_all.length == 0) return;
        (Terms memory t,,) = _picked(seed);
        ICareEscrow.Account memory a = _account(t);
        if (a.state != ICareEscrow.State.Active || block.timestamp < a.deadline || block.timestamp > t.milestones[0].dueBy) return;
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, refundBps % 10_001, true);
    }

    function claim(uint256 seed, uint8 asked) external about(seed) {
        (Terms memory t, Cover memory c, IGuaranteeBook.Account memory a) = _picked(seed);
        ICareEscrow.Account memory e = _account(t);
        if (
            a.state != IGuaranteeBook.State.Open || block.timestamp < c.from || block.timestamp > c.until
                || e.state != ICareEscrow.State.Closed || e.refunded == TOTAL
        ) return;
        if (asked % 3 == 2 && book.goodwillIn(clinic, block.timestamp / 90 days) >= 8) return;
        _ask(t, c, asked % 3 + 1);
    }

    function concede(uint256 seed) external about(seed) {
        (Terms memory t, Cover memory c, IGuaranteeBook.Account memory a) = _picked(seed);
        if (a.state != IGuaranteeBook.State.Claimed || a.ruled || c.profile != IGuaranteeBook.Profile.Promise) return;
        vm.prank(clinic);
        book.concede(t, c);
    }

    function rule(uint256 seed, uint8 ruling) external about(seed) {
        (, Cover memory c, IGuaranteeBook.Account memory a) = _picked(seed);
        if (a.state != IGuaranteeBook.State.Claimed || a.ruled || block.timestamp > a.deadline) return;
        _rule(c, ruling % 4);
    }

    function settle(uint256 seed) external about(seed) {
        (Terms memory t, Cover memory c, IGuaranteeBook.Account memory a) = _picked(seed);
        if (a.state != IGuaranteeBook.State.Claimed || (!a.ruled && block.timestamp <= a.deadline)) return;
        book.settle(t, c);
    }

    function lapse(uint256 seed) external about(seed) {
        (Terms memory t, Cover memory c, IGuaranteeBook.Account memory a) = _picked(seed);
        if (a.state != IGuaranteeBook.State.Open) return;
        if (block.timestamp <= c.until && _account(t).refunded != TOTAL) return;
        book.lapse(t, c);
    }

    function invest(uint64 amount) external {
        _invest(lender, bound(amount, 1, 5_000_000));
    }

    function askExit(uint128 shares) external {
        uint256 most = pool.balanceOf(lender);
        vm.prank(lender);
        pool.askExit(uint128(bound(shares, 0, most)));
    }

    function redeem(uint256 shares) external {
        uint256 most = pool.maxRedeem(lender);
        if (most == 0) return;
        uint256 minimum = pool.minimumCapital();
        vm.prank(lender);
        pool.redeem(bound(shares, 1, most), lender, lender);
        if (pool.totalAssets() < minimum || pool.totalAssets() < pool.frozen()) broken = "capital left that is needed";
    }

    function reclaim(uint96 amount) external {
        uint256 most = _free(clinic);
        if (most == 0) return;
        vm.prank(clinic);
        bond.reclaim(address(book), uint96(bound(amount, 1, most)));
    }

    function payOut(bool fromBond) external {
        bytes32 who = _as(patient);
        if (fromBond ? bond.credit(who) == 0 : pool.credit(who) == 0) return;
        fromBond ? bond.payOut(who) : pool.payOut(who);
    }

    function donate(uint32 amount) external {
        coin.mint(address(pool), amount);
        coin.mint(address(bond), amount);
        donated += amount;
    }

    /// @dev Time alone, and whoever calls, ends every cover and frees every bond.
    function finish() external {
        vm.warp(block.timestamp + 3650 days);
        for (uint256 i = 0; i < _all.length; ++i) {
            (Terms memory t, Cover memory c, IGuaranteeBook.Account memory a) = _picked(i);
            if (a.state == IGuaranteeBook.State.Open) book.lapse(t, c);
            if (a.state == IGuaranteeBook.State.Claimed) book.settle(t, c);
        }
        if (_bond(clinic).locked != 0 || _bond(insurer).locked != 0) broken = "a bond stays locked";
        if (pool.exposure() != 0 || pool.frozen() != 0) broken = "the pool stays exposed";
    }
}
