// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {PanelMath} from "../../src/base/PanelMath.sol";
import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../../src/interfaces/IGuaranteeBook.sol";
import {GuaranteePanelWorld} from "../base/GuaranteePanelWorld.sol";
import {PanelWorld} from "../base/PanelWorld.sol";
import {PanelHandler} from "./PanelHandler.sol";

/// @notice The panel's handler, with one claim on a promise after another before it.
contract ClaimPanelHandler is PanelHandler, GuaranteePanelWorld {
    /// @dev Terms and cover of the present claim, encoded.
    bytes private _present;

    function setUp() public override(PanelWorld, GuaranteePanelWorld) {
        super.setUp();
    }

    function _newMatter() internal override returns (uint256) {
        uint256 n = ++_salt;
        Terms memory t = _agreement(n);
        _open(t);
        Cover memory c = _cover(t, n);
        c.from = uint40(block.timestamp + 8 days);
        c.until = uint40(block.timestamp + 30 days);
        _mint(clinic, TOTAL);
        vm.prank(clinic);
        bond.deposit(address(book), uint96(TOTAL));
        vm.prank(clinic);
        book.open(t, c, none, "");
        _claimNow(t, c, uint8(1 + n % 2));
        _encoded = abi.encode(c);
        _present = abi.encode(t, c);
        return _createFor(t, c, n % 2 == 0 ? patient : clinic);
    }

    function _showable() internal view override returns (bool) {
        return _salt % 2 == 1;
    }

    function _fallSilent() internal override {
        (Terms memory t, Cover memory c) = abi.decode(_present, (Terms, Cover));
        try book.settle(t, c) {} catch {}
    }

    function _carriedOut() internal override {
        (, Cover memory c) = abi.decode(_present, (Terms, Cover));
        IGuaranteeBook.Account memory a = _claimOf(c);
        if (a.ruled && a.ruling != PanelMath.found(_case(id).refundBps, a.asked)) broken = "another ruling";
    }

    /// @dev What claims cost bonds so far, against the most that they may.
    function paid() external view returns (uint256 credit, uint256 most) {
        return (bond.credit(PAYOUT), _salt * TOTAL);
    }
}
