// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAbsencePledge} from "../src/interfaces/IAbsencePledge.sol";
import {ICareEscrow} from "../src/interfaces/ICareEscrow.sol";
import {EscrowMoves} from "../src/base/EscrowMoves.sol";
import {PledgeMoves} from "../src/base/PledgeMoves.sol";

/// @notice A pledge ends once, pays only for a report that nobody objected to, and pays for each that was seen,
/// whoever ends the agreement.
contract PledgeMovesSpec {
    using EscrowMoves for ICareEscrow.Account;
    using PledgeMoves for IAbsencePledge.Account;

    function _over(IAbsencePledge.Account memory p) private pure returns (bool) {
        return p.state == IAbsencePledge.State.Paid || p.state == IAbsencePledge.State.Freed;
    }

    function prove_aPledgeIsMadeOnceWhileTheAgreementIsActive(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint96 sum,
        uint256 price
    ) external pure {
        IAbsencePledge.State before = p.state;
        p.pledge(e, sum, price);
        assert(before == IAbsencePledge.State.None && e.state == ICareEscrow.State.Active);
    }

    function prove_aPledgeIsThePriceAtMost(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint96 sum,
        uint256 price
    ) external pure {
        IAbsencePledge.Account memory n = p.pledge(e, sum, price);
        assert(n.sum == sum && sum > 0 && sum <= price);
    }

    function prove_witnessingEndsNothingAndKeepsTheSum(IAbsencePledge.Account memory p, ICareEscrow.Account memory e)
        external
        pure
    {
        uint96 sum = p.sum;
        IAbsencePledge.Account memory n = p.witness(e);
        assert(!_over(n) && n.sum == sum);
    }

    function prove_onlyAReportOfTheClinicsAbsenceIsNoted(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e
    ) external pure {
        require(p.state == IAbsencePledge.State.Standing);
        IAbsencePledge.Account memory n = p.witness(e);
        assert((n.state == IAbsencePledge.State.Reported) == (e.state == ICareEscrow.State.ClinicAbsent));
    }

    function prove_whatGoesOnOtherwiseWipesTheNote(IAbsencePledge.Account memory p, ICareEscrow.Account memory e)
        external
        pure
    {
        require(e.state != ICareEscrow.State.ClinicAbsent && e.state != ICareEscrow.State.Closed);
        IAbsencePledge.Account memory n = p.witness(e);
        assert(n.state == IAbsencePledge.State.Standing && n.back == 0 && n.milestone == 0);
    }

    function prove_settlingEndsWhatStood(IAbsencePledge.Account memory p, ICareEscrow.Account memory e, uint40 time)
        external
        pure
    {
        bool stood = p.state == IAbsencePledge.State.Standing || p.state == IAbsencePledge.State.Reported;
        (IAbsencePledge.Account memory n,) = p.settle(e, time);
        assert(stood && _over(n));
    }

    function prove_nothingEndsBeforeItsAgreementButAnAbsenceThatIsOver(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint40 time
    ) external pure {
        (, bool absent) = p.settle(e, time);
        assert(
            absent
                ? e.state == ICareEscrow.State.ClinicAbsent && time > e.deadline
                : e.state == ICareEscrow.State.Closed
        );
    }

    function prove_withoutANotedReportAnAgreementThatIsOverPaysNothing(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint40 time
    ) external pure {
        require(p.state == IAbsencePledge.State.Standing && e.state == ICareEscrow.State.Closed);
        (IAbsencePledge.Account memory n,) = p.settle(e, time);
        assert(n.state == IAbsencePledge.State.Freed);
    }

    /// @dev The clinic gave everything back, or somebody settled the absence in the escrow: the same account.
    function prove_aReportThatWasSeenIsPaidWhoeverClosesTheAgreement(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint40 time
    ) external pure {
        require(e.state == ICareEscrow.State.ClinicAbsent);
        p = p.witness(e);
        (ICareEscrow.Account memory closed,) = e.close();
        (IAbsencePledge.Account memory n,) = p.settle(closed, time);
        assert(n.state == IAbsencePledge.State.Paid);
    }

    /// @dev Even if nobody saw the objection: what an arbiter or its silence divides is a milestone that is settled.
    function prove_aReportThatWasObjectedToIsNotPaidOnceTheDisputeIsOver(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint88 amount,
        uint88 refund,
        uint40 time
    ) external pure {
        require(e.state == ICareEscrow.State.ClinicAbsent);
        p = p.witness(e);
        e = e.dispute(time, 0, 0);
        e = e.settle(amount, refund);
        (e,) = e.close();
        (IAbsencePledge.Account memory n,) = p.settle(e, time);
        assert(n.state == IAbsencePledge.State.Freed);
    }

    /// @dev A note says what the report would return (below); less than that comes back, and only all of it is paid for.
    function prove_whatWasPartlyKeptIsNotAllThatWasNoted(ICareEscrow.Account memory e, uint88 kept) external pure {
        require(kept > 0);
        uint256 all = uint256(e.held) + e.refunded;
        (ICareEscrow.Account memory closed,) = e.keep(kept).close();
        assert(closed.refunded < all);
    }

    function prove_aNoteSaysWhatAReportWouldReturn(IAbsencePledge.Account memory p, ICareEscrow.Account memory e)
        external
        pure
    {
        require(e.state == ICareEscrow.State.ClinicAbsent);
        (uint256 all, uint8 milestone) = (uint256(e.held) + e.refunded, e.milestone);
        IAbsencePledge.Account memory n = p.witness(e);
        assert(n.back == all && n.milestone == milestone);
    }

    function prove_anAgreementThatIsOverPaysExactlyWhatWasNoted(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint40 time
    ) external pure {
        require(e.state == ICareEscrow.State.Closed);
        bool noted = p.state == IAbsencePledge.State.Reported;
        (uint88 back, uint8 milestone) = (p.back, p.milestone);
        (IAbsencePledge.Account memory n,) = p.settle(e, time);
        assert((n.state == IAbsencePledge.State.Paid) == (noted && e.refunded == back && e.milestone == milestone));
    }

    function prove_anAbsenceThatIsOverPaysThoughNobodyLooked(
        IAbsencePledge.Account memory p,
        ICareEscrow.Account memory e,
        uint40 time
    ) external pure {
        require(e.state == ICareEscrow.State.ClinicAbsent);
        (IAbsencePledge.Account memory n, bool absent) = p.settle(e, time);
        assert(absent && n.state == IAbsencePledge.State.Paid);
    }
}
