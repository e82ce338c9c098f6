// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What disputes cost, where their money goes and who may judge: no calls, no loops, no storage, so that `spec/`
/// can prove it. Amounts are minor units of the settlement unit.
library PanelMath {
    uint256 internal constant BPS = 10_000;
    uint256 internal constant FEE_BPS = 500;
    uint256 internal constant FEE_CAP = 200_000;
    /// Up to this amount in dispute the fund puts the patient's part down.
    uint256 internal constant SUBSIDISED = 1_000_000;
    uint256 internal constant BOND = 50_000;
    uint256 internal constant SLASH = 10_000;

    /// Panels with pictures after which an assessor's record counts, and the share of them that must have been seen right.
    uint256 internal constant MIN_LOOKS = 5;
    uint256 internal constant ENOUGH = 3;
    uint256 internal constant ENOUGH_OF = 5;

    /// @notice min(5 % of the disputed amount, cap), rounded down in favour of who pays.
    function fee(uint256 amount) internal pure returns (uint256 due) {
        due = (amount * FEE_BPS) / BPS;
        if (due > FEE_CAP) due = FEE_CAP;
    }

    function appealFee(uint256 first) internal pure returns (uint256) {
        return first * 2;
    }

    /// @notice Each side pays for what it lost, rounded down in favour of who put it down.
    function charges(uint256 fromPatient, uint256 fromClinic, uint256 refundBps)
        internal
        pure
        returns (uint256 patientPays, uint256 clinicPays)
    {
        patientPays = (fromPatient * (BPS - refundBps)) / BPS;
        clinicPays = (fromClinic * refundBps) / BPS;
    }

    /// @notice What a dispute holds when it ends, and what an appeal was about.
    struct Deposits {
        uint256 fromPatient;
        uint256 fromClinic;
        uint256 forAppeal;
        uint256 slashed;
        uint256 firstBps;
        bool byPatient;
    }

    /// @notice Where everything that a dispute holds goes. The four answers add up to what was held.
    /// @param carriedOut the ruling reached the escrow; otherwise work that was done is paid by both sides alike
    /// @param worked somebody revealed a vote
    function ending(Deposits memory d, uint256 refundBps, bool carriedOut, bool worked)
        internal
        pure
        returns (uint256 toPatient, uint256 toClinic, uint256 toAppellant, uint256 shared)
    {
        (toPatient, toClinic, toAppellant) = (d.fromPatient, d.fromClinic, d.forAppeal);
        if (carriedOut || worked) {
            (uint256 patientPays, uint256 clinicPays) =
                charges(d.fromPatient, d.fromClinic, carriedOut ? refundBps : BPS / 2);
            // who asked pays if the other had nothing to put down
            if (carriedOut && worked && patientPays == 0 && clinicPays == 0) clinicPays = d.fromClinic;
            toPatient -= patientPays;
            toClinic -= clinicPays;
        }
        if (carriedOut && (d.byPatient ? refundBps <= d.firstBps : refundBps >= d.firstBps)) toAppellant = 0;
        shared = (d.fromPatient - toPatient) + (d.fromClinic - toClinic) + (d.forAppeal - toAppellant) + d.slashed;
    }

    /// @notice What a panel's ruling about a claim finds: all of it is what was asked for, half of it goodwill.
    /// @param asked 1 objective failure, 2 no improvement, 3 goodwill
    function found(uint256 bps, uint256 asked) internal pure returns (uint256) {
        if (bps == 0) return 0;
        return bps == BPS ? asked : 3;
    }

    /// @notice Whether an assessor may still be drawn: of the panels with pictures, enough were seen as they are.
    function calibrated(uint256 looks, uint256 right) internal pure returns (bool) {
        return looks < MIN_LOOKS || right * ENOUGH_OF >= looks * ENOUGH;
    }
}
