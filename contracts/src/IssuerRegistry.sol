// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIssuerRegistry} from "./interfaces/IIssuerRegistry.sol";
import {IssuerMoves} from "./base/IssuerMoves.sol";
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
        _entries[issuer][subject] = IssuerMoves.withdraw(_entries[issuer][subject], issuer, subject, time);
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
        return IssuerMoves.inForce(_entries[issuer][credentialType], time)
            && IssuerMoves.inForce(_entries[issuer][thumbprint], time);
    }

    function _set(bytes32 issuer, bytes32 subject, uint64 validFrom, uint64 validTo) private {
        _entries[issuer][subject] = IssuerMoves.set(_entries[issuer][subject], issuer, subject, validFrom, validTo);
    }
}
