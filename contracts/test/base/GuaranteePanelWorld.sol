// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ClinicBond} from "../../src/ClinicBond.sol";
import {GuaranteeBook} from "../../src/GuaranteeBook.sol";
import {GuaranteePanel} from "../../src/GuaranteePanel.sol";
import {GuaranteePool} from "../../src/GuaranteePool.sol";
import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook, Rate} from "../../src/interfaces/IGuaranteeBook.sol";
import {PanelWorld} from "./PanelWorld.sol";

/// @notice The panel's world with a book of promises, whose claims the panel decides.
abstract contract GuaranteePanelWorld is PanelWorld {
    uint96 internal constant SUM = 520_000;

    GuaranteeBook internal book;
    ClinicBond internal bond;
    Rate internal none;

    function setUp() public virtual override {
        super.setUp();
        bond = new ClinicBond(IERC20(address(unit)), true);
        GuaranteePool capital = new GuaranteePool(address(manager), IERC20(address(unit)), true);
        book = new GuaranteeBook(address(manager), address(forwarder), escrow, bond, capital, address(unit));
        unit.setSystemContract(address(bond), true);
        unit.setSystemContract(address(capital), true);
        capital.bind(address(book));
        panel = new GuaranteePanel(address(manager), address(forwarder), address(unit), book, pool);
        _rightsOf(panel);
        _mint(clinic, 10_000_000);
        vm.prank(clinic);
        bond.deposit(address(book), 10_000_000);
    }

    /// @dev A promise about `t`, opened at the present time.
    function _cover(Terms memory t, uint256 n) internal view returns (Cover memory c) {
        c.agreement = _id(t);
        c.arbiter = address(panel);
        c.conditions = keccak256("conditions");
        c.person = keccak256(abi.encode("person", n));
        c.sum = SUM;
        c.openBy = uint40(block.timestamp + 1 days);
        c.from = uint40(block.timestamp + 30 days);
        c.until = uint40(block.timestamp + 150 days);
        c.arbiterWindow = 30 days;
        c.goodwillBps = 1_000;
        c.silentBps = 5_000;
        c.salt = bytes32(n);
    }

    /// @dev An agreement of the present time, whose three parts are done at once.
    function _agreement(uint256 n) internal view returns (Terms memory t) {
        t = _terms();
        t.salt = keccak256(abi.encode("claim", n));
        t.openBy = uint40(block.timestamp);
        t.coolingOff = 0;
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy = uint40(block.timestamp + (i + 1) * 20 days);
        }
    }

    function _promised(uint256 n) internal returns (Terms memory t, Cover memory c) {
        t = _agreement(n);
        _open(t);
        c = _cover(t, n);
        vm.prank(clinic);
        book.open(t, c, none, "");
    }

    /// @dev Everything was done and paid, and the patient claims on the first day.
    function _claimed(uint256 n, uint8 asked) internal returns (Terms memory t, Cover memory c) {
        (t, c) = _promised(n);
        _claimNow(t, c, asked);
    }

    function _claimNow(Terms memory t, Cover memory c, uint8 asked) internal {
        for (uint8 i = 0; i < 3; ++i) {
            _claim(t, i);
            vm.prank(patient);
            escrow.accept(t);
        }
        vm.warp(c.from);
        vm.prank(patient);
        book.claim(t, c, asked, "shown");
    }

    function _coverId(Cover memory c) internal pure returns (bytes32) {
        return keccak256(abi.encode(c));
    }

    function _both(Terms memory t, Cover memory c) internal pure returns (bytes memory) {
        return abi.encodePacked(abi.encode(c), abi.encode(t));
    }

    function _createFor(Terms memory t, Cover memory c, address by) internal returns (uint256) {
        bytes memory data = _both(t, c);
        vm.prank(by);
        return panel.createDispute(CHOICES, data);
    }

    /// @dev A case about a claim of the second kind.
    function _newCase(uint256 n) internal returns (uint256) {
        (Terms memory t, Cover memory c) = _claimed(n, 2);
        return _createFor(t, c, patient);
    }

    function _settleFor(uint256 id, Cover memory c) internal {
        bytes memory data = abi.encode(c);
        panel.settle(id, data);
    }

    function _claimOf(Cover memory c) internal view returns (IGuaranteeBook.Account memory) {
        return book.account(_coverId(c));
    }
}
