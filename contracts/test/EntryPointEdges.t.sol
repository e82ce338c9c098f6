// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EntryPoint} from "../src/EntryPoint.sol";
import {Operations} from "./base/Operations.sol";
import {Vm} from "./base/Vm.sol";
import {TestAccount} from "./mocks/TestAccount.sol";

/// @notice Borders of the entry point: sums, lengths and replies.
contract EntryPointEdgesTest is Operations {
    function _add() private pure returns (bytes memory) {
        return abi.encodeCall(TestAccount.add, ());
    }

    /// @return reasons how many operations said why they failed; `longest` the longest reason
    function _reasons() private returns (uint256 reasons, uint256 longest) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != EntryPoint.UserOperationRevertReason.selector) continue;
            (, bytes memory reason) = abi.decode(logs[i].data, (uint256, bytes));
            reasons++;
            if (reason.length > longest) longest = reason.length;
        }
    }

    function test_withdrawTo_takesItOffTheDeposit() public {
        entry.depositTo{value: 3}(address(this));
        entry.withdrawTo(payable(stranger), 2);
        eq(entry.balanceOf(address(this)), 1);
        eq(stranger.balance, 2);
    }

    function test_handleOps_revertsWhenTheBeneficiaryRefuses() public {
        PackedUserOperation memory op = _op(account, _add());
        vm.expectRevert(EntryPoint.WithdrawFailed.selector);
        entry.handleOps(_one(op), payable(address(paymaster)));
    }

    function test_handleOps_bringsABeneficiaryNothingWhenNothingIsDue() public {
        PackedUserOperation memory op = _op(account, _add());
        op.gasFees = 0;
        entry.handleOps(_one(op), payable(address(paymaster)));
        eq(account.count(), 1);
    }

    function test_handleOps_takesTheLargestGasValueThatIsNone() public {
        PackedUserOperation memory op = _op(account, _add());
        (op.gasFees, op.preVerificationGas) = (0, type(uint120).max);
        _handle(op);
        eq(account.count(), 1);
        (op.nonce, op.preVerificationGas) = (1, uint256(type(uint120).max) + 1);
        _handleFails(op, "AA94 gas values overflow");
    }

    function test_handleOps_asksAnAccountOnlyForWhatItsDepositLacks() public {
        PackedUserOperation memory op = _op(account, _add());
        uint256 prefund = (1_500_000 + 300_000 + 21_000) * 1 gwei;
        entry.depositTo{value: prefund - 5}(address(account));
        vm.prank(address(account));
        (bool ok,) = stranger.call{value: 10 ether - 5}("");
        yes(ok, "sent away");
        _handle(op);
        eq(account.count(), 1);
        eq(address(account).balance, 0);
    }

    function test_handleOps_chargesWhatWasUsedAndKeepsTheRest() public {
        _handle(_op(account, _add()));
        uint256 left = entry.balanceOf(address(account));
        yes(left > 0, "the rest stays");
        eq(left + beneficiary.balance, (1_500_000 + 300_000 + 21_000) * 1 gwei);
    }

    function test_handleOps_handsOnCallDataWithoutASelector() public {
        _handle(_op(account, hex"010203"));
        eq(entry.getNonce(address(account), 0), 1);
        eq(account.count(), 0);
        _handle(_next(account, _add(), 1));
        eq(account.count(), 1);
    }

    function test_handleOps_tellsWhyAnOperationFailedAndOnlyThen() public {
        vm.recordLogs();
        _handle(_op(account, _add()));
        (uint256 reasons,) = _reasons();
        eq(reasons, 0);
        vm.recordLogs();
        _handle(_next(account, abi.encodeCall(TestAccount.fail, ()), 1));
        uint256 longest;
        (reasons, longest) = _reasons();
        eq(reasons, 1);
        eq(longest, 36);
        vm.recordLogs();
        // nothing answers to this, and nothing is said
        _handle(_next(account, hex"01020304", 2));
        (reasons,) = _reasons();
        eq(reasons, 0);
    }

    /// @dev What an operation that succeeds answers is no reason.
    function test_handleOps_isSilentAboutAnswers() public {
        vm.recordLogs();
        _handle(_op(account, abi.encodeWithSignature("count()")));
        (uint256 reasons,) = _reasons();
        eq(reasons, 0);
    }

    function test_handleOps_cutsAReplyAtItsBound() public {
        vm.recordLogs();
        _handle(_op(account, abi.encodeCall(TestAccount.bomb, ())));
        (, uint256 longest) = _reasons();
        eq(longest, 2048);
    }

    function test_handleOps_cutsTheReasonOfARefusedValidation() public {
        PackedUserOperation memory op = _op(account, _add());
        op.signature = "xx";
        try entry.handleOps(_one(op), beneficiary) {
            yes(false, "must refuse");
        } catch (bytes memory said) {
            // selector, three words, the text and its length, the length of the reason, the reason
            eq(said.length, 4 + 3 * 32 + 2 * 32 + 32 + 2048);
        }
        op.signature = "xxx";
        try entry.handleOps(_one(op), beneficiary) {
            yes(false, "must refuse");
        } catch (bytes memory said) {
            eq(said.length, 4 + 3 * 32 + 2 * 32 + 32 + 2048);
        }
    }

    function test_handleOps_revertsWhenTheCreationRunsOutOfGas() public {
        PackedUserOperation memory op = _op(TestAccount(payable(address(0xABC))), "");
        op.paymasterAndData = _paymaster();
        op.accountGasLimits = _pair(1_000, 0);
        op.initCode = abi.encodePacked(address(0xFAC), new bytes(4));
        _handleFails(op, "AA13 initCode failed or OOG");
    }

    /// @dev Undoes itself; only what it says counts.
    function tryWith(uint256 callGas, uint256 gas_) external {
        PackedUserOperation memory op = _op(account, _add());
        op.accountGasLimits = _pair(1_500_000, callGas);
        (bool ok,) = address(entry).call{gas: gas_}(abi.encodeCall(entry.handleOps, (_one(op), beneficiary)));
        uint256 size = ok ? 1 : 0;
        assembly ("memory-safe") {
            revert(0, size)
        }
    }

    function _leastGas(uint256 callGas) private returns (uint256 high) {
        uint256 low = callGas;
        high = callGas * 2;
        while (high - low > 100) {
            uint256 middle = (low + high) / 2;
            try this.tryWith(callGas, middle) {}
            catch (bytes memory said) {
                if (said.length == 1) high = middle;
                else low = middle;
            }
        }
    }

    /// @dev EIP-150 keeps one part of 64 back: each unit that is promised needs 64/63 of one.
    function test_handleOps_asksForThePromisedGasAndItsSixtyFourth() public {
        uint256 more = _leastGas(4_000_000) - _leastGas(2_000_000);
        yes(more > 2_031_000 && more < 2_032_500, "64/63 of two million");
    }

    function test_handleOps_revertsWhenInitCodeNamesNoWholeFactory() public {
        PackedUserOperation memory op = _op(TestAccount(payable(address(0xABC))), "");
        op.paymasterAndData = _paymaster();
        op.initCode = new bytes(19);
        _handleFails(op, "AA99 initCode too small");
        op.initCode = new bytes(20);
        _handleFails(op, "AA13 initCode failed or OOG");
    }

    function test_attack_sponsoredOperationIsPaidOnce() public {
        PackedUserOperation memory op = _op(account, _add());
        op.paymasterAndData = _paymaster();
        _handle(op);
        uint256 deposit = entry.balanceOf(address(paymaster));
        _handleFails(op, "AA25 invalid account nonce");
        eq(entry.balanceOf(address(paymaster)), deposit);
        eq(account.count(), 1);
    }
}
