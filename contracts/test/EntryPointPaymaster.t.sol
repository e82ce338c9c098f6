// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPaymaster, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EntryPoint} from "../src/EntryPoint.sol";
import {Operations} from "./base/Operations.sol";
import {TestAccount} from "./mocks/TestAccount.sol";
import {TestPaymaster} from "./mocks/TestPaymaster.sol";

contract EntryPointPaymasterTest is Operations {
    function _sponsored(bytes memory callData, uint256 nonce) private view returns (PackedUserOperation memory op) {
        op = _next(account, callData, nonce);
        op.paymasterAndData = _paymaster();
    }

    function test_handleOps_chargesThePaymasterAndNotTheAccount() public {
        uint256 before = address(account).balance;
        _handle(_sponsored(abi.encodeCall(TestAccount.add, ()), 0));
        eq(address(account).balance, before);
        yes(entry.balanceOf(address(paymaster)) < 1 ether, "paid");
        eq(entry.balanceOf(address(paymaster)) + beneficiary.balance, 1 ether);
    }

    function test_handleOps_revertsWhenThePaymasterHasTooLittle() public {
        PackedUserOperation memory op = _sponsored("", 0);
        op.gasFees = _pair(1 ether, 1 ether);
        _handleFails(op, "AA31 paymaster deposit too low");
    }

    function test_handleOps_revertsWhenThePaymasterRefuses() public {
        paymaster.set(1, "", false, false);
        _handleFails(_sponsored("", 0), "AA34 signature error");
        paymaster.set((block.timestamp - 1) << 160, "", false, false);
        _handleFails(_sponsored("", 0), "AA32 paymaster expired or not due");
        paymaster.set(0, "", true, false);
        vm.expectRevert(
            abi.encodeWithSelector(
                EntryPoint.FailedOpWithRevert.selector,
                0,
                "AA33 reverted",
                abi.encodeWithSelector(TestPaymaster.Refused.selector)
            )
        );
        entry.handleOps(_one(_sponsored("", 0)), beneficiary);
    }

    function test_handleOps_revertsWhenThePaymasterDoesNotExist() public {
        PackedUserOperation memory op = _sponsored("", 0);
        op.paymasterAndData = abi.encodePacked(stranger, uint128(0), uint128(0));
        entry.depositTo{value: 1 ether}(stranger);
        _handleFails(op, "AA30 paymaster not deployed");
    }

    function test_handleOps_tellsThePaymasterHowTheOperationWent() public {
        paymaster.set(0, "context", false, false);
        _handle(_sponsored(abi.encodeCall(TestAccount.add, ()), 0));
        yes(paymaster.settled() > 0, "told the cost");
        eq(uint8(paymaster.lastMode()), uint8(IPaymaster.PostOpMode.opSucceeded));
        _handle(_sponsored(abi.encodeCall(TestAccount.fail, ()), 1));
        eq(uint8(paymaster.lastMode()), uint8(IPaymaster.PostOpMode.opReverted));
        eq(account.count(), 1);
    }

    function test_handleOps_undoesOnlyTheOperationWhosePostOpFails() public {
        paymaster.set(0, "context", false, true);
        PackedUserOperation[] memory ops = new PackedUserOperation[](2);
        ops[0] = _sponsored(abi.encodeCall(TestAccount.add, ()), 0);
        ops[1] = _next(account, abi.encodeCall(TestAccount.add, ()), 1);
        entry.handleOps(ops, beneficiary);
        eq(account.count(), 1);
        eq(entry.getNonce(address(account), 0), 2);
        yes(entry.balanceOf(address(paymaster)) < 1 ether, "the sponsor still pays for its own failure");
    }
}
