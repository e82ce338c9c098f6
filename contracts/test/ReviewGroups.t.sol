// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeafGreaterThanSnarkScalarField} from "@zk-kit/lean-imt.sol/InternalLeanIMT.sol";
import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";
import {IReviewGroups} from "../src/interfaces/IReviewGroups.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {World} from "./base/World.sol";
import {Vm} from "./base/Vm.sol";

contract ReviewGroupsTest is World {
    function _group() private view returns (uint256) {
        return uint160(clinic);
    }

    function _notSettled(Terms memory t) private {
        vm.expectRevert(abi.encodeWithSelector(IReviewGroups.NotSettled.selector, _id(t)));
        groups.admit(t);
    }

    function test_admit_revertsWhenTheEscrowDoesNotAnswer() public {
        Terms memory t = _terms();
        _openAndPay(t, 2);
        breaks(address(escrow));
        vm.expectRevert();
        groups.admit(t);
    }

    function test_admit_numbersTheMembersOfAGroup() public {
        Terms memory t = _terms();
        _openAndPay(t, 2);
        groups.admit(t);
        t.salt = "second";
        t.review = 54_321;
        vm.warp(START);
        _openAndPay(t, 2);
        vm.recordLogs();
        groups.admit(t);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (uint256 index,,) = abi.decode(logs[logs.length - 1].data, (uint256, uint256, uint256));
        eq(index, 1);
    }

    function test_admit_revertsWhenNothingWasOpened() public {
        _notSettled(_terms());
    }

    function test_admit_revertsBeforeAPerformedMilestoneWasPaid() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _claim(t, 1);
        _notSettled(t);
    }

    function test_admit_revertsWhenOnlyAnUnattendedMilestoneWasPaid() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.prank(patient);
        escrow.cancel(t);
        _notSettled(t);
    }

    function test_admit_revertsWhenThePerformedMilestoneWasWhollyRefunded() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _claim(t, 1);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, 10_000, true);
        _notSettled(t);
    }

    function test_admit_revertsWhenAdmittedAlready() public {
        Terms memory t = _terms();
        _openAndPay(t, 2);
        groups.admit(t);
        vm.expectRevert(abi.encodeWithSelector(IReviewGroups.AdmittedAlready.selector, _id(t)));
        groups.admit(t);
    }

    function test_admit_revertsWhenTheCommitmentIsNoFieldElement() public {
        Terms memory t = _terms();
        t.review = type(uint256).max;
        _openAndPay(t, 2);
        vm.expectRevert(LeafGreaterThanSnarkScalarField.selector);
        groups.admit(t);
    }

    function test_admit_admitsAfterRelease() public {
        Terms memory t = _terms();
        _openAndPay(t, 2);
        vm.prank(stranger);
        groups.admit(t);
        yes(groups.admitted(_id(t)), "admitted");
        eq(groups.sizeOf(_group()), 1);
        // one member: the root is the commitment itself, and it stands in one plain slot
        eq(groups.rootOf(_group()), t.review);
        eq(vm.load(address(groups), slotOf(bytes32(_group()), 0)), bytes32(t.review));
        eq(groups.rootSince(_group(), t.review), block.timestamp);
    }

    function test_admit_admitsAfterAPartialRuling() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        _claim(t, 1);
        vm.prank(patient);
        escrow.dispute(t);
        vm.prank(arbiter);
        escrow.rule(t, 9_999, true);
        groups.admit(t);
        yes(groups.admitted(_id(t)), "admitted");
    }

    function test_admit_keepsTheGroupsOfClinicsApart() public {
        Terms memory t = _terms();
        _openAndPay(t, 2);
        groups.admit(t);
        eq(groups.sizeOf(uint160(stranger)), 0);
        eq(groups.rootOf(uint160(stranger)), 0);
    }

    function test_admit_computesTheRootThatSemaphoreComputes() public {
        uint256[3] memory members = [uint256(11), 22, 33];
        for (uint256 i = 0; i < 3; ++i) {
            Terms memory t = _terms();
            t.salt = bytes32(i);
            t.review = members[i];
            vm.warp(START);
            _openAndPay(t, 2);
            groups.admit(t);
        }
        uint256 left = PoseidonT3.hash([members[0], members[1]]);
        eq(groups.rootOf(_group()), PoseidonT3.hash([left, members[2]]));
        // earlier roots stay known, for proofs made before later members came
        yes(groups.rootSince(_group(), left) != 0, "history");
    }
}
