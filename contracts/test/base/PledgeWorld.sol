// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AbsencePledge} from "../../src/AbsencePledge.sol";
import {ClinicBond} from "../../src/ClinicBond.sol";
import {IAbsencePledge} from "../../src/interfaces/IAbsencePledge.sol";
import {IClinicBond} from "../../src/interfaces/IClinicBond.sol";
import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {ForwardRequestData} from "../../src/interfaces/IForwarder.sol";
import {World} from "./World.sol";

/// @notice A bond and the book of pledges beside the escrow, and one agreement whose treatment is due.
abstract contract PledgeWorld is World {
    uint96 internal constant SUM = 195_000;
    uint96 internal constant BOND = 1_000_000;
    /// @dev What goes back once the deposit was paid.
    uint256 internal constant REST = TOTAL - 100_000;

    ClinicBond internal bond;
    AbsencePledge internal book;

    function _closedLoop() internal pure virtual returns (bool) {
        return true;
    }

    function setUp() public virtual override {
        super.setUp();
        address token = _closedLoop() ? address(unit) : address(coin);
        bond = new ClinicBond(IERC20(token), _closedLoop());
        book = new AbsencePledge(address(forwarder), escrow, bond, token);
        unit.setSystemContract(address(bond), true);
        _depositBond(BOND);
    }

    function _depositBond(uint96 amount) internal {
        if (_closedLoop()) {
            _mint(clinic, amount);
        } else {
            coin.mint(clinic, amount);
            vm.prank(clinic);
            coin.approve(address(bond), amount);
        }
        vm.prank(clinic);
        bond.deposit(address(book), amount);
    }

    /// @dev The deposit is paid, the treatment is present, and the clinic stands for its coming.
    function _pledged() internal returns (Terms memory t) {
        t = _closedLoop() ? _terms() : _payable(_terms());
        _openAndPay(t, 1);
        _pledge(t, SUM);
    }

    function _pledge(Terms memory t, uint96 sum) internal {
        vm.prank(t.clinic);
        book.pledge(t, sum);
    }

    function _reported() internal returns (Terms memory t) {
        t = _pledged();
        vm.prank(t.patient);
        escrow.clinicAbsent(t);
    }

    function _seen() internal returns (Terms memory t) {
        t = _reported();
        book.witness(t);
    }

    function _object(Terms memory t) internal {
        vm.prank(t.clinic);
        escrow.dispute(t);
    }

    function _pledgeOf(Terms memory t) internal view returns (IAbsencePledge.Account memory) {
        return book.account(_id(t));
    }

    function _is(Terms memory t, IAbsencePledge.State state) internal view {
        eq(uint8(_pledgeOf(t).state), uint8(state));
    }

    function _not(IAbsencePledge.State s) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAbsencePledge.NotThisState.selector, s);
    }

    function _bond() internal view returns (IClinicBond.Bond memory) {
        return bond.bond(address(book), clinic);
    }

    /// @dev The pledge is over, and the patient has it.
    function _paid(Terms memory t) internal view {
        _is(t, IAbsencePledge.State.Paid);
        eq(bond.credit(t.payout), SUM);
        eq(_bond().total, BOND - SUM);
        eq(_bond().locked, 0);
        eq(_owed(t.token, t.payout), REST);
    }

    /// @dev The pledge is over, and the clinic has it.
    function _freed(Terms memory t) internal view {
        _is(t, IAbsencePledge.State.Freed);
        eq(bond.credit(t.payout), 0);
        eq(_bond().total, BOND);
        eq(_bond().locked, 0);
    }

    /// @dev What a party signs for the forwarder.
    function _request(uint256 key, address to, bytes memory data)
        internal
        view
        returns (ForwardRequestData memory r)
    {
        address from = vm.addr(key);
        r = ForwardRequestData(from, to, 0, 500_000, uint48(block.timestamp + 60), data, "");
        bytes32 kind = keccak256(
            "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)"
        );
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei Forwarder"),
                keccak256("1"),
                block.chainid,
                address(forwarder)
            )
        );
        bytes32 content =
            keccak256(abi.encode(kind, from, to, 0, r.gas, forwarder.nonces(from), r.deadline, keccak256(data)));
        r.signature = signed(key, keccak256(abi.encodePacked(hex"1901", domain, content)));
    }
}
