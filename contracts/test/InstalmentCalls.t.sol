// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Plan} from "../src/interfaces/IInstalmentBook.sol";
import {Managed} from "../src/base/Managed.sol";
import {LoanWorld} from "./base/LoanWorld.sol";

/// @notice What a loan does when one of the contracts that it works with refuses, and whom it does not ask.
contract InstalmentCallsTest is LoanWorld {
    /// @dev `redeem` to this reference, whatever the amount.
    function _redeemTo(bytes32 who) private view returns (bytes memory) {
        return abi.encodePacked(unit.redeem.selector, who);
    }

    function test_setAuthority_revertsAlwaysForTheBookAndThePool() public {
        vm.expectRevert(Managed.AuthorityIsFixed.selector);
        book.setAuthority(stranger);
        vm.expectRevert(Managed.AuthorityIsFixed.selector);
        pool.setAuthority(stranger);
    }

    function test_accept_revertsWhenRolesCannotBeAsked() public {
        Plan memory p = _plan(_financed());
        bytes memory offer = _loanOffer(p);
        expectRefusal(address(manager), abi.encodePacked(manager.hasRole.selector));
        vm.prank(patient);
        book.accept(p, offer);
    }

    function test_payOut_revertsWhenThePoolOrTheEscrowRefuses() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        (bytes memory offer, bytes memory agreed) = (_offer(t), _agreed(t));
        vm.warp(p.start);
        expectRefusal(address(pool), abi.encodePacked(pool.lend.selector));
        book.payOut(p, t, offer, agreed);
        expectRefusal(address(escrow), abi.encodePacked(escrow.openFor.selector));
        book.payOut(p, t, offer, agreed);
        expectRefusal(address(escrow), abi.encodePacked(escrow.account.selector));
        book.payOut(p, t, offer, agreed);
    }

    function test_pay_revertsWhenTheUnitOrThePoolRefuses() public {
        (Plan memory p,) = _lent();
        _mint(patient, 1_000);
        vm.startPrank(patient);
        expectRefusal(address(unit), abi.encodePacked(unit.collect.selector));
        book.pay(p, 1_000);
        expectRefusal(address(unit), _redeemTo(_as(address(pool))));
        book.pay(p, 1_000);
        expectRefusal(address(pool), abi.encodePacked(pool.repaid.selector));
        book.pay(p, 1_000);
        expectRefusal(address(pool), abi.encodePacked(pool.rebook.selector));
        book.pay(p, 1_000);
    }

    function test_settle_revertsWhenTheEscrowTheUnitOrThePoolRefuses() public {
        (Plan memory p, Terms memory t) = _lent();
        vm.warp(p.start + 18 days);
        _payAll(p);
        vm.warp(START + 60 days);
        escrow.expire(t);
        expectRefusal(address(escrow), abi.encodePacked(escrow.account.selector));
        book.settle(p);
        expectRefusal(address(escrow), abi.encodePacked(escrow.credit.selector));
        book.settle(p);
        expectRefusal(address(escrow), abi.encodePacked(escrow.withdraw.selector));
        book.settle(p);
        expectRefusal(address(unit), abi.encodePacked(unit.redeem.selector, PAYOUT, TOTAL));
        book.settle(p);
        expectRefusal(address(pool), abi.encodePacked(pool.giveBack.selector));
        book.settle(p);
    }

    function test_settle_asksNobodyToMoveNothing() public {
        (Plan memory p, Terms memory t) = _lent();
        _partlyBack(t, p);
        // all of it is the loan's
        refuses(address(unit), _redeemTo(PAYOUT));
        refuses(address(pool), abi.encodePacked(pool.giveBack.selector));
        book.settle(p);
    }

    function test_settle_asksNobodyForAClosedLoan() public {
        (Plan memory p, Terms memory t) = _lent();
        _payAll(p);
        _partlyBack(t, p);
        refuses(address(pool), abi.encodePacked(pool.repaid.selector));
        refuses(address(pool), abi.encodePacked(pool.rebook.selector));
        refuses(address(pool), abi.encodePacked(pool.giveBack.selector));
        book.settle(p);
    }

    /// @dev The first milestone is performed, the clinic gives back the others.
    function _partlyBack(Terms memory t, Plan memory p) private {
        vm.warp(p.start + 8 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        vm.prank(clinic);
        escrow.providerCancel(t);
    }

    function test_impair_revertsWhenThePoolRefuses() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 5 days + 1);
        expectRefusal(address(pool), abi.encodePacked(pool.rebook.selector));
        book.impair(p);
    }

    function test_writeOff_revertsWhenThePoolRefuses() public {
        (Plan memory p,) = _lent();
        vm.warp(p.instalments[0].dueBy + 60 days + 1);
        expectRefusal(address(pool), abi.encodePacked(pool.rebook.selector));
        book.writeOff(p);
    }

    function test_collect_revertsWhenThePoolOrTheUnitRefuses() public {
        Plan memory p = _owedByThePool();
        _deposit(lender, 1_000_000);
        expectRefusal(address(pool), abi.encodePacked(pool.giveBack.selector));
        book.collect(p);
        expectRefusal(address(unit), _redeemTo(_as(address(book))));
        book.collect(p);
        expectRefusal(address(unit), _redeemTo(PAYOUT));
        book.collect(p);
    }

    function test_collect_leavesNothingButWhatIsStillDue() public {
        Plan memory p = _owedByThePool();
        uint88 due = _loan(p).due;
        _deposit(lender, 1);
        bytes32 before = keccak256(abi.encode(_loan(p)));
        book.collect(p);
        eq(_loan(p).due, due - 1);
        eq(uint8(_loan(p).state), 3);
        _deposit(lender, 1_000_000);
        book.collect(p);
        yes(before != keccak256(abi.encode(_loan(p))) && _loan(p).due == 0, "due");
    }

    /// @dev A loan that was paid off and came back whole, after the lender had left with nearly all the cash.
    function _owedByThePool() private returns (Plan memory p) {
        Terms memory t;
        (p, t) = _lent();
        vm.warp(p.start + 18 days);
        _payAll(p);
        uint256 shares = pool.balanceOf(lender);
        vm.prank(lender);
        pool.askExit(shares);
        vm.warp(START + 61 days);
        pool.serveExits(1);
        escrow.expire(t);
        book.settle(p);
        yes(_loan(p).due > 1, "due");
    }

    function test_pool_revertsWhenTheUnitOrTheManagerRefuses() public {
        vm.startPrank(address(book));
        expectRefusal(address(unit), abi.encodePacked(unit.hand.selector));
        pool.lend(patient, 1);
        expectRefusal(address(unit), _redeemTo(_as(address(book))));
        pool.giveBack(1);
        vm.stopPrank();
        expectRefusal(address(manager), abi.encodePacked(manager.hasRole.selector));
        pool.maxDeposit(lender);
        vm.clearMockedCalls();
        vm.prank(lender);
        pool.askExit(1e6);
        vm.warp(START + 30 days);
        pool.serveExits(1);
        expectRefusal(address(unit), _redeemTo(_as(lender)));
        pool.collectExit(lender);
        expectRefusal(address(unit), abi.encodePacked(unit.collect.selector));
        vm.prank(lender);
        pool.deposit(1, lender);
    }
}
