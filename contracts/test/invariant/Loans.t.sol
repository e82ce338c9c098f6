// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CareEscrow} from "../../src/CareEscrow.sol";
import {InstalmentBook} from "../../src/InstalmentBook.sol";
import {InstalmentPool} from "../../src/InstalmentPool.sol";
import {SettlementUnit} from "../../src/SettlementUnit.sol";
import {IInstalmentBook, Plan} from "../../src/interfaces/IInstalmentBook.sol";
import {Invariants} from "../base/Invariants.sol";
import {LoanHandler} from "./LoanHandler.sol";

/// @notice The invariants of IInstalmentBook and IInstalmentPool over any sequence of acts.
contract LoanInvariants is Invariants {
    LoanHandler private handler;
    InstalmentBook private book;
    InstalmentPool private pool;
    SettlementUnit private unit;
    CareEscrow private escrow;

    function setUp() public {
        handler = new LoanHandler();
        (address b, address p, address u, address e) = handler.parties();
        (book, pool, unit, escrow) = (InstalmentBook(b), InstalmentPool(p), SettlementUnit(u), CareEscrow(e));
        target = address(handler);
        acts = [
            handler.borrow.selector,
            handler.pass.selector,
            handler.pay.selector,
            handler.pay.selector,
            handler.cancel.selector,
            handler.perform.selector,
            handler.rule.selector,
            handler.settle.selector,
            handler.lateness.selector,
            handler.deposit.selector,
            handler.exit.selector,
            handler.serve.selector
        ];
    }

    /// @dev One settling pulls what came back of every loan; the others' lies here until they are settled.
    function invariant_L1_nothingStaysInTheBook() public view {
        uint256 unsettled;
        for (uint256 i = 0; i < handler.count(); ++i) {
            Plan memory p = handler.plan(i);
            IInstalmentBook.Loan memory l = book.loan(keccak256(abi.encode(p)));
            unsettled += escrow.account(p.agreement).refunded - l.refunded;
        }
        uint256 credit = escrow.credit(address(unit), bytes32(uint256(uint160(address(book)))));
        eq(unit.balanceOf(address(book)) + credit, unsettled);
    }

    function invariant_L2_noLoanAsksForMoreThanItsSchedule() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            Plan memory p = handler.plan(i);
            uint256 most;
            for (uint256 k = 0; k < p.instalments.length; ++k) {
                most += p.instalments[k].amount + (uint256(p.instalments[k].amount) * p.lateBps) / 10_000;
            }
            IInstalmentBook.Loan memory l = book.loan(keccak256(abi.encode(p)));
            yes(l.received + book.payoff(p, block.timestamp) <= most, "L2");
        }
    }

    function invariant_L3_L5_nothingWentWrong() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    function invariant_P1_thePoolHoldsItsCashAndWhatIsToBeCollected() public view {
        (,,, address e) = handler.parties();
        yes(e == address(escrow), "escrow");
        eq(unit.balanceOf(address(pool)), pool.cash());
    }

    function invariant_P2_thePoolCountsEveryLoanOnce() public view {
        uint256 outstanding;
        uint256 impaired;
        for (uint256 i = 0; i < handler.count(); ++i) {
            IInstalmentBook.Loan memory l = book.loan(keccak256(abi.encode(handler.plan(i))));
            outstanding += l.carrying;
            if (l.impaired) impaired += l.carrying;
        }
        eq(pool.outstanding(), outstanding);
        eq(pool.impaired(), impaired);
        yes(impaired <= outstanding, "P2");
    }

    /// @dev Units are here, with the escrow, or gone to whom they were paid.
    function invariant_P4_theSumOfAllUnitsIsConstant() public view {
        uint256 inside = unit.balanceOf(address(pool)) + unit.balanceOf(address(escrow));
        yes(unit.totalSupply() >= inside && unit.totalSupply() <= handler.minted(), "P4");
    }

    function afterInvariant() external {
        handler.finish();
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_L1_nothingStaysInTheBook();
        invariant_L2_noLoanAsksForMoreThanItsSchedule();
        invariant_L3_L5_nothingWentWrong();
        invariant_P1_thePoolHoldsItsCashAndWhatIsToBeCollected();
        invariant_P2_thePoolCountsEveryLoanOnce();
        invariant_P4_theSumOfAllUnitsIsConstant();
    }
}
