// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";

/// @title The account of an organisation: several passkeys, one address.
/// @dev ERC-4337 account with ERC-7821 batches. ERC-1271 signatures are bound to this account and chain
/// (`AccountMessage(bytes32 hash)`), so one signature never serves two accounts that share a signer.
contract PasskeyAccount is Account, EIP712, MultiSignerERC7913, ERC7821, IERC1271, Initializable {
    bytes32 private constant MESSAGE = keccak256("AccountMessage(bytes32 hash)");
    IEntryPoint private immutable ENTRY_POINT;

    constructor(IEntryPoint entryPoint_) EIP712("ZhenmeiAccount", "1") MultiSignerERC7913(_nobody(), 1) {
        ENTRY_POINT = entryPoint_;
        _disableInitializers();
    }

    /// @notice Called once by the factory in the transaction that creates the account.
    function initialize(bytes[] memory signers, uint64 threshold_) external initializer {
        _addSigners(signers);
        _setThreshold(threshold_);
    }

    function addSigners(bytes[] memory signers) external onlyEntryPointOrSelf {
        _addSigners(signers);
    }

    function removeSigners(bytes[] memory signers) external onlyEntryPointOrSelf {
        _removeSigners(signers);
    }

    function setThreshold(uint64 threshold_) external onlyEntryPointOrSelf {
        _setThreshold(threshold_);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(MESSAGE, hash)));
        return _rawSignatureValidation(digest, signature) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function entryPoint() public view override returns (IEntryPoint) {
        return ENTRY_POINT;
    }

    /// @dev The implementation itself belongs to nobody; only clones have signers.
    function _nobody() private pure returns (bytes[] memory signers) {
        signers = new bytes[](1);
        signers[0] = abi.encodePacked(address(0xdEaD));
    }

    function _erc7821AuthorizedExecutor(address caller, bytes32 mode, bytes calldata executionData)
        internal
        view
        override
        returns (bool)
    {
        return caller == address(entryPoint()) || super._erc7821AuthorizedExecutor(caller, mode, executionData);
    }
}
