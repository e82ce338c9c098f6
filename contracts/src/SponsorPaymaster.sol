// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Paymaster} from "@openzeppelin/contracts/account/paymaster/Paymaster.sol";
import {PaymasterSigner} from "@openzeppelin/contracts/account/paymaster/extensions/PaymasterSigner.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignerECDSA} from "@openzeppelin/contracts/utils/cryptography/signers/SignerECDSA.sol";

/// @title Pays for operations that the service has approved and signed.
contract SponsorPaymaster is PaymasterSigner, SignerECDSA {
    IEntryPoint private immutable ENTRY_POINT;

    constructor(IEntryPoint entryPoint_, address signer_) EIP712("Zhenmei SponsorPaymaster", "1") SignerECDSA(signer_) {
        ENTRY_POINT = entryPoint_;
    }

    function entryPoint() public view override returns (IEntryPoint) {
        return ENTRY_POINT;
    }

    /// @notice The signer takes the deposit back.
    function withdraw(address payable to, uint256 value) external {
        if (msg.sender != signer()) revert PaymasterUnauthorized(msg.sender);
        _withdraw(to, value);
    }
}
