// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILogAnchor} from "../../src/interfaces/ILogAnchor.sol";
import {ISettlementUnit} from "../../src/interfaces/ISettlementUnit.sol";
import {IUnitRegistry} from "../../src/interfaces/IUnitRegistry.sol";
import {World} from "../base/World.sol";

/// @notice Makers, clinics, the log and the custodian act in any order on four lots, eight units and two logs.
contract RegistriesHandler is World {
    uint256 public minted;
    uint256 public redeemed;
    string public broken;
    mapping(bytes32 unit => uint256) public openedAmount;
    mapping(bytes32 origin => mapping(uint64 size => bytes32)) private _rootAt;
    mapping(bytes32 origin => uint64) private _largest;
    bytes32[] private _refs;

    constructor() {
        setUp();
        for (uint256 i = 0; i < 4; ++i) {
            (bytes32 root,) = _tree(i, 0);
            vm.prank(maker);
            units.registerLot(lotAt(i), root, 100, i == 0);
        }
    }

    function lotAt(uint256 i) public pure returns (bytes32) {
        return keccak256(abi.encode("lot", i % 4));
    }

    /// @dev Lots 2 and 3 hold the same units: the registry must keep them apart.
    function unitAt(uint256 lot, uint256 i) public pure returns (bytes32) {
        lot = lot % 4 == 3 ? 2 : lot % 4;
        return keccak256(abi.encode("unit", lot, i % 2));
    }

    function _tree(uint256 lot, uint256 which) private pure returns (bytes32 root, bytes32[] memory proof) {
        bytes32 a = keccak256(bytes.concat(keccak256(abi.encode(unitAt(lot, 0)))));
        bytes32 b = keccak256(bytes.concat(keccak256(abi.encode(unitAt(lot, 1)))));
        proof = new bytes32[](1);
        proof[0] = which % 2 == 0 ? b : a;
        root = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function escrowBalance() external view returns (uint256 supply, uint256 balances) {
        return (unit.totalSupply(), unit.balanceOf(patient) + unit.balanceOf(address(escrow)));
    }

    function state(uint256 lot, uint256 i)
        external
        view
        returns (IUnitRegistry.Lot memory l, IUnitRegistry.Unit memory u, uint256 commitments)
    {
        bytes32 id = unitAt(lot, i);
        (l, u) = (units.lotOf(lotAt(lot)), units.unitOf(id));
        while (units.commitmentOf(id, uint32(commitments)) != 0) ++commitments;
    }

    function openUnit(uint256 lot, uint256 i, uint64 amount) external {
        (bytes32 lotId, bytes32 id) = (lotAt(lot), unitAt(lot, i));
        (, bytes32[] memory proof) = _tree(lot, i);
        amount = uint64(bound(amount, 1, 60));
        IUnitRegistry.Lot memory l = units.lotOf(lotId);
        IUnitRegistry.Unit memory u = units.unitOf(id);
        bool refused = l.blocked || (u.openings > 0 && (l.singleUse || u.lot != bytes20(lotId)))
            || u.used + amount > l.amountPerUnit;
        vm.prank(clinic);
        try units.open(lotId, id, proof, amount, keccak256(abi.encode(id, u.openings))) returns (uint32 use) {
            if (refused) broken = "opened what must stay closed";
            if (use != u.openings) broken = "use index jumped";
            openedAmount[id] += amount;
        } catch {
            if (!refused) broken = "refused what is allowed";
        }
    }

    function blockLot(uint256 lot, bool byRegulator) external {
        if (lot % 7 != 0) return; // rare, or nothing could be opened
        vm.prank(byRegulator ? regulator : maker);
        units.blockLot(lotAt(lot / 7));
    }

    function anchor(bool which, uint8 size, bytes32 root) external {
        bytes32 origin = which ? bytes32("a") : bytes32("b");
        bytes32 known = _rootAt[origin][size];
        bool refused = root == 0 || size < _largest[origin] || (known != 0 && known != root);
        vm.prank(operator);
        try anchors.anchor(origin, size, root) {
            if (refused) broken = "anchored a fork";
            (_rootAt[origin][size], _largest[origin]) = (root, size);
        } catch {
            if (!refused) broken = "refused an honest anchor";
        }
        ILogAnchor.Anchor memory latest = anchors.latest(origin);
        if (latest.size != _largest[origin]) broken = "size went back";
    }

    function mint(uint96 amount) external {
        amount = uint96(bound(amount, 1, 1e9));
        _refs.push(_mint(patient, amount));
        minted += amount;
    }

    function giveBack(uint256 which, uint96 amount) external {
        if (_refs.length == 0) return;
        bytes32 ref = _refs[which % _refs.length];
        ISettlementUnit.Payment memory p = unit.payment(ref);
        uint256 most = unit.balanceOf(patient) < p.amount ? unit.balanceOf(patient) : p.amount;
        if (most == 0) return;
        amount = uint96(bound(amount, 1, most));
        vm.prank(patient);
        unit.giveBack(ref, amount);
        redeemed += amount;
    }

    function collect(uint256 amount) external {
        amount = bound(amount, 0, unit.balanceOf(patient));
        vm.prank(address(escrow));
        unit.collect(patient, amount);
    }

    function redeem(uint256 amount) external {
        amount = bound(amount, 0, unit.balanceOf(address(escrow)));
        vm.prank(address(escrow));
        unit.redeem("payout", amount);
        redeemed += amount;
    }
}
