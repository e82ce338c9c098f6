// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC2771Context} from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAbsencePledge} from "./interfaces/IAbsencePledge.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {IClinicBond} from "./interfaces/IClinicBond.sol";
import {ForwardRequestData, IForwarder} from "./interfaces/IForwarder.sol";
import {CoverBounds} from "./base/CoverBounds.sol";
import {PledgeMoves} from "./base/PledgeMoves.sol";
import {TermsHash} from "./base/TermsHash.sol";

/// @dev The part of the escrow that tells which token is the closed loop's.
interface IClosedLoopOf {
    function SETTLEMENT_UNIT() external view returns (address);
}

/// @title See IAbsencePledge.
contract AbsencePledge is IAbsencePledge, ERC2771Context, ReentrancyGuardTransient {
    using PledgeMoves for Account;

    ICareEscrow public immutable ESCROW;
    IClinicBond public immutable BOND;
    address public immutable TOKEN;
    bool private immutable CLOSED_LOOP;

    mapping(bytes32 id => Account) private _accounts;

    constructor(address forwarder, ICareEscrow escrow, IClinicBond bond, address token) ERC2771Context(forwarder) {
        ESCROW = escrow;
        BOND = bond;
        TOKEN = token;
        CLOSED_LOOP = IClosedLoopOf(address(escrow)).SETTLEMENT_UNIT() == token;
    }

    /// @inheritdoc IAbsencePledge
    function pledge(Terms calldata terms, uint96 sum) external nonReentrant {
        if (_msgSender() != terms.clinic) revert NotThisParty(_msgSender());
        if (terms.token != TOKEN) revert AnotherToken(terms.token);
        // a payout that names an account is a lender's book: what is paid to it is not the patient's
        if (CLOSED_LOOP && uint256(terms.payout) >> 160 == 0) revert PledgeOutOfBounds("payout");
        (bytes32 id, Account memory p, ICareEscrow.Account memory e) = _load(terms);
        _accounts[id] = p.pledge(e, sum, CoverBounds.total(terms));
        emit Pledged(id, terms.clinic, sum);
        BOND.lock(terms.clinic, id, sum);
    }

    /// @inheritdoc IAbsencePledge
    function witness(Terms calldata terms) external nonReentrant {
        _witness(terms);
    }

    /// @inheritdoc IAbsencePledge
    function carry(ForwardRequestData calldata request, Terms calldata terms) external nonReentrant {
        if (request.to != address(ESCROW)) revert AnotherContract(request.to);
        IForwarder(trustedForwarder()).execute(request);
        _witness(terms);
    }

    /// @inheritdoc IAbsencePledge
    function settle(Terms calldata terms) external nonReentrant {
        (bytes32 id, Account memory p, ICareEscrow.Account memory e) = _load(terms);
        bool absent;
        (p, absent) = p.settle(e, uint40(block.timestamp));
        _accounts[id] = p;
        uint96 paid = p.state == State.Paid ? p.sum : 0;
        emit Settled(id, paid);
        if (absent) ESCROW.settleAbsence(terms);
        BOND.release(terms.clinic, id, p.sum, paid, terms.payout);
    }

    /// @inheritdoc IAbsencePledge
    function account(bytes32 id) external view returns (Account memory) {
        return _accounts[id];
    }

    function _witness(Terms calldata terms) private {
        (bytes32 id, Account memory p, ICareEscrow.Account memory e) = _load(terms);
        State before = p.state;
        p = p.witness(e);
        _accounts[id] = p;
        if (p.state != before) emit Witnessed(id, p.state == State.Reported);
    }

    function _load(Terms calldata terms)
        private
        view
        returns (bytes32 id, Account memory p, ICareEscrow.Account memory e)
    {
        id = TermsHash.idOf(terms);
        p = _accounts[id];
        e = ESCROW.account(id);
    }
}
