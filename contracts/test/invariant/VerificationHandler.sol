// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../../src/interfaces/IProviderVerification.sol";
import {Vm} from "../base/Vm.sol";
import {VerificationWorld} from "../base/VerificationWorld.sol";

/// @notice House, clinic, verifiers, jurors and challengers act in any order on one task after another, and time passes.
contract VerificationHandler is VerificationWorld {
    uint256 public id;
    string public broken;
    uint256 private _rank;
    bool private _fake;
    mapping(uint256 task => mapping(address verifier => bool)) private _answered;
    mapping(uint256 task => mapping(address verifier => bool)) private _accepted;
    /// Silent once, or overruled once.
    mapping(address verifier => bool) private _guilty;

    constructor() {
        setUp();
        _mint(clinic, 10_000 * FEE);
        _mint(challenger, 10_000 * DEPOSIT);
        _begin(false);
    }

    function _begin(bool fake) private {
        id = _ask();
        _fake = fake;
        _rank = 0;
    }

    function pass(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 3 days));
        _watch();
    }

    function prepare() external {
        vm.prank(house);
        try book.prepare(id, keccak256(abi.encode(id, FIRST)), _seal(id, _fake)) {} catch {}
        _watch();
    }

    function open() external {
        vm.prank(clinic);
        try book.openSecret(id, OWN) {} catch {}
        _watch();
    }

    function draw() external {
        try book.draw(id, FIRST) {} catch {}
        try book.convene(id, SECOND) {} catch {}
        _watch();
    }

    function answer(uint256 who, bool accepts) external {
        IProviderVerification.Check memory c = book.checkOf(id);
        address[] memory seats = book.seatsOf(id, c.round);
        if (seats.length == 0) return;
        _write(seats[who % seats.length], accepts);
        _watch();
    }

    function answerAll(uint256 accepting) external {
        address[] memory seats = book.seatsOf(id, book.checkOf(id).round);
        for (uint256 turn = 0; turn < 2; ++turn) {
            for (uint256 i = 0; i < seats.length; ++i) {
                _write(seats[i], i < accepting % 4);
            }
        }
        _watch();
    }

    function _write(address v, bool accepts) private {
        IProviderVerification.Attestation memory a =
            IProviderVerification.Attestation(v, accepts ? 0 : 5, uint40(START), "pages");
        bytes32 commitment = keccak256(abi.encode(_structHash(id, a), bytes32("salt")));
        bytes memory s = _signedBy(_keyOf(v), _structHash(id, a));
        vm.prank(v);
        try book.commitAnswer(id, commitment) {} catch {}
        try book.attest(id, a, "salt", s) {
            (_answered[id][v], _accepted[id][v]) = (true, accepts);
        } catch {}
    }

    function tally() external {
        vm.recordLogs();
        try book.tally(id) {} catch {}
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != IProviderVerification.Slashed.selector) continue;
            address v = address(uint160(uint256(logs[i].topics[2])));
            if (_mayLose(v)) _guilty[v] = true;
            else broken = "an honest answer was slashed";
        }
        _watch();
    }

    /// @dev Silent in the round that was counted, or overruled by the jury.
    function _mayLose(address v) private view returns (bool) {
        IProviderVerification.Check memory c = book.checkOf(id);
        return !_answered[id][v] || (c.overruled && _accepted[id][v] != c.accepted);
    }

    function challenge() external {
        vm.prank(challenger);
        try book.challenge(id, "grounds") {} catch {}
        _watch();
    }

    function finish(bool revoked) external {
        try book.unseal(id, _fake, SEAL_SALT) {} catch {}
        if (revoked) {
            vm.prank(regulator);
            try book.revoke(id) {} catch {}
        }
        try book.lapse(id) {} catch {}
        try book.expire(id) {} catch {}
        _watch();
    }

    function next(bool fake) external {
        if (book.checkOf(id).phase >= IProviderVerification.Phase.Standing) _begin(fake);
        try book.endow() {} catch {}
    }

    /// @dev Round and phase never go back (V2); nothing stands without two who accept (V4).
    function _watch() private {
        IProviderVerification.Check memory c = book.checkOf(id);
        uint256 rank = uint256(c.round) * 10 + uint8(c.phase);
        if (c.phase >= IProviderVerification.Phase.Unsealing) rank += 100;
        if (rank < _rank) broken = "went back";
        _rank = rank;
        bool over = c.phase >= IProviderVerification.Phase.Ended;
        if (over && book.heldFor(id) != 0) broken = "something is held after the end";
    }

    function sums() external {
        _addsUp();
    }

    function standsByTwo() external view returns (bool) {
        if (book.standingOf(clinic) != id) return true;
        uint256 accepting;
        uint256 jurors = book.seatsOf(id, 2).length;
        IProviderVerification.Check memory c = book.checkOf(id);
        if (jurors > 0) return c.accepts >= 2;
        accepting = c.round == 0 ? c.accepts : c.accepts + 1;
        return accepting >= 2 && !_fake;
    }

    /// @dev Free bond, credit and own locks of everybody who was neither silent nor overruled are never less than the
    /// bond they came with (V3).
    function honestKeepAll() external returns (bool) {
        for (uint256 i = 0; i < VERIFIERS; ++i) {
            address v = _verifier(i);
            if (_guilty[v]) continue;
            uint256 own = _freeBond(v) + _creditOf(v) + (_sits(v) ? LOCK : 0);
            if (own < 5 * LOCK) return false;
        }
        return true;
    }

    /// @dev A lock of the present task is open until the task is divided, or the jury has been counted.
    function _sits(address v) private view returns (bool) {
        for (uint8 round = 0; round < 3; ++round) {
            address[] memory seats = book.seatsOf(id, round);
            for (uint256 i = 0; i < seats.length; ++i) {
                if (seats[i] == v) return book.checkOf(id).phase < IProviderVerification.Phase.Standing;
            }
        }
        return false;
    }

    /// @dev Whether somebody could end the present task by time alone (V2).
    function endsByTime() external returns (bool) {
        for (uint256 turn = 0; turn < 4; ++turn) {
            vm.warp(block.timestamp + 400 days);
            try book.tally(id) {} catch {}
            try book.lapse(id) {} catch {}
            try book.expire(id) {} catch {}
        }
        return book.checkOf(id).phase >= IProviderVerification.Phase.Ended && book.heldFor(id) == 0;
    }
}
