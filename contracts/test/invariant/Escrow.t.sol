// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CareEscrow} from "../../src/CareEscrow.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {Invariants} from "../base/Invariants.sol";
import {EscrowHandler} from "./EscrowHandler.sol";

/// @notice The invariants of ICareEscrow over any sequence of acts.
contract EscrowInvariants is Invariants {
    EscrowHandler private handler;
    CareEscrow private escrow;

    function setUp() public {
        handler = new EscrowHandler();
        escrow = CareEscrow(handler.parties().escrow);
        target = address(handler);
        acts = [
            handler.openOne.selector,
            handler.pass.selector,
            handler.cancel.selector,
            handler.providerCancel.selector,
            handler.claim.selector,
            handler.claim.selector,
            handler.accept.selector,
            handler.timeOut.selector,
            handler.dispute.selector,
            handler.rule.selector,
            handler.absent.selector,
            handler.split.selector,
            handler.withdraw.selector,
            handler.block_.selector,
            handler.donate.selector
        ];
    }

    function _sums(address token) private view returns (uint256 held, uint256 credit) {
        uint256 n = handler.count();
        for (uint256 i = 0; i < n; ++i) {
            Terms memory t = handler.terms(i);
            if (t.token == token) held += escrow.account(keccak256(abi.encode(t))).held;
        }
        EscrowHandler.CareEscrowParties memory p = handler.parties();
        bytes32 patient = _isCoin(token) ? bytes32(uint256(uint160(p.patient))) : keccak256("payout reference");
        credit = escrow.credit(token, bytes32(uint256(uint160(p.clinic))))
            + escrow.credit(token, bytes32(uint256(uint160(p.feeTo)))) + escrow.credit(token, patient);
    }

    function _isCoin(address token) private view returns (bool) {
        (, address coin) = handler.tokens();
        return token == coin;
    }

    function invariant_I1_I2_balanceEqualsWhatIsOwed() public view {
        (address unit, address coin) = handler.tokens();
        for (uint256 i = 0; i < 2; ++i) {
            address token = i == 0 ? unit : coin;
            (uint256 held, uint256 credit) = _sums(token);
            uint256 balance = HostileToken(token).balanceOf(address(escrow));
            eq(balance, held + credit + (i == 0 ? 0 : handler.donated()));
            eq(handler.paidIn(token), handler.paidOut(token) + held + credit);
        }
    }

    function invariant_I3_I4_everyAgreementAddsUp() public view {
        uint256 n = handler.count();
        for (uint256 i = 0; i < n; ++i) {
            Terms memory t = handler.terms(i);
            bytes32 id = keccak256(abi.encode(t));
            uint256 total;
            for (uint256 m = 0; m < t.milestones.length; ++m) {
                total += t.milestones[m].amount;
            }
            ICareEscrow.Account memory a = escrow.account(id);
            eq(handler.clinicOf(id) + handler.feeOf(id) + handler.patientOf(id) + a.held, total);
            eq(handler.patientOf(id), a.refunded);
            yes(handler.feeOf(id) * 10_000 <= (total - a.held - a.refunded) * t.feeBps, "I4");
            if (a.state == ICareEscrow.State.Closed) eq(a.held, 0);
        }
    }

    function invariant_I5_I8_nothingWentBack() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev I6, I9: at the end of every run everything closes by time alone and all money leaves.
    function afterInvariant() external {
        handler.finish();
        eq(bytes(handler.broken()).length, 0);
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_I1_I2_balanceEqualsWhatIsOwed();
        invariant_I3_I4_everyAgreementAddsUp();
        invariant_I5_I8_nothingWentBack();
    }
}
