// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IProviderVerification} from "../src/interfaces/IProviderVerification.sol";
import {VerificationMoves} from "../src/base/VerificationMoves.sol";

/// @notice An induction over a check: asking makes a lawful one, and each act and all passing of time turn a lawful
/// check into a lawful one that is further on.
contract VerificationMovesSpec {
    using VerificationMoves for IProviderVerification.Check;

    uint40 private constant FAR = 2 ** 38;

    function prove_askingIsLawful(uint40 time) external pure {
        require(time < FAR);
        IProviderVerification.Check memory c = VerificationMoves.ask(time);
        assert(_lawful(c) && c.phase == IProviderVerification.Phase.Asked && c.deadline > time);
    }

    function prove_timeAloneKeepsItLawful(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.roll(time);
        assert(_lawful(c) && _rank(c) >= before);
    }

    function prove_theHousesPartKeepsItLawful(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.prepare(time);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_theClinicsPartKeepsItLawful(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.openSecret(time);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_drawingKeepsItLawful(IProviderVerification.Check memory c, uint40 time, uint8 seats) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.draw(time, seats);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_answeringKeepsItLawful(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        require(c.committed < c.size);
        uint256 before = _rank(c);
        c = c.commitAnswer(time);
        assert(_lawful(c) && _rank(c) >= before);
    }

    function prove_attestingKeepsItLawful(IProviderVerification.Check memory c, uint40 time, bool accepts)
        external
        pure
    {
        _assume(c, time);
        require(c.revealed < c.committed);
        uint256 before = _rank(c);
        c = c.attest(time, accepts);
        assert(_lawful(c) && _rank(c) >= before);
    }

    function prove_countingKeepsItLawful(IProviderVerification.Check memory c, uint40 time, uint8 seats) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.mayTally(time);
        c = c.tally(time, seats);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_twoAcceptWhatIsAccepted(IProviderVerification.Check memory c, uint40 time, uint8 seats) external pure {
        _assume(c, time);
        require(c.round < 2);
        uint256 accepting = uint256(c.accepts) + c.round;
        c = c.mayTally(time);
        c = c.tally(time, seats);
        assert(
            c.phase != IProviderVerification.Phase.Challengeable || (c.accepted ? accepting >= 2 : accepting < 2)
        );
    }

    function prove_aJuryDecidesByTwo(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        require(c.round == 2);
        uint256 accepting = c.accepts;
        uint256 refusing = uint256(c.revealed) - c.accepts;
        c = c.mayTally(time);
        c = c.tally(time, 0);
        assert(
            c.phase == IProviderVerification.Phase.Failed || (c.accepted ? accepting >= 2 : refusing >= 2)
        );
    }

    function prove_challengingKeepsItLawful(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.challenge(time);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_conveningKeepsItLawful(IProviderVerification.Check memory c, uint40 time, uint8 seats) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.convene(time, seats);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_unsealingKeepsItLawful(IProviderVerification.Check memory c, uint40 time, bool fake) external pure {
        _assume(c, time);
        uint256 before = _rank(c);
        c = c.unseal(time, fake);
        assert(_lawful(c) && _rank(c) > before);
    }

    function prove_onlyAnAcceptedRealTaskStands(IProviderVerification.Check memory c, uint40 time, bool fake)
        external
        pure
    {
        _assume(c, time);
        c = c.unseal(time, fake);
        assert(c.phase != IProviderVerification.Phase.Standing || (c.accepted && !fake));
    }

    function prove_revokingKeepsTheDeadline(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        uint40 until = c.deadline;
        c = c.revoke(time);
        assert(_lawful(c) && c.phase == IProviderVerification.Phase.Revoked && c.deadline == until);
    }

    function prove_theYearIsTheEnd(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        uint40 until = c.deadline;
        c = c.expire(time);
        assert(_lawful(c) && c.phase == IProviderVerification.Phase.Ended && time > until);
    }

    function prove_silenceIsTheEnd(IProviderVerification.Check memory c, uint40 time) external pure {
        _assume(c, time);
        c = c.lapse(time);
        assert(_lawful(c) && c.phase == IProviderVerification.Phase.Failed);
    }

    function _assume(IProviderVerification.Check memory c, uint40 time) private pure {
        require(_lawful(c) && time < FAR && c.deadline < FAR);
    }

    /// @dev Answers are within the seats; a round has its own number of seats; a result comes after the answers; a jury's
    /// result is not challenged again.
    function _lawful(IProviderVerification.Check memory c) private pure returns (bool) {
        bool seated =
            c.round == 0 ? (c.size == 0 || c.size == 2) : c.round == 1 ? c.size == 1 : c.round == 2 && c.size == 3;
        bool counted = c.accepts <= c.revealed && c.revealed <= c.committed && c.committed <= c.size;
        bool working =
            c.phase == IProviderVerification.Phase.Answering || c.phase == IProviderVerification.Phase.Revealing;
        bool contestable =
            c.phase == IProviderVerification.Phase.Challengeable || c.phase == IProviderVerification.Phase.Challenged;
        return seated && counted && (!working || c.size > 0) && (!contestable || c.round < 2)
            && (c.phase < IProviderVerification.Phase.Answering ? c.size == 0 : true);
    }

    /// @dev How far on it is: a later round counts more than any phase before the result.
    function _rank(IProviderVerification.Check memory c) private pure returns (uint256) {
        return uint256(c.round) * 10 + uint256(c.phase)
            + (c.phase >= IProviderVerification.Phase.Unsealing ? 100 : 0);
    }
}
