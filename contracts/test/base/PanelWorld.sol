// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AssessorPanel} from "../../src/AssessorPanel.sol";
import {AssessorPool} from "../../src/AssessorPool.sol";
import {PanelMath} from "../../src/base/PanelMath.sol";
import {IAssessorPanel} from "../../src/interfaces/IAssessorPanel.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {World} from "./World.sol";

/// @notice The world with a panel, twenty assessors with a bond each, and one agreement in dispute.
abstract contract PanelWorld is World {
    /// @dev What each side puts down for 100,000 in dispute.
    uint256 internal constant FEE = 5_000;
    uint256 internal constant CHOICES = 10_001;
    uint256 internal constant ASSESSORS = 20;
    bytes32 internal constant LAYOUT = keccak256("layout secret");
    bytes32 internal constant FUND = 0;

    address internal examiner = address(0xE8A);
    AssessorPool internal pool;
    IAssessorPanel internal panel;

    function setUp() public virtual override {
        super.setUp();
        pool = new AssessorPool(address(manager), address(forwarder), unit);
        panel = new AssessorPanel(address(manager), address(forwarder), address(unit), escrow, pool);
        _role(6, regulator, address(pool), pool.admit.selector);
        _role(6, regulator, address(pool), pool.dismiss.selector);
        _role(6, regulator, address(pool), pool.tag.selector);
        _rightsOf(panel);
        unit.setSystemContract(address(pool), true);
        for (uint256 i = 0; i < ASSESSORS; ++i) {
            _admit(_assessor(i), _tags(i + 1));
            _fund(_as(_assessor(i)), PanelMath.BOND);
        }
        vm.prank(regulator);
        pool.tag(clinic, _tags(1_000));
        _fund(_as(clinic), 1_000_000);
        _fund(FUND, 1_000_000);
    }

    /// @dev What deployment grants: the house prepares, and the panel moves purses and seats.
    function _rightsOf(IAssessorPanel one) internal {
        _role(7, examiner, address(one), one.prepare.selector);
        bytes4[6] memory used = [
            pool.take.selector,
            pool.takeUpTo.selector,
            pool.give.selector,
            pool.seat.selector,
            pool.rise.selector,
            pool.note.selector
        ];
        for (uint256 i = 0; i < 6; ++i) {
            _role(8, address(one), address(pool), used[i]);
        }
    }

    function _late(uint256 deadline) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAssessorPanel.NotInTime.selector, deadline);
    }

    function _assessor(uint256 i) internal pure returns (address) {
        return address(uint160(0xA55E0000 + i));
    }

    function _tags(uint256 n) internal pure returns (bytes32[3] memory tags) {
        for (uint256 i = 0; i < 3; ++i) {
            tags[i] = keccak256(abi.encode("tag", n, i));
        }
    }

    function _admit(address who, bytes32[3] memory tags) internal {
        vm.prank(regulator);
        pool.admit(who, tags, uint40(START + 2_000 days));
    }

    function _fund(bytes32 who, uint256 amount) internal {
        _mint(address(this), amount);
        pool.fundFor(who, amount);
    }

    function _panelTerms() internal view returns (Terms memory t) {
        t = _terms();
        t.arbiter = address(panel);
        t.arbiterWindow = 30 days;
    }

    /// @dev The first milestone is claimed and disputed by the patient.
    function _disputed() internal returns (Terms memory t) {
        return _disputed(PAYOUT);
    }

    function _disputed(bytes32 payout) internal virtual returns (Terms memory t) {
        t = _panelTerms();
        t.payout = payout;
        _open(t);
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
    }

    /// @dev Another agreement in dispute, at the present time.
    function _another(uint256 n) internal virtual returns (Terms memory t) {
        t = _panelTerms();
        t.salt = keccak256(abi.encode(n));
        t.openBy = uint40(block.timestamp);
        t.coolingOff = 0;
        for (uint256 i = 0; i < 3; ++i) {
            t.milestones[i].dueBy = uint40(block.timestamp + (i + 1) * 20 days);
        }
        _open(t);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
    }

    function _create(Terms memory t, address by) internal virtual returns (uint256) {
        bytes memory data = abi.encode(t);
        vm.prank(by);
        return panel.createDispute(CHOICES, data);
    }

    function _case(uint256 id) internal view returns (IAssessorPanel.Case memory) {
        return panel.caseOf(id);
    }

    function _phase(uint256 id, IAssessorPanel.Phase expected) internal view {
        eq(uint8(_case(id).phase), uint8(expected));
    }

    function _secret(uint256 round, uint8 side) internal pure returns (bytes32) {
        return keccak256(abi.encode("secret", round, side));
    }

    function _secretHash(uint256 id, IAssessorPanel.Side side) internal view returns (bytes32) {
        uint8 round = _case(id).round;
        return keccak256(abi.encode(id, round, side, panel.beaconOf(id), _secret(round, uint8(side))));
    }

    function _layoutHash(uint256 id) internal view returns (bytes32) {
        return keccak256(abi.encode(id, _case(id).round, LAYOUT));
    }

    function _commitSecrets(uint256 id, bool pictures) internal {
        bytes32 beacon = panel.beaconOf(id);
        bytes32 hash = _secretHash(id, IAssessorPanel.Side.Patient);
        vm.prank(patient);
        panel.commitSecret(id, beacon, hash);
        hash = _secretHash(id, IAssessorPanel.Side.Clinic);
        vm.prank(clinic);
        panel.commitSecret(id, beacon, hash);
        hash = _secretHash(id, IAssessorPanel.Side.House);
        bytes32 layout = pictures ? _layoutHash(id) : bytes32(0);
        vm.prank(examiner);
        panel.prepare(id, beacon, hash, layout);
    }

    function _openSecrets(uint256 id) internal {
        uint8 round = _case(id).round;
        for (uint8 side = 0; side < 3; ++side) {
            panel.openSecret(id, IAssessorPanel.Side(side), _secret(round, side));
        }
    }

    function _draw(uint256 id, bool pictures) internal returns (address[] memory) {
        _commitSecrets(id, pictures);
        _openSecrets(id);
        panel.draw(id);
        return panel.panelOf(id, _case(id).round);
    }

    function _voteHash(uint256 id, address who, IAssessorPanel.Finding finding, uint16 scores)
        internal
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(id, _case(id).round, who, finding, scores, bytes32("salt")));
    }

    function _commitVote(uint256 id, address who, IAssessorPanel.Finding finding, uint16 scores) internal {
        bytes32 hash = _voteHash(id, who, finding, scores);
        vm.prank(who);
        panel.commitVote(id, hash);
    }

    function _reveal(uint256 id, address who, IAssessorPanel.Finding finding, uint16 scores) internal {
        vm.prank(who);
        panel.revealVote(id, finding, scores, "salt");
    }

    /// @dev The first `forPatient` find that the clinic failed, the rest that it kept its word.
    function _vote(uint256 id, address[] memory members, uint256 forPatient) internal {
        for (uint256 i = 0; i < members.length; ++i) {
            _commitVote(id, members[i], _finding(i < forPatient), 0);
        }
        for (uint256 i = 0; i < members.length; ++i) {
            _reveal(id, members[i], _finding(i < forPatient), 0);
        }
    }

    function _finding(bool failed) internal pure returns (IAssessorPanel.Finding) {
        return failed ? IAssessorPanel.Finding.Failed : IAssessorPanel.Finding.Kept;
    }

    /// @dev A whole first round without pictures.
    function _ruled(Terms memory t, uint256 forPatient) internal returns (uint256 id) {
        id = _create(t, patient);
        _vote(id, _draw(id, false), forPatient);
        panel.tally(id, 0);
    }

    function _settle(uint256 id, Terms memory t) internal virtual {
        bytes memory data = abi.encode(t);
        panel.settle(id, data);
    }

    /// @dev What `settle` is given about `t`.
    function _subject(Terms memory t) internal virtual returns (bytes memory) {
        return abi.encode(t);
    }

    /// @dev Last second in which a ruling about `t` can be carried out.
    function _end(Terms memory t) internal virtual returns (uint256) {
        return _account(t).deadline;
    }

    /// @dev The arbiter said nothing in time.
    function _fallSilent(Terms memory t) internal virtual {
        escrow.settleSilent(t);
        _state(t, ICareEscrow.State.Closed);
    }

    /// @dev The ruling was carried out as it was made; without a refund the rest of the agreement goes on.
    function _gave(Terms memory t, uint256 bps) internal virtual {
        if (bps == 10_000) {
            _state(t, ICareEscrow.State.Closed);
            eq(_owed(address(unit), PAYOUT), TOTAL);
            return;
        }
        _state(t, ICareEscrow.State.Active);
        if (bps == 0) eq(_owed(address(unit), _as(clinic)), 97_000);
        else eq(_owed(address(unit), PAYOUT), 50_000);
    }

    /// @dev Every purse and what is kept aside, against the pool's units (P1).
    function _poolAddsUp(uint256 id) internal view {
        uint256 sum = pool.purse(FUND) + pool.purse(_as(clinic)) + pool.purse(_as(patient)) + pool.purse(PAYOUT);
        for (uint256 i = 0; i < ASSESSORS; ++i) {
            sum += pool.purse(_as(_assessor(i)));
        }
        eq(sum + pool.aside(), unit.balanceOf(address(pool)));
        eq(panel.heldFor(id), pool.aside());
    }

    /// @dev Scores that a calibrated assessor gives who sees the true grade `d` (0 to 6, 3 unchanged).
    function _seen(address who, uint256 d) internal pure returns (uint16) {
        return _seen(who, [d, d, 5, 3]);
    }

    /// @dev The same with what is seen in each of the four pairs.
    function _seen(address who, uint256[4] memory kinds) internal pure returns (uint16 scores) {
        uint256 layout = uint256(keccak256(abi.encode(LAYOUT, who))) & 127;
        for (uint256 kind = 0; kind < 4; ++kind) {
            uint256 place = (kind + layout) % 4;
            bool swapped = kind < 2 ? ((layout >> 4) + kind) % 2 == 1 : (layout >> (kind + 3)) % 2 == 1;
            scores |= uint16((swapped ? 6 - kinds[kind] : kinds[kind]) << (place * 3));
        }
    }

    function _wrongPhase(IAssessorPanel.Phase phase) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IAssessorPanel.NotThisPhase.selector, phase);
    }
}
