// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ClinicBond} from "../../src/ClinicBond.sol";
import {GuaranteeBook} from "../../src/GuaranteeBook.sol";
import {GuaranteePool} from "../../src/GuaranteePool.sol";
import {IClinicBond} from "../../src/interfaces/IClinicBond.sol";
import {Terms} from "../../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook, Rate} from "../../src/interfaces/IGuaranteeBook.sol";
import {World} from "./World.sol";

/// @notice Bonds, pool and book around the escrow, and one cover to play with.
abstract contract GuaranteeWorld is World {
    uint256 internal constant PRICER_KEY = 0x9A1C;
    uint256 internal constant INSURER_KEY = 0x1A5;
    uint96 internal constant SUM = 520_000;
    uint256 internal constant PRICE = TOTAL;
    uint32 internal constant PPM = 40_000;

    ClinicBond internal bond;
    GuaranteePool internal pool;
    GuaranteeBook internal book;
    address internal insurer = vm.addr(INSURER_KEY);
    address internal judge = address(0x1D6E);
    address internal lender = address(0x1E4D);
    Rate internal none;

    function _closedLoop() internal pure virtual returns (bool) {
        return true;
    }

    function setUp() public virtual override {
        super.setUp();
        bool closed = _closedLoop();
        address token = closed ? address(unit) : address(coin);
        bond = new ClinicBond(IERC20(token), closed);
        pool = new GuaranteePool(address(manager), IERC20(token), closed);
        book = new GuaranteeBook(address(manager), address(forwarder), escrow, bond, pool, token);
        unit.setSystemContract(address(bond), true);
        unit.setSystemContract(address(pool), true);
        pool.bind(address(book));
        book.setPricer(vm.addr(PRICER_KEY));
        _depositBond(clinic, 2_000_000);
    }

    function _give(address who, uint256 amount, address spender) internal {
        if (_closedLoop()) {
            _mint(who, amount);
        } else {
            coin.mint(who, amount);
            uint256 before = coin.allowance(who, spender);
            vm.prank(who);
            coin.approve(spender, before + amount);
        }
    }

    function _depositBond(address who, uint96 amount) internal {
        _give(who, amount, address(bond));
        vm.prank(who);
        bond.deposit(address(book), amount);
    }

    function _invest(address who, uint256 amount) internal returns (uint256 shares) {
        if (!pool.licensed()) pool.license(true);
        _give(who, amount, address(pool));
        vm.prank(who);
        return pool.deposit(amount, who);
    }

    function _held() internal returns (Terms memory t) {
        t = _held(0);
    }

    function _held(uint256 salt) internal returns (Terms memory t) {
        t = _terms();
        t.salt = bytes32(salt);
        if (!_closedLoop()) t = _payable(t);
        _open(t);
    }

    function _cover(Terms memory t) internal view returns (Cover memory c) {
        c.agreement = _id(t);
        c.profile = IGuaranteeBook.Profile.Promise;
        c.arbiter = judge;
        c.conditions = keccak256("conditions");
        c.person = keccak256("person");
        c.sum = SUM;
        // the same days in each quarter
        uint256 first = START + (block.timestamp - START) / 90 days * 90 days;
        c.openBy = uint40(first + 1 days);
        c.from = uint40(first + 30 days);
        c.until = uint40(first + 150 days);
        c.arbiterWindow = 14 days;
        c.goodwillBps = 1_000;
        c.silentBps = 5_000;
        c.salt = keccak256("cover salt");
    }

    function _pooled(Terms memory t) internal view returns (Cover memory c) {
        c = _cover(t);
        c.profile = IGuaranteeBook.Profile.Pool;
    }

    function _insured(Terms memory t) internal view returns (Cover memory c) {
        c = _cover(t);
        c.profile = IGuaranteeBook.Profile.Insurer;
        c.backer = insurer;
    }

    function _coverId(Cover memory c) internal pure returns (bytes32) {
        return keccak256(abi.encode(c));
    }

    function _promise(Terms memory t, Cover memory c) internal returns (bytes32) {
        vm.prank(t.clinic);
        return book.open(t, c, none, "");
    }

    function _bookDigest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei GuaranteeBook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _policy(Cover memory c) internal view returns (bytes memory) {
        return signed(
            INSURER_KEY, _bookDigest(keccak256(abi.encode(keccak256("Policy(bytes32 cover)"), _coverId(c))))
        );
    }

    function _rate(uint32 ppm) internal view returns (Rate memory r) {
        r = Rate("table", uint32(block.timestamp / 90 days), ppm, 1_000);
    }

    function _line(uint256 key, Terms memory t, Rate memory r) internal view returns (bytes memory) {
        bytes32 kind = keccak256("Rate(bytes32 table,uint32 epoch,bytes32 cell,uint32 ppm,uint96 expense)");
        bytes32 cell = keccak256(abi.encode(t.clinic, t.standard));
        return signed(key, _bookDigest(keccak256(abi.encode(kind, r.table, r.epoch, cell, r.ppm, r.expense))));
    }

    function _table() internal {
        if (book.tableOf(block.timestamp / 90 days) == 0) book.postTable("table", block.number);
    }

    /// @dev Opens a cover that the pool stands behind.
    function _openPooled(Terms memory t, Cover memory c) internal returns (bytes32) {
        _table();
        Rate memory r = _rate(PPM);
        _give(t.clinic, 25_000, address(pool));
        bytes memory line = _line(PRICER_KEY, t, r);
        vm.prank(t.clinic);
        return book.open(t, c, r, line);
    }

    function _openInsured(Terms memory t, Cover memory c) internal returns (bytes32) {
        bytes memory policy = _policy(c);
        vm.prank(t.clinic);
        return book.open(t, c, none, policy);
    }

    /// @dev Everything was done and paid; it is the first day of the cover's time.
    function _finished(Terms memory t, Cover memory c) internal {
        vm.warp(START + 7 days);
        for (uint8 i = 0; i < 3; ++i) {
            _claim(t, i);
            vm.prank(t.patient);
            escrow.accept(t);
        }
        vm.warp(c.from);
    }

    function _ask(Terms memory t, Cover memory c, uint8 asked) internal {
        vm.prank(t.patient);
        book.claim(t, c, asked, "shown");
    }

    function _rule(Cover memory c, uint256 ruling) internal {
        vm.prank(c.arbiter);
        book.rule(uint256(_coverId(c)), ruling);
    }

    function _bond(address who) internal view returns (IClinicBond.Bond memory) {
        return bond.bond(address(book), who);
    }

    function _inState(Cover memory c, IGuaranteeBook.State s) internal view {
        eq(uint8(book.account(_coverId(c)).state), uint8(s));
    }
}
