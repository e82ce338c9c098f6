// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IUnitRegistry} from "../src/interfaces/IUnitRegistry.sol";
import {World} from "./base/World.sol";

contract UnitRegistryTest is World {
    bytes32 private constant LOT = "lot";
    bytes32 private constant UNIT = "unit";

    function _unauthorised(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    /// @dev A tree of two units.
    function _pair(bytes32 other) private pure returns (bytes32 root, bytes32[] memory proof) {
        bytes32 a = keccak256(bytes.concat(keccak256(abi.encode(UNIT))));
        proof = new bytes32[](1);
        proof[0] = keccak256(bytes.concat(keccak256(abi.encode(other))));
        root = a < proof[0] ? keccak256(abi.encode(a, proof[0])) : keccak256(abi.encode(proof[0], a));
    }

    function _lot(bytes32 lot, uint64 amount, bool single) private returns (bytes32[] memory proof) {
        bytes32 root;
        (root, proof) = _pair("other");
        vm.prank(maker);
        units.registerLot(lot, root, amount, single);
    }

    function _openUnit(bytes32[] memory proof, uint64 amount, bytes32 commitment) private returns (uint32) {
        vm.prank(clinic);
        return units.open(LOT, UNIT, proof, amount, commitment);
    }

    function test_registerLot_revertsWhenTheCallerIsNoMaker() public {
        _unauthorised(clinic);
        vm.prank(clinic);
        units.registerLot(LOT, "root", 1, true);
    }

    function test_registerLot_revertsWhenTheLotIsKnown() public {
        _lot(LOT, 1, true);
        vm.prank(maker);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.LotKnown.selector, LOT));
        units.registerLot(LOT, "root", 1, true);
    }

    function test_registerLot_revertsWithoutRootOrAmount() public {
        vm.startPrank(maker);
        vm.expectRevert(IUnitRegistry.LotEmpty.selector);
        units.registerLot(LOT, 0, 1, true);
        vm.expectRevert(IUnitRegistry.LotEmpty.selector);
        units.registerLot(LOT, "root", 0, true);
    }

    function test_registerLot_registersTheLotForItsMaker() public {
        _lot(LOT, 7, true);
        IUnitRegistry.Lot memory l = units.lotOf(LOT);
        eq(l.maker, maker);
        eq(l.amountPerUnit, 7);
        yes(l.singleUse && !l.blocked, "flags");
        (bytes32 root,) = _pair("other");
        eq(units.root(LOT), root);
    }

    function test_blockLot_revertsWhenTheManagerDoesNotAnswer() public {
        vm.prank(maker);
        units.registerLot("another lot", "root", 1, true);
        breaks(address(manager));
        vm.prank(regulator);
        vm.expectRevert();
        units.blockLot("another lot");
    }

    function test_blockLot_revertsWhenTheLotIsUnknown() public {
        vm.prank(maker);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.LotUnknown.selector, LOT));
        units.blockLot(LOT);
    }

    function test_blockLot_revertsWhenAnotherMakerCalls() public {
        _lot(LOT, 1, true);
        manager.grantRole(3, stranger, 0);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotTheMaker.selector, stranger));
        units.blockLot(LOT);
    }

    function test_blockLot_blocksForTheMaker() public {
        _lot(LOT, 1, true);
        vm.prank(maker);
        units.blockLot(LOT);
        yes(units.lotOf(LOT).blocked, "blocked");
    }

    function test_blockLot_blocksForTheRegulator() public {
        _lot(LOT, 1, true);
        vm.prank(regulator);
        units.blockLot(LOT);
        yes(units.lotOf(LOT).blocked, "blocked");
    }

    function test_releaseLot_revertsWhenTheCallerIsNoRegulator() public {
        _lot(LOT, 1, true);
        vm.startPrank(maker);
        units.blockLot(LOT);
        _unauthorised(maker);
        units.releaseLot(LOT);
    }

    function test_releaseLot_revertsWhenTheLotIsUnknown() public {
        vm.prank(regulator);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.LotUnknown.selector, LOT));
        units.releaseLot(LOT);
    }

    function test_releaseLot_letsUnitsBeOpenedAgain() public {
        bytes32[] memory proof = _lot(LOT, 1, true);
        vm.prank(maker);
        units.blockLot(LOT);
        vm.prank(regulator);
        units.releaseLot(LOT);
        yes(!units.lotOf(LOT).blocked, "blocked");
        eq(_openUnit(proof, 1, "c"), 0);
    }

    function test_open_revertsWhenTheCallerIsNoClinic() public {
        bytes32[] memory proof = _lot(LOT, 1, true);
        _unauthorised(maker);
        vm.prank(maker);
        units.open(LOT, UNIT, proof, 1, "c");
    }

    function test_open_revertsWhenTheLotIsUnknown() public {
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.LotUnknown.selector, LOT));
        units.open(LOT, UNIT, new bytes32[](0), 1, "c");
    }

    function test_open_revertsWhenTheLotIsBlocked() public {
        bytes32[] memory proof = _lot(LOT, 1, true);
        vm.prank(maker);
        units.blockLot(LOT);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.LotIsBlocked.selector, LOT));
        units.open(LOT, UNIT, proof, 1, "c");
    }

    function test_open_revertsWhenTheUnitIsNotInTheLot() public {
        bytes32[] memory proof = _lot(LOT, 1, true);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotInLot.selector, bytes32("fake")));
        units.open(LOT, "fake", proof, 1, "c");
    }

    function test_open_revertsWhenAnInnerNodeIsGivenAsAUnit() public {
        // second preimage: the root itself with an empty proof, and the hashed leaf with the rest of the path
        bytes32[] memory proof = _lot(LOT, 1, true);
        bytes32 root = units.root(LOT);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotInLot.selector, root));
        units.open(LOT, root, new bytes32[](0), 1, "c");
        bytes32 leaf = keccak256(abi.encode(UNIT));
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotInLot.selector, leaf));
        units.open(LOT, leaf, proof, 1, "c");
    }

    function test_open_revertsWhenTheProofIsOfAnotherLot() public {
        bytes32[] memory proof = _lot(LOT, 1, true);
        (bytes32 root,) = _pair("another");
        vm.prank(maker);
        units.registerLot("lot 2", root, 1, true);
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.NotInLot.selector, UNIT));
        units.open("lot 2", UNIT, proof, 1, "c");
    }

    function test_open_revertsWhenASingleUseUnitWasOpened() public {
        bytes32[] memory proof = _lot(LOT, 5, true);
        _openUnit(proof, 2, "c");
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.AlreadyOpened.selector, UNIT));
        units.open(LOT, UNIT, proof, 1, "c");
    }

    function test_open_revertsWhenTheAmountExceedsWhatIsLeft() public {
        bytes32[] memory proof = _lot(LOT, 5, false);
        _openUnit(proof, 3, "c");
        vm.startPrank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.AmountExceeded.selector, 2, 3));
        units.open(LOT, UNIT, proof, 3, "c");
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.AmountExceeded.selector, 2, 0));
        units.open(LOT, UNIT, proof, 0, "c");
    }

    function test_open_revertsWhenTheUnitWasOpenedInAnotherLot() public {
        bytes32[] memory proof = _lot(LOT, 5, false);
        _lot("lot 2", 50, false);
        _openUnit(proof, 3, "c");
        vm.prank(clinic);
        vm.expectRevert(abi.encodeWithSelector(IUnitRegistry.OpenedInAnotherLot.selector, UNIT));
        units.open("lot 2", UNIT, proof, 1, "c");
    }

    function testFuzz_open_opensAUnitSeveralTimesUpToItsAmount(uint64 limit, uint64 first) public {
        limit = uint64(bound(limit, 2, type(uint64).max));
        first = uint64(bound(first, 1, limit - 1));
        bytes32[] memory proof = _lot(LOT, limit, false);
        eq(_openUnit(proof, first, "a"), 0);
        eq(_openUnit(proof, limit - first, "b"), 1);
        IUnitRegistry.Unit memory u = units.unitOf(UNIT);
        eq(u.used, limit);
        eq(u.openings, 2);
        eq(bytes32(u.lot), bytes32(bytes20(LOT)));
    }

    function test_open_keepsEachCommitmentUnderUnitAndUse() public {
        bytes32[] memory proof = _lot(LOT, 5, false);
        _openUnit(proof, 1, "a");
        _openUnit(proof, 1, "b");
        eq(units.commitmentOf(UNIT, 0), "a");
        eq(units.commitmentOf(UNIT, 1), "b");
        eq(units.commitmentOf(UNIT, 2), 0);
        eq(vm.load(address(units), slotOf(keccak256(abi.encode(UNIT, uint256(1))), 4)), "b");
    }
}
