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

/// @title Creates accounts in a context of its own, so that a factory never sees the EntryPoint as caller.
contract SenderCreator {
    address private immutable ENTRY_POINT = msg.sender;

    error NotEntryPoint();

    function createSender(bytes calldata initCode) external returns (address sender) {
        if (msg.sender != ENTRY_POINT) revert NotEntryPoint();
        (bool ok, bytes memory reply) = address(bytes20(initCode[:20])).call(initCode[20:]);
        if (ok && reply.length == 32) sender = abi.decode(reply, (address));
    }
}

/// @title ERC-4337 entry point (interface of v0.8) for chains where our relayer is the bundler.
/// @dev All operations of a bundle are validated before any is executed. One that fails validation reverts the
/// bundle; one that fails in execution only loses its own effects, and its nonce is spent all the same.
contract EntryPoint is EIP712, IEntryPointNonces, ReentrancyGuardTransient {
    using ERC4337Utils for PackedUserOperation;

    bytes32 private constant OPERATION = keccak256(
        "PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)"
    );

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
    event AccountDeployed(bytes32 indexed userOpHash, address indexed sender, address factory, address paymaster);
    event Deposited(address indexed account, uint256 totalDeposit);
    event Withdrawn(address indexed account, address to, uint256 amount);

    error FailedOp(uint256 opIndex, string reason);
    error FailedOpWithRevert(uint256 opIndex, string reason, bytes inner);
    error WithdrawFailed();

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

    function withdrawTo(address payable to, uint256 amount) external nonReentrant {
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
            collected += _execute(ops[i], prepared[i]);
        }
        if (collected > 0) {
            (bool ok,) = beneficiary.call{value: collected}("");
            if (!ok) revert WithdrawFailed();
        }
    }

    function _validate(uint256 i, PackedUserOperation calldata op) private returns (Prepared memory p) {
        uint256 gasBefore = gasleft();
        p.hash = getUserOpHash(op);
        if (op.initCode.length > 0) _create(i, op, p.hash);
        address paymaster = op.paymaster();
        p.prefund = _maxGas(op) * op.maxFeePerGas();
        p.payer = paymaster == address(0) ? op.sender : paymaster;

        uint256 missing = paymaster == address(0) && balanceOf[op.sender] < p.prefund
            ? p.prefund - balanceOf[op.sender]
            : 0;
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
        address created = SENDER_CREATOR.createSender{gas: op.verificationGasLimit()}(op.initCode);
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
        try IPaymaster(paymaster).validatePaymasterUserOp{gas: op.paymasterVerificationGasLimit()}(op, hash, prefund)
        returns (bytes memory context, uint256 validation) {
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
    function _execute(PackedUserOperation calldata op, Prepared memory p) private returns (uint256 cost) {
        uint256 gasBefore = gasleft();
        // EIP-150: at most 63/64 of what is left is handed on, so the promised gas must be there before the call
        if (gasleft() * 63 / 64 < op.callGasLimit() + op.paymasterPostOpGasLimit() + 20_000) {
            revert FailedOp(0, "AA95 out of gas");
        }
        (bool success, bytes memory reason) = _call(op, p.hash);
        if (!success && reason.length > 0) {
            emit UserOperationRevertReason(p.hash, op.sender, op.nonce, _short(reason));
        }
        uint256 price = op.gasPrice();
        if (p.context.length > 0) _postOp(op, p, success, (p.gasUsed + gasBefore - gasleft()) * price, price);
        uint256 used = p.gasUsed + gasBefore - gasleft();
        cost = used * price;
        if (cost > p.prefund) cost = p.prefund;
        balanceOf[p.payer] += p.prefund - cost;
        emit UserOperationEvent(p.hash, op.sender, op.paymaster(), op.nonce, success, cost, used);
    }

    function _call(PackedUserOperation calldata op, bytes32 hash) private returns (bool ok, bytes memory reason) {
        bytes calldata data = op.callData;
        bool executes = data.length >= 4 && bytes4(data[:4]) == IAccountExecute.executeUserOp.selector;
        bytes memory call_ = executes ? abi.encodeCall(IAccountExecute.executeUserOp, (op, hash)) : data;
        address sender = op.sender;
        uint256 gasLimit = op.callGasLimit();
        assembly ("memory-safe") {
            ok := call(gasLimit, sender, 0, add(call_, 0x20), mload(call_), 0, 0)
            // a reply of any size costs the caller nothing beyond these 2 kB
            let size := returndatasize()
            if gt(size, 2048) { size := 2048 }
            reason := mload(0x40)
            mstore(reason, size)
            returndatacopy(add(reason, 0x20), 0, size)
            mstore(0x40, and(add(add(reason, size), 0x3f), not(0x1f)))
        }
    }

    function _postOp(PackedUserOperation calldata op, Prepared memory p, bool success, uint256 cost, uint256 price)
        private
    {
        IPaymaster.PostOpMode mode = success ? IPaymaster.PostOpMode.opSucceeded : IPaymaster.PostOpMode.opReverted;
        try IPaymaster(p.payer).postOp{gas: op.paymasterPostOpGasLimit()}(mode, p.context, cost, price) {}
        catch (bytes memory reason) {
            revert FailedOpWithRevert(0, "AA50 postOp reverted", _short(reason));
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
