// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {InstalmentBook} from "../../src/InstalmentBook.sol";
import {InstalmentPool} from "../../src/InstalmentPool.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Instalment, Plan} from "../../src/interfaces/IInstalmentBook.sol";
import {InstalmentMath} from "../../src/base/InstalmentMath.sol";
import {World} from "./World.sol";

/// @notice The world with a pool that a lender filled, and a loan over the whole price in six months.
abstract contract LoanWorld is World {
    uint256 internal constant LENDER_KEY = 0x1E4DE2;
    uint256 internal constant MONTH = 2_628_000;
    uint256 internal constant FUND = 10_000_000;
    uint32 internal constant RATE = 120_000;

    address internal lender = vm.addr(LENDER_KEY);
    InstalmentPool internal pool;
    InstalmentBook internal book;

    function setUp() public virtual override {
        super.setUp();
        pool = new InstalmentPool(address(manager), IERC20(address(unit)));
        book = new InstalmentBook(address(manager), address(forwarder), escrow, pool, unit);
        unit.setSystemContract(address(pool), true);
        unit.setSystemContract(address(book), true);
        pool.setBook(address(book));
        manager.grantRole(7, lender, 0);
        _deposit(lender, FUND);
    }

    function _deposit(address who, uint256 amount) internal returns (uint256 shares) {
        _mint(who, amount);
        vm.prank(who);
        return pool.deposit(amount, who);
    }

    /// @dev The agreement of the world, paid by the book, its money returning there.
    function _financed() internal view returns (Terms memory t) {
        t = _terms();
        t.payout = bytes32(uint256(uint160(address(book))));
        t.openBy = uint40(START + 5 days);
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy += 2 days;
        }
    }

    function _plan(Terms memory t) internal view returns (Plan memory p) {
        return _planOver(t, uint88(TOTAL), RATE, 6);
    }

    /// @dev Equal instalments, the last one what is left.
    function _planOver(Terms memory t, uint88 principal, uint32 rate, uint256 n) internal view returns (Plan memory p) {
        p.agreement = _id(t);
        p.lender = lender;
        p.borrower = t.patient;
        p.payout = PAYOUT;
        p.principal = principal;
        p.rate = rate;
        p.cap = 240_000;
        p.lateBps = 300;
        p.coolingOff = 1 days;
        p.start = uint40(START + 1 days);
        p.salt = keccak256("loan");
        p.instalments = new Instalment[](n);
        uint256 balance = principal;
        uint256 each = (principal + InstalmentMath.interest(principal, rate, MONTH * n) / 2 + n - 1) / n;
        for (uint256 i = 0; i < n; ++i) {
            balance += InstalmentMath.interest(balance, rate, MONTH);
            uint256 amount = i == n - 1 || each > balance ? balance : each;
            balance -= amount;
            p.instalments[i] = Instalment(uint88(amount), uint40(p.start + MONTH * (i + 1)), uint32(MONTH));
        }
    }

    function _loanOffer(Plan memory p) internal view returns (bytes memory) {
        return signed(LENDER_KEY, _bookDigest(_planId(p)));
    }

    function _bookDigest(bytes32 id) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei InstalmentBook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        bytes32 structHash = keccak256(abi.encode(keccak256("LoanOffer(bytes32 plan)"), id));
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _planId(Plan memory p) internal pure returns (bytes32) {
        return keccak256(abi.encode(p));
    }

    function _accept(Plan memory p) internal {
        bytes memory offer = _loanOffer(p);
        vm.prank(p.borrower);
        book.accept(p, offer);
    }

    /// @dev Accepted now, paid out a day later.
    function _borrow(Plan memory p, Terms memory t) internal {
        _accept(p);
        vm.warp(p.start);
        book.payOut(p, t, _offer(t), _agreed(t));
    }

    function _lent() internal returns (Plan memory p, Terms memory t) {
        t = _financed();
        p = _plan(t);
        _borrow(p, t);
    }

    function _pay(Plan memory p, uint256 amount) internal returns (uint256) {
        if (amount < type(uint80).max) _mint(p.borrower, amount);
        vm.prank(p.borrower);
        return book.pay(p, amount);
    }

    /// @dev Brings exactly what closes the loan now.
    function _payAll(Plan memory p) internal returns (uint256 all) {
        all = book.payoff(p, block.timestamp);
        _mint(p.borrower, all);
        vm.prank(p.borrower);
        book.pay(p, all + 1_000_000);
    }

    function _loan(Plan memory p) internal view returns (IInstalmentBook.Loan memory) {
        return book.loan(_planId(p));
    }

    function _loanState(Plan memory p, IInstalmentBook.State expected) internal view {
        eq(uint8(_loan(p).state), uint8(expected));
    }

    /// @dev What the custodian was told to pay to a reference so far; records must run.
    function _paidTo(bytes32 payout) internal returns (uint256 sum) {
        return _redeemed[payout] += _drain(payout);
    }

    mapping(bytes32 payout => uint256) private _redeemed;

    function _drain(bytes32 payout) private returns (uint256 sum) {
        LogVm.Log[] memory logs = LogVm(address(vm)).getRecordedLogs();
        bytes32 kind = keccak256("Redeemed(bytes32,address,uint256)");
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == kind && logs[i].topics[1] == payout) sum += abi.decode(logs[i].data, (uint256));
        }
    }
}

interface LogVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}
