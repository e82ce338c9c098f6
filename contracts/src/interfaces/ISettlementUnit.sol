// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Closed-loop unit: minted by the custodian against money received, moved only by system contracts.
interface ISettlementUnit {
    /// @dev One slot: who was credited for a payment, and how much of it may still be given back directly.
    struct Payment {
        address holder;
        uint96 amount;
    }

    event Minted(address indexed to, uint256 amount, bytes32 indexed paymentRef);
    event Collected(address indexed from, address indexed by, uint256 amount);
    /// @notice The custodian pays `amount` out to the reference.
    event Redeemed(bytes32 indexed payout, address indexed by, uint256 amount);
    event SystemContract(address indexed target, bool allowed);

    error PaymentSeen(bytes32 paymentRef);
    error NotSystemContract(address caller);
    error ClosedLoop();
    error NothingToMove();
    error NotThePayer(address caller);
    error InsufficientBalance(address holder, uint256 balance, uint256 needed);

    /// @notice Custodian: one payment, one minting.
    function mint(address to, uint96 amount, bytes32 paymentRef) external;

    /// @notice System contract: takes units into its own balance.
    function collect(address from, uint256 amount) external;

    /// @notice System contract: burns its own units; the custodian pays the reference. A reference that names another
    /// system contract moves them there instead.
    function redeem(bytes32 payout, uint256 amount) external;

    /// @notice System contract: moves its own units to a holder, to be collected by another. No holder can pay them out:
    /// only a payment that was received can be given back.
    function hand(address to, uint256 amount) external;

    /// @notice Holder of units that never reached an agreement: burns them. The custodian sends the payment back where
    /// it came from, so a stolen key cannot direct it elsewhere.
    function giveBack(bytes32 paymentRef, uint96 amount) external;

    function payment(bytes32 paymentRef) external view returns (Payment memory);
}
