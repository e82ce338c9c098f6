// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAbsencePledge} from "../../src/interfaces/IAbsencePledge.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {PledgeWorld} from "../base/PledgeWorld.sol";

/// @notice Clinic, patient, arbiter and strangers do what they may around pledges, in any order. Nothing here may
/// revert: what would be refused is not tried (the tree shows the refusals).
contract PledgeHandler is PledgeWorld {
    uint256 private constant MAX = 20;

    struct Known {
        bytes terms;
        uint96 sum;
        /// The milestone of the last report that was seen, and whether the clinic has objected since.
        uint8 milestone;
        bool seen;
        bool objected;
        bool divided;
        uint256 got;
    }

    Known[] private _all;
    mapping(uint256 i => uint256) private _rank;
    uint256 private _opened;
    uint256 public donated;
    string public broken;

    constructor() {
        setUp();
    }

    function _closedLoop() internal pure override returns (bool) {
        return false;
    }

    function parts() external view returns (address, address, address, address) {
        return (address(bond), address(book), address(coin), address(escrow));
    }

    function clinicOf() external view returns (address) {
        return clinic;
    }

    function count() external view returns (uint256) {
        return _all.length;
    }

    function at(uint256 i) public view returns (Terms memory t, Known memory k) {
        k = _all[i];
        return (abi.decode(k.terms, (Terms)), k);
    }

    /// @dev What an act credits belongs to the agreement it is about; states only go forward.
    modifier about(uint256 seed) {
        if (_all.length == 0) return;
        uint256 i = seed % _all.length;
        (Terms memory t,) = at(i);
        uint256 before = bond.credit(t.payout);
        _;
        _all[i].got += bond.credit(t.payout) - before;
        uint256 rank = uint8(_pledgeOf(t).state);
        // a note may be wiped; nothing else goes back
        if (rank == 1 && _rank[i] == 2) rank = 1;
        else if (rank < _rank[i]) broken = "a pledge went back";
        _rank[i] = rank;
    }

    function _picked(uint256 seed) private view returns (uint256 i, Terms memory t, ICareEscrow.Account memory e) {
        i = seed % _all.length;
        (t,) = at(i);
        e = _account(t);
    }

    function _stands(Terms memory t) private view returns (bool) {
        uint8 s = uint8(_pledgeOf(t).state);
        return s == uint8(IAbsencePledge.State.Standing) || s == uint8(IAbsencePledge.State.Reported);
    }

    function open(uint96 sum) external {
        if (_all.length >= MAX) return;
        Terms memory t = _terms();
        t.salt = bytes32(++_opened);
        t.openBy = uint40(block.timestamp);
        t.coolingOff = 0;
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy = uint40(block.timestamp + 20 days * (i + 1));
            t.milestones[i].performed = true;
        }
        t = _payable(t);
        _open(t);
        sum = uint96(bound(sum, 1, TOTAL));
        if (_bond().total - _bond().locked < sum) _depositBond(1_000_000);
        _pledge(t, sum);
        _rank[_all.length] = 1;
        _all.push(Known(abi.encode(t), sum, 0, false, false, false, 0));
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + time % 3 days);
    }

    function report(uint256 seed, bool carried) external about(seed) {
        (uint256 i, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.Active || block.timestamp > t.milestones[e.milestone].dueBy) return;
        (_all[i].objected, _all[i].seen) = (false, carried && _stands(t));
        _all[i].milestone = e.milestone;
        if (_all[i].seen) {
            book.carry(_request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t))), t);
        } else {
            vm.prank(patient);
            escrow.clinicAbsent(t);
        }
    }

    function reportPatient(uint256 seed) external about(seed) {
        (, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.Active || block.timestamp > t.milestones[e.milestone].dueBy) return;
        vm.prank(clinic);
        escrow.patientAbsent(t);
    }

    function object(uint256 seed, bool carried) external about(seed) {
        (uint256 i, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.ClinicAbsent || block.timestamp > e.deadline) return;
        _all[i].objected = true;
        if (carried && _stands(t)) {
            book.carry(_request(CLINIC_KEY, address(escrow), abi.encodeCall(escrow.dispute, (t))), t);
        } else {
            _object(t);
        }
    }

    function witness(uint256 seed) external about(seed) {
        if (_all.length == 0) return;
        (uint256 i, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (!_stands(t)) return;
        book.witness(t);
        if (e.state == ICareEscrow.State.ClinicAbsent) _all[i].seen = true;
    }

    function treat(uint256 seed) external about(seed) {
        (, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.Active || block.timestamp > t.milestones[e.milestone].dueBy) return;
        _claim(t, e.milestone);
        vm.prank(patient);
        escrow.accept(t);
    }

    function rule(uint256 seed, uint16 refundBps, bool end) external about(seed) {
        (, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.Disputed || block.timestamp > e.deadline) return;
        vm.prank(arbiter);
        escrow.rule(t, refundBps % 10_001, end);
    }

    /// @dev After an objection both sides sign only once it was seen: the clinic looks before it signs.
    function split(uint256 seed, uint88 refund) external about(seed) {
        (uint256 i, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.Disputed && e.state != ICareEscrow.State.ClinicAbsent) return;
        if (e.state == ICareEscrow.State.Disputed && _stands(t)) book.witness(t);
        refund = uint88(bound(refund, 0, e.held));
        _all[i].divided = refund < e.held;
        escrow.split(
            t,
            refund,
            _splitSigned(PATIENT_KEY, t, refund, e.milestone),
            _splitSigned(CLINIC_KEY, t, refund, e.milestone)
        );
    }

    function cancel(uint256 seed, bool byPatient) external about(seed) {
        (, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (e.state != ICareEscrow.State.Active && (byPatient || e.state != ICareEscrow.State.ClinicAbsent)) return;
        vm.prank(byPatient ? patient : clinic);
        byPatient ? escrow.cancel(t) : escrow.providerCancel(t);
    }

    /// @dev Somebody ends the agreement without the book.
    function endAgreement(uint256 seed) external about(seed) {
        (, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        _end(t, e);
    }

    function _end(Terms memory t, ICareEscrow.Account memory e) private {
        if (e.state == ICareEscrow.State.Active) {
            if (block.timestamp > t.milestones[e.milestone].dueBy) escrow.expire(t);
        } else if (e.state != ICareEscrow.State.Closed && block.timestamp > e.deadline) {
            e.state == ICareEscrow.State.Disputed ? escrow.settleSilent(t) : escrow.settleAbsence(t);
        }
    }

    function settle(uint256 seed) external about(seed) {
        (, Terms memory t, ICareEscrow.Account memory e) = _picked(seed);
        if (!_stands(t)) return;
        bool over = e.state == ICareEscrow.State.ClinicAbsent && block.timestamp > e.deadline;
        if (!over && e.state != ICareEscrow.State.Closed) return;
        book.settle(t);
    }

    function reclaim(uint96 amount) external {
        uint256 most = _bond().total - _bond().locked;
        if (most == 0) return;
        vm.prank(clinic);
        bond.reclaim(address(book), uint96(bound(amount, 1, most)));
    }

    function payOut() external {
        if (bond.credit(_as(patient)) > 0) bond.payOut(_as(patient));
    }

    function donate(uint32 amount) external {
        coin.mint(address(bond), amount);
        donated += amount;
    }

    /// @dev Time alone, and whoever calls, ends every pledge.
    function finish() external {
        vm.warp(block.timestamp + 3650 days);
        for (uint256 i = 0; i < _all.length; ++i) {
            (, Terms memory t, ICareEscrow.Account memory e) = _picked(i);
            _end(t, e);
            if (_stands(t)) book.settle(t);
        }
        if (_bond().locked != 0) broken = "a bond stays locked";
    }
}
