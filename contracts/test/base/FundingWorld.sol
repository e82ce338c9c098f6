// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FundingBy, Opening, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {Ground} from "../../src/interfaces/IParams.sol";
import {ITokenGate} from "../../src/interfaces/ITokenGate.sol";
import {PhantomCoin, StableCoin} from "../mocks/StableCoin.sol";
import {World} from "./World.sol";

/// @notice Agreements in a stablecoin, and the signatures that pay them.
abstract contract FundingWorld is World {
    StableCoin internal stable;
    PhantomCoin internal phantom;

    function setUp() public virtual override {
        super.setUp();
        (stable, phantom) = (new StableCoin(), new PhantomCoin());
        escrow.allowToken(address(stable), true);
        gate.list(address(stable), ITokenGate.Kind.Erc20, 6, 2);
        escrow.allowToken(address(phantom), true);
        gate.list(address(phantom), ITokenGate.Kind.Erc20, 18, 2);
    }

    function _stableTerms() internal returns (Terms memory t) {
        t = _terms();
        t.token = address(stable);
        t.payout = _as(patient);
        stable.mint(patient, TOTAL);
    }

    function _how(Terms memory t, FundingBy by, bytes memory authorization) internal view returns (Opening memory) {
        return Opening(_agreed(t), Ground.None, "", by, authorization);
    }

    function _separated(bytes32 separator, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", separator, structHash));
    }

    function _permit(uint256 amount, uint256 deadline) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
                patient,
                address(escrow),
                amount,
                stable.nonces(patient),
                deadline
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, _separated(stable.DOMAIN_SEPARATOR(), structHash));
        return abi.encode(deadline, v, r, s);
    }

    function _authorization(Terms memory t, uint256 amount, uint256 validBefore) internal view returns (bytes memory) {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
                ),
                patient,
                address(escrow),
                amount,
                uint256(0),
                validBefore,
                _id(t) >> 64 << 64
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PATIENT_KEY, _separated(stable.DOMAIN_SEPARATOR(), structHash));
        return abi.encode(uint256(0), validBefore, v, r, s);
    }
}
