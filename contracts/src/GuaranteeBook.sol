// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {IClinicBond} from "./interfaces/IClinicBond.sol";
import {Cover, IGuaranteeBook, Rate} from "./interfaces/IGuaranteeBook.sol";
import {IGuaranteePool} from "./interfaces/IGuaranteePool.sol";
import {CoverBounds} from "./base/CoverBounds.sol";
import {GuaranteeMath} from "./base/GuaranteeMath.sol";
import {GuaranteeMoves} from "./base/GuaranteeMoves.sol";
import {Relayed} from "./base/Relayed.sol";

/// @dev The part of the escrow that tells which token is the closed loop's.
interface IUnitOf {
    function SETTLEMENT_UNIT() external view returns (address);
}

/// @title See IGuaranteeBook.
/// @dev Holds no money: bonds and pool do. The same cover always locks and frees the same layers, computed from its
/// calldata.
contract GuaranteeBook is IGuaranteeBook, Relayed, EIP712, ReentrancyGuardTransient {
    using GuaranteeMoves for Account;

    bytes32 private constant POLICY = keccak256("Policy(bytes32 cover)");
    bytes32 private constant RATE =
        keccak256("Rate(bytes32 table,uint32 epoch,bytes32 cell,uint32 ppm,uint96 expense)");

    ICareEscrow public immutable ESCROW;
    IClinicBond public immutable BOND;
    IGuaranteePool public immutable POOL;
    address public immutable TOKEN;
    bool private immutable CLOSED_LOOP;

    mapping(bytes32 id => Account) private _accounts;
    mapping(bytes32 agreement => bytes32 id) public coverOf;
    mapping(address clinic => mapping(bytes32 person => uint256)) public openOf;
    mapping(address clinic => mapping(bytes32 person => uint256)) public goodwillFrom;
    mapping(address clinic => mapping(uint256 epoch => uint256)) public goodwillIn;
    mapping(uint256 epoch => bytes32 table) public tableOf;
    mapping(bytes32 cell => CellRate) public rateOf;
    mapping(address insurer => bool) public insurerLicensed;
    address public pricer;

    /// @dev The rate of the newest epoch that was used, and the last one of an epoch before.
    struct CellRate {
        uint32 epoch;
        uint32 ppm;
        uint32 before;
    }

    constructor(
        address authority,
        address forwarder,
        ICareEscrow escrow,
        IClinicBond bond,
        IGuaranteePool pool,
        address token
    ) Relayed(authority, forwarder) EIP712("Zhenmei GuaranteeBook", "1") {
        ESCROW = escrow;
        BOND = bond;
        POOL = pool;
        TOKEN = token;
        CLOSED_LOOP = IUnitOf(address(escrow)).SETTLEMENT_UNIT() == token;
    }

    /// @notice Admin: whose key signs the lines of the posted tables.
    function setPricer(address pricer_) external restricted {
        pricer = pricer_;
        emit PricerSet(pricer_);
    }

    /// @notice Admin: whether an insurer is licensed here; open covers stay.
    function licenseInsurer(address insurer, bool licensed) external restricted {
        insurerLicensed[insurer] = licensed;
        emit InsurerLicensed(insurer, licensed);
    }

    /// @inheritdoc IGuaranteeBook
    function postTable(bytes32 table, uint256 asOf) external restricted {
        uint256 epoch = _epoch();
        if (tableOf[epoch] != 0) revert TablePostedBefore(epoch);
        tableOf[epoch] = table;
        emit TablePosted(epoch, table, asOf);
    }

    /// @inheritdoc IGuaranteeBook
    function open(Terms calldata terms, Cover calldata cover, Rate calldata rate, bytes calldata backing)
        external
        nonReentrant
        returns (bytes32 id)
    {
        if (_msgSender() != terms.clinic) revert NotThisParty(_msgSender());
        uint256 price = _untouched(terms, cover);
        CoverBounds.check(terms, cover, price);
        if (coverOf[cover.agreement] != 0) revert CoveredBefore();
        id = coverId(cover);
        coverOf[cover.agreement] = id;
        if (++openOf[terms.clinic][cover.person] > GuaranteeMath.MAX_OPEN) revert TooManyCovers();
        _accounts[id] = _accounts[id].open();
        uint256 premium = _announce(terms, cover, rate, backing, id);
        _lock(terms.clinic, cover, id, price, premium, backing);
    }

    /// @inheritdoc IGuaranteeBook
    function claim(Terms calldata terms, Cover calldata cover, uint8 asked, bytes32 evidence) external nonReentrant {
        if (_msgSender() != terms.patient) revert NotThisParty(_msgSender());
        (bytes32 id, Account memory a) = _load(cover);
        a = a.claim(_now(), cover.from, cover.until, cover.arbiterWindow, asked, _paid(terms, cover));
        a.arbiter = cover.arbiter;
        if (asked == GuaranteeMath.GOODWILL) _useGoodwill(terms.clinic, cover.person);
        _accounts[id] = a;
        emit CoverClaimed(id, asked, evidence, a.deadline);
        emit Dispute(cover.arbiter, uint256(id), 0, uint256(id));
        (, uint256 backed) = _layers(terms, cover);
        if (cover.profile == Profile.Pool) POOL.freeze(id, backed);
    }

    /// @inheritdoc IGuaranteeBook
    function concede(Terms calldata terms, Cover calldata cover) external nonReentrant {
        if (_msgSender() != terms.clinic) revert NotThisParty(_msgSender());
        (bytes32 id, Account memory a) = _load(cover);
        a = a.concede();
        (uint256 firstLoss,) = _layers(terms, cover);
        if (GuaranteeMath.due(a.asked, _paid(terms, cover), cover.sum, cover.goodwillBps) > firstLoss) {
            revert BackerMustBeHeard();
        }
        _settle(terms, cover, id, a);
    }

    /// @inheritdoc IGuaranteeBook
    function rule(uint256 disputeID, uint256 ruling) external {
        Account memory a = _accounts[bytes32(disputeID)];
        if (msg.sender != a.arbiter) revert NotThisParty(msg.sender);
        _accounts[bytes32(disputeID)] = a.rule(_now(), ruling);
        emit Ruling(msg.sender, disputeID, ruling);
    }

    /// @inheritdoc IGuaranteeBook
    function settle(Terms calldata terms, Cover calldata cover) external nonReentrant {
        (bytes32 id, Account memory a) = _load(cover);
        _settle(terms, cover, id, a);
    }

    /// @inheritdoc IGuaranteeBook
    function lapse(Terms calldata terms, Cover calldata cover) external nonReentrant {
        (bytes32 id, Account memory a) = _load(cover);
        _same(terms, cover);
        ICareEscrow.Account memory e = ESCROW.account(cover.agreement);
        bool nothingPaid = e.state == ICareEscrow.State.Closed && e.refunded == CoverBounds.total(terms);
        _accounts[id] = a.lapse(_now(), cover.until, nothingPaid);
        --openOf[terms.clinic][cover.person];
        emit CoverLapsed(id);
        _payFrom(terms, cover, id, 0, 0);
    }

    /// @inheritdoc IGuaranteeBook
    function coverId(Cover calldata cover) public pure returns (bytes32) {
        return keccak256(abi.encode(cover));
    }

    /// @inheritdoc IGuaranteeBook
    function account(bytes32 id) external view returns (Account memory) {
        return _accounts[id];
    }

    function _announce(Terms calldata terms, Cover calldata cover, Rate calldata rate, bytes calldata backing, bytes32 id)
        private
        returns (uint256 premium)
    {
        bytes32 cell = keccak256(abi.encode(terms.clinic, terms.standard));
        premium = _premium(cover, rate, cell, backing);
        emit CoverOpened(
            id, cover.agreement, terms.clinic, cover.profile, cell, CoverBounds.total(terms), cover.sum, premium, cover.until
        );
    }

    function _load(Cover calldata cover) private view returns (bytes32 id, Account memory a) {
        id = coverId(cover);
        a = _accounts[id];
    }

    function _same(Terms calldata terms, Cover calldata cover) private pure {
        if (keccak256(abi.encode(terms)) != cover.agreement) revert AnotherAgreement();
    }

    /// @dev The money is held and nobody has claimed, disputed or been paid anything yet.
    function _untouched(Terms calldata terms, Cover calldata cover) private view returns (uint256 price) {
        _same(terms, cover);
        if (terms.token != TOKEN) revert AnotherToken(terms.token);
        // a payout that names an account is a lender's book: what is paid to it is not the patient's
        if (CLOSED_LOOP && uint256(terms.payout) >> 160 == 0) revert CoverOutOfBounds("payout");
        ICareEscrow.Account memory e = ESCROW.account(cover.agreement);
        if (e.state != ICareEscrow.State.Active || e.milestone != 0) revert OutcomeKnown();
        return CoverBounds.total(terms);
    }

    /// @dev What the clinic kept of the price, fee included; final, because the agreement is over.
    function _paid(Terms calldata terms, Cover calldata cover) private view returns (uint256) {
        _same(terms, cover);
        ICareEscrow.Account memory e = ESCROW.account(cover.agreement);
        if (e.state != ICareEscrow.State.Closed) revert AgreementNotOver();
        return CoverBounds.total(terms) - e.refunded;
    }

    function _layers(Terms calldata terms, Cover calldata cover) private pure returns (uint256, uint256) {
        return GuaranteeMath.layers(cover.profile == Profile.Promise, CoverBounds.total(terms), cover.sum);
    }

    /// @dev Only the pool's covers have a price on chain; an insurer's is between the insurer and the clinic.
    function _premium(Cover calldata cover, Rate calldata rate, bytes32 cell, bytes calldata backing)
        private
        returns (uint256)
    {
        if (cover.profile != Profile.Pool) return 0;
        if (rate.epoch != _epoch() || rate.table == 0 || tableOf[rate.epoch] != rate.table) {
            revert TableNotPosted(rate.epoch, rate.table);
        }
        bytes32 line = keccak256(abi.encode(RATE, rate.table, rate.epoch, cell, rate.ppm, rate.expense));
        if (!_signed(pricer, line, backing)) revert BackingNotSigned();
        CellRate memory c = rateOf[cell];
        if (c.epoch != rate.epoch) (c.before, c.epoch) = (c.ppm, rate.epoch);
        if (!GuaranteeMath.rateAllowed(c.before, rate.ppm)) revert RateOutOfBounds(c.before, rate.ppm);
        c.ppm = rate.ppm;
        rateOf[cell] = c;
        return GuaranteeMath.premium(cover.sum, rate.ppm, rate.expense);
    }

    function _lock(
        address clinic,
        Cover calldata cover,
        bytes32 id,
        uint256 price,
        uint256 premium,
        bytes calldata backing
    ) private {
        (uint256 firstLoss, uint256 backed) =
            GuaranteeMath.layers(cover.profile == Profile.Promise, price, cover.sum);
        BOND.lock(clinic, id, uint96(firstLoss));
        if (cover.profile == Profile.Insurer) {
            if (!insurerLicensed[cover.backer]) revert NotLicensed(cover.backer);
            if (!_signed(cover.backer, keccak256(abi.encode(POLICY, id)), backing)) revert BackingNotSigned();
            BOND.lock(cover.backer, id, uint96(backed));
        } else if (cover.profile == Profile.Pool) {
            POOL.underwrite(clinic, id, backed, premium);
        }
    }

    function _useGoodwill(address clinic, bytes32 person) private {
        uint256 from = goodwillFrom[clinic][person];
        if (block.timestamp < from) revert GoodwillUsed();
        goodwillFrom[clinic][person] = block.timestamp + GuaranteeMath.GOODWILL_PAUSE;
        if (++goodwillIn[clinic][_epoch()] > GuaranteeMath.MAX_GOODWILL) revert GoodwillUsed();
    }

    function _settle(Terms calldata terms, Cover calldata cover, bytes32 id, Account memory a) private {
        bool silent;
        (a, silent) = a.settle(_now());
        _accounts[id] = a;
        --openOf[terms.clinic][cover.person];
        uint256 paid = _paid(terms, cover);
        uint256 due = silent
            ? GuaranteeMath.dueInSilence(a.asked, paid, cover.sum, cover.goodwillBps, cover.silentBps)
            : GuaranteeMath.due(a.ruling, paid, cover.sum, cover.goodwillBps);
        (uint256 firstLoss,) = _layers(terms, cover);
        (uint256 fromBond, uint256 fromBacker) = GuaranteeMath.waterfall(due, firstLoss);
        fromBacker = _payFrom(terms, cover, id, fromBond, fromBacker);
        emit CoverSettled(id, a.ruling, silent, fromBond, fromBacker, due);
    }

    /// @dev Frees both layers and pays what is due from them. @return paid by whoever stands behind the clinic
    function _payFrom(Terms calldata terms, Cover calldata cover, bytes32 id, uint256 fromBond, uint256 fromBacker)
        private
        returns (uint256)
    {
        (uint256 firstLoss, uint256 backed) = _layers(terms, cover);
        BOND.release(terms.clinic, id, uint96(firstLoss), uint96(fromBond), terms.payout);
        if (cover.profile == Profile.Insurer) {
            BOND.release(cover.backer, id, uint96(backed), uint96(fromBacker), terms.payout);
        } else if (cover.profile == Profile.Pool) {
            return POOL.end(terms.clinic, id, backed, fromBacker, terms.payout);
        }
        return fromBacker;
    }

    /// @dev EOA or ERC-1271 signature over this contract's EIP-712 domain.
    function _signed(address signer, bytes32 structHash, bytes calldata signature) private view returns (bool) {
        return SignatureChecker.isValidSignatureNow(signer, _hashTypedDataV4(structHash), signature);
    }

    function _epoch() private view returns (uint256) {
        return block.timestamp / GuaranteeMath.EPOCH;
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp);
    }
}
