// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Operations} from "../base/Operations.sol";
import {Invariants} from "../base/Invariants.sol";

/// @notice One account sends operations, right and wrong ones, sponsored or not; deposits come and go.
contract EntryPointHandler is Operations {
    uint256 public initial;
    uint256[3] public handled;
    uint256 public added;
    string public broken;

    constructor() {
        setUp();
        initial = total();
    }

    receive() external payable {}

    function total() public view returns (uint256) {
        return address(entry).balance + address(account).balance + address(paymaster).balance + beneficiary.balance
            + address(this).balance;
    }

    /// @return there what the entry point has, `known` what its books say
    function deposits() external view returns (uint256 there, uint256 known) {
        known = entry.balanceOf(address(account)) + entry.balanceOf(address(paymaster)) + entry.balanceOf(address(this));
        there = address(entry).balance;
    }

    function nonces(uint192 key) external view returns (uint256) {
        return uint64(entry.getNonce(address(account), key));
    }

    function count() external view returns (uint256) {
        return account.count();
    }

    function handle(uint256 seed, bool sponsored) external {
        uint192 key = uint192(seed % 3);
        uint256 nonce = entry.getNonce(address(account), key);
        bool wrong = seed % 7 == 0;
        bool fails = seed % 5 == 0;
        bytes memory data = fails ? abi.encodeCall(account.fail, ()) : abi.encodeCall(account.add, ());
        PackedUserOperation memory op = _next(account, data, wrong ? nonce + 1 : nonce);
        if (sponsored) op.paymasterAndData = _paymaster();
        try entry.handleOps(_one(op), beneficiary) {
            if (wrong) broken = "a nonce was jumped";
            ++handled[key];
            if (!fails) ++added;
        } catch {
            if (!wrong) broken = "an honest operation was refused";
        }
    }

    /// @dev The same operation twice in one batch: the second finds its nonce used, so nothing of the batch happens.
    function repeat(uint256 seed) external {
        uint256 nonce = entry.getNonce(address(account), uint192(seed % 3));
        PackedUserOperation[] memory ops = new PackedUserOperation[](2);
        ops[0] = _next(account, abi.encodeCall(account.add, ()), nonce);
        ops[1] = ops[0];
        try entry.handleOps(ops, beneficiary) {
            broken = "an operation was handled twice";
        } catch {}
    }

    function deposit(uint256 amount, uint8 who) external {
        address to = who % 3 == 0 ? address(account) : who % 3 == 1 ? address(paymaster) : address(this);
        entry.depositTo{value: bound(amount, 0, address(this).balance / 100)}(to);
    }

    function withdraw(uint256 amount) external {
        entry.withdrawTo(payable(address(this)), bound(amount, 0, entry.balanceOf(address(this))));
    }

    function withdrawByAccount(uint256 amount) external {
        amount = bound(amount, 0, entry.balanceOf(address(account)));
        account.act(address(entry), abi.encodeCall(entry.withdrawTo, (payable(address(account)), amount)));
    }
}

/// @notice The invariants of the entry point over any sequence of acts.
contract EntryPointInvariants is Invariants {
    EntryPointHandler private handler;

    function setUp() public {
        handler = new EntryPointHandler();
        target = address(handler);
        acts = [
            handler.handle.selector,
            handler.handle.selector,
            handler.repeat.selector,
            handler.deposit.selector,
            handler.withdraw.selector,
            handler.withdrawByAccount.selector
        ];
    }

    function invariant_E1_theEntryPointHasWhatItsBooksSay() public view {
        (uint256 there, uint256 known) = handler.deposits();
        eq(there, known);
    }

    function invariant_E2_noMoneyComesOrGoes() public view {
        eq(handler.total(), handler.initial());
    }

    function invariant_E3_everyOperationIsHandledOnceAndInOrder() public view {
        for (uint192 key = 0; key < 3; ++key) {
            eq(handler.nonces(key), handler.handled(key));
        }
        eq(handler.count(), handler.added());
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_E1_theEntryPointHasWhatItsBooksSay();
        invariant_E2_noMoneyComesOrGoes();
        invariant_E3_everyOperationIsHandledOnceAndInOrder();
    }
}
