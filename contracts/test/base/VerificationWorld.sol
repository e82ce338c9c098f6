// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssessorPool} from "../../src/AssessorPool.sol";
import {ProviderVerification} from "../../src/ProviderVerification.sol";
import {VerificationMath} from "../../src/base/VerificationMath.sol";
import {IProviderVerification} from "../../src/interfaces/IProviderVerification.sol";
import {World} from "./World.sol";

/// @notice The world with ten verifiers, a bond each, and a clinic that can pay.
abstract contract VerificationWorld is World {
    uint256 internal constant VERIFIERS = 10;
    uint256 internal constant PAY = 3_000;
    uint256 internal constant FEE = 9_474;
    uint256 internal constant LOCK = 6_000;
    uint256 internal constant DEPOSIT = 12_000;
    bytes32 internal constant SUBJECT = keccak256("subject");
    bytes32 internal constant SECOND = keccak256("second secret of the house");
    bytes32 internal constant FIRST = keccak256(abi.encode(SECOND));
    bytes32 internal constant OWN = keccak256("secret of the clinic");
    bytes32 internal constant SEAL_SALT = keccak256("seal");

    address internal house = address(0x4005E);
    address internal challenger = address(0xC4A1);
    AssessorPool internal pool;
    ProviderVerification internal book;
    /// Addresses and keys, worked out once: that is slow.
    mapping(uint256 => address) private _verifiers;
    mapping(address verifier => uint256) private _keys;

    function setUp() public virtual override {
        super.setUp();
        pool = new AssessorPool(address(manager), address(forwarder), unit);
        book = new ProviderVerification(address(manager), address(forwarder), unit, pool, house);
        _role(6, regulator, address(book), book.admit.selector);
        _role(6, regulator, address(book), book.dismiss.selector);
        _role(6, regulator, address(book), book.tag.selector);
        _role(6, regulator, address(book), book.revoke.selector);
        _role(7, house, address(book), book.prepare.selector);
        unit.setSystemContract(address(book), true);
        unit.setSystemContract(address(pool), true);
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            _admit(_verifier(i), _tags(i + 1));
            _bond(_verifier(i), 5 * LOCK);
        }
        vm.prank(regulator);
        book.tag(clinic, _tags(1_000));
        _mint(clinic, 10 * FEE);
        _mint(challenger, 10 * DEPOSIT);
    }

    function _key(uint256 i) internal pure returns (uint256) {
        return 0x7E1F + i;
    }

    function _verifier(uint256 i) internal returns (address v) {
        v = _verifiers[i];
        if (v != address(0)) return v;
        v = vm.addr(_key(i));
        (_verifiers[i], _keys[v]) = (v, _key(i));
    }

    function _keyOf(address who) internal view returns (uint256) {
        return _keys[who];
    }

    function _tags(uint256 n) internal pure returns (bytes32[3] memory tags) {
        for (uint256 i = 0; i < 3; ++i) {
            tags[i] = keccak256(abi.encode("tag", n, i));
        }
    }

    function _admit(address who, bytes32[3] memory tags) internal {
        vm.prank(regulator);
        book.admit(who, tags, uint40(START + 2_000 days));
    }

    function _bond(address who, uint256 amount) internal {
        _mint(who, amount);
        vm.prank(who);
        book.bondFor(who, uint96(amount));
    }

    function _ask() internal returns (uint256 id) {
        bytes32 commitment = keccak256(abi.encode(clinic, OWN));
        vm.prank(clinic);
        return book.ask(SUBJECT, commitment);
    }

    function _seal(uint256 id, bool fake) internal pure returns (bytes32) {
        return keccak256(abi.encode(id, fake, SEAL_SALT));
    }

    function _prepare(uint256 id, bool fake) internal {
        vm.prank(house);
        book.prepare(id, keccak256(abi.encode(id, FIRST)), _seal(id, fake));
    }

    function _open(uint256 id) internal {
        vm.prank(clinic);
        book.openSecret(id, OWN);
    }

    function _drawn(bool fake) internal returns (uint256 id) {
        id = _ask();
        _prepare(id, fake);
        _open(id);
        book.draw(id, FIRST);
    }

    function _answer(address who, bool accepts)
        internal
        view
        returns (IProviderVerification.Attestation memory)
    {
        return IProviderVerification.Attestation(who, accepts ? 0 : 5, uint40(block.timestamp), "pages");
    }

    function _structHash(uint256 id, IProviderVerification.Attestation memory a) internal view returns (bytes32) {
        bytes32 kind = keccak256(
            "Attestation(uint256 task,uint8 round,address verifier,bytes32 subject,uint8 failed,uint40 checkedOn,bytes32 evidence)"
        );
        return keccak256(
            abi.encode(kind, id, book.checkOf(id).round, a.verifier, SUBJECT, a.failed, a.checkedOn, a.evidence)
        );
    }

    function _signedBy(uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei ProviderVerification"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        return signed(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    }

    function _commit(uint256 id, IProviderVerification.Attestation memory a) internal {
        bytes32 commitment = keccak256(abi.encode(_structHash(id, a), bytes32("salt")));
        vm.prank(a.verifier);
        book.commitAnswer(id, commitment);
    }

    function _attest(uint256 id, IProviderVerification.Attestation memory a) internal {
        book.attest(id, a, "salt", _signedBy(_keyOf(a.verifier), _structHash(id, a)));
    }

    /// @dev All who sit in the present round answer; the first `accepting` accept.
    function _answerAll(uint256 id, uint256 accepting) internal {
        address[] memory seats = book.seatsOf(id, book.checkOf(id).round);
        for (uint256 i = 0; i < seats.length; ++i) {
            _commit(id, _answer(seats[i], i < accepting));
        }
        for (uint256 i = 0; i < seats.length; ++i) {
            _attest(id, _answer(seats[i], i < accepting));
        }
    }

    function _counted(bool fake, uint256 accepting) internal returns (uint256 id) {
        id = _drawn(fake);
        _answerAll(id, accepting);
        book.tally(id);
    }

    function _afterChallenge(uint256 id) internal {
        vm.warp(book.checkOf(id).deadline + 1);
    }

    function _challenged(uint256 id) internal {
        vm.prank(challenger);
        book.challenge(id, "grounds");
    }

    /// @dev Challenged, and all three jurors answer; `accepting` of them accept.
    function _judged(uint256 id, uint256 accepting) internal {
        _challenged(id);
        book.convene(id, SECOND);
        _answerAll(id, accepting);
        book.tally(id);
    }

    function _unseal(uint256 id, bool fake) internal {
        book.unseal(id, fake, SEAL_SALT);
    }

    function _phaseIs(uint256 id, IProviderVerification.Phase expected) internal view {
        eq(uint8(book.checkOf(id).phase), uint8(expected));
    }

    function _notThis(IProviderVerification.Phase p) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IProviderVerification.NotThisPhase.selector, p);
    }

    function _late(uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IProviderVerification.NotInTime.selector, deadline);
    }

    function _creditOf(address who) internal view returns (uint256) {
        return book.credit(_as(who));
    }

    function _freeBond(address who) internal view returns (uint256) {
        return book.verifierOf(who).bond;
    }

    /// @dev V1: every unit is a free bond, held for a task, credited, or lost on its way to the fund.
    function _addsUp() internal {
        uint256 sum = book.lost() + _creditOf(clinic) + _creditOf(house) + _creditOf(challenger);
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            sum += _freeBond(_verifier(i)) + _creditOf(_verifier(i));
        }
        for (uint256 id = 1; id <= book.tasks(); ++id) {
            sum += book.heldFor(id);
        }
        eq(sum, unit.balanceOf(address(book)));
    }
}
