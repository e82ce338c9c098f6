// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Milestone, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {World} from "../base/World.sol";

/// @notice Every party does what it may, in any order, with two tokens and a token that blocks people. Nothing here
/// may revert: what would be refused is not tried (the trees show the refusals).
contract EscrowHandler is World {
    uint256 internal constant MAX_AGREEMENTS = 24;

    // encoded: terms hold lists of structs, which cannot be copied to storage
    bytes[] private _all;
    mapping(address token => uint256) public paidIn;
    mapping(address token => uint256) public paidOut;
    mapping(bytes32 id => uint256) public feeOf;
    mapping(bytes32 id => uint256) public clinicOf;
    mapping(bytes32 id => uint256) public patientOf;
    mapping(bytes32 id => uint256) private _rank;
    uint256 public calls;
    string public broken;

    constructor() {
        setUp();
    }

    function tokens() public view returns (address, address) {
        return (address(unit), address(coin));
    }

    function parties() public view returns (CareEscrowParties memory) {
        return CareEscrowParties(address(escrow), clinic, feeTo, patient);
    }

    struct CareEscrowParties {
        address escrow;
        address clinic;
        address feeTo;
        address patient;
    }

    function count() external view returns (uint256) {
        return _all.length;
    }

    function terms(uint256 i) external view returns (Terms memory) {
        return _at(i);
    }

    function _at(uint256 i) private view returns (Terms memory) {
        return abi.decode(_all[i], (Terms));
    }

    /// @dev Everything credited to an agreement is seen as the difference of the three credits around the act.
    modifier acts(uint256 seed) {
        if (_all.length == 0) return;
        calls++;
        Terms memory t = _at(seed % _all.length);
        bytes32 id = _id(t);
        uint256[3] memory before = _credits(t);
        _;
        uint256[3] memory afterwards = _credits(t);
        clinicOf[id] += afterwards[0] - before[0];
        feeOf[id] += afterwards[1] - before[1];
        patientOf[id] += afterwards[2] - before[2];
        _monotone(id);
    }

    function _credits(Terms memory t) private view returns (uint256[3] memory) {
        return [_owed(t.token, _as(clinic)), _owed(t.token, _as(feeTo)), _owed(t.token, t.payout)];
    }

    /// @dev I5: (milestone, state) only grows; Closed is the end.
    function _monotone(bytes32 id) private {
        ICareEscrow.Account memory a = escrow.account(id);
        uint256 rank = a.state == ICareEscrow.State.Closed
            ? type(uint256).max
            : uint256(a.milestone) * 10 + (uint8(a.state) > 4 ? 2 : uint256(uint8(a.state)));
        if (rank < _rank[id]) broken = "I5: went back";
        _rank[id] = rank;
    }

    function _present(uint256 seed) private view returns (Terms memory t, ICareEscrow.Account memory a) {
        t = _at(seed % _all.length);
        a = escrow.account(_id(t));
    }

    function _due(Terms memory t, ICareEscrow.Account memory a) private pure returns (uint256) {
        return t.milestones[a.milestone].dueBy;
    }

    function openOne(uint256 seed, uint88 amount, uint8 n, bool coin_) external {
        if (_all.length >= MAX_AGREEMENTS) return;
        Terms memory t = _terms();
        t.salt = bytes32(_all.length);
        t.payout = PAYOUT;
        t.feeBps = uint16(seed % 501);
        t.defaultSplitBps = uint16(seed % 10_001);
        t.coolingOff = uint32(seed % 8 days);
        t.openBy = uint40(block.timestamp);
        t.milestones = new Milestone[](bound(n, 1, 4));
        uint256 from = block.timestamp + t.coolingOff;
        for (uint256 i = 0; i < t.milestones.length; ++i) {
            uint88 part = uint88(bound(uint256(keccak256(abi.encode(amount, i))), 1, 1e12));
            t.milestones[i] = Milestone(part, uint40(from + 10 days), 2 days, i % 2 == 0);
            from += 13 days;
        }
        if (coin_) {
            t.token = address(coin);
            t.payout = _as(patient);
            coin.setBlocked(patient, false);
            coin.mint(patient, _total(t));
            vm.prank(patient);
            coin.approve(address(escrow), _total(t));
        }
        _all.push(abi.encode(t));
        _open(t);
        paidIn[t.token] += _total(t);
        _rank[_id(t)] = 1;
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + bound(time, 1, 6 days));
    }

    function cancel(uint256 seed) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state != ICareEscrow.State.Active) return;
        bool cooling = block.timestamp < a.deadline;
        vm.prank(patient);
        escrow.cancel(t);
        // I8
        if (cooling && escrow.account(_id(t)).refunded != _total(t)) broken = "I8: cooling-off cost something";
    }

    function providerCancel(uint256 seed) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state == ICareEscrow.State.Disputed || a.state == ICareEscrow.State.Closed) return;
        vm.prank(clinic);
        escrow.providerCancel(t);
    }

    function claim(uint256 seed) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state != ICareEscrow.State.Active) return;
        if (block.timestamp < a.deadline || block.timestamp > _due(t, a)) return;
        _claim(t, a.milestone);
    }

    function accept(uint256 seed) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state != ICareEscrow.State.Claimed) return;
        vm.prank(patient);
        escrow.accept(t);
    }

    function timeOut(uint256 seed) external acts(seed) {
        _timeOut(seed);
    }

    /// @return true if time alone allowed a step
    function _timeOut(uint256 seed) private returns (bool) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state == ICareEscrow.State.Active && block.timestamp > _due(t, a)) escrow.expire(t);
        else if (a.state == ICareEscrow.State.Claimed && block.timestamp > a.deadline) escrow.release(t);
        else if (a.state == ICareEscrow.State.Disputed && block.timestamp > a.deadline) escrow.settleSilent(t);
        else if (_reported(a) && block.timestamp > a.deadline) escrow.settleAbsence(t);
        else return false;
        return true;
    }

    function dispute(uint256 seed, bool byClinic) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state == ICareEscrow.State.Claimed || _reported(a)) {
            if (block.timestamp > a.deadline) return;
            if (_reported(a)) byClinic = a.state == ICareEscrow.State.ClinicAbsent;
        } else if (a.state == ICareEscrow.State.Active) {
            if (block.timestamp < a.deadline || block.timestamp > _due(t, a)) return;
        } else {
            return;
        }
        vm.prank(byClinic ? clinic : patient);
        escrow.dispute(t);
    }

    function absent(uint256 seed, bool byClinic) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state != ICareEscrow.State.Active || !t.milestones[a.milestone].performed) return;
        if (block.timestamp < a.deadline || block.timestamp > _due(t, a)) return;
        vm.prank(byClinic ? clinic : patient);
        byClinic ? escrow.patientAbsent(t) : escrow.clinicAbsent(t);
        // a report alone moves nothing
        if (escrow.account(_id(t)).held != a.held) broken = "I3: a report moved money";
    }

    function _reported(ICareEscrow.Account memory a) private pure returns (bool) {
        return a.state == ICareEscrow.State.PatientAbsent || a.state == ICareEscrow.State.ClinicAbsent;
    }

    function rule(uint256 seed, uint16 refundBps, bool end) external acts(seed) {
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state != ICareEscrow.State.Disputed || block.timestamp > a.deadline) return;
        vm.prank(arbiter);
        escrow.rule(t, uint16(bound(refundBps, 0, 10_000)), end);
    }

    function split(uint256 seed, uint88 refund) external acts(seed) {
        if (seed % 4 != 0) return; // rare, or nothing else would ever happen
        (Terms memory t, ICareEscrow.Account memory a) = _present(seed);
        if (a.state == ICareEscrow.State.Closed) return;
        refund = uint88(bound(refund, 0, a.held));
        bytes memory byPatient = _splitSigned(PATIENT_KEY, t, refund, a.milestone);
        escrow.split(t, refund, byPatient, _splitSigned(CLINIC_KEY, t, refund, a.milestone));
    }

    function withdraw(uint256 seed, uint8 who, bool coin_) external {
        address token = coin_ ? address(coin) : address(unit);
        bytes32 key = who % 3 == 0 ? _as(clinic) : who % 3 == 1 ? _as(feeTo) : coin_ ? _as(patient) : PAYOUT;
        _withdraw(token, key);
        seed;
    }

    /// @dev I9: a blocked party cannot withdraw, everybody else can.
    function _withdraw(address token, bytes32 key) private {
        uint256 owed = _owed(token, key);
        address to = address(uint160(uint256(key)));
        if (owed == 0 || (token == address(coin) && coin.blocked(to))) return;
        paidOut[token] += escrow.withdraw(token, key);
    }

    function block_(uint8 who, bool is_) external {
        coin.setBlocked(who % 3 == 0 ? clinic : who % 3 == 1 ? feeTo : patient, is_);
    }

    function donate(uint16 amount) external {
        coin.mint(address(escrow), amount);
        donated += amount;
    }

    uint256 public donated;

    /// @notice I6: from wherever the run ended, time and a stranger bring everything to its end, and all money out.
    function finish() external {
        for (uint256 round = 0; round < 12; ++round) {
            vm.warp(block.timestamp + 100 days);
            for (uint256 i = 0; i < _all.length; ++i) {
                _timeOut(i);
            }
        }
        for (uint256 i = 0; i < _all.length; ++i) {
            if (escrow.account(_id(_at(i))).state != ICareEscrow.State.Closed) broken = "I6: stuck";
        }
        coin.setBlocked(clinic, false);
        coin.setBlocked(feeTo, false);
        coin.setBlocked(patient, false);
        for (uint256 i = 0; i < 2; ++i) {
            address token = i == 0 ? address(unit) : address(coin);
            _withdraw(token, _as(clinic));
            _withdraw(token, _as(feeTo));
            _withdraw(token, i == 0 ? PAYOUT : _as(patient));
        }
        if (unit.totalSupply() != 0) broken = "units left";
        if (coin.balanceOf(address(escrow)) != donated) broken = "coins left";
    }
}
