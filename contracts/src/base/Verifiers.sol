// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVerifiers} from "../interfaces/IVerifiers.sol";
import {Lots} from "./Lots.sol";
import {Relayed} from "./Relayed.sol";
import {UnitTill} from "./UnitTill.sol";
import {VerificationMath} from "./VerificationMath.sol";

/// @title See IVerifiers.
abstract contract Verifiers is IVerifiers, Relayed, UnitTill {
    uint96 public pay;
    address[] private _roster;
    mapping(address verifier => Verifier) private _verifiers;
    mapping(address who => bytes32[3]) private _tags;

    /// @inheritdoc IVerifiers
    function admit(address verifier, bytes32[3] calldata tags, uint40 until) external restricted {
        Verifier storage v = _verifiers[verifier];
        if (v.place == 0) {
            if (_roster.length == Lots.MOST) revert RosterFull();
            _roster.push(verifier);
            v.place = uint16(_roster.length);
        }
        v.until = until;
        _tags[verifier] = tags;
        emit VerifierAdmitted(verifier, tags, until);
    }

    /// @inheritdoc IVerifiers
    function dismiss(address verifier) external restricted {
        uint16 place = _verifiers[verifier].place;
        if (place == 0) revert NothingThere();
        _verifiers[Lots.leave(_roster, place)].place = place;
        (_verifiers[verifier].place, _verifiers[verifier].until) = (0, 0);
        emit VerifierDismissed(verifier);
    }

    /// @inheritdoc IVerifiers
    function tag(address clinic, bytes32[3] calldata tags) external restricted {
        _tags[clinic] = tags;
        emit ClinicTagged(clinic, tags);
    }

    /// @inheritdoc IVerifiers
    function bondFor(address verifier, uint96 amount) external {
        if (amount == 0) revert NothingThere();
        _verifiers[verifier].bond += amount;
        emit Bonded(verifier, _msgSender(), amount);
        UNIT.collect(_msgSender(), amount);
    }

    /// @inheritdoc IVerifiers
    function unbond(uint96 amount) external {
        Verifier storage v = _verifiers[_msgSender()];
        if (amount == 0) revert NothingThere();
        if (v.bond < amount) revert BondTooSmall(v.bond);
        v.bond -= amount;
        emit Unbonded(_msgSender(), amount);
        _owe(_who(_msgSender()), 0, amount);
    }

    /// @inheritdoc IVerifiers
    function verifierOf(address verifier) external view returns (Verifier memory) {
        return _verifiers[verifier];
    }

    /// @inheritdoc IVerifiers
    function roster() external view returns (address[] memory) {
        return _roster;
    }

    /// @inheritdoc IVerifiers
    function eligible(address verifier, address clinic) external view returns (bool) {
        return _mayCheck(verifier, _tags[clinic], VerificationMath.lock(pay));
    }

    function _tagged(address who) internal view returns (bool) {
        return _tags[who][0] != 0;
    }

    /// @dev The first `size` of the roster, shuffled by `seed`, that may check this clinic and are not in `others`.
    /// @return seats empty if there are not so many
    function _seatAll(bytes32 seed, address clinic, address[] memory others, uint256 size, uint256 lock)
        internal
        returns (address[] memory seats)
    {
        address[] memory left = _roster;
        bytes32[3] memory near = _tags[clinic];
        seats = new address[](size);
        uint256 found;
        for (uint256 turn = 0; turn < left.length && found < size; ++turn) {
            address candidate = Lots.next(left, seed, turn);
            if (Lots.among(candidate, others) || !_mayCheck(candidate, near, lock)) continue;
            seats[found++] = candidate;
        }
        if (found < size) return new address[](0);
        for (uint256 i = 0; i < size; ++i) {
            _verifiers[seats[i]].bond -= uint96(lock);
        }
    }

    function _unlock(address verifier, uint256 amount) internal {
        _verifiers[verifier].bond += uint96(amount);
    }

    /// @dev A seeded fake was answered.
    function _measure(address verifier, bool missed) internal {
        Verifier storage v = _verifiers[verifier];
        v.checks += 1;
        if (missed) v.misses += 1;
        emit Measured(verifier, v.checks, v.misses, VerificationMath.suspended(v.checks, v.misses));
    }

    function _mayCheck(address verifier, bytes32[3] memory near, uint256 lock) private view returns (bool) {
        Verifier memory v = _verifiers[verifier];
        if (v.place == 0 || v.until < block.timestamp || v.bond < lock) return false;
        if (VerificationMath.suspended(v.checks, v.misses)) return false;
        return Lots.apart(_tags[verifier], near);
    }

    function _who(address a) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(a)));
    }
}
