// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {Paymaster} from "@openzeppelin/contracts/account/paymaster/Paymaster.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IEntryPoint, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";
import {ERC7913P256Verifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol";
import {EntryPoint} from "../src/EntryPoint.sol";
import {PasskeyAccount} from "../src/PasskeyAccount.sol";
import {PasskeyAccountFactory} from "../src/PasskeyAccountFactory.sol";
import {SponsorPaymaster} from "../src/SponsorPaymaster.sol";
import {Operations} from "./base/Operations.sol";
import {TestAccount} from "./mocks/TestAccount.sol";

/// @notice Accounts with P-256 signers; the WebAuthn envelope is shown against a real chain in TypeScript.
contract AccountsTest is Operations {
    uint256 private constant SPONSOR = 0x590;
    uint256 private constant N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551;

    struct Batch {
        address target;
        uint256 value;
        bytes data;
    }

    address private verifier;
    PasskeyAccountFactory private factory;
    PasskeyAccount private clinic;
    SponsorPaymaster private sponsor;

    function setUp() public override {
        super.setUp();
        verifier = address(new ERC7913P256Verifier());
        factory = new PasskeyAccountFactory(address(new PasskeyAccount(IEntryPoint(address(entry)))));
        clinic = PasskeyAccount(payable(factory.create(_signers(1), 1, 0)));
        sponsor = new SponsorPaymaster(IEntryPoint(address(entry)), vm.addr(SPONSOR));
        entry.depositTo{value: 1 ether}(address(sponsor));
    }

    function _signer(uint256 key) private view returns (bytes memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return abi.encodePacked(verifier, x, y);
    }

    function _signers(uint256 key) private view returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = _signer(key);
    }

    function _raw(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        if (uint256(s) > N / 2) s = bytes32(N - uint256(s));
        return abi.encodePacked(r, s);
    }

    function _sign(uint256 key, bytes32 digest) private view returns (bytes memory) {
        bytes[] memory signatures = new bytes[](1);
        signatures[0] = _raw(key, digest);
        return abi.encode(_signers(key), signatures);
    }

    function _wrapped(address who, bytes32 hash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("ZhenmeiAccount"),
                keccak256("1"),
                block.chainid,
                who
            )
        );
        bytes32 message = keccak256(abi.encode(keccak256("AccountMessage(bytes32 hash)"), hash));
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function _accepts(bytes memory signature) private view returns (bool) {
        return clinic.isValidSignature("hash", signature) == IERC1271.isValidSignature.selector;
    }

    function _operation(uint256 key, bytes memory callData) private view returns (PackedUserOperation memory op) {
        op = _op(TestAccount(payable(address(clinic))), callData);
        op.nonce = entry.getNonce(address(clinic), 0);
        op.accountGasLimits = _pair(1_500_000, 600_000);
        _sponsor(op, uint48(block.timestamp + 60));
        op.signature = _sign(key, entry.getUserOpHash(op));
    }

    function _sponsor(PackedUserOperation memory op, uint48 until) private view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei SponsorPaymaster"),
                keccak256("1"),
                block.chainid,
                address(sponsor)
            )
        );
        bytes32 kind = keccak256(
            "UserOperationRequest(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,uint256 paymasterVerificationGasLimit,uint256 paymasterPostOpGasLimit,uint48 validAfter,uint48 validUntil)"
        );
        bytes memory head =
            abi.encode(kind, op.sender, op.nonce, keccak256(op.initCode), keccak256(op.callData), op.accountGasLimits);
        bytes memory tail = abi.encode(op.preVerificationGas, op.gasFees, 200_000, 0, uint48(0), until);
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, keccak256(bytes.concat(head, tail))));
        op.paymasterAndData =
            abi.encodePacked(address(sponsor), uint128(200_000), uint128(0), uint48(0), until, signed(SPONSOR, digest));
    }

    function _batch(address target, bytes memory a, bytes memory b) private pure returns (bytes memory) {
        Batch[] memory calls = new Batch[](2);
        calls[0] = Batch(target, 0, a);
        calls[1] = Batch(target, 0, b);
        return abi.encodeCall(PasskeyAccount(payable(0)).execute, (bytes32(bytes1(0x01)), abi.encode(calls)));
    }

    function test_create_createsTheAccountAtTheAddressThatFollowsFromItsSigners() public {
        address expected = factory.addressOf(_signers(2), 1, "salt");
        eq(factory.create(_signers(2), 1, "salt"), expected);
        yes(PasskeyAccount(payable(expected)).isSigner(_signer(2)), "its signer");
    }

    function test_create_revertsWhenItsSignersCouldNeverAct() public {
        bytes[] memory signers = _signers(2);
        vm.expectRevert();
        factory.create(signers, 2, "salt");
    }

    function test_create_returnsAnExistingAccountUnchanged() public {
        eq(factory.create(_signers(1), 1, 0), address(clinic));
    }

    function test_create_givesOtherSignersAnotherAddress() public view {
        yes(factory.addressOf(_signers(2), 1, 0) != address(clinic), "other signers");
        yes(factory.addressOf(_signers(1), 1, "s") != address(clinic), "other salt");
    }

    function test_initialize_revertsWhenCalledAgain() public {
        bytes[] memory thieves = _signers(9);
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        clinic.initialize(thieves, 1);
    }

    function test_initialize_revertsOnTheImplementation() public {
        bytes[] memory thieves = _signers(9);
        PasskeyAccount implementation = PasskeyAccount(payable(factory.IMPLEMENTATION()));
        vm.expectRevert(Initializable.InvalidInitialization.selector);
        implementation.initialize(thieves, 1);
    }

    function test_isValidSignature_acceptsASignerOverTheWrappedHash() public view {
        yes(_accepts(_sign(1, _wrapped(address(clinic), "hash"))), "accepted");
    }

    function test_isValidSignature_refusesASignatureOverTheBareHash() public view {
        yes(!_accepts(_sign(1, "hash")), "bare");
    }

    function test_isValidSignature_refusesASignatureMadeForAnotherAccountOfTheSameSigner() public {
        address other = factory.create(_signers(1), 1, "other");
        yes(!_accepts(_sign(1, _wrapped(other, "hash"))), "replayed");
    }

    function test_isValidSignature_refusesAnotherSigner() public view {
        yes(!_accepts(_sign(2, _wrapped(address(clinic), "hash"))), "another");
    }

    function test_isValidSignature_refusesGarbage() public view {
        yes(!_accepts(""), "empty");
        yes(!_accepts(new bytes(65)), "zeros");
        yes(!_accepts(abi.encode(new bytes[](0), new bytes[](0))), "nobody");
    }

    function test_isValidSignature_needsAsManySignersAsTheThresholdSays() public {
        vm.startPrank(address(clinic));
        clinic.addSigners(_signers(2));
        clinic.setThreshold(2);
        vm.stopPrank();
        bytes32 digest = _wrapped(address(clinic), "hash");
        yes(!_accepts(_sign(1, digest)), "one of two");
        (uint256 a, uint256 b) = keccak256(_signer(1)) < keccak256(_signer(2)) ? (1, 2) : (2, 1);
        bytes[] memory who = new bytes[](2);
        bytes[] memory what = new bytes[](2);
        (who[0], who[1]) = (_signer(a), _signer(b));
        (what[0], what[1]) = (_raw(a, digest), _raw(b, digest));
        yes(_accepts(abi.encode(who, what)), "two of two");
        (who[1], what[1]) = (who[0], what[0]);
        yes(!_accepts(abi.encode(who, what)), "the same twice");
    }

    function test_execute_revertsWhenAStrangerCalls() public {
        bytes memory call_ = _batch(address(account), "", "");
        vm.prank(stranger);
        (bool ok, bytes memory reply) = address(clinic).call(call_);
        yes(!ok, "refused");
        eq(keccak256(reply), keccak256(abi.encodeWithSelector(Account.AccountUnauthorized.selector, stranger)));
    }

    function test_execute_executesABatchForASignedOperationOrNoneOfIt() public {
        bytes memory add = abi.encodeCall(TestAccount.add, ());
        _handle(_operation(1, _batch(address(account), add, add)));
        eq(account.count(), 2);
        _handle(_operation(1, _batch(address(account), add, abi.encodeCall(TestAccount.fail, ()))));
        eq(account.count(), 2);
        _handleFails(_operation(2, _batch(address(account), add, add)), "AA24 signature error");
    }

    function test_addSigners_revertsWhenAStrangerCalls() public {
        bytes[] memory thieves = _signers(9);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, stranger));
        clinic.addSigners(thieves);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, stranger));
        clinic.setThreshold(1);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(Account.AccountUnauthorized.selector, stranger));
        clinic.removeSigners(thieves);
    }

    function test_addSigners_addsAndRemovesSignersByASignedOperation() public {
        bytes memory calls = _batch(
            address(clinic),
            abi.encodeCall(clinic.addSigners, (_signers(2))),
            abi.encodeCall(clinic.removeSigners, (_signers(1)))
        );
        _handle(_operation(1, calls));
        yes(clinic.isSigner(_signer(2)) && !clinic.isSigner(_signer(1)), "moved to the new device");
        yes(!_accepts(_sign(1, _wrapped(address(clinic), "hash"))), "the old one is out");
    }

    function test_setThreshold_revertsWhenTheThresholdCannotBeReached() public {
        vm.prank(address(clinic));
        vm.expectRevert(
            abi.encodeWithSelector(MultiSignerERC7913.MultiSignerERC7913UnreachableThreshold.selector, 1, 2)
        );
        clinic.setThreshold(2);
    }

    function test_validatePaymasterUserOp_paysForWhatTheServiceSigned() public {
        _handle(_operation(1, ""));
        eq(entry.getNonce(address(clinic), 0), 1);
        yes(entry.balanceOf(address(sponsor)) < 1 ether, "sponsored");
    }

    function test_validatePaymasterUserOp_refusesAnotherCallData() public {
        PackedUserOperation memory op = _operation(1, "");
        op.callData = _batch(address(account), "", "");
        op.signature = _sign(1, entry.getUserOpHash(op));
        _handleFails(op, "AA34 signature error");
    }

    function test_validatePaymasterUserOp_refusesWhenItIsTooLate() public {
        PackedUserOperation memory op = _operation(1, "");
        vm.warp(block.timestamp + 61);
        _handleFails(op, "AA32 paymaster expired or not due");
    }

    function test_validatePaymasterUserOp_revertsWhenAnybodyButTheEntryPointCalls() public {
        PackedUserOperation memory op = _operation(1, "");
        vm.expectRevert(abi.encodeWithSelector(Paymaster.PaymasterUnauthorized.selector, address(this)));
        sponsor.validatePaymasterUserOp(op, 0, 0);
    }

    function test_withdraw_revertsWhenAnybodyButTheSignerCalls() public {
        vm.expectRevert(abi.encodeWithSelector(Paymaster.PaymasterUnauthorized.selector, address(this)));
        sponsor.withdraw(payable(stranger), 1);
        vm.prank(vm.addr(SPONSOR));
        sponsor.withdraw(payable(stranger), 1);
        eq(stranger.balance, 1);
    }

    function test_attack_implementationBelongsToNobody() public {
        PasskeyAccount implementation = PasskeyAccount(payable(factory.IMPLEMENTATION()));
        bytes[] memory signers = _signers(2);
        vm.expectRevert();
        implementation.initialize(signers, 1);
        vm.expectRevert();
        implementation.addSigners(signers);
        vm.expectRevert();
        implementation.execute(bytes32(bytes1(0x01)), "");
        vm.expectRevert();
        clinic.initialize(signers, 1);
        yes(!implementation.isSigner(_signer(2)) && !clinic.isSigner(_signer(2)), "nobody's");
    }
}
