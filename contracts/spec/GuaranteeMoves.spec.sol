// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteeMoves} from "../src/base/GuaranteeMoves.sol";

/// @notice A cover only goes forward, is claimed within its time, ruled once, and has a way out by time.
contract GuaranteeMovesSpec {
    using GuaranteeMoves for IGuaranteeBook.Account;

    function _rank(IGuaranteeBook.Account memory a) private pure returns (uint256) {
        if (a.state == IGuaranteeBook.State.None) return 0;
        if (a.state == IGuaranteeBook.State.Open) return 1;
        if (a.state == IGuaranteeBook.State.Claimed) return a.ruled ? 3 : 2;
        return 4;
    }

    function prove_openingGoesForward(IGuaranteeBook.Account memory a) external pure {
        uint256 before = _rank(a);
        IGuaranteeBook.Account memory b = a.open();
        assert(_rank(b) > before);
    }

    function prove_claimingGoesForward(IGuaranteeBook.Account memory a, uint40 time, uint40 until, uint256 paid)
        external
        pure
    {
        uint256 before = _rank(a);
        IGuaranteeBook.Account memory b = a.claim(time, 0, until, 0, 2, paid);
        assert(_rank(b) > before);
    }

    function prove_aClaimIsWithinItsTimeAndAboutALoss(
        IGuaranteeBook.Account memory a,
        uint40 time,
        uint40 from,
        uint40 until,
        uint8 asked,
        uint256 paid
    ) external pure {
        a.claim(time, from, until, 0, asked, paid);
        assert(from <= time && time <= until && paid != 0 && asked >= 1 && asked <= 3);
    }

    function prove_rulingGoesForward(IGuaranteeBook.Account memory a, uint40 time, uint256 ruling) external pure {
        uint256 before = _rank(a);
        IGuaranteeBook.Account memory b = a.rule(time, ruling);
        assert(_rank(b) > before);
    }

    function prove_aRulingIsInTimeAndKnown(IGuaranteeBook.Account memory a, uint40 time, uint256 ruling)
        external
        pure
    {
        require(a.ruling == 0);
        uint40 deadline = a.deadline;
        IGuaranteeBook.Account memory b = a.rule(time, ruling);
        assert(time <= deadline && b.ruling == ruling && ruling <= 3);
    }

    function prove_concedingGivesWhatWasAsked(IGuaranteeBook.Account memory a) external pure {
        uint8 asked = a.asked;
        IGuaranteeBook.Account memory b = a.concede();
        assert(b.ruled && b.ruling == asked);
    }

    function prove_settlingEndsTheCover(IGuaranteeBook.Account memory a, uint40 time) external pure {
        (IGuaranteeBook.Account memory b,) = a.settle(time);
        assert(_rank(b) == 4 && b.deadline == 0);
    }

    function prove_silenceCountsOnlyAfterTheDeadline(IGuaranteeBook.Account memory a, uint40 time) external pure {
        uint40 deadline = a.deadline;
        (, bool silent) = a.settle(time);
        assert(!silent || time > deadline);
    }

    function prove_lapsingEndsTheCover(IGuaranteeBook.Account memory a, uint40 time, uint40 until, bool nothingPaid)
        external
        pure
    {
        IGuaranteeBook.Account memory b = a.lapse(time, until, nothingPaid);
        assert(_rank(b) == 4 && (nothingPaid || time > until));
    }
}
