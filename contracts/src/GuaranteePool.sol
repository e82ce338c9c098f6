// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IGuaranteePool} from "./interfaces/IGuaranteePool.sol";
import {GuaranteeMath} from "./base/GuaranteeMath.sol";
import {Managed} from "./base/Managed.sol";
import {GuaranteePoolMath} from "./base/GuaranteePoolMath.sol";
import {Till} from "./base/Till.sol";

/// @title See IGuaranteePool.
/// @dev Capital is what was paid in and earned, never the balance: a gift changes no price.
contract GuaranteePool is IGuaranteePool, ERC4626, Managed, Till {
    address public book;
    bool public licensed;
    uint256 private _capital;
    uint256 public frozen;
    uint256 public exposure;
    address[] private _clinics;
    mapping(address clinic => uint256) public exposureOf;
    mapping(bytes32 cover => uint256) public frozenFor;
    mapping(address owner => Exit) private _exits;

    modifier onlyBook() {
        if (msg.sender != book) revert NotTheBook(msg.sender);
        _;
    }

    constructor(address authority, IERC20 token, bool closedLoop)
        ERC20("Guarantee capital", "GCAP")
        ERC4626(token)
        Managed(authority)
        Till(token, closedLoop)
    {}

    /// @inheritdoc IGuaranteePool
    function license(bool licensed_) external restricted {
        licensed = licensed_;
        emit Licensed(licensed_);
    }

    /// @inheritdoc IGuaranteePool
    function bind(address book_) external restricted {
        if (book != address(0)) revert BoundBefore();
        book = book_;
        emit Bound(book_);
    }

    /// @inheritdoc IGuaranteePool
    function askExit(uint128 shares) external {
        if (shares > balanceOf(msg.sender)) revert ERC4626ExceededMaxRedeem(msg.sender, shares, balanceOf(msg.sender));
        uint40 from = uint40(block.timestamp + GuaranteePoolMath.EXIT_DELAY);
        _exits[msg.sender] = Exit(shares, from);
        emit ExitAsked(msg.sender, shares, from);
    }

    /// @inheritdoc IGuaranteePool
    function underwrite(address clinic, bytes32 cover, uint256 amount, uint256 premium)
        external
        onlyBook
        nonReentrant
    {
        if (!licensed) revert NotLicensed();
        // a sum so small that the bond takes all of it leaves nothing for the pool
        if (amount != 0 && exposureOf[clinic] == 0) {
            if (_clinics.length == GuaranteePoolMath.MAX_CLINICS) revert TooManyClinics();
            _clinics.push(clinic);
        }
        exposureOf[clinic] += amount;
        exposure += amount;
        if (!GuaranteePoolMath.carries(_capital, frozen, minimumCapital(), exposureOf[clinic])) revert TooMuchForCapital();
        emit Underwritten(clinic, cover, amount, premium);
        _take(clinic, premium);
        _capital += premium;
    }

    /// @inheritdoc IGuaranteePool
    function freeze(bytes32 cover, uint256 amount) external onlyBook nonReentrant {
        uint256 aside = GuaranteePoolMath.freezable(_capital, frozen, amount);
        frozenFor[cover] = aside;
        frozen += aside;
        emit Frozen(cover, amount, aside);
    }

    /// @inheritdoc IGuaranteePool
    function end(address clinic, bytes32 cover, uint256 amount, uint256 due, bytes32 who)
        external
        onlyBook
        nonReentrant
        returns (uint256 paid)
    {
        uint256 aside = frozenFor[cover];
        paid = GuaranteeMath.least(due, aside);
        frozenFor[cover] = 0;
        frozen -= aside;
        exposure -= amount;
        exposureOf[clinic] -= amount;
        if (amount != 0 && exposureOf[clinic] == 0) _forget(clinic);
        _capital -= paid;
        emit CoverEnded(cover, amount, paid);
        _owe(who, cover, paid);
    }

    /// @inheritdoc IGuaranteePool
    function minimumCapital() public view returns (uint256) {
        (uint256 a, uint256 b, uint256 c) = (0, 0, 0);
        for (uint256 i = 0; i < _clinics.length; ++i) {
            (a, b, c) = GuaranteePoolMath.largestThree(a, b, c, exposureOf[_clinics[i]]);
        }
        return GuaranteePoolMath.minimumCapital(exposure, a + b + c);
    }

    /// @inheritdoc IGuaranteePool
    function exitOf(address owner) external view returns (Exit memory) {
        return _exits[owner];
    }

    function totalAssets() public view override returns (uint256) {
        return _capital;
    }

    function maxDeposit(address) public view override returns (uint256) {
        return licensed ? type(uint96).max - GuaranteeMath.least(_capital, type(uint96).max) : 0;
    }

    function maxMint(address receiver) public view override returns (uint256) {
        return _convertToShares(maxDeposit(receiver), Math.Rounding.Floor);
    }

    /// @dev Shares that are in their window, as many as what may leave is worth.
    function maxRedeem(address owner) public view override returns (uint256) {
        Exit memory exit = _exits[owner];
        if (block.timestamp < exit.from || block.timestamp > exit.from + GuaranteePoolMath.EXIT_WINDOW) return 0;
        uint256 free = GuaranteePoolMath.free(_capital, frozen, minimumCapital());
        return GuaranteeMath.least(exit.shares, _convertToShares(free, Math.Rounding.Floor));
    }

    function _convertToShares(uint256 assets, Math.Rounding rounding) internal view override returns (uint256) {
        return GuaranteePoolMath.toShares(assets, totalSupply(), _capital, rounding == Math.Rounding.Ceil);
    }

    function _convertToAssets(uint256 shares, Math.Rounding rounding) internal view override returns (uint256) {
        return GuaranteePoolMath.toAssets(shares, totalSupply(), _capital, rounding == Math.Rounding.Ceil);
    }

    function _decimalsOffset() internal pure override returns (uint8) {
        return 6;
    }

    /// @dev The price stands still while money comes in: capital and shares change together, afterwards.
    function _deposit(address caller, address receiver, uint256 assets, uint256 shares)
        internal
        override
        nonReentrant
    {
        _take(caller, assets);
        _capital += assets;
        _mint(receiver, shares);
        emit Deposit(caller, receiver, assets, shares);
    }

    /// @dev And before money goes out.
    function _withdraw(address caller, address receiver, address owner, uint256 assets, uint256 shares)
        internal
        override
        nonReentrant
    {
        if (caller != owner) _spendAllowance(owner, caller, shares);
        _exits[owner].shares -= uint128(shares);
        _capital -= assets;
        _burn(owner, shares);
        emit Withdraw(caller, receiver, owner, assets, shares);
        _give(bytes32(uint256(uint160(receiver))), assets);
    }

    /// @dev Shares are made and unmade, never passed on: a place in the queue is nobody else's.
    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && to != address(0)) revert NotTransferable();
        super._update(from, to, value);
    }

    function _forget(address clinic) private {
        uint256 last = _clinics.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            if (_clinics[i] == clinic) {
                _clinics[i] = _clinics[last];
                break;
            }
        }
        _clinics.pop();
    }
}
