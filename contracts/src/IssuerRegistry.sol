// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";
import {Managed} from "./base/Managed.sol";

/// @title See IIssuerRegistry.
contract IssuerRegistry is IIssuerRegistry, Managed {
    mapping(bytes32 issuer => bytes32) public metadata;
    mapping(bytes32 issuer => mapping(bytes32 subject => Entry)) private _entries;

    constructor(address authority) Managed(authority) {}

    /// @inheritdoc IIssuerRegistry
    function setIssuer(bytes32 issuer, bytes32 metadataHash) external restricted {
        metadata[issuer] = metadataHash;
        emit IssuerSet(issuer, metadataHash);
    }

    /// @inheritdoc IIssuerRegistry
    function setType(bytes32 issuer, bytes32 credentialType, uint64 validFrom, uint64 validTo) external restricted {
        _set(issuer, credentialType, validFrom, validTo);
        emit TypeSet(issuer, credentialType, validFrom, validTo);
    }

    /// @inheritdoc IIssuerRegistry
    function setKey(bytes32 issuer, bytes32 thumbprint, uint64 validFrom, uint64 validTo) external restricted {
        _set(issuer, thumbprint, validFrom, validTo);
        emit KeySet(issuer, thumbprint, validFrom, validTo);
    }

    /// @inheritdoc IIssuerRegistry
    function withdraw(bytes32 issuer, bytes32 subject, uint64 time) external restricted {
        Entry storage e = _entries[issuer][subject];
        if (time == 0) revert PeriodEmpty();
        if (e.validFrom == 0) revert NotRegistered(issuer, subject);
        if (e.withdrawnAt != 0) revert WithdrawnAlready(issuer, subject);
        e.withdrawnAt = time;
        emit Withdrawn(issuer, subject, time);
    }

    /// @inheritdoc IIssuerRegistry
    function entry(bytes32 issuer, bytes32 subject) external view returns (Entry memory) {
        return _entries[issuer][subject];
    }

    /// @inheritdoc IIssuerRegistry
    function authorised(bytes32 issuer, bytes32 credentialType, bytes32 thumbprint, uint64 time)
        external
        view
        returns (bool)
    {
        return _inForce(_entries[issuer][credentialType], time) && _inForce(_entries[issuer][thumbprint], time);
    }

    function _set(bytes32 issuer, bytes32 subject, uint64 validFrom, uint64 validTo) private {
        if (validFrom == 0 || (validTo != 0 && validTo <= validFrom)) revert PeriodEmpty();
        Entry storage e = _entries[issuer][subject];
        if (e.withdrawnAt != 0) revert WithdrawnAlready(issuer, subject);
        e.validFrom = validFrom;
        e.validTo = validTo;
    }

    function _inForce(Entry memory e, uint64 time) private pure returns (bool) {
        return e.validFrom != 0 && time >= e.validFrom && (e.validTo == 0 || time < e.validTo)
            && (e.withdrawnAt == 0 || time < e.withdrawnAt);
    }
}
