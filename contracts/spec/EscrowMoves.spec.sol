// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow} from "../src/interfaces/ICareEscrow.sol";
import {EscrowMoves} from "../src/base/EscrowMoves.sol";

/// @notice Each act alone, from every account that can be written down.
contract EscrowMovesSpec {
    using EscrowMoves for ICareEscrow.Account;

    function prove_payingNeedsAClaim(ICareEscrow.Account memory a) external pure {
        ICareEscrow.State before = a.state;
        a.accept();
        assert(before == ICareEscrow.State.Claimed);
    }

    function prove_silenceOfThePatientPaysOnlyAfterTheWindow(ICareEscrow.Account memory a, uint40 time) external pure {
        ICareEscrow.State before = a.state;
        uint40 end = a.deadline;
        a.release(time);
        assert(before == ICareEscrow.State.Claimed && time > end);
    }

    function prove_aClaimNeedsTheCoolingOffToBeOver(
        ICareEscrow.Account memory a,
        uint40 time,
        uint40 dueBy,
        uint32 window
    ) external pure {
        ICareEscrow.State before = a.state;
        uint40 end = a.deadline;
        a.claim(time, dueBy, window);
        assert(before == ICareEscrow.State.Active && time >= end && time <= dueBy);
    }

    function prove_aClaimMovesNoMoney(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        external
        pure
    {
        (uint88 held, uint88 refunded, uint8 milestone) = (a.held, a.refunded, a.milestone);
        ICareEscrow.Account memory b = a.claim(time, dueBy, window);
        assert(b.held == held && b.refunded == refunded && b.milestone == milestone);
    }

    function prove_theWholeWindowIsThePatients(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        external
        pure
    {
        ICareEscrow.Account memory b = a.claim(time, dueBy, window);
        assert(b.claimed && b.state == ICareEscrow.State.Claimed && b.deadline >= time && b.deadline - time == window);
    }

    function prove_aDisputeMovesNoMoney(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        external
        pure
    {
        (uint88 held, uint88 refunded, bool claimed) = (a.held, a.refunded, a.claimed);
        ICareEscrow.Account memory b = a.dispute(time, dueBy, window);
        assert(b.held == held && b.refunded == refunded && b.claimed == claimed);
    }

    function prove_aDisputeComesInTime(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, uint32 window)
        external
        pure
    {
        bool claimed = a.state == ICareEscrow.State.Claimed || a.reported();
        uint40 end = a.deadline;
        a.dispute(time, dueBy, window);
        assert(claimed ? time <= end : time >= end && time <= dueBy);
    }

    function prove_aReportOfAbsenceMovesNoMoney(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, bool byPatient)
        external
        pure
    {
        (uint88 held, uint88 refunded, uint8 milestone, bool claimed) = (a.held, a.refunded, a.milestone, a.claimed);
        ICareEscrow.Account memory b = a.reportAbsence(time, dueBy, byPatient);
        assert(b.held == held && b.refunded == refunded && b.milestone == milestone && b.claimed == claimed);
    }

    function prove_aReportOfAbsenceComesInTime(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, bool byPatient)
        external
        pure
    {
        ICareEscrow.State before = a.state;
        uint40 end = a.deadline;
        a.reportAbsence(time, dueBy, byPatient);
        assert(before == ICareEscrow.State.Active && time >= end && time <= dueBy);
    }

    function prove_twoDaysToObjectBelongToTheOtherSide(
        ICareEscrow.Account memory a,
        uint40 time,
        uint40 dueBy,
        bool byPatient
    ) external pure {
        ICareEscrow.Account memory b = a.reportAbsence(time, dueBy, byPatient);
        assert(b.deadline >= time && b.deadline - time == 172_800);
    }

    function prove_aReportNamesTheOtherSide(ICareEscrow.Account memory a, uint40 time, uint40 dueBy, bool byPatient)
        external
        pure
    {
        ICareEscrow.Account memory b = a.reportAbsence(time, dueBy, byPatient);
        assert(b.state == (byPatient ? ICareEscrow.State.ClinicAbsent : ICareEscrow.State.PatientAbsent));
    }

    function prove_objectingAndSettlingAnAbsenceNeverMeet(ICareEscrow.Account memory a, uint40 time) external pure {
        uint40 end = a.deadline;
        uint40 at = a.settleAbsence(time);
        assert(time > end && at < time && uint256(at) + 172_800 == end);
    }

    function prove_onlyAReportIsSettledAsAbsence(ICareEscrow.Account memory a, uint40 time) external pure {
        ICareEscrow.State before = a.state;
        a.settleAbsence(time);
        assert(before == ICareEscrow.State.PatientAbsent || before == ICareEscrow.State.ClinicAbsent);
    }

    function prove_coolingOffIsFreeToItsLastSecond(ICareEscrow.Account memory a, uint40 time) external pure {
        uint40 end = a.deadline;
        assert(a.cancel(time) == (time < end));
    }

    function prove_closingReturnsEverything(ICareEscrow.Account memory a) external pure {
        uint256 owed = uint256(a.held) + a.refunded;
        uint88 held = a.held;
        (ICareEscrow.Account memory b, uint88 rest) = a.close();
        assert(rest == held && b.held == 0 && b.refunded == owed && b.state == ICareEscrow.State.Closed);
    }

    function prove_nothingExpiresBeforeItIsOverdue(ICareEscrow.Account memory a, uint40 time, uint40 dueBy)
        external
        pure
    {
        a.expire(time, dueBy);
        assert(time > dueBy);
    }

    function prove_theArbiterRulesInTimeOnly(ICareEscrow.Account memory a, uint40 time) external pure {
        ICareEscrow.State before = a.state;
        uint40 end = a.deadline;
        a.rule(time);
        assert(before == ICareEscrow.State.Disputed && time <= end);
    }

    function prove_silenceNeverPaysForWhatNobodyShowed(ICareEscrow.Account memory a, uint40 time, uint16 defaultSplit)
        external
        pure
    {
        bool claimed = a.claimed;
        uint16 refundBps = a.silent(time, defaultSplit);
        assert(claimed ? refundBps == defaultSplit : refundBps == 10_000);
    }

    function prove_rulingAndSilenceNeverMeet(ICareEscrow.Account memory a, uint40 time, uint16 defaultSplit)
        external
        pure
    {
        uint40 end = a.deadline;
        a.silent(time, defaultSplit);
        assert(time > end);
    }

    function prove_aSplitDividesWhatIsHeld(ICareEscrow.Account memory a, uint88 refund) external pure {
        uint88 held = a.held;
        uint88 kept = a.split(refund);
        assert(uint256(kept) + refund == held);
    }

    function prove_settlingMovesToTheNextMilestone(ICareEscrow.Account memory a, uint88 amount, uint88 refund)
        external
        pure
    {
        (uint256 milestone, uint256 held) = (a.milestone, a.held);
        ICareEscrow.Account memory b = a.settle(amount, refund);
        assert(b.milestone == milestone + 1 && b.held + uint256(amount) == held && !b.claimed && b.deadline == 0);
    }

    function prove_openingHoldsAllOfIt(uint88 total, uint40 time, uint32 coolingOff) external pure {
        ICareEscrow.Account memory a = EscrowMoves.open(total, time, coolingOff);
        assert(a.held == total && a.refunded == 0 && a.milestone == 0 && !a.claimed && a.deadline >= time);
    }
}
