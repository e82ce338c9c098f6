// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AbsencePledge} from "../../src/AbsencePledge.sol";
import {ClinicBond} from "../../src/ClinicBond.sol";
import {CareEscrow} from "../../src/CareEscrow.sol";
import {IAbsencePledge} from "../../src/interfaces/IAbsencePledge.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {Test} from "../base/Test.sol";
import {PledgeHandler} from "./PledgeHandler.sol";

/// @notice The invariants of pledges over any sequence of acts.
contract PledgeInvariants is Test {
    PledgeHandler private handler;
    ClinicBond private bond;
    AbsencePledge private book;
    HostileToken private coin;
    CareEscrow private escrow;

    function setUp() public {
        handler = new PledgeHandler();
        (address a, address b, address c, address d) = handler.parts();
        (bond, book, coin, escrow) = (ClinicBond(a), AbsencePledge(b), HostileToken(c), CareEscrow(d));
    }

    function targetContracts() external view returns (address[] memory list) {
        list = new address[](1);
        list[0] = address(handler);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory list) {
        bytes4[16] memory which = [
            handler.open.selector,
            handler.open.selector,
            handler.pass.selector,
            handler.report.selector,
            handler.report.selector,
            handler.reportPatient.selector,
            handler.object.selector,
            handler.witness.selector,
            handler.treat.selector,
            handler.rule.selector,
            handler.split.selector,
            handler.cancel.selector,
            handler.endAgreement.selector,
            handler.settle.selector,
            handler.reclaim.selector,
            handler.payOut.selector
        ];
        list = new FuzzSelector[](1);
        list[0].addr = address(handler);
        list[0].selectors = new bytes4[](17);
        for (uint256 i = 0; i < 16; ++i) {
            list[0].selectors[i] = which[i];
        }
        list[0].selectors[16] = handler.donate.selector;
    }

    function _at(uint256 i)
        private
        view
        returns (PledgeHandler.Known memory k, IAbsencePledge.Account memory p, ICareEscrow.Account memory e)
    {
        Terms memory t;
        (t, k) = handler.at(i);
        bytes32 id = keccak256(abi.encode(t));
        return (k, book.account(id), escrow.account(id));
    }

    function invariant_lockedIsTheSumOfWhatStands() public view {
        uint256 standing;
        for (uint256 i = 0; i < handler.count(); ++i) {
            (PledgeHandler.Known memory k, IAbsencePledge.Account memory p,) = _at(i);
            eq(p.sum, k.sum);
            if (p.state == IAbsencePledge.State.Standing || p.state == IAbsencePledge.State.Reported) {
                standing += p.sum;
            }
        }
        eq(bond.bond(address(book), handler.clinicOf()).locked, standing);
    }

    function invariant_paidIsTheWholeSumOnceAndFreedIsNothing() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            (PledgeHandler.Known memory k, IAbsencePledge.Account memory p,) = _at(i);
            eq(k.got, p.state == IAbsencePledge.State.Paid ? k.sum : 0);
        }
    }

    function invariant_nothingIsPaidForAReportThatWasObjectedTo() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            (PledgeHandler.Known memory k, IAbsencePledge.Account memory p, ICareEscrow.Account memory e) = _at(i);
            if (p.state != IAbsencePledge.State.Paid) continue;
            yes(!k.objected && !k.divided, "objected or divided");
            yes(e.state == ICareEscrow.State.Closed && e.milestone == k.milestone, "another end");
        }
    }

    /// @dev However the agreement ended: the clinic cannot be quick.
    function invariant_nothingIsFreedForAReportThatWasSeenAndNotObjectedTo() public view {
        for (uint256 i = 0; i < handler.count(); ++i) {
            (PledgeHandler.Known memory k, IAbsencePledge.Account memory p,) = _at(i);
            if (p.state == IAbsencePledge.State.Freed) yes(!k.seen || k.objected || k.divided, "escaped");
        }
    }

    function invariant_theBookHoldsNothingAndTheBondWhatItOwes() public view {
        eq(coin.balanceOf(address(book)), 0);
        uint256 owed = bond.credit(bytes32(uint256(uint160(handler.clinicOf()))));
        if (handler.count() > 0) {
            (Terms memory t,) = handler.at(0);
            owed += bond.credit(t.payout);
        }
        uint256 there = bond.bond(address(book), handler.clinicOf()).total;
        eq(coin.balanceOf(address(bond)), there + owed + handler.donated());
    }

    function invariant_statesGoForward() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev Every state has a way out by time, and nothing stays locked behind it.
    function afterInvariant() external {
        handler.finish();
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_lockedIsTheSumOfWhatStands();
        invariant_paidIsTheWholeSumOnceAndFreedIsNothing();
        invariant_nothingIsPaidForAReportThatWasObjectedTo();
        invariant_nothingIsFreedForAReportThatWasSeenAndNotObjectedTo();
        invariant_theBookHoldsNothingAndTheBondWhatItOwes();
        invariant_statesGoForward();
    }
}
