// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {
    IAccount,
    IAccountExecute,
    IEntryPointNonces,
    IPaymaster,
    PackedUserOperation
} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SenderCreator} from "./SenderCreator.sol";

/// @title ERC-4337 entry point (interface of v0.8) for chains where our relayer is the bundler.
/// @dev All operations of a bundle are validated before any is executed. One that fails validation reverts the
/// bundle; one that fails in execution, or in its paymaster's postOp, only loses its own effects: its nonce is
/// spent, its gas is paid, the others go on. Stakes and signature aggregation serve public mempools and are left out.
contract EntryPoint is EIP712, IEntryPointNonces, ReentrancyGuardTransient {
    using ERC4337Utils for PackedUserOperation;

    bytes32 private constant OPERATION = keccak256(
        "PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)"
    );

    /// Bookkeeping around a call, on top of the gas that the operation promises to it.
    uint256 private constant OVERHEAD = 40_000;

    SenderCreator public immutable SENDER_CREATOR = new SenderCreator();

    mapping(address account => uint256) public balanceOf;
    mapping(address sender => mapping(uint192 key => uint64)) private _sequence;

    event UserOperationEvent(
        bytes32 indexed userOpHash,
        address indexed sender,
        address indexed paymaster,
        uint256 nonce,
        bool success,
        uint256 actualGasCost,
        uint256 actualGasUsed
    );
    event UserOperationRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes reason);
    event PostOpRevertReason(bytes32 indexed userOpHash, address indexed sender, uint256 nonce, bytes reason);
    event AccountDeployed(bytes32 indexed userOpHash, address indexed sender, address factory, address paymaster);
    event Deposited(address indexed account, uint256 totalDeposit);
    event Withdrawn(address indexed account, address to, uint256 amount);

    error FailedOp(uint256 opIndex, string reason);
    error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner);
    error WithdrawFailed();
    error OnlySelf();
    error PostOpReverted(bytes reason);

    struct Prepared {
        bytes32 hash;
        address payer;
        uint256 prefund;
        uint256 gasUsed;
        bytes context;
    }

    constructor() EIP712("ERC4337", "1") {}

    receive() external payable {
        depositTo(msg.sender);
    }

    function depositTo(address account) public payable {
        balanceOf[account] += msg.value;
        emit Deposited(account, balanceOf[account]);
    }

    function withdrawTo(address payable to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        emit Withdrawn(msg.sender, to, amount);
        (bool ok,) = to.call{value: amount}("");
        if (!ok) revert WithdrawFailed();
    }

    /// @inheritdoc IEntryPointNonces
    function getNonce(address sender, uint192 key) public view returns (uint256) {
        return (uint256(key) << 64) | _sequence[sender][key];
    }

    /// @notice EIP-712 hash that the account's signers sign.
    function getUserOpHash(PackedUserOperation calldata op) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    OPERATION,
                    op.sender,
                    op.nonce,
                    keccak256(op.initCode),
                    keccak256(op.callData),
                    op.accountGasLimits,
                    op.preVerificationGas,
                    op.gasFees,
                    keccak256(op.paymasterAndData)
                )
            )
        );
    }

    /// @notice Validates all operations, then executes each. Unused prefund stays with who paid it.
    function handleOps(PackedUserOperation[] calldata ops, address payable beneficiary) external nonReentrant {
        Prepared[] memory prepared = new Prepared[](ops.length);
        for (uint256 i = 0; i < ops.length; ++i) {
            prepared[i] = _validate(i, ops[i]);
        }
        uint256 collected;
        for (uint256 i = 0; i < ops.length; ++i) {
            collected += _execute(i, ops[i], prepared[i]);
        }
        if (collected > 0) {
            (bool ok,) = beneficiary.call{value: collected}("");
            if (!ok) revert WithdrawFailed();
        }
    }

    function _validate(uint256 i, PackedUserOperation calldata op) private returns (Prepared memory p) {
        uint256 gasBefore = gasleft();
        if (op.preVerificationGas > type(uint120).max) revert FailedOp(i, "AA94 gas values overflow");
        p.hash = getUserOpHash(op);
        if (op.initCode.length > 0) _create(i, op, p.hash);
        address paymaster = op.paymaster();
        p.prefund = _maxGas(op) * op.maxFeePerGas();
        p.payer = paymaster == address(0) ? op.sender : paymaster;

        uint256 missing =
            paymaster == address(0) && balanceOf[op.sender] < p.prefund ? p.prefund - balanceOf[op.sender] : 0;
        uint256 validation = _validateSender(i, op, p.hash, missing);
        if (!_useNonce(op.sender, op.nonce)) revert FailedOp(i, "AA25 invalid account nonce");
        if (balanceOf[p.payer] < p.prefund) {
            revert FailedOp(i, paymaster == address(0) ? "AA21 didn't pay prefund" : "AA31 paymaster deposit too low");
        }
        balanceOf[p.payer] -= p.prefund;
        _checkValidation(i, validation, "AA24 signature error", "AA22 expired or not due");
        if (paymaster != address(0)) p.context = _validatePaymaster(i, op, p.hash, p.prefund);
        p.gasUsed = gasBefore - gasleft() + op.preVerificationGas;
    }

    function _create(uint256 i, PackedUserOperation calldata op, bytes32 hash) private {
        if (op.sender.code.length > 0) revert FailedOp(i, "AA10 sender already constructed");
        if (op.initCode.length < 20) revert FailedOp(i, "AA99 initCode too small");
        address created;
        try SENDER_CREATOR.createSender{gas: op.verificationGasLimit()}(op.initCode) returns (address a) {
            created = a;
        } catch {}
        if (created == address(0)) revert FailedOp(i, "AA13 initCode failed or OOG");
        if (created != op.sender) revert FailedOp(i, "AA14 initCode must return sender");
        if (op.sender.code.length == 0) revert FailedOp(i, "AA15 initCode must create sender");
        emit AccountDeployed(hash, op.sender, op.factory(), op.paymaster());
    }

    function _validateSender(uint256 i, PackedUserOperation calldata op, bytes32 hash, uint256 missing)
        private
        returns (uint256)
    {
        if (op.sender.code.length == 0) revert FailedOp(i, "AA20 account not deployed");
        try IAccount(op.sender).validateUserOp{gas: op.verificationGasLimit()}(op, hash, missing) returns (uint256 v) {
            return v;
        } catch (bytes memory reason) {
            revert FailedOpWithRevert(i, "AA23 reverted", _short(reason));
        }
    }

    function _validatePaymaster(uint256 i, PackedUserOperation calldata op, bytes32 hash, uint256 prefund)
        private
        returns (bytes memory)
    {
        address paymaster = op.paymaster();
        if (paymaster.code.length == 0) revert FailedOp(i, "AA30 paymaster not deployed");
        try IPaymaster(paymaster).validatePaymasterUserOp{gas: op.paymasterVerificationGasLimit()}(
            op, hash, prefund
        ) returns (
            bytes memory context, uint256 validation
        ) {
            _checkValidation(i, validation, "AA34 signature error", "AA32 paymaster expired or not due");
            return context;
        } catch (bytes memory reason) {
            revert FailedOpWithRevert(i, "AA33 reverted", _short(reason));
        }
    }

    function _checkValidation(uint256 i, uint256 validation, string memory unsigned, string memory late) private view {
        (address authorizer, bool outOfTime) = ERC4337Utils.getValidationData(validation);
        if (authorizer != address(0)) revert FailedOp(i, unsigned);
        if (outOfTime) revert FailedOp(i, late);
    }

    function _useNonce(address sender, uint256 nonce) private returns (bool) {
        return _sequence[sender][uint192(nonce >> 64)]++ == uint64(nonce);
    }

    /// @return cost what the payer pays to the beneficiary
    function _execute(uint256 i, PackedUserOperation calldata op, Prepared memory p) private returns (uint256 cost) {
        uint256 gasBefore = gasleft();
        uint256 promised = op.callGasLimit() + op.paymasterPostOpGasLimit();
        // EIP-150: at most 63/64 of what is left is handed on, so the promised gas must be there before the call
        if (gasleft() * 63 / 64 < promised + OVERHEAD) revert FailedOp(i, "AA95 out of gas");
        uint256 price = op.gasPrice();
        bool success;
        if (p.context.length == 0) {
            success = _call(op, p.hash);
        } else {
            try this.callAndPostOp(op, p.hash, p.context, p.gasUsed, price) returns (bool ok) {
                success = ok;
            } catch (bytes memory reason) {
                emit PostOpRevertReason(p.hash, op.sender, op.nonce, reason);
            }
        }
        uint256 used = p.gasUsed + gasBefore - gasleft();
        cost = used * price;
        if (cost > p.prefund) cost = p.prefund;
        balanceOf[p.payer] += p.prefund - cost;
        emit UserOperationEvent(p.hash, op.sender, op.paymaster(), op.nonce, success, cost, used);
    }

    /// @notice The EntryPoint calls itself: the operation and its paymaster's postOp stand or fall together.
    function callAndPostOp(
        PackedUserOperation calldata op,
        bytes32 hash,
        bytes calldata context,
        uint256 gasSoFar,
        uint256 price
    ) external returns (bool success) {
        if (msg.sender != address(this)) revert OnlySelf();
        uint256 gasBefore = gasleft();
        success = _call(op, hash);
        IPaymaster.PostOpMode mode = success ? IPaymaster.PostOpMode.opSucceeded : IPaymaster.PostOpMode.opReverted;
        uint256 cost = (gasSoFar + gasBefore - gasleft()) * price;
        bytes memory data = abi.encodeCall(IPaymaster.postOp, (mode, context, cost, price));
        (bool settled, bytes memory reason) = _bounded(op.paymaster(), op.paymasterPostOpGasLimit(), data);
        if (!settled) revert PostOpReverted(reason);
    }

    function _call(PackedUserOperation calldata op, bytes32 hash) private returns (bool ok) {
        bytes calldata data = op.callData;
        if (data.length == 0) return true;
        bool executes = data.length >= 4 && bytes4(data[:4]) == IAccountExecute.executeUserOp.selector;
        bytes memory reason;
        (ok, reason) = _bounded(
            op.sender, op.callGasLimit(), executes ? abi.encodeCall(IAccountExecute.executeUserOp, (op, hash)) : data
        );
        if (!ok && reason.length > 0) emit UserOperationRevertReason(hash, op.sender, op.nonce, reason);
    }

    /// @dev A call whose reply, however large, costs no more than its first 2 kB.
    function _bounded(address target, uint256 gasLimit, bytes memory data)
        private
        returns (bool ok, bytes memory reply)
    {
        assembly ("memory-safe") {
            ok := call(gasLimit, target, 0, add(data, 0x20), mload(data), 0, 0)
            let size := returndatasize()
            if gt(size, 2048) { size := 2048 }
            reply := mload(0x40)
            mstore(reply, size)
            returndatacopy(add(reply, 0x20), 0, size)
            mstore(0x40, and(add(add(reply, size), 0x3f), not(0x1f)))
        }
    }

    function _maxGas(PackedUserOperation calldata op) private pure returns (uint256) {
        return op.verificationGasLimit() + op.callGasLimit() + op.paymasterVerificationGasLimit()
            + op.paymasterPostOpGasLimit() + op.preVerificationGas;
    }

    function _short(bytes memory reason) private pure returns (bytes memory) {
        if (reason.length > 2048) {
            assembly ("memory-safe") {
                mstore(reason, 2048)
            }
        }
        return reason;
    }
}
