// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {FundingBy, ICareEscrow, Milestone, Opening, Retention, Terms} from "./interfaces/ICareEscrow.sol";
import {Ground, IParams} from "./interfaces/IParams.sol";
import {ISettlementUnit} from "./interfaces/ISettlementUnit.sol";
import {ITokenGate} from "./interfaces/ITokenGate.sol";
import {EscrowMath} from "./base/EscrowMath.sol";
import {EscrowMoves} from "./base/EscrowMoves.sol";
import {Funding} from "./base/Funding.sol";
import {ParamsBounds} from "./base/ParamsBounds.sol";
import {Relayed} from "./base/Relayed.sol";
import {TermsBounds} from "./base/TermsBounds.sol";
import {TermsHash} from "./base/TermsHash.sol";

/// @title See ICareEscrow.
contract CareEscrow is ICareEscrow, Relayed, EIP712, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using EscrowMoves for Account;

    bytes32 private constant OFFER = keccak256("Offer(bytes32 agreement)");
    bytes32 private constant AGREEMENT = keccak256("Agreement(bytes32 agreement)");
    bytes32 private constant ATTENDANCE = keccak256("Attendance(bytes32 agreement,uint8 milestone,bytes32 evidence)");
    bytes32 private constant WAIVER = keccak256("CoolingOffWaiver(bytes32 agreement,uint8 ground)");
    bytes32 private constant SPLIT = keccak256("Split(bytes32 agreement,uint256 refund,uint8 milestone)");

    ISettlementUnit public immutable SETTLEMENT_UNIT;
    IParams public immutable PARAMS;
    ITokenGate public immutable TOKEN_GATE;

    mapping(bytes32 id => Account) private _accounts;
    mapping(address token => mapping(bytes32 who => uint256)) private _credit;
    mapping(address token => bool) public tokenAllowed;

    event TokenAllowed(address indexed token, bool allowed);

    constructor(address authority, address forwarder, ISettlementUnit unit, IParams params, ITokenGate gate)
        Relayed(authority, forwarder)
        EIP712("Zhenmei CareEscrow", "1")
    {
        (SETTLEMENT_UNIT, PARAMS, TOKEN_GATE) = (unit, params, gate);
        tokenAllowed[address(unit)] = true;
    }

    /// @notice Allows a token for new agreements; live agreements are never touched (I7).
    function allowToken(address token, bool allowed) external restricted {
        tokenAllowed[token] = allowed;
        emit TokenAllowed(token, allowed);
    }

    /// @inheritdoc ICareEscrow
    function open(Terms calldata terms, bytes calldata offer) external nonReentrant returns (bytes32) {
        if (_msgSender() != terms.patient) revert NotThisParty(_msgSender());
        return _open(terms, agreementId(terms), offer, Ground.None, FundingBy.Allowance, msg.data[:0]);
    }

    /// @inheritdoc ICareEscrow
    function openFor(Terms calldata terms, bytes calldata offer, bytes calldata patientSignature)
        external
        nonReentrant
        returns (bytes32 id)
    {
        id = agreementId(terms);
        _agreed(terms, id, patientSignature);
        return _open(terms, id, offer, Ground.None, FundingBy.Allowance, msg.data[:0]);
    }

    /// @inheritdoc ICareEscrow
    function openWith(Terms calldata terms, bytes calldata offer, Opening calldata how)
        external
        nonReentrant
        returns (bytes32 id)
    {
        id = agreementId(terms);
        if (_msgSender() != terms.patient) _agreed(terms, id, how.agreed);
        if (how.ground != Ground.None) {
            if (!_signed(terms.patient, keccak256(abi.encode(WAIVER, id, how.ground)), how.waiver)) {
                revert WaiverNotSigned();
            }
            emit CoolingOffShortened(id, how.ground);
        }
        return _open(terms, id, offer, how.ground, how.by, how.authorization);
    }

    /// @inheritdoc ICareEscrow
    function cancel(Terms calldata terms) external {
        if (_msgSender() != terms.patient) revert NotThisParty(_msgSender());
        (bytes32 id, Account memory a) = _load(terms);
        if (a.cancel(_now())) return _close(terms, id, a, Reason.CooledOff);
        _keep(terms, id, a, retained(terms, a.milestone, block.timestamp));
        _close(terms, id, a, Reason.PatientCancelled);
    }

    /// @inheritdoc ICareEscrow
    function providerCancel(Terms calldata terms) external {
        if (_msgSender() != terms.clinic) revert NotThisParty(_msgSender());
        (bytes32 id, Account memory a) = _load(terms);
        a.providerCancel();
        _close(terms, id, a, Reason.ProviderCancelled);
    }

    /// @inheritdoc ICareEscrow
    function claim(Terms calldata terms, bytes32 evidence, bytes calldata attendance) external {
        if (_msgSender() != terms.clinic) revert NotThisParty(_msgSender());
        (bytes32 id, Account memory a) = _load(terms);
        a.expect(State.Active);
        Milestone calldata m = terms.milestones[a.milestone];
        a = a.claim(_now(), m.dueBy, m.window);
        if (m.performed) {
            bytes32 structHash = keccak256(abi.encode(ATTENDANCE, id, a.milestone, evidence));
            if (!_signed(terms.patient, structHash, attendance)) revert AttendanceNotSigned();
        }
        _accounts[id] = a;
        emit MilestoneClaimed(id, a.milestone, evidence, a.deadline);
    }

    /// @inheritdoc ICareEscrow
    function accept(Terms calldata terms) external {
        if (_msgSender() != terms.patient) revert NotThisParty(_msgSender());
        (bytes32 id, Account memory a) = _load(terms);
        a.accept();
        _release(terms, id, a);
    }

    /// @inheritdoc ICareEscrow
    function release(Terms calldata terms) external {
        (bytes32 id, Account memory a) = _load(terms);
        a.release(_now());
        _release(terms, id, a);
    }

    /// @inheritdoc ICareEscrow
    function expire(Terms calldata terms) external {
        (bytes32 id, Account memory a) = _load(terms);
        a.expect(State.Active);
        a.expire(_now(), terms.milestones[a.milestone].dueBy);
        _close(terms, id, a, Reason.Expired);
    }

    /// @inheritdoc ICareEscrow
    function clinicAbsent(Terms calldata terms) external {
        if (_msgSender() != terms.patient) revert NotThisParty(_msgSender());
        _reportAbsence(terms, true);
    }

    /// @inheritdoc ICareEscrow
    function patientAbsent(Terms calldata terms) external {
        if (_msgSender() != terms.clinic) revert NotThisParty(_msgSender());
        _reportAbsence(terms, false);
    }

    /// @inheritdoc ICareEscrow
    function settleAbsence(Terms calldata terms) external {
        (bytes32 id, Account memory a) = _load(terms);
        bool patient = a.state == State.PatientAbsent;
        uint40 at = a.settleAbsence(_now());
        if (!patient) return _close(terms, id, a, Reason.ClinicAbsent);
        _keep(terms, id, a, retained(terms, a.milestone, at));
        _close(terms, id, a, Reason.PatientAbsent);
    }

    /// @inheritdoc ICareEscrow
    function dispute(Terms calldata terms) external {
        address by = _msgSender();
        if (by != terms.patient && by != terms.clinic) revert NotThisParty(by);
        (bytes32 id, Account memory a) = _load(terms);
        uint40 dueBy;
        if (a.state == State.PatientAbsent ? by != terms.patient : a.state == State.ClinicAbsent && by != terms.clinic)
        {
            revert NotThisParty(by);
        }
        if (a.state != State.Claimed && !a.reported()) {
            a.expect(State.Active);
            dueBy = terms.milestones[a.milestone].dueBy;
        }
        a = a.dispute(_now(), dueBy, terms.arbiterWindow);
        _accounts[id] = a;
        emit MilestoneDisputed(id, a.milestone, by, a.deadline);
    }

    /// @inheritdoc ICareEscrow
    function rule(Terms calldata terms, uint16 refundBps, bool end) external {
        if (_msgSender() != terms.arbiter) revert NotThisParty(_msgSender());
        if (refundBps > EscrowMath.BPS) revert TermsOutOfBounds("refundBps");
        (bytes32 id, Account memory a) = _load(terms);
        a.rule(_now());
        a = _divide(terms, id, a, refundBps);
        if (end || a.milestone == terms.milestones.length) return _close(terms, id, a, Reason.Ruled);
        _accounts[id] = a;
    }

    /// @inheritdoc ICareEscrow
    function settleSilent(Terms calldata terms) external {
        (bytes32 id, Account memory a) = _load(terms);
        a = _divide(terms, id, a, a.silent(_now(), terms.defaultSplitBps));
        _close(terms, id, a, Reason.ArbiterSilent);
    }

    /// @inheritdoc ICareEscrow
    function split(Terms calldata terms, uint88 refund, bytes calldata patientSignature, bytes calldata clinicSignature)
        external
    {
        (bytes32 id, Account memory a) = _load(terms);
        uint88 kept = a.split(refund);
        bytes32 structHash = keccak256(abi.encode(SPLIT, id, uint256(refund), a.milestone));
        if (
            !_signed(terms.patient, structHash, patientSignature) || !_signed(terms.clinic, structHash, clinicSignature)
        ) revert SplitNotSigned();
        if (kept > 0 && a.claimed) a.released |= _bit(a.milestone);
        _keep(terms, id, a, kept);
        _close(terms, id, a, Reason.Split);
    }

    /// @inheritdoc ICareEscrow
    function withdraw(address token, bytes32 who) external nonReentrant returns (uint256 amount) {
        amount = _credit[token][who];
        if (amount == 0) revert NothingToWithdraw();
        _credit[token][who] = 0;
        emit Withdrawn(token, who, amount);
        if (token == address(SETTLEMENT_UNIT)) SETTLEMENT_UNIT.redeem(who, amount);
        else IERC20(token).safeTransfer(address(uint160(uint256(who))), amount);
    }

    /// @inheritdoc ICareEscrow
    function agreementId(Terms calldata terms) public pure returns (bytes32) {
        return TermsHash.idOf(terms);
    }

    /// @inheritdoc ICareEscrow
    function retained(Terms calldata terms, uint256 milestone, uint256 time) public pure returns (uint88) {
        Milestone calldata m = terms.milestones[milestone];
        uint256 left = time < m.dueBy ? m.dueBy - time : 0;
        uint16 bps;
        for (uint256 i = 0; i < terms.schedule.length && left < terms.schedule[i].before; ++i) {
            bps = terms.schedule[i].bps;
        }
        return uint88(EscrowMath.share(m.amount, bps));
    }

    /// @inheritdoc ICareEscrow
    function account(bytes32 id) external view returns (Account memory) {
        return _accounts[id];
    }

    /// @inheritdoc ICareEscrow
    function credit(address token, bytes32 who) external view returns (uint256) {
        return _credit[token][who];
    }

    function _load(Terms calldata terms) private view returns (bytes32 id, Account memory a) {
        id = agreementId(terms);
        a = _accounts[id];
    }

    function _open(
        Terms calldata terms,
        bytes32 id,
        bytes calldata offer,
        Ground ground,
        FundingBy by,
        bytes calldata authorization
    ) private returns (bytes32) {
        if (block.timestamp > terms.openBy) revert OfferExpired();
        _permitted(terms, ground);
        uint256 total = TermsBounds.check(terms, address(SETTLEMENT_UNIT));
        if (_accounts[id].state != State.None) revert NotThisState(_accounts[id].state);
        if (!_signed(terms.clinic, keccak256(abi.encode(OFFER, id)), offer)) revert OfferNotSigned();
        _accounts[id] = EscrowMoves.open(uint88(total), _now(), terms.coolingOff);
        emit AgreementOpened(id, terms.patient, terms.clinic, terms.token, total);
        if (terms.token == address(SETTLEMENT_UNIT)) SETTLEMENT_UNIT.collect(terms.patient, total);
        else Funding.take(terms.token, terms.patient, total, id, by, authorization);
        return id;
    }

    /// @dev What the clinic's jurisdiction asks of its token and of the cooling-off period.
    function _permitted(Terms calldata terms, Ground ground) private view {
        address token = terms.token;
        (uint256 least, uint256 uses) = PARAMS.demands(terms.clinic, ground);
        if (terms.coolingOff < least) revert CoolingOffTooShort(least);
        uint256 use = token == address(SETTLEMENT_UNIT) ? ParamsBounds.CLOSED_LOOP : TOKEN_GATE.usesOf(token);
        if (use & uses == 0 || !tokenAllowed[token]) revert TokenNotAllowed(token);
    }

    function _agreed(Terms calldata terms, bytes32 id, bytes calldata signature) private view {
        if (!_signed(terms.patient, keccak256(abi.encode(AGREEMENT, id)), signature)) revert AgreementNotSigned();
    }

    function _reportAbsence(Terms calldata terms, bool byPatient) private {
        (bytes32 id, Account memory a) = _load(terms);
        a.expect(State.Active);
        Milestone calldata m = terms.milestones[a.milestone];
        if (!m.performed) revert NothingToAttend();
        a = a.reportAbsence(_now(), m.dueBy, byPatient);
        _accounts[id] = a;
        emit AbsenceReported(id, a.milestone, byPatient ? terms.patient : terms.clinic, a.deadline);
    }

    function _release(Terms calldata terms, bytes32 id, Account memory a) private {
        uint88 amount = terms.milestones[a.milestone].amount;
        (uint256 toClinic, uint256 fee) = _pay(terms, id, amount);
        emit MilestoneReleased(id, a.milestone, toClinic, fee);
        a.released |= _bit(a.milestone);
        a = a.settle(amount, 0);
        if (a.milestone == terms.milestones.length) return _close(terms, id, a, Reason.Completed);
        _accounts[id] = a;
    }

    /// @dev Divides the disputed milestone. It counts as settled, so the next one becomes present.
    function _divide(Terms calldata terms, bytes32 id, Account memory a, uint16 refundBps)
        private
        returns (Account memory)
    {
        uint88 amount = terms.milestones[a.milestone].amount;
        (uint256 toProvider, uint256 refund) = EscrowMath.divide(amount, refundBps);
        uint256 toClinic;
        uint256 fee;
        if (toProvider > 0) {
            a.released |= _bit(a.milestone);
            (toClinic, fee) = _pay(terms, id, toProvider);
        }
        if (refund > 0) _addCredit(terms.token, terms.payout, id, refund);
        emit MilestoneRuled(id, a.milestone, refund, toClinic, fee);
        return a.settle(amount, uint88(refund));
    }

    /// @dev The clinic gets a part without a milestone being settled.
    function _keep(Terms calldata terms, bytes32 id, Account memory a, uint88 kept) private {
        if (kept == 0) return;
        a.keep(kept);
        _pay(terms, id, kept);
    }

    /// @dev Everything still held goes back to the patient.
    function _close(Terms calldata terms, bytes32 id, Account memory a, Reason reason) private {
        uint88 rest;
        (a, rest) = a.close();
        _accounts[id] = a;
        if (rest > 0) _addCredit(terms.token, terms.payout, id, rest);
        emit AgreementClosed(id, reason, rest);
    }

    function _pay(Terms calldata terms, bytes32 id, uint256 amount) private returns (uint256 toClinic, uint256 fee) {
        (toClinic, fee) = EscrowMath.pay(amount, terms.feeBps);
        _addCredit(terms.token, bytes32(uint256(uint160(terms.clinic))), id, toClinic);
        if (fee > 0) _addCredit(terms.token, bytes32(uint256(uint160(terms.feeTo))), id, fee);
    }

    function _addCredit(address token, bytes32 who, bytes32 id, uint256 amount) private {
        _credit[token][who] += amount;
        emit Credited(token, who, id, amount);
    }

    /// @dev EOA or ERC-1271 signature over this contract's EIP-712 domain.
    function _signed(address signer, bytes32 structHash, bytes calldata signature) private view returns (bool) {
        return SignatureChecker.isValidSignatureNowCalldata(signer, _hashTypedDataV4(structHash), signature);
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp);
    }

    function _bit(uint8 milestone) private pure returns (uint16) {
        return uint16(1) << milestone;
    }
}
