// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPool} from "./interfaces/IAssessorPool.sol";
import {ISettlementUnit} from "./interfaces/ISettlementUnit.sol";
import {Lots} from "./base/Lots.sol";
import {PanelMath} from "./base/PanelMath.sol";
import {Relayed} from "./base/Relayed.sol";

/// @title See IAssessorPool.
contract AssessorPool is IAssessorPool, Relayed {
    struct Entry {
        uint40 until;
        /// Place in the pool plus one.
        uint16 place;
        /// Open disputes in which it sits.
        uint16 seats;
        /// Panels with known pictures, and those in which it saw them as they are.
        uint32 looks;
        uint32 right;
    }

    ISettlementUnit public immutable SETTLEMENT_UNIT;
    uint256 public aside;
    address[] private _pool;
    mapping(address who => Entry) private _entries;
    mapping(address who => bytes32[3]) private _tags;
    mapping(bytes32 who => uint256) public purse;

    constructor(address authority, address forwarder, ISettlementUnit unit) Relayed(authority, forwarder) {
        SETTLEMENT_UNIT = unit;
    }

    /// @inheritdoc IAssessorPool
    function admit(address assessor, bytes32[3] calldata tags, uint40 until) external restricted {
        Entry storage e = _entries[assessor];
        if (e.place == 0) {
            if (_pool.length == Lots.MOST) revert PoolFull();
            _pool.push(assessor);
            e.place = uint16(_pool.length);
        }
        (e.until, e.looks, e.right) = (until, 0, 0);
        _tags[assessor] = tags;
        emit Tagged(assessor, tags);
        emit AssessorAdmitted(assessor, until);
    }

    /// @inheritdoc IAssessorPool
    function dismiss(address assessor) external restricted {
        uint16 place = _entries[assessor].place;
        if (place == 0) revert NothingThere();
        _entries[Lots.leave(_pool, place)].place = place;
        (_entries[assessor].place, _entries[assessor].until) = (0, 0);
        emit AssessorDismissed(assessor);
    }

    /// @inheritdoc IAssessorPool
    function tag(address who, bytes32[3] calldata tags) external restricted {
        _tags[who] = tags;
        emit Tagged(who, tags);
    }

    /// @inheritdoc IAssessorPool
    function fundFor(bytes32 who, uint256 amount) external {
        if (amount == 0) revert NothingThere();
        purse[who] += amount;
        emit Funded(who, _msgSender(), amount);
        SETTLEMENT_UNIT.collect(_msgSender(), amount);
    }

    /// @inheritdoc IAssessorPool
    function withdraw(bytes32 who, uint256 amount) external {
        if (uint256(who) >> 160 == 0) {
            address owner = address(uint160(uint256(who)));
            if (_msgSender() != owner) revert NotOwner(_msgSender());
            if (_entries[owner].seats > 0) revert SeatedStill();
        }
        if (amount == 0) revert NothingThere();
        if (purse[who] < amount) revert PurseTooSmall(amount);
        purse[who] -= amount;
        emit TakenOut(who, amount);
        SETTLEMENT_UNIT.redeem(who, amount);
    }

    /// @inheritdoc IAssessorPool
    function take(bytes32 who, uint256 amount) external restricted returns (bool) {
        if (purse[who] < amount) return false;
        purse[who] -= amount;
        aside += amount;
        return true;
    }

    /// @inheritdoc IAssessorPool
    function takeUpTo(bytes32 who, uint256 amount) external restricted returns (uint256 taken) {
        taken = purse[who] < amount ? purse[who] : amount;
        purse[who] -= taken;
        aside += taken;
    }

    /// @inheritdoc IAssessorPool
    function give(bytes32 who, uint256 amount) external restricted {
        aside -= amount;
        purse[who] += amount;
    }

    /// @inheritdoc IAssessorPool
    function seat(bytes32 seed, address clinic, address[] memory seated, uint256 size)
        external
        restricted
        returns (address[] memory members)
    {
        address[] memory left = _pool;
        bytes32[3] memory near = _tags[clinic];
        members = new address[](size);
        uint256 found;
        for (uint256 turn = 0; turn < left.length && found < size; ++turn) {
            address candidate = Lots.next(left, seed, turn);
            if (!_mayJudge(candidate, near) || Lots.among(candidate, seated)) continue;
            members[found++] = candidate;
        }
        if (found < size) return new address[](0);
        for (uint256 i = 0; i < size; ++i) {
            _entries[members[i]].seats += 1;
        }
    }

    /// @inheritdoc IAssessorPool
    function rise(address[] calldata members) external restricted {
        for (uint256 i = 0; i < members.length; ++i) {
            _entries[members[i]].seats -= 1;
        }
    }

    /// @inheritdoc IAssessorPool
    function note(address assessor, bool right) external restricted {
        Entry storage e = _entries[assessor];
        e.looks += 1;
        if (right) e.right += 1;
        emit Calibrated(assessor, e.looks, e.right);
    }

    /// @inheritdoc IAssessorPool
    function calibrationOf(address assessor) external view returns (uint256 looks, uint256 right, bool enough) {
        Entry storage e = _entries[assessor];
        return (e.looks, e.right, PanelMath.calibrated(e.looks, e.right));
    }

    /// @inheritdoc IAssessorPool
    function tagged(address who) external view returns (bool) {
        return _tags[who][0] != 0;
    }

    /// @inheritdoc IAssessorPool
    function eligible(address assessor, address clinic) external view returns (bool) {
        return _mayJudge(assessor, _tags[clinic]);
    }

    /// @inheritdoc IAssessorPool
    function seatsOf(address assessor) external view returns (uint256) {
        return _entries[assessor].seats;
    }

    /// @inheritdoc IAssessorPool
    function pool() external view returns (address[] memory) {
        return _pool;
    }

    function _mayJudge(address assessor, bytes32[3] memory near) private view returns (bool) {
        Entry memory e = _entries[assessor];
        if (e.place == 0 || e.until < block.timestamp) return false;
        if (purse[bytes32(uint256(uint160(assessor)))] < PanelMath.BOND) return false;
        if (!PanelMath.calibrated(e.looks, e.right)) return false;
        return Lots.apart(_tags[assessor], near);
    }
}
