// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAbsencePledge} from "../interfaces/IAbsencePledge.sol";
import {ICareEscrow} from "../interfaces/ICareEscrow.sol";

/// @notice What each act does to a pledge, given the account of its agreement. No calls, no storage; proved in `spec/`.
/// @dev In the escrow a report ends in two ways only: the agreement closes, or somebody objects. After an objection the
/// milestone counts as settled before anything closes, except by a split that both sides sign.
library PledgeMoves {
    /// @param price of the whole agreement, in minor units
    function pledge(IAbsencePledge.Account memory p, ICareEscrow.Account memory e, uint96 sum, uint256 price)
        internal
        pure
        returns (IAbsencePledge.Account memory)
    {
        require(p.state == IAbsencePledge.State.None, IAbsencePledge.NotThisState(p.state));
        require(e.state == ICareEscrow.State.Active, IAbsencePledge.AgreementNotActive());
        require(sum != 0 && sum <= price, IAbsencePledge.PledgeOutOfBounds("sum"));
        p.state = IAbsencePledge.State.Standing;
        p.sum = sum;
        return p;
    }

    function witness(IAbsencePledge.Account memory p, ICareEscrow.Account memory e)
        internal
        pure
        returns (IAbsencePledge.Account memory)
    {
        _stands(p);
        if (e.state == ICareEscrow.State.ClinicAbsent) {
            p.state = IAbsencePledge.State.Reported;
            p.milestone = e.milestone;
            p.back = e.held + e.refunded;
        } else if (e.state != ICareEscrow.State.Closed) {
            p.state = IAbsencePledge.State.Standing;
            p.milestone = 0;
            p.back = 0;
        }
        return p;
    }

    /// @return absent true if the agreement is still to be closed, by settling the absence
    function settle(IAbsencePledge.Account memory p, ICareEscrow.Account memory e, uint40 time)
        internal
        pure
        returns (IAbsencePledge.Account memory, bool absent)
    {
        _stands(p);
        absent = e.state == ICareEscrow.State.ClinicAbsent;
        if (absent) {
            // the second of the deadline still belongs to the clinic
            require(time > e.deadline, IAbsencePledge.TooEarly(e.deadline));
            p.state = IAbsencePledge.State.Paid;
        } else {
            require(e.state == ICareEscrow.State.Closed, IAbsencePledge.AgreementNotOver());
            bool owed = p.state == IAbsencePledge.State.Reported && e.milestone == p.milestone && e.refunded == p.back;
            p.state = owed ? IAbsencePledge.State.Paid : IAbsencePledge.State.Freed;
        }
        return (p, absent);
    }

    function _stands(IAbsencePledge.Account memory p) private pure {
        require(
            p.state == IAbsencePledge.State.Standing || p.state == IAbsencePledge.State.Reported,
            IAbsencePledge.NotThisState(p.state)
        );
    }
}
