// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {ForwardRequestData} from "../src/interfaces/IForwarder.sol";
import {PledgeWorld} from "./base/PledgeWorld.sol";

/// @notice What each act around a pledge costs as a transaction of its own.
contract PledgeGasTest is PledgeWorld {
    function _note(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function test_gas_pledgeFromItsWordToItsPayment() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.prank(clinic);
        book.pledge(t, SUM);
        _note("pledge.pledge");
        ForwardRequestData memory r =
            _request(PATIENT_KEY, address(escrow), abi.encodeCall(escrow.clinicAbsent, (t)));
        book.carry(r, t);
        _note("pledge.carry a report");
        book.witness(t);
        _note("pledge.witness");
        vm.warp(block.timestamp + 48 hours + 1);
        book.settle(t);
        _note("pledge.settle, paid");
    }
}
