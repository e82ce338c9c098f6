// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEntryPoint, IPaymaster, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EntryPoint} from "../src/EntryPoint.sol";
import {SenderCreator} from "../src/SenderCreator.sol";
import {Operations} from "./base/Operations.sol";
import {TestAccount, TestAccountFactory} from "./mocks/TestAccount.sol";

contract EntryPointTest is Operations {
    TestAccountFactory private factory;

    function setUp() public override {
        super.setUp();
        factory = new TestAccountFactory(IEntryPoint(address(entry)));
    }

    function _creating(bytes memory call_) private view returns (PackedUserOperation memory op) {
        op = _op(TestAccount(payable(factory.addressOf("new"))), "");
        op.initCode = abi.encodePacked(factory, call_);
        op.paymasterAndData = _paymaster();
    }

    function test_handleOps_createsItInAContextOfItsOwn() public {
        PackedUserOperation memory op = _creating(abi.encodeCall(factory.create, ("new")));
        op.callData = abi.encodeCall(TestAccount.add, ());
        _handle(op);
        eq(TestAccount(payable(op.sender)).count(), 1);
        eq(factory.caller(), address(entry.SENDER_CREATOR()));
    }

    function test_handleOps_revertsWhenTheFactoryFails() public {
        PackedUserOperation memory op = _creating(abi.encodeCall(factory.fail, ()));
        _handleFails(op, "AA13 initCode failed or OOG");
        op.initCode = hex"1234";
        _handleFails(op, "AA99 initCode too small");
    }

    function test_handleOps_revertsWhenTheFactoryNamesAnotherAddress() public {
        _handleFails(_creating(abi.encodeCall(factory.create, ("other"))), "AA14 initCode must return sender");
        PackedUserOperation memory op = _creating(abi.encodeCall(factory.lie, ()));
        op.sender = address(1);
        _handleFails(op, "AA15 initCode must create sender");
    }

    function test_handleOps_revertsWhenTheAccountExistsAlready() public {
        PackedUserOperation memory op = _creating(abi.encodeCall(factory.create, ("new")));
        factory.create("new");
        _handleFails(op, "AA10 sender already constructed");
    }

    function test_handleOps_revertsWhenNothingCreatesIt() public {
        PackedUserOperation memory op = _creating("");
        op.initCode = "";
        _handleFails(op, "AA20 account not deployed");
    }

    function test_handleOps_revertsWhenTheAccountRefusesTheSignature() public {
        account.set(1, true);
        _handleFails(_op(account, ""), "AA24 signature error");
        account.set(uint160(address(0xA66)), true);
        _handleFails(_op(account, ""), "AA24 signature error");
    }

    function test_handleOps_revertsWhenTheAccountReverts() public {
        PackedUserOperation memory op = _op(account, "");
        op.signature = "x";
        vm.expectRevert(
            abi.encodeWithSelector(
                EntryPoint.FailedOpWithRevert.selector,
                0,
                "AA23 reverted",
                abi.encodeWithSelector(TestAccount.Angry.selector, 7)
            )
        );
        entry.handleOps(_one(op), beneficiary);
    }

    function test_handleOps_revertsBeforeAndAfterThePeriod() public {
        account.set((block.timestamp + 1) << 208, true);
        _handleFails(_op(account, ""), "AA22 expired or not due");
        account.set((block.timestamp - 1) << 160, true);
        _handleFails(_op(account, ""), "AA22 expired or not due");
    }

    function test_handleOps_revertsWhenTheNonceIsNotTheNextOne() public {
        PackedUserOperation memory op = _op(account, "");
        op.nonce = 1;
        _handleFails(op, "AA25 invalid account nonce");
    }

    function test_handleOps_revertsWhenTheAccountDoesNotPay() public {
        account.set(0, false);
        _handleFails(_op(account, ""), "AA21 didn't pay prefund");
    }

    function test_handleOps_revertsWhenGasValuesOverflow() public {
        PackedUserOperation memory op = _op(account, "");
        op.preVerificationGas = type(uint256).max;
        _handleFails(op, "AA94 gas values overflow");
    }

    function test_handleOps_revertsTheWholeBundleAndChargesNobody() public {
        PackedUserOperation[] memory ops = new PackedUserOperation[](2);
        ops[0] = _op(account, abi.encodeCall(TestAccount.add, ()));
        ops[1] = _op(account, "");
        uint256 before = address(account).balance;
        vm.expectRevert(abi.encodeWithSelector(EntryPoint.FailedOp.selector, 1, "AA25 invalid account nonce"));
        entry.handleOps(ops, beneficiary);
        eq(account.count(), 0);
        eq(address(account).balance, before);
        eq(entry.getNonce(address(account), 0), 0);
    }

    function test_handleOps_isolatesTheOperationThatFails() public {
        PackedUserOperation[] memory ops = new PackedUserOperation[](3);
        ops[0] = _op(account, abi.encodeCall(TestAccount.add, ()));
        ops[1] = _next(account, abi.encodeCall(TestAccount.fail, ()), 1);
        ops[2] = _next(account, abi.encodeCall(TestAccount.add, ()), 2);
        vm.expectEmit(address(entry));
        emit EntryPoint.UserOperationRevertReason(
            entry.getUserOpHash(ops[1]), address(account), 1, abi.encodeWithSelector(TestAccount.Angry.selector, 1)
        );
        entry.handleOps(ops, beneficiary);
        eq(account.count(), 2);
        eq(entry.getNonce(address(account), 0), 3);
    }

    function test_handleOps_isolatesTheOperationThatBurnsAllItsGas() public {
        PackedUserOperation[] memory ops = new PackedUserOperation[](2);
        ops[0] = _op(account, abi.encodeCall(TestAccount.spin, ()));
        ops[1] = _next(account, abi.encodeCall(TestAccount.add, ()), 1);
        entry.handleOps(ops, beneficiary);
        eq(account.count(), 1);
    }

    function test_handleOps_survivesAReplyOfAnySize() public {
        uint256 before = gasleft();
        _handle(_op(account, abi.encodeCall(TestAccount.bomb, ())));
        yes(before - gasleft() < 400_000, "bomb is cut to 2 kB");
    }

    function test_handleOps_revertsWhenThePromisedGasIsNotThere() public {
        PackedUserOperation memory op = _op(account, abi.encodeCall(TestAccount.add, ()));
        op.accountGasLimits = _pair(100_000, 20_000_000);
        op.gasFees = 0;
        vm.expectRevert(abi.encodeWithSelector(EntryPoint.FailedOp.selector, 0, "AA95 out of gas"));
        entry.handleOps{gas: 10_000_000}(_one(op), beneficiary);
    }

    function test_handleOps_keepsNoncesOfDifferentKeysApart() public {
        _handle(_op(account, ""));
        PackedUserOperation memory op = _op(account, "");
        op.nonce = uint256(7) << 64;
        _handle(op);
        eq(entry.getNonce(address(account), 7), (uint256(7) << 64) | 1);
        eq(entry.getNonce(address(account), 0), 1);
        eq(entry.getNonce(address(account), 8), uint256(8) << 64);
    }

    function test_handleOps_refusesTheSameOperationTwice() public {
        PackedUserOperation memory op = _op(account, "");
        _handle(op);
        _handleFails(op, "AA25 invalid account nonce");
    }

    function test_handleOps_refusesToBeEnteredAgain() public {
        PackedUserOperation memory inner = _next(account, abi.encodeCall(TestAccount.add, ()), 1);
        inner.accountGasLimits = _pair(100_000, 100_000);
        bytes memory again = abi.encodeCall(entry.handleOps, (_one(inner), beneficiary));
        PackedUserOperation memory outer = _op(account, abi.encodeCall(TestAccount.act, (address(entry), again)));
        outer.accountGasLimits = _pair(1_500_000, 3_000_000);
        _handle(outer);
        eq(account.count(), 0);
        eq(entry.getNonce(address(account), 0), 1);
    }

    function test_handleOps_handsTheWholeOperationToExecuteUserOp() public {
        PackedUserOperation memory op = _op(account, abi.encodePacked(TestAccount.executeUserOp.selector));
        _handle(op);
        eq(account.seen(), entry.getUserOpHash(op));
    }

    function test_handleOps_letsAnAccountWithdrawItsDepositInAnOperation() public {
        entry.depositTo{value: 5 ether}(address(account));
        bytes memory out = abi.encodeCall(entry.withdrawTo, (payable(stranger), 1 ether));
        _handle(_op(account, abi.encodeCall(TestAccount.act, (address(entry), out))));
        eq(stranger.balance, 1 ether);
    }

    function test_handleOps_chargesAtMostThePrefund() public {
        entry.depositTo{value: 1 ether}(address(account));
        PackedUserOperation memory op = _op(account, abi.encodeCall(TestAccount.add, ()));
        (op.accountGasLimits, op.preVerificationGas) = (_pair(10_000, 1), 0);
        _handle(op);
        eq(beneficiary.balance, 10_001 gwei);
        eq(entry.balanceOf(address(account)), 1 ether - 10_001 gwei);
    }

    function testFuzz_handleOps_neverPaysOutMoreThanWasDeposited(uint64 price, uint32 callGas) public {
        PackedUserOperation memory op = _op(account, abi.encodeCall(TestAccount.add, ()));
        op.gasFees = _pair(price, price);
        op.accountGasLimits = _pair(100_000, bound(callGas, 0, 1_000_000));
        vm.deal(address(account), type(uint128).max);
        uint256 prefund = (100_000 + bound(callGas, 0, 1_000_000) + op.preVerificationGas) * price;
        _handle(op);
        // the paymaster's ether stays where it is
        eq(beneficiary.balance + address(entry).balance, prefund + 1 ether);
        eq(entry.balanceOf(address(account)) + 1 ether, address(entry).balance);
    }

    function test_withdrawTo_revertsWhenMoreIsWithdrawnThanDeposited() public {
        entry.depositTo{value: 1}(address(this));
        vm.expectRevert();
        entry.withdrawTo(payable(stranger), 2);
    }

    function test_withdrawTo_revertsWhenTheReceiverRefuses() public {
        entry.depositTo{value: 1}(address(this));
        vm.expectRevert(EntryPoint.WithdrawFailed.selector);
        entry.withdrawTo(payable(address(factory)), 1);
    }

    function test_callAndPostOp_revertsWhenAnybodyButTheEntryPointCalls() public {
        vm.expectRevert(EntryPoint.OnlySelf.selector);
        entry.callAndPostOp(_op(account, ""), 0, "", 0, 0);
    }

    function test_createSender_revertsWhenAnybodyButTheEntryPointCallsIt() public {
        SenderCreator creator = entry.SENDER_CREATOR();
        vm.expectRevert(SenderCreator.NotEntryPoint.selector);
        creator.createSender(abi.encodePacked(factory, abi.encodeCall(factory.create, ("x"))));
    }

    function test_getUserOpHash_isTheEIP712HashOfERC4337() public view {
        PackedUserOperation memory op = _op(account, "abc");
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ERC4337"),
                keccak256("1"),
                block.chainid,
                address(entry)
            )
        );
        eq(entry.getUserOpHash(op), keccak256(abi.encodePacked(hex"1901", domain, _structHash(op))));
    }
}
