// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EntryPoint} from "../../src/EntryPoint.sol";
import {TestAccount} from "../mocks/TestAccount.sol";
import {TestPaymaster} from "../mocks/TestPaymaster.sol";
import {Test} from "./Test.sol";

/// @notice An entry point, one account, one paymaster, and operations for them.
abstract contract Operations is Test {
    EntryPoint internal entry;
    TestAccount internal account;
    TestPaymaster internal paymaster;
    address payable internal beneficiary = payable(address(0xBE2F));
    address internal stranger = address(0x57);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        entry = new EntryPoint();
        account = new TestAccount(IEntryPoint(address(entry)));
        paymaster = new TestPaymaster();
        vm.deal(address(account), 10 ether);
        vm.deal(address(this), 100 ether);
        entry.depositTo{value: 1 ether}(address(paymaster));
    }

    function _pair(uint256 high, uint256 low) internal pure returns (bytes32) {
        return bytes32((high << 128) | low);
    }

    function _op(TestAccount sender, bytes memory callData) internal pure returns (PackedUserOperation memory op) {
        op.sender = address(sender);
        op.callData = callData;
        op.accountGasLimits = _pair(1_500_000, 300_000);
        op.preVerificationGas = 21_000;
        op.gasFees = _pair(1 gwei, 1 gwei);
    }

    function _next(TestAccount sender, bytes memory callData, uint256 nonce)
        internal
        pure
        returns (PackedUserOperation memory op)
    {
        op = _op(sender, callData);
        op.nonce = nonce;
    }

    function _paymaster() internal view returns (bytes memory) {
        return abi.encodePacked(address(paymaster), uint128(200_000), uint128(100_000));
    }

    function _one(PackedUserOperation memory op) internal pure returns (PackedUserOperation[] memory ops) {
        ops = new PackedUserOperation[](1);
        ops[0] = op;
    }

    function _handle(PackedUserOperation memory op) internal {
        entry.handleOps(_one(op), beneficiary);
    }

    function _handleFails(PackedUserOperation memory op, string memory reason) internal {
        vm.expectRevert(abi.encodeWithSelector(EntryPoint.FailedOp.selector, 0, reason));
        entry.handleOps(_one(op), beneficiary);
    }

    function _structHash(PackedUserOperation memory op) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)"
                ),
                op.sender,
                op.nonce,
                keccak256(op.initCode),
                keccak256(op.callData),
                op.accountGasLimits,
                op.preVerificationGas,
                op.gasFees,
                keccak256(op.paymasterAndData)
            )
        );
    }
}
