// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Plan} from "../src/interfaces/IInstalmentBook.sol";
import {LoanWorld} from "./base/LoanWorld.sol";

/// @notice An act changes the fields that it is about and no other, whatever stands in them.
contract InstalmentFrameTest is LoanWorld {
    uint256 private constant LOANS = 3;

    /// @dev Writes a value into every field but the state.
    function _fill(Plan memory p, IInstalmentBook.State state) private returns (IInstalmentBook.Loan memory l) {
        uint256 slot = uint256(slotOf(_planId(p), LOANS));
        uint256 first = uint256(uint8(state)) | (1 << 8) | (3 << 16) | (4 << 24) | (START << 32) | (6 << 72) | (7 << 136);
        vm.store(address(book), bytes32(slot), bytes32(first));
        vm.store(address(book), bytes32(slot + 1), bytes32(uint256(8) | (9 << 88)));
        vm.store(address(book), bytes32(slot + 2), bytes32(uint256(10) | (11 << 88)));
        vm.store(address(book), bytes32(slot + 3), bytes32(uint256(12) | (13 << 88)));
        l = IInstalmentBook.Loan(state, true, 3, 4, uint40(START), 6, 7, 8, 9, 10, 11, 12, 13);
        _same(p, l);
    }

    function _same(Plan memory p, IInstalmentBook.Loan memory expected) private view {
        eq(keccak256(abi.encode(_loan(p))), keccak256(abi.encode(expected)));
    }

    function test_accept_changesNoOtherField() public {
        Plan memory p = _plan(_financed());
        IInstalmentBook.Loan memory l = _fill(p, IInstalmentBook.State.None);
        vm.warp(START + 1);
        _accept(p);
        (l.state, l.acceptedAt) = (IInstalmentBook.State.Accepted, uint40(START + 1));
        _same(p, l);
    }

    function test_revoke_changesNoOtherField() public {
        Plan memory p = _plan(_financed());
        IInstalmentBook.Loan memory l = _fill(p, IInstalmentBook.State.Accepted);
        vm.prank(patient);
        book.revoke(p);
        l.state = IInstalmentBook.State.Closed;
        _same(p, l);
    }

    function test_payOut_changesNoOtherField() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        IInstalmentBook.Loan memory l = _fill(p, IInstalmentBook.State.Accepted);
        vm.warp(p.start);
        book.payOut(p, t, _offer(t), _agreed(t));
        (l.state, l.share) = (IInstalmentBook.State.Live, 1e18);
        (l.carrying, l.total) = (uint88(TOTAL), uint88(TOTAL));
        _same(p, l);
    }
}
