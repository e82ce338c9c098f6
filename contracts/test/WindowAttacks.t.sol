// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CareEscrow} from "../src/CareEscrow.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {World} from "./base/World.sol";

/// @notice A second too early or too late, at every border of the escrow's time.
contract WindowAttacksTest is World {
    function _may(address who, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(escrow).call(data);
    }

    function _claims(Terms memory t) private returns (bool) {
        uint8 milestone = _account(t).milestone;
        return _may(clinic, abi.encodeCall(CareEscrow.claim, (t, "evidence", _attended(t, milestone, "evidence"))));
    }

    function _disputes(Terms memory t) private returns (bool) {
        return _may(patient, abi.encodeCall(CareEscrow.dispute, (t)));
    }

    function _rules(Terms memory t) private returns (bool) {
        return _may(arbiter, abi.encodeCall(CareEscrow.rule, (t, 5_000, false)));
    }

    function _anybody(Terms memory t, bytes4 selector) private returns (bool) {
        return _may(stranger, abi.encodeWithSelector(selector, t));
    }

    function _at(uint256 time) private {
        vm.warp(time);
    }

    /// @dev 10: what is allowed in the last second of a window, what follows only in the next.
    function test_attack_10_lastSecondOfEveryWindowIsStillInIt() public {
        Terms memory t = _terms();
        _open(t);
        _at(_account(t).deadline - 1);
        yes(!_claims(t) && !_disputes(t), "before the end of cooling-off");
        _at(t.milestones[0].dueBy);
        yes(!_anybody(t, escrow.expire.selector), "expired in its last second");
        yes(_claims(t), "claimed in the last second");
        _at(_account(t).deadline);
        yes(!_anybody(t, escrow.release.selector), "released in the last second");
        yes(_disputes(t), "disputed in the last second");
        _at(_account(t).deadline);
        yes(!_anybody(t, escrow.settleSilent.selector), "silent in the last second");
        yes(_rules(t), "ruled in the last second");
        _state(t, ICareEscrow.State.Active);
    }

    function test_attack_10_secondAfterAWindowIsTooLate() public {
        Terms memory t = _terms();
        _open(t);
        _at(START + 7 days);
        yes(_claims(t), "claimed");
        _at(_account(t).deadline + 1);
        yes(!_disputes(t), "disputed too late");
        yes(_anybody(t, escrow.release.selector), "released");
        _at(t.milestones[1].dueBy + 1);
        yes(!_claims(t) && !_disputes(t), "claimed too late");
        yes(_anybody(t, escrow.expire.selector), "expired");
        t.salt = "silent";
        _at(START);
        _open(t);
        _at(START + 7 days);
        yes(_disputes(t), "disputed");
        _at(_account(t).deadline + 1);
        yes(!_rules(t), "ruled too late");
        yes(_anybody(t, escrow.settleSilent.selector), "silent");
        _state(t, ICareEscrow.State.Closed);
    }
}
