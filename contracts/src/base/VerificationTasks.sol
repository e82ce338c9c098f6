// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../interfaces/IProviderVerification.sol";
import {VerificationMath} from "./VerificationMath.sol";
import {Verifiers} from "./Verifiers.sol";

/// @notice The tasks of IProviderVerification: who sits, what each holds, and where it goes in the end.
abstract contract VerificationTasks is IProviderVerification, Verifiers {
    struct Task {
        Check check;
        address clinic;
        /// What a verifier gets, pinned when the clinic asked.
        uint96 pay;
        address challenger;
        /// Units held for this task.
        uint96 held;
        bytes32 subject;
        bytes32 clinicSecret;
        bytes32 houseSecret;
        bytes32 beacon;
        bytes32 seal;
        bytes32 seed;
        bytes32 grounds;
        address[][3] seats;
        /// Nobody sits twice, in no round of the same task.
        mapping(address verifier => Seat) answers;
    }

    /// What seeded fakes cost the house comes back to this account.
    address public immutable HOUSE;

    uint256 public tasks;
    mapping(address clinic => uint256 id) public lastOf;
    /// Units that silent and wrong verifiers lost, on their way to the fund.
    uint256 public lost;
    mapping(address clinic => uint256 id) internal _standing;
    mapping(uint256 id => Task) internal _tasks;

    constructor(address house) {
        HOUSE = house;
    }

    /// @dev Only the house's word says whether a task was a fake, and it gave that word before anybody was drawn.
    /// @param opened the house opened it; otherwise nothing stands and nothing waits
    function _divide(uint256 id, Check memory c, bool opened) internal {
        Task storage t = _tasks[id];
        address[] memory seats = _answerers(t);
        uint256 wrong;
        for (uint256 i = 0; i < seats.length; ++i) {
            if (_wrong(t, c, seats[i])) {
                ++wrong;
                continue;
            }
            _release(id, seats[i]);
            bool fooled = c.phase == Phase.Exposed && t.answers[seats[i]].accepts;
            bool whole = !opened || (c.phase == Phase.Exposed && !fooled);
            uint256 first = VerificationMath.half(t.pay);
            _pay(id, _who(seats[i]), whole ? t.pay : first);
            if (fooled) _lose(id, t.pay - first);
        }
        (, uint256 toFund, uint256 toHouse, uint256 toClinic) =
            VerificationMath.division(t.pay, seats.length, wrong, opened);
        _lose(id, toFund);
        _pay(id, _who(HOUSE), toHouse);
        _pay(id, _who(t.clinic), toClinic);
    }

    /// @dev Who answered is paid and keeps its bond; who was silent loses what was locked.
    /// @param fromSilent the pay comes from the silent, not from a loser's deposit
    function _settleSeats(uint256 id, address[] memory seats, uint256 silent, bool fromSilent) internal {
        Task storage t = _tasks[id];
        for (uint256 i = 0; i < seats.length; ++i) {
            if (t.answers[seats[i]].revealed) {
                _release(id, seats[i]);
                _pay(id, _who(seats[i]), t.pay);
            } else {
                emit Slashed(id, seats[i], VerificationMath.lock(t.pay));
            }
        }
        uint256 answered = fromSilent ? seats.length - silent : 0;
        _lose(id, VerificationMath.afterSilence(t.pay, silent, answered));
    }

    /// @return how many were seated: `size` or none
    function _seat(uint256 id, uint256 round, bytes32 seed, uint256 size) internal returns (uint256) {
        Task storage t = _tasks[id];
        address[] memory earlier = _answerers(t);
        address[] memory others = new address[](earlier.length + 1);
        for (uint256 i = 0; i < earlier.length; ++i) {
            others[i] = earlier[i];
        }
        others[earlier.length] = t.challenger;
        uint256 lock = VerificationMath.lock(t.pay);
        address[] memory seats = _seatAll(seed, t.clinic, others, size, lock);
        t.seats[round] = seats;
        t.held += uint96(seats.length * lock);
        emit Drawn(id, round, seed, seats);
        return seats.length;
    }

    /// @dev Everybody who was drawn before a challenge.
    function _answerers(Task storage t) internal view returns (address[] memory all) {
        address[] memory pair = t.seats[0];
        address[] memory third = t.seats[1];
        all = new address[](pair.length + third.length);
        for (uint256 i = 0; i < pair.length; ++i) {
            all[i] = pair[i];
        }
        if (third.length > 0) all[pair.length] = third[0];
    }

    function _wrong(Task storage t, Check memory c, address verifier) internal view returns (bool) {
        return c.overruled && t.answers[verifier].accepts != c.accepted;
    }

    function _release(uint256 id, address verifier) internal {
        uint256 amount = VerificationMath.lock(_tasks[id].pay);
        _tasks[id].held -= uint96(amount);
        _unlock(verifier, amount);
    }

    function _pay(uint256 id, bytes32 who, uint256 amount) internal {
        _tasks[id].held -= uint96(amount);
        _owe(who, bytes32(id), amount);
    }

    function _lose(uint256 id, uint256 amount) internal {
        _tasks[id].held -= uint96(amount);
        lost += amount;
    }

    function _check(uint256 id) internal view returns (Check memory) {
        return _tasks[id].check;
    }

    function _keep(uint256 id, Check memory c) internal {
        _tasks[id].check = c;
        emit PhaseChanged(id, c.round, c.phase, c.accepted, c.deadline);
    }

    function _now() internal view returns (uint40) {
        return uint40(block.timestamp);
    }
}
