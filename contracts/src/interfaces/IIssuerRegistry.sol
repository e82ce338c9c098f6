// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may issue which credential, with which key, when.
/// @dev One slot answers one question, so that a storage proof of it is evidence.
interface IIssuerRegistry {
    /// @dev Seconds since the epoch; 0 in `validTo` means open, 0 in `withdrawnAt` means not withdrawn.
    struct Entry {
        uint64 validFrom;
        uint64 validTo;
        uint64 withdrawnAt;
    }

    event IssuerSet(bytes32 indexed issuer, bytes32 metadataHash);
    event TypeSet(bytes32 indexed issuer, bytes32 indexed credentialType, uint64 validFrom, uint64 validTo);
    event KeySet(bytes32 indexed issuer, bytes32 indexed thumbprint, uint64 validFrom, uint64 validTo);
    event Withdrawn(bytes32 indexed issuer, bytes32 indexed subject, uint64 time);

    error PeriodEmpty();
    error NotRegistered(bytes32 issuer, bytes32 subject);
    error WithdrawnAlready(bytes32 issuer, bytes32 subject);

    /// @param issuer keccak256 of the issuer URI; `metadataHash` SHA-256 of its published metadata
    function setIssuer(bytes32 issuer, bytes32 metadataHash) external;

    /// @param credentialType keccak256 of the `vct` URI
    function setType(bytes32 issuer, bytes32 credentialType, uint64 validFrom, uint64 validTo) external;

    /// @param thumbprint RFC 7638 SHA-256 thumbprint of the key
    function setKey(bytes32 issuer, bytes32 thumbprint, uint64 validFrom, uint64 validTo) external;

    /// @notice Withdraws a type or a key from `time` on; what was issued before stays judged by its own time.
    function withdraw(bytes32 issuer, bytes32 subject, uint64 time) external;

    function metadata(bytes32 issuer) external view returns (bytes32);
    function entry(bytes32 issuer, bytes32 subject) external view returns (Entry memory);

    /// @notice True if type and key of the issuer were both in force at `time`.
    function authorised(bytes32 issuer, bytes32 credentialType, bytes32 thumbprint, uint64 time)
        external
        view
        returns (bool);
}
