// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIssuerRegistry} from "../interfaces/IIssuerRegistry.sol";

/// @notice Periods of authority: what may change them and when they are in force. No calls, no storage; proved in
/// `spec/`.
library IssuerMoves {
    function set(IIssuerRegistry.Entry memory e, bytes32 issuer, bytes32 subject, uint64 validFrom, uint64 validTo)
        internal
        pure
        returns (IIssuerRegistry.Entry memory)
    {
        require(validFrom != 0 && (validTo == 0 || validTo > validFrom), IIssuerRegistry.PeriodEmpty());
        require(e.withdrawnAt == 0, IIssuerRegistry.WithdrawnAlready(issuer, subject));
        (e.validFrom, e.validTo) = (validFrom, validTo);
        return e;
    }

    function withdraw(IIssuerRegistry.Entry memory e, bytes32 issuer, bytes32 subject, uint64 time)
        internal
        pure
        returns (IIssuerRegistry.Entry memory)
    {
        require(time != 0, IIssuerRegistry.PeriodEmpty());
        require(e.validFrom != 0, IIssuerRegistry.NotRegistered(issuer, subject));
        require(e.withdrawnAt == 0, IIssuerRegistry.WithdrawnAlready(issuer, subject));
        e.withdrawnAt = time;
        return e;
    }

    function inForce(IIssuerRegistry.Entry memory e, uint64 time) internal pure returns (bool) {
        return e.validFrom != 0 && time >= e.validFrom && (e.validTo == 0 || time < e.validTo)
            && (e.withdrawnAt == 0 || time < e.withdrawnAt);
    }
}
