// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Capital that stands behind clinics' bonds: an ERC-4626 vault whose shares cannot be passed on.
/// @dev Invariants: frozen <= capital; balance = capital + what is credited; exposure = sum over the clinics; what
/// leaves leaves max(frozen, minimum capital) behind; nobody leaves sooner than a claim could be made.
interface IGuaranteePool {
    struct Exit {
        uint128 shares;
        /// Seconds since the epoch.
        uint40 from;
    }

    event Licensed(bool licensed);
    event Bound(address book);
    event ExitAsked(address indexed owner, uint256 shares, uint256 from);
    event Underwritten(address indexed clinic, bytes32 indexed cover, uint256 amount, uint256 premium);
    event Frozen(bytes32 indexed cover, uint256 asked, uint256 frozen);
    event CoverEnded(bytes32 indexed cover, uint256 amount, uint256 paid);

    error NotLicensed();
    error NotTheBook(address caller);
    error BoundBefore();
    error NotTransferable();
    error TooMuchForCapital();
    error TooManyClinics();

    /// @notice Admin: whether this pool may take capital and covers. What it stands for stays.
    function license(bool licensed) external;

    /// @notice Admin, once and for ever: which book's covers it stands for.
    function bind(address book) external;

    /// @notice Queues shares; they may leave after the delay, within the window. Asking again begins anew.
    function askExit(uint128 shares) external;

    function underwrite(address clinic, bytes32 cover, uint256 amount, uint256 premium) external;

    /// @notice A claim was made: what may become due is put aside, or as much of it as there is.
    function freeze(bytes32 cover, uint256 amount) external;

    /// @notice A cover is over. `due` is paid to `who` from what was put aside.
    function end(address clinic, bytes32 cover, uint256 amount, uint256 due, bytes32 who)
        external
        returns (uint256 paid);

    function exposure() external view returns (uint256);
    function exposureOf(address clinic) external view returns (uint256);
    function frozen() external view returns (uint256);
    function minimumCapital() external view returns (uint256);
    function exitOf(address owner) external view returns (Exit memory);
}
