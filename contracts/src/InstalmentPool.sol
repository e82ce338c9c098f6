// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IInstalmentPool} from "./interfaces/IInstalmentPool.sol";
import {ISettlementUnit} from "./interfaces/ISettlementUnit.sol";
import {Managed} from "./base/Managed.sol";
import {LoanPoolMath} from "./base/LoanPoolMath.sol";

/// @title See IInstalmentPool.
contract InstalmentPool is IInstalmentPool, ERC4626, Managed {
    uint64 private constant LENDER = 7;
    uint40 public constant EXIT_DELAY = 30 days;

    /// Set once, because book and pool know each other.
    address public book;
    /// Units that belong to the shares and are not lent. Units that arrive otherwise count for nothing.
    uint256 public cash;
    uint256 public outstanding;
    uint256 public impaired;

    Exit[] private _exits;
    /// Number of the first exit that was not served.
    uint256 public nextExit;
    mapping(address owner => uint256) public toCollect;

    error BookIsSet();

    constructor(address authority, IERC20 unit)
        ERC20("Zhenmei instalment pool", "zIP")
        ERC4626(unit)
        Managed(authority)
    {}

    /// @notice Admin, once.
    function setBook(address book_) external restricted {
        if (book != address(0) || book_ == address(0)) revert BookIsSet();
        book = book_;
    }

    /// @inheritdoc IInstalmentPool
    function lend(address to, uint256 amount) external {
        _onlyBook();
        if (nextExit < _exits.length && _exits[nextExit].readyAt <= block.timestamp) revert ExitsWait(nextExit);
        _spend(amount);
        outstanding += amount;
        emit Lent(to, amount);
        ISettlementUnit(asset()).hand(to, amount);
    }

    /// @inheritdoc IInstalmentPool
    function rebook(uint256 before, uint256 later, uint256 impairedBefore, uint256 impairedLater) external {
        _onlyBook();
        outstanding = LoanPoolMath.replaced(outstanding, before, later);
        impaired = LoanPoolMath.replaced(impaired, impairedBefore, impairedLater);
        emit Rebooked(outstanding, impaired);
    }

    /// @inheritdoc IInstalmentPool
    function repaid(uint256 amount) external {
        _onlyBook();
        cash += amount;
        emit Repaid(amount);
    }

    /// @inheritdoc IInstalmentPool
    function giveBack(uint256 amount) external returns (uint256 given) {
        _onlyBook();
        given = amount < cash ? amount : cash;
        if (given == 0) return 0;
        _spend(given);
        emit GivenBack(given);
        ISettlementUnit(asset()).redeem(bytes32(uint256(uint160(book))), given);
    }

    /// @inheritdoc IInstalmentPool
    function askExit(uint256 shares) external returns (uint256 number) {
        if (shares == 0) revert NothingToDo();
        number = _exits.length;
        uint40 readyAt = uint40(block.timestamp) + EXIT_DELAY;
        _exits.push(Exit(msg.sender, readyAt, uint128(shares), uint128(convertToAssets(shares))));
        _transfer(msg.sender, address(this), shares);
        emit ExitAsked(number, msg.sender, shares, readyAt);
    }

    /// @inheritdoc IInstalmentPool
    function serveExits(uint256 most) external returns (uint256 served) {
        while (served < most && nextExit < _exits.length) {
            Exit memory one = _exits[nextExit];
            uint256 assets = LoanPoolMath.exitValue(one.assets, convertToAssets(one.shares));
            if (one.readyAt > block.timestamp || assets > cash) break;
            _spend(assets);
            _burn(address(this), one.shares);
            toCollect[one.owner] += assets;
            emit ExitServed(nextExit, one.owner, assets);
            emit Withdraw(msg.sender, one.owner, one.owner, assets, one.shares);
            ++nextExit;
            ++served;
        }
        if (served == 0) revert NothingToDo();
    }

    /// @inheritdoc IInstalmentPool
    function collectExit(address owner) external returns (uint256 assets) {
        assets = toCollect[owner];
        if (assets == 0) revert NothingToDo();
        toCollect[owner] = 0;
        emit ExitCollected(owner, assets);
        ISettlementUnit(asset()).redeem(bytes32(uint256(uint160(owner))), assets);
    }

    function exit(uint256 number) external view returns (Exit memory) {
        return _exits[number];
    }

    function exits() external view returns (uint256) {
        return _exits.length;
    }

    /// @notice Value after impairment.
    function totalAssets() public view override returns (uint256) {
        return LoanPoolMath.net(cash, outstanding, impaired);
    }

    /// @notice Only licensed lenders put money in.
    function maxDeposit(address receiver) public view override returns (uint256) {
        (bool lends,) = IAccessManager(authority()).hasRole(LENDER, receiver);
        return lends ? type(uint96).max : 0;
    }

    function maxMint(address receiver) public view override returns (uint256) {
        return maxDeposit(receiver) == 0 ? 0 : type(uint128).max;
    }

    /// @notice Nothing leaves but through the queue.
    function maxRedeem(address) public pure override returns (uint256) {
        return 0;
    }

    /// @notice Shares for a deposit: at the value before impairment.
    function previewDeposit(uint256 assets) public view override returns (uint256) {
        return LoanPoolMath.sharesFor(assets, totalSupply(), cash + outstanding);
    }

    function previewMint(uint256 shares) public view override returns (uint256) {
        uint256 gross = cash + outstanding + LoanPoolMath.VIRTUAL_ASSETS;
        return Math.mulDiv(shares, gross, totalSupply() + LoanPoolMath.VIRTUAL_SHARES, Math.Rounding.Ceil);
    }

    function _convertToAssets(uint256 shares, Math.Rounding rounding) internal view override returns (uint256) {
        if (rounding == Math.Rounding.Floor) return LoanPoolMath.assetsFor(shares, totalSupply(), totalAssets());
        return super._convertToAssets(shares, rounding);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    function _transferIn(address from, uint256 assets) internal override {
        cash += assets;
        ISettlementUnit(asset()).collect(from, assets);
    }

    /// @dev Shares come with a deposit, go to the queue, and end there.
    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && to != address(0) && to != address(this)) revert NotTransferable();
        super._update(from, to, value);
    }

    function _onlyBook() private view {
        if (msg.sender != book) revert NotTheBook(msg.sender);
    }

    function _spend(uint256 amount) private {
        if (amount > cash) revert CashShort(cash, amount);
        cash -= amount;
    }
}
