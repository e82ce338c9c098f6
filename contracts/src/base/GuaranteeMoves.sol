// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuaranteeBook} from "../interfaces/IGuaranteeBook.sol";
import {GuaranteeMath} from "./GuaranteeMath.sol";

/// @notice What each act does to a cover, and when it may: no calls, no loops, no storage. `spec/` proves what holds
/// for any sequence of acts; `modules/money/core/guarantee-moves.ts` is the same table.
/// @dev Times are seconds since the epoch, inclusive: an act is allowed in the second of its deadline.
library GuaranteeMoves {
    function open(IGuaranteeBook.Account memory a) internal pure returns (IGuaranteeBook.Account memory) {
        _expect(a, IGuaranteeBook.State.None);
        a.state = IGuaranteeBook.State.Open;
        return a;
    }

    /// @param paid what the clinic kept of the price: nobody loses what was given back
    function claim(
        IGuaranteeBook.Account memory a,
        uint40 time,
        uint40 from,
        uint40 until,
        uint32 arbiterWindow,
        uint8 asked,
        uint256 paid
    ) internal pure returns (IGuaranteeBook.Account memory) {
        _expect(a, IGuaranteeBook.State.Open);
        require(time >= from, IGuaranteeBook.TooEarly(from));
        require(time <= until, IGuaranteeBook.TooLate(until));
        require(
            asked >= GuaranteeMath.OBJECTIVE && asked <= GuaranteeMath.GOODWILL, IGuaranteeBook.UnknownRuling(asked)
        );
        require(paid != 0, IGuaranteeBook.NothingLost());
        a.state = IGuaranteeBook.State.Claimed;
        a.asked = asked;
        a.deadline = time + arbiterWindow;
        return a;
    }

    /// @notice The arbiter's word, once and in time; it is carried out by `settle`.
    function rule(IGuaranteeBook.Account memory a, uint40 time, uint256 ruling)
        internal
        pure
        returns (IGuaranteeBook.Account memory)
    {
        _expect(a, IGuaranteeBook.State.Claimed);
        require(!a.ruled, IGuaranteeBook.RuledBefore());
        require(time <= a.deadline, IGuaranteeBook.TooLate(a.deadline));
        if (ruling == GuaranteeMath.OBJECTIVE) a.ruling = GuaranteeMath.OBJECTIVE;
        else if (ruling == GuaranteeMath.NO_IMPROVEMENT) a.ruling = GuaranteeMath.NO_IMPROVEMENT;
        else if (ruling == GuaranteeMath.GOODWILL) a.ruling = GuaranteeMath.GOODWILL;
        else require(ruling == GuaranteeMath.REFUSED, IGuaranteeBook.UnknownRuling(ruling));
        a.ruled = true;
        return a;
    }

    /// @notice The clinic agrees to what was asked, while nobody has ruled.
    function concede(IGuaranteeBook.Account memory a) internal pure returns (IGuaranteeBook.Account memory) {
        _expect(a, IGuaranteeBook.State.Claimed);
        require(!a.ruled, IGuaranteeBook.RuledBefore());
        a.ruled = true;
        a.ruling = a.asked;
        return a;
    }

    /// @return silent true if nobody ruled in time
    function settle(IGuaranteeBook.Account memory a, uint40 time)
        internal
        pure
        returns (IGuaranteeBook.Account memory, bool silent)
    {
        _expect(a, IGuaranteeBook.State.Claimed);
        silent = !a.ruled;
        require(!silent || time > a.deadline, IGuaranteeBook.TooEarly(a.deadline));
        return (_close(a), silent);
    }

    /// @param nothingPaid the agreement is over and the clinic kept nothing: there is nothing to cover any more
    function lapse(IGuaranteeBook.Account memory a, uint40 time, uint40 until, bool nothingPaid)
        internal
        pure
        returns (IGuaranteeBook.Account memory)
    {
        _expect(a, IGuaranteeBook.State.Open);
        require(nothingPaid || time > until, IGuaranteeBook.TooEarly(until));
        return _close(a);
    }

    function _close(IGuaranteeBook.Account memory a) private pure returns (IGuaranteeBook.Account memory) {
        a.state = IGuaranteeBook.State.Closed;
        a.deadline = 0;
        return a;
    }

    function _expect(IGuaranteeBook.Account memory a, IGuaranteeBook.State state) private pure {
        require(a.state == state, IGuaranteeBook.NotThisState(a.state));
    }
}
