// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {IArbitrator} from "./interfaces/IArbitrator.sol";
import {IAssessorPanel} from "./interfaces/IAssessorPanel.sol";
import {IAssessorPool} from "./interfaces/IAssessorPool.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {PanelMath} from "./base/PanelMath.sol";
import {PanelMoves} from "./base/PanelMoves.sol";
import {Relayed} from "./base/Relayed.sol";

/// @title See IAssessorPanel.
contract AssessorPanel is IAssessorPanel, Relayed {
    using PanelMoves for Case;

    struct Round {
        bytes32[3] commitments;
        bytes32[3] secrets;
        /// Commitment to how the pictures are laid out; 0: there are none.
        bytes32 layout;
        address[] members;
        mapping(address assessor => Vote) votes;
    }

    /// @dev Rulings 1 to 10,001 give 0 to 10,000 basis points back.
    uint256 private constant CHOICES = 10_001;
    bytes32 private constant FUND = 0;

    ICareEscrow public immutable ESCROW;
    IAssessorPool public immutable POOL;
    /// The settlement unit; disputes about other tokens are not heard here.
    address private immutable TOKEN;

    uint256 public disputes;
    mapping(uint256 id => Case) private _cases;
    mapping(uint256 id => Dispute_) private _disputes;
    mapping(uint256 id => mapping(uint256 round => Round)) private _rounds;
    mapping(bytes32 agreementAndMilestone => uint256 id) private _known;

    constructor(address authority, address forwarder, address unit, ICareEscrow escrow, IAssessorPool pool)
        Relayed(authority, forwarder)
    {
        (ESCROW, POOL, TOKEN) = (escrow, pool, unit);
        emit MetaEvidence(0, "zhenmei:dispute/1");
    }

    /// @inheritdoc IArbitrator
    /// @param extraData the agreement's terms, ABI-encoded
    function createDispute(uint256 choices, bytes calldata extraData) external returns (uint256 id) {
        Terms memory terms = _terms(extraData);
        address by = _msgSender();
        if (by != terms.patient && by != terms.clinic) revert NotParty(by);
        if (choices != CHOICES || terms.arbiter != address(this)) revert WrongTerms();
        if (terms.token != TOKEN) revert WrongTerms();
        if (!POOL.tagged(terms.clinic)) revert Untagged(terms.clinic);
        bytes32 agreement = keccak256(extraData);
        ICareEscrow.Account memory a = _account(agreement);
        if (a.state != ICareEscrow.State.Disputed) revert NotOpenHere();
        bytes32 key = keccak256(abi.encode(agreement, a.milestone));
        if (_known[key] != 0) revert AlreadyDone();
        id = ++disputes;
        _known[key] = id;
        Dispute_ storage d = _disputes[id];
        d.agreement = agreement;
        d.milestone = a.milestone;
        (d.patient, d.clinic, d.payout) = (terms.patient, terms.clinic, terms.payout);
        // a payout that names an account is a lender's book: a deposit is no refund, and goes back to her own purse
        if (uint256(terms.payout) >> 160 == 0) d.payout = _who(terms.patient);
        d.beacon = keccak256(abi.encode(block.prevrandao, block.number, agreement));
        uint256 amount = terms.milestones[a.milestone].amount;
        uint256 due = PanelMath.fee(amount);
        d.fee = uint88(due);
        _deposit(d, due, amount, by);
        Case memory c = PanelMoves.start(_now(), a.deadline);
        emit DisputeCreation(id, address(ESCROW));
        emit Dispute(this, id, 0, id);
        emit Opened(id, agreement, a.milestone, due, d.beacon);
        _keep(id, c, Phase.None);
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
    function commitSecret(uint256 id, bytes32 beacon, bytes32 commitment) external {
        Dispute_ storage d = _disputes[id];
        address by = _msgSender();
        if (by != d.patient && by != d.clinic) revert NotParty(by);
        _commitSecret(id, by == d.patient ? Side.Patient : Side.Clinic, beacon, commitment);
    }

    /// @inheritdoc IAssessorPanel
    function prepare(uint256 id, bytes32 beacon, bytes32 commitment, bytes32 layout) external restricted {
        uint8 round = _cases[id].round;
        _commitSecret(id, Side.House, beacon, commitment);
        _rounds[id][round].layout = layout;
    }

    /// @inheritdoc IAssessorPanel
    function openSecret(uint256 id, Side side, bytes32 secret) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Round storage r = _rounds[id][c.round];
        c = c.openSecret(_now(), _bit(side));
        bytes32 commitment = keccak256(abi.encode(id, c.round, side, _disputes[id].beacon, secret));
        if (commitment != r.commitments[uint8(side)]) revert WrongSecret();
        r.secrets[uint8(side)] = secret;
        emit SecretOpened(id, c.round, side, secret);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function draw(uint256 id) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        c = c.mayDraw(_now());
        Dispute_ storage d = _disputes[id];
        if (c.round == 0 && d.fee > 0 && d.fromClinic == 0) return _keep(id, c.forfeit(), before);
        Round storage r = _rounds[id][c.round];
        bytes32 seed = keccak256(abi.encode(d.beacon, r.secrets));
        address[] memory earlier = c.round == 0 ? new address[](0) : _rounds[id][0].members;
        address[] memory members;
        if (c.openedSecrets != 0) members = POOL.seat(seed, d.clinic, earlier, PanelMoves.wanted(c.round));
        c = c.draw(_now(), uint8(members.length));
        if (c.phase == Phase.Voting) {
            r.members = members;
            emit Drawn(id, c.round, seed, members, c.deadline);
        }
        _keep(id, c, before);
        if (c.phase == Phase.Failed) _end(id, 0, false);
    }

    /// @inheritdoc IAssessorPanel
    function commitVote(uint256 id, bytes32 commitment) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Vote storage v = _voteOfSeated(id, c.round);
        if (commitment == 0) revert WrongVote();
        if (v.commitment != 0) revert AlreadyDone();
        c = c.commitVote(_now());
        v.commitment = commitment;
        emit VoteCommitted(id, c.round, _msgSender(), commitment);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function revealVote(uint256 id, Finding finding, uint16 scores, bytes32 salt) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Vote storage v = _voteOfSeated(id, c.round);
        if (v.revealed) revert AlreadyDone();
        c = c.revealVote(_now());
        bytes32 commitment = keccak256(abi.encode(id, c.round, _msgSender(), finding, scores, salt));
        if (commitment != v.commitment || scores > 4_095) revert WrongVote();
        (v.revealed, v.finding, v.scores) = (true, finding, scores);
        _disputes[id].takers += 1;
        emit VoteRevealed(id, c.round, _msgSender(), finding, scores);
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function tally(uint256 id, bytes32 layoutSecret) external {
        Case memory c = _case(id);
        Phase before = c.phase;
        Round storage r = _rounds[id][c.round];
        bool pictures = r.layout != 0;
        bool known = !pictures || r.layout == keccak256(abi.encode(id, c.round, layoutSecret));
        c = c.mayTally(_now(), known);
        uint8[3] memory counted = _count(id, c.round, pictures, known, layoutSecret);
        c = c.tally(_now(), counted[0], counted[1], counted[2]);
        emit Tallied(id, c.round, uint256(counted[0]) + counted[1] + counted[2], c.refundBps);
        _keep(id, c, before);
        if (c.phase == Phase.Appealable) emit AppealPossible(id, address(ESCROW));
        if (c.phase == Phase.Failed) _end(id, 0, false);
    }

    /// @inheritdoc IArbitrator
    function appeal(uint256 id, bytes calldata extraData) external {
        if (extraData.length != 0) revert WrongTerms();
        Dispute_ storage d = _disputes[id];
        address by = _msgSender();
        if (by != d.patient && by != d.clinic) revert NotParty(by);
        Case memory c = _case(id);
        Phase before = c.phase;
        d.firstBps = c.refundBps;
        c = c.appeal(_now());
        uint256 due = PanelMath.appealFee(d.fee);
        d.forAppeal = uint88(due);
        d.appellant = by == d.patient ? Side.Patient : Side.Clinic;
        if (due > 0 && !POOL.take(_who(by), due)) {
            if (by != d.patient || !d.patientByFund || !POOL.take(FUND, due)) revert DepositMissing(due);
            d.appealByFund = true;
        }
        emit AppealDecision(id, address(ESCROW));
        _keep(id, c, before);
    }

    /// @inheritdoc IAssessorPanel
    function settle(uint256 id, bytes calldata terms) external {
        Dispute_ storage d = _disputes[id];
        if (keccak256(terms) != d.agreement) revert WrongTerms();
        Case memory c = _case(id);
        Phase before = c.phase;
        c = c.settle(_now());
        _keep(id, c, before);
        bool waiting = _waiting(d);
        _end(id, c.refundBps, waiting);
        if (!waiting) return;
        // `rule(terms, refundBps, end)`: the same encoding of the terms, whose hash is the agreement
        bytes memory head = abi.encode(uint256(0x60), c.refundBps, c.refundBps == PanelMath.BPS);
        Address.functionCall(address(ESCROW), bytes.concat(ICareEscrow.rule.selector, head, terms[32:]));
    }

    /// @inheritdoc IAssessorPanel
    function lapse(uint256 id) external {
        Case memory c = _case(id);
        if (c.phase == Phase.None || _waiting(_disputes[id])) revert NotInTime(c.end);
        _keep(id, c.fail(), Phase.None);
        _end(id, 0, false);
    }

    /// @inheritdoc IAssessorPanel
    function submitEvidence(uint256 id, bytes32 digest) external {
        Dispute_ storage d = _disputes[id];
        address by = _msgSender();
        if (by != d.patient && by != d.clinic) revert NotParty(by);
        if (!_case(id).live()) revert NotThisPhase(_case(id).phase);
        emit Evidence(this, id, by, Strings.toHexString(uint256(digest), 32));
    }

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata extraData) external view returns (uint256) {
        Terms memory terms = _terms(extraData);
        return PanelMath.fee(terms.milestones[_account(keccak256(extraData)).milestone].amount);
    }

    /// @inheritdoc IArbitrator
    function appealCost(uint256 id, bytes calldata) external view returns (uint256) {
        return PanelMath.appealFee(_disputes[id].fee);
    }

    /// @inheritdoc IArbitrator
    function appealPeriod(uint256 id) external view returns (uint256 from, uint256 until) {
        Case memory c = _case(id);
        if (c.phase == Phase.Appealable) return (c.deadline - PanelMoves.APPEAL_TIME, c.deadline);
    }

    /// @inheritdoc IArbitrator
    function disputeStatus(uint256 id) external view returns (DisputeStatus) {
        Case memory c = PanelMoves.roll(_case(id), _now());
        if (c.phase == Phase.Appealable) return DisputeStatus.Appealable;
        return c.live() && c.phase != Phase.Ruled ? DisputeStatus.Waiting : DisputeStatus.Solved;
    }

    /// @inheritdoc IArbitrator
    function currentRuling(uint256 id) external view returns (uint256) {
        Case memory c = _case(id);
        bool decided = c.round > 0 || c.phase == Phase.Appealable || c.phase == Phase.Ruled || c.phase == Phase.Settled;
        return decided ? uint256(c.refundBps) + 1 : 0;
    }

    /// @inheritdoc IAssessorPanel
    function caseOf(uint256 id) external view returns (Case memory) {
        return _case(id);
    }

    /// @inheritdoc IAssessorPanel
    function beaconOf(uint256 id) external view returns (bytes32) {
        return _disputes[id].beacon;
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

    /// @inheritdoc IAssessorPanel
    function panelOf(uint256 id, uint8 round) external view returns (address[] memory) {
        return _rounds[id][round].members;
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

    function _commitSecret(uint256 id, Side side, bytes32 beacon, bytes32 commitment) private {
        Case memory c = _case(id);
        Phase before = c.phase;
        c = c.commitSecret(_now(), _bit(side));
        // after a reorganisation the dispute's block is another one, and what was committed for the old is worth nothing
        if (beacon != _disputes[id].beacon) revert WrongBeacon(_disputes[id].beacon);
        _rounds[id][c.round].commitments[uint8(side)] = commitment;
        emit SecretCommitted(id, c.round, side, commitment);
        _keep(id, c, before);
    }

    function _voteOfSeated(uint256 id, uint8 round) private view returns (Vote storage) {
        Round storage r = _rounds[id][round];
        address by = _msgSender();
        if (!_among(by, r.members)) revert NotSeated(by);
        return r.votes[by];
    }

    /// @dev Counts what was revealed and takes from who revealed nothing.
    function _count(uint256 id, uint8 round, bool pictures, bool known, bytes32 layoutSecret)
        private
        returns (uint8[3] memory counted)
    {
        Round storage r = _rounds[id][round];
        address[] memory members = r.members;
        for (uint256 i = 0; i < members.length; ++i) {
            Vote storage v = r.votes[members[i]];
            if (!v.revealed) {
                uint256 taken = POOL.takeUpTo(_who(members[i]), PanelMath.SLASH);
                _disputes[id].slashed += uint88(taken);
                emit Slashed(id, members[i], taken);
                continue;
            }
            uint256 layout = uint256(keccak256(abi.encode(layoutSecret, members[i]))) & 127;
            // without the layout a vote on pictures says nothing
            bool counts = !pictures || (known && PanelMath.counts(v.scores, layout));
            uint256 bps = PanelMath.refund(uint256(v.finding), pictures && known, v.scores, layout);
            if (counts) counted[bps / 5_000] += 1;
            emit Assessed(id, round, members[i], counts, bps);
        }
    }

    /// @dev Everything that the dispute holds goes where it belongs, and everybody rises.
    function _end(uint256 id, uint16 refundBps, bool carriedOut) private {
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

    /// @dev The escrow still takes a ruling on this milestone.
    function _waiting(Dispute_ storage d) private view returns (bool) {
        ICareEscrow.Account memory a = _account(d.agreement);
        return a.state == ICareEscrow.State.Disputed && a.milestone == d.milestone && block.timestamp <= a.deadline;
    }

    function _account(bytes32 agreement) private view returns (ICareEscrow.Account memory) {
        return ESCROW.account(agreement);
    }

    function _case(uint256 id) private view returns (Case memory) {
        return _cases[id];
    }

    function _terms(bytes calldata extraData) private pure returns (Terms memory) {
        return abi.decode(extraData, (Terms));
    }

    function _keep(uint256 id, Case memory c, Phase before) private {
        _cases[id] = c;
        if (c.phase != before) emit PhaseChanged(id, c.round, c.phase, c.deadline);
    }

    function _who(address a) private pure returns (bytes32) {
        return bytes32(uint256(uint160(a)));
    }

    function _among(address a, address[] memory list) private pure returns (bool) {
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i] == a) return true;
        }
        return false;
    }

    function _bit(Side side) private pure returns (uint8) {
        return uint8(1) << uint8(side);
    }

    function _now() private view returns (uint40) {
        return uint40(block.timestamp);
    }
}
