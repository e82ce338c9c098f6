// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Tokens that new agreements may be paid in, and in which regions' profiles.
/// @dev Uses are bits: 1 closed loop (minted by a custodian, moved only by system contracts), 2 public ERC-20, 4 an
/// ERC-20 of a licensed partner. What arrives is measured by whoever takes it, not here.
interface ITokenGate {
    enum Kind {
        None,
        ClosedLoop,
        Erc20
    }

    /// @dev One slot.
    struct Listing {
        Kind kind;
        uint8 decimals;
        uint8 uses;
    }

    event TokenListed(address indexed token, Kind kind, uint8 decimals, uint8 uses);

    error ListingOutOfBounds(bytes32 field);
    error DecimalsDiffer(uint256 said, uint256 found);

    /// @notice Lists a token, changes its listing, or takes it off (`Kind.None` with nothing else).
    /// @param decimals compared with what the token says of itself, at most 18
    function list(address token, Kind kind, uint8 decimals, uint8 uses) external;

    function listing(address token) external view returns (Listing memory);

    /// @return bits; 0 for a token that is not listed
    function usesOf(address token) external view returns (uint256);
}
