// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {IssuerMoves} from "../src/base/IssuerMoves.sol";

/// @notice One authority under any sequence of acts.
contract IssuersSpec {
    IIssuerRegistry.Entry private entry;
    uint64 private withdrawnAt;
    uint64 private fromThen;

    function set(uint64 validFrom, uint64 validTo) external {
        IIssuerRegistry.Entry memory e = entry;
        entry = IssuerMoves.set(e, 0, 0, validFrom, validTo);
    }

    function withdraw(uint64 time) external {
        IIssuerRegistry.Entry memory e = entry;
        entry = IssuerMoves.withdraw(e, 0, 0, time);
        (withdrawnAt, fromThen) = (time, entry.validFrom);
    }

    function prove_aWithdrawalKeepsItsTime() external view {
        assert(entry.withdrawnAt == withdrawnAt);
    }

    function prove_nothingChangesAfterAWithdrawal() external view {
        assert(withdrawnAt == 0 || entry.validFrom == fromThen);
    }

    function prove_nothingIsInForceFromItsWithdrawalOn(uint64 time) external view {
        IIssuerRegistry.Entry memory e = entry;
        assert(withdrawnAt == 0 || time < withdrawnAt || !IssuerMoves.inForce(e, time));
    }

    function prove_whatWasNeverSetIsNeverInForce(uint64 time) external view {
        IIssuerRegistry.Entry memory e = entry;
        assert(e.validFrom != 0 || !IssuerMoves.inForce(e, time));
    }

    function prove_aPeriodIsNeverEmpty() external view {
        assert(entry.validTo == 0 || entry.validTo > entry.validFrom);
    }
}
