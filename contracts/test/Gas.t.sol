// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {IParams} from "../src/interfaces/IParams.sol";
import {World} from "./base/World.sol";

/// @notice What each act costs as a transaction of its own (run with `--isolate`; the figures stand in `gas.json`).
contract GasTest is World {
    /// @dev As in China: a rule, and the clinic placed under it.
    function setUp() public override {
        super.setUp();
        params.setRule("CN", 7 days, IParams.Start.Payment, false, true, 1);
        params.setRule("NZ", 7 days, IParams.Start.Payment, false, true, 7);
        params.placeClinic(clinic, "CN");
    }

    function _note(string memory name) private {
        vm.snapshotGasLastCall("gas", name);
    }

    function test_gas_escrowHappyPath() public {
        // somebody else was here before, so that totals and fee account are warm in the sense of the trie
        Terms memory t = _terms();
        t.salt = "before";
        _openAndPay(t, 3);
        vm.warp(START);

        t = _terms();
        _mint(patient, TOTAL);
        bytes memory offer = _offer(t);
        vm.prank(patient);
        escrow.open(t, offer);
        _note("escrow.open 3 milestones");

        vm.warp(START + 7 days);
        bytes memory attendance = _attended(t, 0, "evidence");
        vm.prank(clinic);
        escrow.claim(t, "evidence", "");
        _note("escrow.claim unattended");
        vm.prank(patient);
        escrow.accept(t);
        _note("escrow.accept");

        attendance = _attended(t, 1, "evidence");
        vm.prank(clinic);
        escrow.claim(t, "evidence", attendance);
        _note("escrow.claim attended");
        vm.warp(START + 11 days);
        vm.prank(stranger);
        escrow.release(t);
        _note("escrow.release");

        _claim(t, 2);
        vm.prank(patient);
        escrow.accept(t);
        _note("escrow.accept last");
        escrow.withdraw(address(unit), _as(clinic));
        _note("escrow.withdraw unit");
        groups.admit(t);
        _note("groups.admit first of a group");
        _afterWithdrawal();
        t.salt = "after";
        t.review = 54_321;
        vm.warp(START);
        _openAndPay(t, 2);
        groups.admit(t);
        _note("groups.admit");
    }

    /// @dev The clinic's credit is empty again, so the release fills a fresh slot.
    function _afterWithdrawal() private {
        Terms memory t = _terms();
        t.salt = "again";
        vm.warp(START);
        _openAndPay(t, 1);
        escrow.withdraw(address(unit), _as(clinic));
        _claim(t, 1);
        vm.warp(START + 20 days);
        escrow.release(t);
        _note("escrow.release after a withdrawal");
    }

    function test_gas_escrowFirstRelease() public {
        Terms memory t = _terms();
        _mint(patient, TOTAL);
        (bytes memory offer, bytes memory agreed) = (_offer(t), _agreed(t));
        escrow.openFor(t, offer, agreed);
        _note("escrow.openFor first ever");
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.warp(START + 20 days);
        escrow.release(t);
        _note("escrow.release first ever");
    }

    function test_gas_escrowExits() public {
        Terms memory t = _terms();
        t.salt = "before";
        _open(t);
        t = _terms();
        _open(t);
        vm.prank(patient);
        escrow.cancel(t);
        _note("escrow.cancel in cooling-off");
        t.salt = "dispute";
        _openAndPay(t, 0);
        _claim(t, 0);
        vm.prank(patient);
        escrow.dispute(t);
        _note("escrow.dispute");
        vm.prank(arbiter);
        escrow.rule(t, 5_000, false);
        _note("escrow.rule");
        vm.prank(clinic);
        escrow.providerCancel(t);
        _note("escrow.providerCancel");
    }

    function test_gas_escrowAbsence() public {
        Terms memory t = _terms();
        _openAndPay(t, 1);
        vm.warp(START + 20 days);
        vm.prank(clinic);
        escrow.patientAbsent(t);
        _note("escrow.patientAbsent");
        vm.warp(START + 23 days);
        escrow.settleAbsence(t);
        _note("escrow.settleAbsence");
    }

    function test_gas_escrowCoin() public {
        params.placeClinic(clinic, "NZ");
        Terms memory t = _payable(_terms());
        t.salt = "before";
        _open(t);
        t = _payable(_terms());
        bytes memory offer = _offer(t);
        vm.prank(patient);
        escrow.open(t, offer);
        _note("escrow.open coin");
        _payTwice(t);
        escrow.withdraw(address(coin), _as(feeTo));
        escrow.withdraw(address(coin), _as(clinic));
        _note("escrow.withdraw coin");
    }

    function _payTwice(Terms memory t) private {
        vm.warp(START + 7 days);
        _claim(t, 0);
        vm.prank(patient);
        escrow.accept(t);
        coin.mint(clinic, 1);
    }

    function test_gas_registries() public {
        vm.prank(operator);
        anchors.anchor("origin", 1, "root 1");
        _note("anchors.anchor first");
        vm.prank(operator);
        anchors.anchor("origin", 1_000, "root 2");
        _note("anchors.anchor");

        (bytes32 root, bytes32[] memory proof) = _tree("unit", 17);
        vm.prank(maker);
        units.registerLot("lot", root, 100, false);
        _note("units.registerLot");
        vm.prank(clinic);
        units.open("lot", "unit", proof, 40, "commitment");
        _note("units.open first of a unit, 131072 units");
        vm.prank(clinic);
        units.open("lot", "unit", proof, 40, "commitment");
        _note("units.open");
        vm.prank(maker);
        units.blockLot("lot");
        _note("units.blockLot");
        vm.prank(regulator);
        units.releaseLot("lot");
        _note("units.releaseLot");

        issuers.setIssuer("issuer", "metadata");
        issuers.setType("issuer", "type", 1, 0);
        _note("issuers.setType");
        issuers.withdraw("issuer", "type", 5);
        _note("issuers.withdraw");
        vm.prank(custodian);
        unit.mint(patient, 100, "payment");
        _note("unit.mint");
        vm.prank(patient);
        unit.giveBack("payment", 100);
        _note("unit.giveBack");
    }

    function _tree(bytes32 leafUnit, uint256 depth) private pure returns (bytes32 root, bytes32[] memory proof) {
        root = keccak256(bytes.concat(keccak256(abi.encode(leafUnit))));
        proof = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            proof[i] = keccak256(abi.encode(i));
            root = root < proof[i]
                ? keccak256(abi.encodePacked(root, proof[i]))
                : keccak256(abi.encodePacked(proof[i], root));
        }
    }
}
