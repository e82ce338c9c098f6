// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CareEscrow} from "../src/CareEscrow.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {IInstalmentBook} from "../src/interfaces/IInstalmentBook.sol";
import {OrdersWorld} from "./base/OrdersWorld.sol";
import {LogVm} from "./base/LoanWorld.sol";

/// @notice Cancel, refund, default, dispute and claim in any order, over escrow, instalments and guarantee together:
/// no debt is left behind for what was not done, and no unit comes or goes. `--orders` tries ten thousand of them.
contract OrdersTest is OrdersWorld {
    uint256 private constant ACTS = 20;
    mapping(bytes32 payout => uint256) private _out;

    function testFuzz_liveness_anyOrderOfActsLeavesNoOrphanDebtAndAConstantSum(uint256 seed) public {
        LogVm(address(vm)).recordLogs();
        Both memory w = _begin(seed % 2 == 0, 1 + (seed >> 1) % 6);
        for (uint256 i = 0; i < ACTS; ++i) {
            _act(w, uint256(keccak256(abi.encode(seed, i))));
            if (i % 5 == 4) _sums(w);
        }
        _timePasses(w);
        _sums(w);
        _nothingIsLeft(w);
    }

    function _act(Both memory w, uint256 r) private {
        Terms memory t = r & 1 == 0 ? w.financed : w.covered;
        uint256 n = r >> 64;
        r = (r >> 8) % 16;
        if (r < 3) vm.warp(block.timestamp + 1 + n % 12 days);
        else if (r < 10) _actOnAgreement(t, r, n);
        else if (r < 13) _actOnLoan(w, r, n);
        else _actOnCover(w, r, n);
    }

    function _actOnAgreement(Terms memory t, uint256 r, uint256 n) private {
        CareEscrow e = escrow;
        if (r == 3) {
            if (n % 2 == 0) _try(patient, address(e), abi.encodeCall(e.cancel, (t)));
            else _try(clinic, address(e), abi.encodeCall(e.providerCancel, (t)));
        } else if (r < 6) {
            bytes memory here = _attended(t, _account(t).milestone, "evidence");
            _try(clinic, address(e), abi.encodeCall(e.claim, (t, "evidence", here)));
            if (r == 4) _try(patient, address(e), abi.encodeCall(e.accept, (t)));
        } else if (r == 6) {
            _try(n % 2 == 0 ? patient : clinic, address(e), abi.encodeCall(e.dispute, (t)));
        } else if (r == 7) {
            _try(arbiter, address(e), abi.encodeCall(e.rule, (t, uint16(n % 10_001), n % 7 == 0)));
        } else if (r == 8) {
            _byTime(t);
        } else {
            bytes32[5] memory who = [_as(clinic), _as(feeTo), OTHER, PAYOUT, _as(address(book))];
            _try(stranger, address(e), abi.encodeCall(e.withdraw, (address(unit), who[n % 5])));
            if (n % 5 != 0) return;
            uint256 refund = (n >> 8) % (_account(t).held + 1);
            uint8 milestone = _account(t).milestone;
            bytes memory a = _splitSigned(PATIENT_KEY, t, refund, milestone);
            bytes memory b = _splitSigned(CLINIC_KEY, t, refund, milestone);
            _try(stranger, address(e), abi.encodeCall(e.split, (t, uint88(refund), a, b)));
        }
    }

    function _byTime(Terms memory t) private {
        _try(stranger, address(escrow), abi.encodeCall(escrow.expire, (t)));
        _try(stranger, address(escrow), abi.encodeCall(escrow.release, (t)));
        _try(stranger, address(escrow), abi.encodeCall(escrow.settleSilent, (t)));
    }

    function _actOnLoan(Both memory w, uint256 r, uint256 n) private {
        if (r == 10) {
            uint256 amount = 1 + n % 300_000;
            _bring(patient, amount);
            _try(patient, address(book), abi.encodeCall(book.pay, (w.plan, amount)));
        } else if (r == 11) {
            _try(stranger, address(book), abi.encodeCall(book.settle, (w.plan)));
        } else {
            _try(stranger, address(book), abi.encodeCall(book.impair, (w.plan)));
            _try(stranger, address(book), abi.encodeCall(book.writeOff, (w.plan)));
        }
    }

    function _actOnCover(Both memory w, uint256 r, uint256 n) private {
        if (r == 13) {
            bytes memory asks = abi.encodeCall(covers.claim, (w.covered, w.cover, uint8(1 + n % 3), "shown"));
            _try(patient, address(covers), asks);
        } else if (r == 14) {
            bytes memory rules = abi.encodeCall(covers.rule, (uint256(keccak256(abi.encode(w.cover))), n % 4));
            if (n % 5 == 0) _try(clinic, address(covers), abi.encodeCall(covers.concede, (w.covered, w.cover)));
            else _try(judge, address(covers), rules);
        } else {
            _try(stranger, address(covers), abi.encodeCall(covers.settle, (w.covered, w.cover)));
            _try(stranger, address(covers), abi.encodeCall(covers.lapse, (w.covered, w.cover)));
        }
    }

    /// @dev Time alone, and whoever calls, ends what can end.
    function _timePasses(Both memory w) private {
        for (uint256 round = 0; round < 5; ++round) {
            vm.warp(block.timestamp + 100 days);
            _byTime(w.financed);
            _byTime(w.covered);
        }
        _actOnCover(w, 15, 0);
        _actOnLoan(w, 11, 0);
        _actOnLoan(w, 12, 0);
    }

    /// @dev Every unit that was brought is held by somebody here, or was paid out; and everybody holds what they owe.
    function _sums(Both memory w) private {
        LogVm.Log[] memory logs = LogVm(address(vm)).getRecordedLogs();
        bytes32 kind = keccak256("Redeemed(bytes32,address,uint256)");
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != kind) continue;
            uint256 amount = abi.decode(logs[i].data, (uint256));
            _out[logs[i].topics[1]] += amount;
            _out["all"] += amount;
        }
        eq(_holdings(), unit.totalSupply());
        eq(unit.totalSupply() + _out["all"], minted);
        eq(unit.balanceOf(address(escrow)), _owedByTheEscrow(w));
        eq(unit.balanceOf(address(pool)), pool.cash());
        eq(unit.balanceOf(address(bond)), bond.bond(address(covers), clinic).total + bond.credit(OTHER));
        eq(unit.balanceOf(address(capital)), capital.totalAssets() + capital.credit(OTHER));
        yes(bond.credit(OTHER) + capital.credit(OTHER) + _account(w.covered).refunded <= TOTAL, "a loss paid twice");
    }

    function _nothingIsLeft(Both memory w) private {
        for (uint256 i = 0; i < 2; ++i) {
            ICareEscrow.Account memory a = _account(i == 0 ? w.financed : w.covered);
            yes(a.state == ICareEscrow.State.Closed && a.held == 0, "an agreement stays open");
        }
        yes(covers.account(keccak256(abi.encode(w.cover))).state == IGuaranteeBook.State.Closed, "a cover stays open");
        eq(bond.bond(address(covers), clinic).locked, 0);
        eq(capital.exposure() + capital.frozen(), 0);
        ICareEscrow.Account memory e = _account(w.financed);
        IInstalmentBook.Loan memory l = _loan(w.plan);
        eq(l.refunded, e.refunded);
        eq(unit.balanceOf(address(book)) + _creditOf(_as(address(book))), 0);
        eq(pool.outstanding(), l.carrying);
        eq(l.due, 0);
        uint256 debt = book.payoff(w.plan, block.timestamp);
        if (e.refunded == TOTAL) {
            yes(l.state == IInstalmentBook.State.Closed && debt == 0, "a debt for what was not done");
            yes(l.received <= w.plan.principal, "a loan for what was not done cost something");
        }
        // what came back went to the loan as long as there was one
        if (l.state != IInstalmentBook.State.Closed) eq(_out[PAYOUT], 0);
        yes(l.state == IInstalmentBook.State.Closed || debt > 0, "open without a debt");
        if (debt == 0) return;
        _bring(patient, debt);
        vm.prank(patient);
        eq(book.pay(w.plan, type(uint256).max), debt);
        yes(_loan(w.plan).state == IInstalmentBook.State.Closed, "a debt that cannot be paid");
        eq(book.payoff(w.plan, block.timestamp), 0);
        _sums(w);
    }
}
