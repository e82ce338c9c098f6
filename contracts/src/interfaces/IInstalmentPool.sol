// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Where lenders' money waits and to which it returns: an ERC-4626 vault over the settlement unit.
/// @notice Shares cannot be transferred. Who leaves queues for `EXIT_DELAY` and gets the lower of the values at both
/// ends, so that nobody leaves before a loss that is known, or comes for a gain that is.
/// @dev Invariants. P1: the unit's balance is cash + exits to be collected. P2: impaired ≤ outstanding. P3: no act of
/// one lender makes another's share worth less. P4: the sum of all that came in is the sum of what went out, is lent,
/// lost, or here.
interface IInstalmentPool {
    struct Exit {
        address owner;
        uint40 readyAt;
        uint128 shares;
        /// What they were worth when they were handed in.
        uint128 assets;
    }

    event Lent(address indexed to, uint256 amount);
    event Rebooked(uint256 outstanding, uint256 impaired);
    event Repaid(uint256 amount);
    event GivenBack(uint256 amount);
    event ExitAsked(uint256 indexed number, address indexed owner, uint256 shares, uint256 readyAt);
    event ExitServed(uint256 indexed number, address indexed owner, uint256 assets);
    event ExitCollected(address indexed owner, uint256 assets);

    error NotTheBook(address caller);
    error NotTransferable();
    error CashShort(uint256 cash, uint256 needed);
    error ExitsWait(uint256 number);
    error NothingToDo();

    /// @notice Book: lends to a borrower's key, only while no exit waits whose time has come.
    function lend(address to, uint256 amount) external;

    /// @notice Book: so much of a loan's value was `before` and is `later`, and so much of it is impaired.
    function rebook(uint256 before, uint256 later, uint256 impairedBefore, uint256 impairedLater) external;

    /// @notice Book: has just moved `amount` here.
    function repaid(uint256 amount) external;

    /// @notice Book: what was taken from a borrower without cause goes back, as far as there is cash. @return given
    function giveBack(uint256 amount) external returns (uint256 given);

    /// @notice Holder: hands shares in. They still bear losses until they are served.
    function askExit(uint256 shares) external returns (uint256 number);

    /// @notice Anybody: serves exits in their order, while their time has come and there is cash.
    function serveExits(uint256 most) external returns (uint256 served);

    /// @notice Anybody: pays out what was served, to its owner alone.
    function collectExit(address owner) external returns (uint256 assets);
}
