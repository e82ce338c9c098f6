// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IArbitrator} from "./interfaces/IArbitrator.sol";
import {IAssessorPool} from "./interfaces/IAssessorPool.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "./interfaces/IGuaranteeBook.sol";
import {CoverBounds} from "./base/CoverBounds.sol";
import {GuaranteeMath} from "./base/GuaranteeMath.sol";
import {PanelCourt} from "./base/PanelCourt.sol";
import {PanelMath} from "./base/PanelMath.sol";
import {PanelMoney} from "./base/PanelMoney.sol";

/// @dev The part of the book that tells where its agreements are.
interface IBookOf {
    function ESCROW() external view returns (ICareEscrow);
}

/// @title The same panel for the second kind of case: a claim on a clinic's own promise about an outcome.
/// @notice Acts and invariants are those of IAssessorPanel. `agreement` is the cover's id here, and `milestone` what the
/// claim asks for. A ruling of 10,000 basis points finds what was asked for, 5,000 goodwill, and 0 nothing. About
/// claims that no improvement is seen, and about those alone, pictures are shown; then they alone decide.
/// @dev Covers with an insurer or the pool behind them are not heard: a clinic that puts nothing down gives up its own
/// case, and must not give up a backer's.
contract GuaranteePanel is PanelCourt {
    /// Bytes of a cover's encoding, after which the terms begin.
    uint256 private constant COVER_BYTES = 14 * 32;

    IGuaranteeBook public immutable BOOK;
    ICareEscrow public immutable ESCROW;
    /// The settlement unit; deposits are in it.
    address private immutable TOKEN;

    constructor(address authority, address forwarder, address unit, IGuaranteeBook book, IAssessorPool pool)
        PanelMoney(authority, forwarder, pool, address(book))
    {
        (BOOK, ESCROW, TOKEN) = (book, IBookOf(address(book)).ESCROW(), unit);
        emit MetaEvidence(0, "zhenmei:claim/1");
    }

    /// @inheritdoc IArbitrator
    /// @param extraData the cover and then the agreement's terms, each ABI-encoded
    function createDispute(uint256 choices, bytes calldata extraData) external returns (uint256) {
        (Cover calldata cover, Terms calldata terms) = _read(extraData);
        if (choices != CHOICES || cover.arbiter != address(this) || terms.token != TOKEN) revert WrongTerms();
        if (cover.profile != IGuaranteeBook.Profile.Promise) revert WrongTerms();
        bytes32 id = keccak256(extraData[:COVER_BYTES]);
        IGuaranteeBook.Account memory a = BOOK.account(id);
        if (!_open(a)) revert NotOpenHere();
        return _begin(
            Matter(id, a.asked, terms.patient, terms.clinic, terms.payout, _due(cover, terms, a.asked), a.deadline)
        );
    }

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata extraData) external view returns (uint256) {
        (Cover calldata cover, Terms calldata terms) = _read(extraData);
        return PanelMath.fee(_due(cover, terms, BOOK.account(keccak256(extraData[:COVER_BYTES])).asked));
    }

    function _read(bytes calldata extraData) private pure returns (Cover calldata cover, Terms calldata terms) {
        bytes calldata encoded = extraData[COVER_BYTES:];
        assembly ("memory-safe") {
            cover := extraData.offset
        }
        if (keccak256(encoded) != cover.agreement) revert WrongTerms();
        terms = _termsIn(encoded);
    }

    /// @dev What the claim is about: what it would pay if everything that was asked for is found.
    function _due(Cover calldata cover, Terms calldata terms, uint8 asked) private view returns (uint256) {
        uint256 paid = CoverBounds.total(terms) - ESCROW.account(cover.agreement).refunded;
        return GuaranteeMath.due(asked, paid, cover.sum, cover.goodwillBps);
    }

    function _open(IGuaranteeBook.Account memory a) private view returns (bool) {
        return a.state == IGuaranteeBook.State.Claimed && !a.ruled && block.timestamp <= a.deadline;
    }

    /// @dev The book still takes a ruling.
    function _waiting(Dispute_ storage d) internal view override returns (bool) {
        return _open(BOOK.account(d.agreement));
    }

    function _mayShow(Dispute_ storage d) internal view override returns (bool) {
        return d.milestone == GuaranteeMath.NO_IMPROVEMENT;
    }

    function _blind() internal pure override returns (bool) {
        return true;
    }

    function _carryOut(Dispute_ storage d, uint16 refundBps, bytes calldata) internal override {
        BOOK.rule(uint256(d.agreement), PanelMath.found(refundBps, d.milestone));
    }
}
