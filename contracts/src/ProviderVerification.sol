// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IAssessorPool} from "./interfaces/IAssessorPool.sol";
import {ISettlementUnit} from "./interfaces/ISettlementUnit.sol";
import {IProviderVerification} from "./interfaces/IProviderVerification.sol";
import {Lots} from "./base/Lots.sol";
import {Relayed} from "./base/Relayed.sol";
import {UnitTill} from "./base/UnitTill.sol";
import {VerificationMath} from "./base/VerificationMath.sol";
import {VerificationMoves} from "./base/VerificationMoves.sol";
import {VerificationTasks} from "./base/VerificationTasks.sol";

/// @title See IProviderVerification.
contract ProviderVerification is VerificationTasks, EIP712 {
    using VerificationMoves for Check;

    bytes32 private constant FUND = 0;
    bytes32 private constant ATTESTATION = keccak256(
        "Attestation(uint256 task,uint8 round,address verifier,bytes32 subject,uint8 failed,uint40 checkedOn,bytes32 evidence)"
    );

    IAssessorPool public immutable POOL;

    constructor(address authority, address forwarder, ISettlementUnit unit, IAssessorPool pool, address house)
        Relayed(authority, forwarder)
        UnitTill(unit)
        VerificationTasks(house)
        EIP712("Zhenmei ProviderVerification", "1")
    {
        POOL = pool;
        _setPay(3_000);
    }

    /// @inheritdoc IProviderVerification
    function setPay(uint96 pay_) external restricted {
        _setPay(pay_);
    }

    /// @inheritdoc IProviderVerification
    function ask(bytes32 subject, bytes32 commitment) external returns (uint256 id) {
        address clinic = _msgSender();
        if (!_tagged(clinic)) revert Untagged(clinic);
        Phase last = _tasks[lastOf[clinic]].check.phase;
        if (last != Phase.None && last < Phase.Standing) revert NotThisPhase(last);
        id = ++tasks;
        lastOf[clinic] = id;
        Task storage t = _tasks[id];
        uint256 fee = VerificationMath.fee(pay);
        (t.clinic, t.pay, t.subject, t.clinicSecret, t.held) = (clinic, pay, subject, commitment, uint96(fee));
        emit Asked(id, clinic, subject, fee, commitment);
        _keep(id, VerificationMoves.ask(_now()));
        UNIT.collect(clinic, fee);
    }

    /// @inheritdoc IProviderVerification
    function prepare(uint256 id, bytes32 commitment, bytes32 seal) external restricted {
        Task storage t = _tasks[id];
        Check memory c = _check(id).prepare(_now());
        // fixed by a block that comes after both commitments were made
        t.beacon = keccak256(abi.encode(block.prevrandao, block.number, id));
        (t.houseSecret, t.seal) = (commitment, seal);
        emit Prepared(id, commitment, seal, t.beacon);
        _keep(id, c);
    }

    /// @inheritdoc IProviderVerification
    function openSecret(uint256 id, bytes32 secret) external {
        Task storage t = _tasks[id];
        Check memory c = _check(id).openSecret(_now());
        if (t.clinicSecret != keccak256(abi.encode(t.clinic, secret))) revert WrongSecret();
        t.clinicSecret = secret;
        emit SecretOpened(id, secret);
        _keep(id, c);
    }

    /// @inheritdoc IProviderVerification
    function draw(uint256 id, bytes32 secret) external {
        Task storage t = _tasks[id];
        if (t.houseSecret != keccak256(abi.encode(id, secret))) revert WrongSecret();
        t.houseSecret = secret;
        t.seed = keccak256(abi.encode(t.beacon, t.clinicSecret, secret));
        Check memory c = _check(id).draw(_now(), _seat(id, 0, t.seed, VerificationMoves.PAIR));
        if (c.phase == Phase.Failed) _pay(id, _who(t.clinic), t.held);
        _keep(id, c);
    }

    /// @inheritdoc IProviderVerification
    function commitAnswer(uint256 id, bytes32 commitment) external {
        Check memory c = _check(id);
        Seat storage s = _seatOf(id, c.round, _msgSender());
        if (commitment == 0) revert WrongAnswer();
        if (s.commitment != 0) revert AlreadyDone();
        c = c.commitAnswer(_now());
        s.commitment = commitment;
        emit AnswerCommitted(id, c.round, _msgSender(), commitment);
        _keep(id, c);
    }

    /// @inheritdoc IProviderVerification
    function attest(uint256 id, Attestation calldata a, bytes32 salt, bytes calldata signature) external {
        Check memory c = _check(id);
        Seat storage s = _seatOf(id, c.round, a.verifier);
        if (s.revealed) revert AlreadyDone();
        c = c.attest(_now(), a.failed == 0);
        bytes32 hash = keccak256(
            abi.encode(
                ATTESTATION, id, c.round, a.verifier, _tasks[id].subject, a.failed, a.checkedOn, a.evidence
            )
        );
        if (a.failed > 15 || s.commitment != keccak256(abi.encode(hash, salt))) revert WrongAnswer();
        if (!SignatureChecker.isValidSignatureNow(a.verifier, _hashTypedDataV4(hash), signature)) revert WrongAnswer();
        (s.revealed, s.accepts) = (true, a.failed == 0);
        emit Attested(id, c.round, a.verifier, a.failed, a.checkedOn, a.evidence);
        _keep(id, c);
    }

    /// @inheritdoc IProviderVerification
    function tally(uint256 id) external {
        Check memory c = _check(id).mayTally(_now());
        uint256 silent = c.size - c.revealed;
        uint256 third = c.split() ? _seat(id, 1, _tasks[id].seed, 1) : 0;
        c = c.tally(_now(), third);
        _keep(id, c);
        if (c.round == VerificationMoves.JURY_ROUND) return _afterJury(id, c, silent);
        if (c.phase != Phase.Failed) return;
        if (silent > 0) _afterSilence(id, silent);
        else _divide(id, c, false);
    }

    /// @inheritdoc IProviderVerification
    function challenge(uint256 id, bytes32 grounds) external {
        Task storage t = _tasks[id];
        Check memory c = _check(id).challenge(_now());
        uint256 deposit = VerificationMath.deposit(t.pay);
        (t.challenger, t.grounds) = (_msgSender(), grounds);
        t.held += uint96(deposit);
        emit ChallengeMade(id, _msgSender(), grounds, deposit);
        _keep(id, c);
        UNIT.collect(_msgSender(), deposit);
    }

    /// @inheritdoc IProviderVerification
    function convene(uint256 id, bytes32 second) external {
        Task storage t = _tasks[id];
        if (t.houseSecret != keccak256(abi.encode(second))) revert WrongSecret();
        bytes32 seed = keccak256(abi.encode(t.seed, t.grounds, second));
        Check memory c = _check(id).convene(_now(), _seat(id, VerificationMoves.JURY_ROUND, seed, VerificationMoves.JURY));
        _keep(id, c);
        if (c.phase == Phase.Failed) _undecided(id, c);
    }

    /// @inheritdoc IProviderVerification
    function unseal(uint256 id, bool fake, bytes32 salt) external {
        Task storage t = _tasks[id];
        Check memory c = _check(id).unseal(_now(), fake);
        if (t.seal != keccak256(abi.encode(id, fake, salt))) revert WrongSecret();
        emit Unsealed(id, fake, salt);
        _keep(id, c);
        // the newest result counts, not the best one
        if (!fake) _standing[t.clinic] = c.accepted ? id : 0;
        _divide(id, c, true);
        for (uint256 round = 0; fake && round < 3; ++round) {
            address[] memory seats = t.seats[round];
            for (uint256 i = 0; i < seats.length; ++i) {
                Seat memory s = t.answers[seats[i]];
                if (s.revealed) _measure(seats[i], s.accepts);
            }
        }
    }

    /// @inheritdoc IProviderVerification
    function revoke(uint256 id) external restricted {
        _keep(id, _check(id).revoke(_now()));
    }

    /// @inheritdoc IProviderVerification
    function expire(uint256 id) external {
        Check memory c = _check(id).expire(_now());
        _keep(id, c);
        Task storage t = _tasks[id];
        address[] memory seats = _answerers(t);
        for (uint256 i = 0; i < seats.length; ++i) {
            if (!_wrong(t, c, seats[i])) _pay(id, _who(seats[i]), t.pay - VerificationMath.half(t.pay));
        }
    }

    /// @inheritdoc IProviderVerification
    function lapse(uint256 id) external {
        Check memory before = _check(id);
        Check memory c = _check(id).lapse(_now());
        _keep(id, c);
        Task storage t = _tasks[id];
        if (before.phase <= Phase.Drawing) _pay(id, _who(t.clinic), t.held);
        else if (before.phase == Phase.Challenged) _undecided(id, c);
        else _divide(id, c, false);
    }

    /// @inheritdoc IProviderVerification
    function endow() external {
        uint256 amount = lost;
        lost = 0;
        emit Endowed(amount);
        POOL.fundFor(FUND, amount);
    }

    /// @inheritdoc IProviderVerification
    function checkOf(uint256 id) external view returns (Check memory) {
        return _check(id);
    }

    /// @inheritdoc IProviderVerification
    function heldFor(uint256 id) external view returns (uint256) {
        return _tasks[id].held;
    }

    /// @inheritdoc IProviderVerification
    function seatsOf(uint256 id, uint8 round) external view returns (address[] memory) {
        return _tasks[id].seats[round];
    }

    /// @inheritdoc IProviderVerification
    function standingOf(address clinic) external view returns (uint256 id) {
        id = _standing[clinic];
        Check memory c = _check(id);
        if (c.phase != Phase.Standing || _now() > c.deadline) return 0;
    }

    function _setPay(uint96 pay_) private {
        if (pay_ < VerificationMath.MIN_PAY || pay_ > VerificationMath.MAX_PAY) revert PayOutOfBounds(pay_);
        pay = pay_;
        emit PaySet(pay_);
    }

    function _seatOf(uint256 id, uint8 round, address by) private view returns (Seat storage) {
        Task storage t = _tasks[id];
        if (!Lots.among(by, t.seats[round])) revert NotSeated(by);
        return t.answers[by];
    }

    function _afterJury(uint256 id, Check memory c, uint256 silent) private {
        Task storage t = _tasks[id];
        _settleSeats(id, t.seats[VerificationMoves.JURY_ROUND], silent, c.phase == Phase.Failed);
        if (c.phase == Phase.Failed) return _undecided(id, c);
        uint256 prize = VerificationMath.prize(t.pay, c.size - silent);
        if (c.overruled) _pay(id, _who(t.challenger), VerificationMath.deposit(t.pay) + prize);
        address[] memory seats = _answerers(t);
        for (uint256 i = 0; i < seats.length; ++i) {
            if (_wrong(t, c, seats[i])) emit Slashed(id, seats[i], VerificationMath.lock(t.pay));
            else if (!c.overruled && t.answers[seats[i]].accepts == c.accepted) _pay(id, _who(seats[i]), prize / 2);
        }
        if (!c.overruled) _lose(id, prize % 2);
    }

    /// @dev Somebody was silent: the clinic has its fee back, and the silent pay those who answered.
    function _afterSilence(uint256 id, uint256 silent) private {
        Task storage t = _tasks[id];
        _pay(id, _who(t.clinic), VerificationMath.fee(t.pay));
        _settleSeats(id, _answerers(t), silent, true);
    }

    /// @dev No jury, or one that did not decide: the challenger has its deposit back, and nothing stands.
    function _undecided(uint256 id, Check memory c) private {
        Task storage t = _tasks[id];
        _pay(id, _who(t.challenger), VerificationMath.deposit(t.pay));
        _divide(id, c, false);
    }
}
