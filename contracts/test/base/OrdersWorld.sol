// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ClinicBond} from "../../src/ClinicBond.sol";
import {GuaranteeBook} from "../../src/GuaranteeBook.sol";
import {GuaranteePool} from "../../src/GuaranteePool.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook, Rate} from "../../src/interfaces/IGuaranteeBook.sol";
import {Plan} from "../../src/interfaces/IInstalmentBook.sol";
import {LoanWorld} from "./LoanWorld.sol";

/// @notice Two agreements of one patient with one clinic: one paid by a loan, one with a promise about its outcome.
abstract contract OrdersWorld is LoanWorld {
    uint256 internal constant PRICER_KEY = 0x9A1C;
    bytes32 internal constant OTHER = keccak256("payout reference of the covered agreement");
    address internal judge = address(0x1D6E);

    ClinicBond internal bond;
    GuaranteePool internal capital;
    GuaranteeBook internal covers;
    uint256 internal minted;

    struct Both {
        Terms financed;
        Plan plan;
        Terms covered;
        Cover cover;
    }

    function setUp() public virtual override {
        super.setUp();
        bond = new ClinicBond(IERC20(address(unit)), true);
        capital = new GuaranteePool(address(manager), IERC20(address(unit)), true);
        covers = new GuaranteeBook(address(manager), address(forwarder), escrow, bond, capital, address(unit));
        unit.setSystemContract(address(bond), true);
        unit.setSystemContract(address(capital), true);
        capital.bind(address(covers));
        capital.license(true);
        covers.setPricer(vm.addr(PRICER_KEY));
        covers.postTable("table", block.number);
        _bring(lender, 6_000_000);
        vm.prank(lender);
        capital.deposit(6_000_000, lender);
        _bring(clinic, 2_000_000);
        vm.prank(clinic);
        bond.deposit(address(covers), 2_000_000);
        minted += FUND;
    }

    function _bring(address who, uint256 amount) internal {
        _mint(who, amount);
        minted += amount;
    }

    function _begin(bool pooled, uint256 months) internal returns (Both memory w) {
        w.financed = _financed();
        w.plan = _planOver(w.financed, uint88(TOTAL), RATE, months);
        _borrow(w.plan, w.financed);
        w.covered = _terms();
        w.covered.payout = OTHER;
        w.covered.salt = "covered";
        _bring(patient, TOTAL);
        bytes memory offer = _offer(w.covered);
        vm.prank(patient);
        escrow.open(w.covered, offer);
        w.cover = _coverOf(w.covered, pooled);
        Rate memory rate;
        bytes memory line;
        if (pooled) {
            _bring(clinic, 21_000);
            rate = Rate("table", uint32(block.timestamp / 90 days), 40_000, 1_000);
            line = _line(w.covered, rate);
        }
        vm.prank(clinic);
        covers.open(w.covered, w.cover, rate, line);
    }

    function _coverOf(Terms memory t, bool pooled) private view returns (Cover memory c) {
        c.agreement = _id(t);
        c.profile = pooled ? IGuaranteeBook.Profile.Pool : IGuaranteeBook.Profile.Promise;
        c.arbiter = judge;
        c.conditions = keccak256("conditions");
        c.person = keccak256("person");
        c.sum = 500_000;
        c.openBy = uint40(START + 2 days);
        c.from = uint40(START + 20 days);
        c.until = uint40(START + 120 days);
        c.arbiterWindow = 14 days;
        c.goodwillBps = 1_000;
        c.silentBps = 5_000;
    }

    function _line(Terms memory t, Rate memory r) private view returns (bytes memory) {
        bytes32 kind = keccak256("Rate(bytes32 table,uint32 epoch,bytes32 cell,uint32 ppm,uint96 expense)");
        bytes32 cell = keccak256(abi.encode(t.clinic, t.standard));
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei GuaranteeBook"),
                keccak256("1"),
                block.chainid,
                address(covers)
            )
        );
        bytes32 what = keccak256(abi.encode(kind, r.table, r.epoch, cell, r.ppm, r.expense));
        return signed(PRICER_KEY, keccak256(abi.encodePacked(hex"1901", domain, what)));
    }

    /// @dev Somebody tries something; what is refused changes nothing.
    function _try(address who, address target, bytes memory data) internal returns (bool ok) {
        vm.prank(who);
        (ok,) = target.call(data);
    }

    function _holdings() internal view returns (uint256) {
        return unit.balanceOf(address(escrow)) + unit.balanceOf(address(pool)) + unit.balanceOf(address(book))
            + unit.balanceOf(address(bond)) + unit.balanceOf(address(capital)) + unit.balanceOf(patient)
            + unit.balanceOf(clinic);
    }

    function _creditOf(bytes32 who) internal view returns (uint256) {
        return escrow.credit(address(unit), who);
    }

    /// @dev What the escrow owes: held for both agreements, and credited to whoever may be credited.
    function _owedByTheEscrow(Both memory w) internal view returns (uint256) {
        ICareEscrow.Account memory a = _account(w.financed);
        ICareEscrow.Account memory b = _account(w.covered);
        return uint256(a.held) + b.held + _creditOf(_as(clinic)) + _creditOf(_as(feeTo)) + _creditOf(OTHER)
            + _creditOf(_as(address(book)));
    }
}
