// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {Cover} from "../../src/interfaces/IGuaranteeBook.sol";
import {GuaranteePanelWorld} from "./GuaranteePanelWorld.sol";
import {PanelWorld} from "./PanelWorld.sol";

/// @notice Whatever the panel's tests do about a disputed milestone, done about a claim of the same worth: what both
/// panels share is tested in both.
abstract contract ClaimsAsDisputes is GuaranteePanelWorld {
    mapping(bytes32 agreement => bytes) private _covers;
    uint256 private _made;

    function _coverOf(Terms memory t) private view returns (Cover memory) {
        return abi.decode(_covers[_id(t)], (Cover));
    }

    function _claim100000() private returns (Terms memory t) {
        t = _agreement(++_made);
        _open(t);
        Cover memory c = _cover(t, _made);
        c.sum = 100_000;
        _covers[_id(t)] = abi.encode(c);
        vm.prank(clinic);
        book.open(t, c, none, "");
        _claimNow(t, c, 2);
    }

    function _disputed(bytes32) internal virtual override returns (Terms memory) {
        return _claim100000();
    }

    function _another(uint256) internal virtual override returns (Terms memory) {
        return _claim100000();
    }

    function _create(Terms memory t, address by) internal virtual override returns (uint256) {
        return _createFor(t, _coverOf(t), by);
    }

    function _settle(uint256 id, Terms memory t) internal virtual override {
        panel.settle(id, _covers[_id(t)]);
    }

    function _subject(Terms memory t) internal view virtual override returns (bytes memory) {
        return _covers[_id(t)];
    }

    function _end(Terms memory t) internal view virtual override returns (uint256) {
        return _claimOf(_coverOf(t)).deadline;
    }

    function _fallSilent(Terms memory t) internal virtual override {
        book.settle(t, _coverOf(t));
        eq(bond.credit(PAYOUT), 50_000);
    }

    function _gave(Terms memory t, uint256 bps) internal virtual override {
        Cover memory c = _coverOf(t);
        yes(_claimOf(c).ruled, "not ruled");
        eq(_claimOf(c).ruling, bps == 0 ? 0 : bps == 10_000 ? 2 : 3);
        book.settle(t, c);
        eq(bond.credit(PAYOUT), bps == 0 ? 0 : bps == 10_000 ? 100_000 : 65_000);
    }

    function setUp() public virtual override(GuaranteePanelWorld) {
        super.setUp();
    }
}
