// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../src/interfaces/IProviderVerification.sol";
import {VerificationWorld} from "./base/VerificationWorld.sol";

/// @notice What each act of a paid check costs (see Gas.t.sol).
contract VerificationGasTest is VerificationWorld {
    function _note(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function test_gas_paidCheck() public {
        uint256 id = _ask();
        _note("verification.ask");
        _prepare(id, false);
        _note("verification.prepare");
        _open(id);
        book.draw(id, FIRST);
        _note("verification.draw 2 of 10");
        address[] memory pair = book.seatsOf(id, 0);
        for (uint256 i = 0; i < 2; ++i) {
            _commit(id, _answer(pair[i], true));
        }
        _note("verification.commitAnswer");
        IProviderVerification.Attestation memory a = _answer(pair[0], true);
        bytes memory s = _signedBy(_keyOf(a.verifier), _structHash(id, a));
        book.attest(id, a, "salt", s);
        _note("verification.attest");
        _attest(id, _answer(pair[1], true));
        book.tally(id);
        _note("verification.tally");
        _afterChallenge(id);
        _unseal(id, false);
        _note("verification.unseal");
        vm.warp(block.timestamp + 366 days);
        book.expire(id);
        _note("verification.expire");
    }
}
