// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../interfaces/IAssessorPanel.sol";
import {IAssessorPool} from "../interfaces/IAssessorPool.sol";
import {PanelMath} from "./PanelMath.sol";
import {PanelMoves} from "./PanelMoves.sol";
import {Relayed} from "./Relayed.sol";

/// @notice What a panel keeps of its cases, and the units that it takes, holds and gives back.
abstract contract PanelMoney is IAssessorPanel, Relayed {
    using PanelMoves for Case;

    struct Round {
        bytes32[3] commitments;
        bytes32[3] secrets;
        /// Commitment to how the pictures are laid out; 0: there are none.
        bytes32 layout;
        address[] members;
        mapping(address assessor => Vote) votes;
    }

    /// @dev What a panel needs to know of the matter before it.
    struct Matter {
        /// Hash of what was agreed: agreement or cover.
        bytes32 subject;
        /// The disputed milestone, or what a claim asks for.
        uint8 part;
        address patient;
        address clinic;
        bytes32 payout;
        uint256 amount;
        /// Last second in which a ruling can be carried out.
        uint40 end;
    }

    /// @dev Rulings 1 to 10,001 give 0 to 10,000 basis points to the patient.
    uint256 internal constant CHOICES = 10_001;
    bytes32 internal constant FUND = 0;

    IAssessorPool public immutable POOL;
    /// @dev What asks for rulings, in the words of ERC-792.
    address internal immutable ARBITRABLE;

    uint256 public disputes;
    mapping(uint256 id => Case) internal _cases;
    mapping(uint256 id => Dispute_) internal _disputes;
    mapping(uint256 id => mapping(uint256 round => Round)) internal _rounds;
    mapping(bytes32 subjectAndPart => uint256 id) internal _known;

    constructor(address authority, address forwarder, IAssessorPool pool, address arbitrable)
        Relayed(authority, forwarder)
    {
        (POOL, ARBITRABLE) = (pool, arbitrable);
    }

    /// @inheritdoc IAssessorPanel
    function join(uint256 id) external {
        Dispute_ storage d = _disputes[id];
        if (_msgSender() != d.clinic) revert NotParty(_msgSender());
        if (d.fromClinic > 0) revert AlreadyDone();
        Case memory c = _case(id);
        if (c.phase != Phase.Secrets && c.phase != Phase.Opening) revert NotThisPhase(c.phase);
        if (!POOL.take(_who(d.clinic), d.fee)) revert DepositMissing(d.fee);
        d.fromClinic = d.fee;
    }

    /// @inheritdoc IAssessorPanel
    function heldFor(uint256 id) external view returns (uint256) {
        Dispute_ storage d = _disputes[id];
        return uint256(d.fromPatient) + d.fromClinic + d.forAppeal + d.slashed;
    }

    /// @inheritdoc IAssessorPanel
    function disputeFor(bytes32 agreement, uint8 milestone) external view returns (uint256) {
        return _known[keccak256(abi.encode(agreement, milestone))];
    }

    /// @dev A ruling on this can still be carried out.
    function _waiting(Dispute_ storage d) internal view virtual returns (bool);

    function _begin(Matter memory m) internal returns (uint256 id) {
        address by = _msgSender();
        if (by != m.patient && by != m.clinic) revert NotParty(by);
        if (!POOL.tagged(m.clinic)) revert Untagged(m.clinic);
        bytes32 key = keccak256(abi.encode(m.subject, m.part));
        if (_known[key] != 0) revert AlreadyDone();
        id = ++disputes;
        _known[key] = id;
        Dispute_ storage d = _disputes[id];
        (d.agreement, d.milestone) = (m.subject, m.part);
        (d.patient, d.clinic, d.payout) = (m.patient, m.clinic, m.payout);
        // a payout that names an account is a lender's book: a deposit is no refund, and goes back to her own purse
        if (uint256(m.payout) >> 160 == 0) d.payout = _who(m.patient);
        d.beacon = keccak256(abi.encode(block.prevrandao, block.number, m.subject));
        uint256 due = PanelMath.fee(m.amount);
        d.fee = uint88(due);
        _deposit(d, due, m.amount, by);
        Case memory c = PanelMoves.start(_now(), m.end);
        emit DisputeCreation(id, ARBITRABLE);
        emit Dispute(this, id, 0, id);
        emit Opened(id, m.subject, m.part, due, d.beacon);
        _keep(id, c, Phase.None);
    }

    /// @dev The party that asks must put its part down. The fund stands in for a patient where little is at stake, and
    /// for one who was brought here by the clinic.
    function _deposit(Dispute_ storage d, uint256 due, uint256 amount, address by) private {
        if (due == 0) return;
        bool subsidised = amount <= PanelMath.SUBSIDISED || by == d.clinic;
        if (POOL.take(_who(d.patient), due)) {
            d.fromPatient = uint88(due);
        } else if (subsidised && POOL.take(FUND, due)) {
            (d.fromPatient, d.patientByFund) = (uint88(due), true);
        } else if (by == d.patient) {
            revert DepositMissing(due);
        }
        if (POOL.take(_who(d.clinic), due)) d.fromClinic = uint88(due);
        else if (by == d.clinic) revert DepositMissing(due);
    }

    /// @dev Everything that the dispute holds goes where it belongs, and everybody rises.
    function _end(uint256 id, uint16 refundBps, bool carriedOut) internal {
        Dispute_ storage d = _disputes[id];
        uint256 takers = d.takers;
        bool byPatient = d.appellant == Side.Patient;
        PanelMath.Deposits memory held =
            PanelMath.Deposits(d.fromPatient, d.fromClinic, d.forAppeal, d.slashed, d.firstBps, byPatient);
        (d.fromPatient, d.fromClinic, d.forAppeal, d.slashed) = (0, 0, 0, 0);
        (uint256 toPatient, uint256 toClinic, uint256 toAppellant, uint256 shared) =
            PanelMath.ending(held, refundBps, carriedOut, takers > 0);
        bytes32 clinics = _who(d.clinic);
        _return(id, d.patientByFund ? FUND : d.payout, toPatient);
        _return(id, clinics, toClinic);
        _return(id, !byPatient ? clinics : d.appealByFund ? FUND : d.payout, toAppellant);
        _share(id, shared, takers);
        emit CaseClosed(id, _cases[id].phase, refundBps, carriedOut);
    }

    /// @dev In equal parts to everybody who revealed a vote; what cannot be divided, or has no taker, to the fund.
    function _share(uint256 id, uint256 amount, uint256 takers) private {
        uint256 part = takers == 0 ? 0 : amount / takers;
        for (uint256 round = 0; round < 2; ++round) {
            Round storage r = _rounds[id][round];
            address[] memory members = r.members;
            POOL.rise(members);
            for (uint256 i = 0; i < members.length; ++i) {
                if (!r.votes[members[i]].revealed || part == 0) continue;
                POOL.give(_who(members[i]), part);
                emit Earned(id, members[i], part);
            }
        }
        POOL.give(FUND, amount - part * takers);
    }

    function _return(uint256 id, bytes32 who, uint256 amount) private {
        if (amount == 0) return;
        POOL.give(who, amount);
        emit Returned(id, who, amount);
    }

    function _keep(uint256 id, Case memory c, Phase before) internal {
        _cases[id] = c;
        if (c.phase != before) emit PhaseChanged(id, c.round, c.phase, c.deadline);
    }

    function _case(uint256 id) internal view returns (Case memory) {
        return _cases[id];
    }

    function _who(address a) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(a)));
    }

    function _now() internal view returns (uint40) {
        return uint40(block.timestamp);
    }
}
