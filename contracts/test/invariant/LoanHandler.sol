// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Plan} from "../../src/interfaces/IInstalmentBook.sol";
import {LoanWorld, LogVm} from "../base/LoanWorld.sol";

/// @notice Borrowers, lenders, clinics and strangers do what they may, in any order. Nothing here may revert.
contract LoanHandler is LoanWorld {
    bytes[] private _plans;
    bytes[] private _terms_;
    uint256 public minted;
    uint256 public collected;
    uint256 public returned;
    string public broken;

    constructor() {
        setUp();
        minted = FUND;
        LogVm(address(vm)).recordLogs();
    }

    function count() public view returns (uint256) {
        return _plans.length;
    }

    function plan(uint256 i) public view returns (Plan memory) {
        return abi.decode(_plans[i], (Plan));
    }

    function parties() external view returns (address, address, address, address) {
        return (address(book), address(pool), address(unit), address(escrow));
    }

    function fund() external pure returns (uint256) {
        return FUND;
    }

    function borrow(uint256 rate, uint256 months, uint256 own) external {
        if (_plans.length == 12 || pool.cash() < TOTAL || _exitWaits(1 days)) return;
        Terms memory t = _financed();
        t.salt = bytes32(_plans.length);
        t.openBy = uint40(block.timestamp + 5 days);
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy = uint40(block.timestamp + 12 days + i * 10 days);
        }
        own = bound(own, 0, TOTAL / 2);
        Plan memory p =
            _planOver(t, uint88(TOTAL - own), uint32(bound(rate, 0, 230_000)), bound(months, 1, 12));
        p.start = uint40(block.timestamp + 1 days);
        for (uint256 i = 0; i < p.instalments.length; ++i) {
            p.instalments[i].dueBy = uint40(p.start + MONTH * (i + 1));
        }
        if (own > 0) _bring(patient, own);
        _borrow(p, t);
        _plans.push(abi.encode(p));
        _terms_.push(abi.encode(t));
    }

    function pass(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 40 days));
    }

    function pay(uint256 seed, uint256 amount) external {
        if (_plans.length == 0) return;
        Plan memory p = plan(seed % _plans.length);
        if (!_open(p)) return;
        uint256 before = book.payoff(p, block.timestamp);
        amount = bound(amount, 1, TOTAL);
        uint256 taken = amount < before ? amount : before;
        if (taken > 0) _bring(patient, taken);
        vm.prank(patient);
        book.pay(p, amount);
        if (book.payoff(p, block.timestamp) != before - taken) broken = "L5: a payment of x lowers the debt by x";
    }

    function cancel(uint256 seed) external {
        if (_plans.length == 0) return;
        Terms memory t = _at(seed);
        ICareEscrow.State state = _account(t).state;
        if (state != ICareEscrow.State.Active && state != ICareEscrow.State.Claimed) return;
        vm.prank(clinic);
        escrow.providerCancel(t);
    }

    function perform(uint256 seed) external {
        if (_plans.length == 0) return;
        Terms memory t = _at(seed);
        ICareEscrow.Account memory a = _account(t);
        if (a.state != ICareEscrow.State.Active || block.timestamp < a.deadline) return;
        if (block.timestamp > t.milestones[a.milestone].dueBy) return;
        _claim(t, a.milestone);
        vm.prank(patient);
        escrow.accept(t);
    }

    function rule(uint256 seed, uint256 bps, bool end) external {
        if (_plans.length == 0) return;
        Terms memory t = _at(seed);
        ICareEscrow.Account memory a = _account(t);
        if (a.state != ICareEscrow.State.Active || block.timestamp < a.deadline) return;
        if (block.timestamp > t.milestones[a.milestone].dueBy) return;
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, uint16(bound(bps, 0, 10_000)), end);
    }

    function settle(uint256 seed) external {
        if (_plans.length == 0) return;
        _settle(plan(seed % _plans.length));
    }

    function lateness(uint256 seed) external {
        if (_plans.length == 0) return;
        Plan memory p = plan(seed % _plans.length);
        IInstalmentBook.Loan memory l = _loan(p);
        if (l.state != IInstalmentBook.State.Live) return;
        IInstalmentBook.Standing memory s = book.standing(p, block.timestamp);
        if (s.lost) book.writeOff(p);
        else if (s.late && !l.impaired) book.impair(p);
    }

    function deposit(uint256 amount) external {
        amount = bound(amount, 1, FUND);
        minted += amount;
        uint256 worth = pool.convertToAssets(1e18);
        uint256 shares = _deposit(lender, amount);
        if (pool.convertToAssets(shares) > amount) broken = "P3: a deposit gains";
        if (pool.convertToAssets(1e18) + 1e12 < worth) broken = "P3: a deposit costs others";
    }

    function exit(uint256 shares) external {
        uint256 most = pool.balanceOf(lender);
        if (most == 0) return;
        vm.prank(lender);
        pool.askExit(bound(shares, 1, most));
    }

    function serve() external {
        if (pool.nextExit() == pool.exits() || !_exitWaits(0)) return;
        uint256 assets = pool.convertToAssets(pool.exit(pool.nextExit()).shares);
        uint256 asked = pool.exit(pool.nextExit()).assets;
        if ((asked < assets ? asked : assets) > pool.cash()) return;
        pool.serveExits(1);
        if (pool.toCollect(lender) > 0) returned += pool.collectExit(lender);
    }

    /// @dev L4: whoever got everything back owes nothing and paid nothing.
    function finish() external {
        for (uint256 i = 0; i < _plans.length; ++i) {
            Plan memory p = plan(i);
            _settle(p);
            IInstalmentBook.Loan memory l = _loan(p);
            if (l.refunded != l.total) continue;
            if (l.state != IInstalmentBook.State.Closed) broken = "L4: still open";
            if (l.received > p.principal) broken = "L4: the loan cost something";
        }
    }

    function _settle(Plan memory p) private {
        IInstalmentBook.Loan memory l = _loan(p);
        if (escrow.account(p.agreement).refunded == l.refunded) return;
        uint256 debt = book.payoff(p, block.timestamp);
        uint256 before = l.received;
        uint256 refund = escrow.account(p.agreement).refunded - l.refunded;
        book.settle(p);
        l = _loan(p);
        if (l.refunded != l.total && l.received - before != (refund < debt ? refund : debt)) {
            broken = "L3: the loan was not first";
        }
    }

    function _bring(address who, uint256 amount) private {
        _mint(who, amount);
        minted += amount;
    }

    function _exitWaits(uint256 later) private view returns (bool) {
        return pool.nextExit() < pool.exits() && pool.exit(pool.nextExit()).readyAt <= block.timestamp + later;
    }

    function _open(Plan memory p) private view returns (bool) {
        IInstalmentBook.State state = _loan(p).state;
        return state == IInstalmentBook.State.Live || state == IInstalmentBook.State.WrittenOff;
    }

    function _at(uint256 seed) private view returns (Terms memory) {
        return abi.decode(_terms_[seed % _terms_.length], (Terms));
    }
}
