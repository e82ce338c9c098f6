// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {ERC2771Forwarder} from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import {CareEscrow} from "../../src/CareEscrow.sol";
import {IssuerRegistry} from "../../src/IssuerRegistry.sol";
import {Params} from "../../src/Params.sol";
import {TokenGate} from "../../src/TokenGate.sol";
import {LogAnchor} from "../../src/LogAnchor.sol";
import {ReviewGroups} from "../../src/ReviewGroups.sol";
import {SettlementUnit} from "../../src/SettlementUnit.sol";
import {UnitRegistry} from "../../src/UnitRegistry.sol";
import {ITokenGate} from "../../src/interfaces/ITokenGate.sol";
import {ICareEscrow, Milestone, Retention, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {Test} from "./Test.sol";

/// @notice Everything deployed and wired as `deploy/plan.ts` does it, and one agreement to play with.
abstract contract World is Test {
    uint64 internal constant LOG = 2;
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant PATIENT_KEY = 0xA11CE;
    uint256 internal constant CLINIC_KEY = 0xC1121C;
    bytes32 internal constant PAYOUT = keccak256("payout reference");
    uint256 internal constant TOTAL = 650_001;

    address internal patient = vm.addr(PATIENT_KEY);
    address internal clinic = vm.addr(CLINIC_KEY);
    address internal arbiter = address(0xA5B1);
    address internal feeTo = address(0xFEE);
    address internal custodian = address(0xC057);
    address internal operator = address(0x106);
    address internal maker = address(0x4A4E);
    address internal regulator = address(0x4E6);
    address internal stranger = address(0x57);

    AccessManager internal manager;
    ERC2771Forwarder internal forwarder;
    SettlementUnit internal unit;
    Params internal params;
    TokenGate internal gate;
    CareEscrow internal escrow;
    IssuerRegistry internal issuers;
    LogAnchor internal anchors;
    UnitRegistry internal units;
    ReviewGroups internal groups;
    HostileToken internal coin;
    uint256 private _payments;

    function setUp() public virtual {
        vm.warp(START);
        manager = new AccessManager(address(this));
        forwarder = new ERC2771Forwarder("Zhenmei Forwarder");
        unit = new SettlementUnit(address(manager), address(forwarder), "Settlement CNY", "sCNY");
        params = new Params(address(manager));
        gate = new TokenGate(address(manager));
        escrow = new CareEscrow(address(manager), address(forwarder), unit, params, gate);
        issuers = new IssuerRegistry(address(manager));
        anchors = new LogAnchor(address(manager));
        units = new UnitRegistry(address(manager));
        groups = new ReviewGroups(escrow);
        coin = new HostileToken();
        _role(2, operator, address(anchors), anchors.anchor.selector);
        _role(3, maker, address(units), units.registerLot.selector);
        _role(4, clinic, address(units), units.open.selector);
        _role(5, custodian, address(unit), unit.mint.selector);
        _role(6, regulator, address(units), units.blockLot.selector);
        _role(6, regulator, address(units), units.releaseLot.selector);
        unit.setSystemContract(address(escrow), true);
        escrow.allowToken(address(coin), true);
        gate.list(address(coin), ITokenGate.Kind.Erc20, 6, 2);
    }

    function _role(uint64 role, address who, address target, bytes4 selector) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
        manager.grantRole(role, who, 0);
    }

    /// @dev Deposit (nothing to attend), treatment, follow-up.
    function _terms() internal view returns (Terms memory t) {
        t.patient = patient;
        t.clinic = clinic;
        t.token = address(unit);
        t.arbiter = arbiter;
        t.feeTo = feeTo;
        t.payout = PAYOUT;
        t.standard = keccak256("standard");
        t.quote = keccak256("quote");
        t.review = 12_345;
        t.openBy = uint40(START + 1 days);
        t.coolingOff = 7 days;
        t.arbiterWindow = 14 days;
        t.feeBps = 300;
        t.defaultSplitBps = 5_000;
        t.schedule = new Retention[](2);
        t.schedule[0] = Retention(72 hours, 1_000);
        t.schedule[1] = Retention(24 hours, 3_000);
        t.milestones = new Milestone[](3);
        t.milestones[0] = Milestone(100_000, uint40(START + 10 days), 2 days, false);
        t.milestones[1] = Milestone(500_001, uint40(START + 20 days), 3 days, true);
        t.milestones[2] = Milestone(50_000, uint40(START + 60 days), 3 days, true);
        t.salt = keccak256("salt");
    }

    function _payable(Terms memory t) internal returns (Terms memory) {
        t.token = address(coin);
        t.payout = bytes32(uint256(uint160(patient)));
        coin.mint(patient, TOTAL);
        vm.prank(patient);
        coin.approve(address(escrow), TOTAL);
        return t;
    }

    function _domain() internal view returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Zhenmei CareEscrow"),
                keccak256("1"),
                block.chainid,
                address(escrow)
            )
        );
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", _domain(), structHash));
    }

    function _id(Terms memory t) internal pure returns (bytes32) {
        return keccak256(abi.encode(t));
    }

    function _offer(Terms memory t) internal view returns (bytes memory) {
        return signed(CLINIC_KEY, _digest(keccak256(abi.encode(keccak256("Offer(bytes32 agreement)"), _id(t)))));
    }

    function _agreed(Terms memory t) internal view returns (bytes memory) {
        bytes32 kind = keccak256("Agreement(bytes32 agreement)");
        return signed(PATIENT_KEY, _digest(keccak256(abi.encode(kind, _id(t)))));
    }

    function _attended(Terms memory t, uint8 milestone, bytes32 evidence) internal view returns (bytes memory) {
        bytes32 kind = keccak256("Attendance(bytes32 agreement,uint8 milestone,bytes32 evidence)");
        return signed(PATIENT_KEY, _digest(keccak256(abi.encode(kind, _id(t), milestone, evidence))));
    }

    function _splitSigned(uint256 key, Terms memory t, uint256 refund, uint8 milestone)
        internal
        view
        returns (bytes memory)
    {
        bytes32 kind = keccak256("Split(bytes32 agreement,uint256 refund,uint8 milestone)");
        return signed(key, _digest(keccak256(abi.encode(kind, _id(t), refund, milestone))));
    }

    function _mint(address to, uint256 amount) internal returns (bytes32 ref) {
        ref = keccak256(abi.encode("payment", _payments++));
        vm.prank(custodian);
        unit.mint(to, uint96(amount), ref);
    }

    function _open(Terms memory t) internal returns (bytes32 id) {
        if (t.token == address(unit)) _mint(t.patient, _total(t));
        bytes memory offer = _offer(t);
        vm.prank(t.patient);
        id = escrow.open(t, offer);
    }

    function _total(Terms memory t) internal pure returns (uint256 total) {
        for (uint256 i = 0; i < t.milestones.length; ++i) {
            total += t.milestones[i].amount;
        }
    }

    function _claim(Terms memory t, uint8 milestone) internal {
        bytes memory attendance = _attended(t, milestone, "evidence");
        vm.prank(t.clinic);
        escrow.claim(t, "evidence", attendance);
    }

    /// @dev Cooling-off is over and the given number of milestones is claimed and accepted.
    function _openAndPay(Terms memory t, uint8 milestones) internal returns (bytes32 id) {
        id = _open(t);
        vm.warp(START + 7 days);
        for (uint8 i = 0; i < milestones; ++i) {
            _claim(t, i);
            vm.prank(t.patient);
            escrow.accept(t);
        }
    }

    function _account(Terms memory t) internal view returns (ICareEscrow.Account memory) {
        return escrow.account(_id(t));
    }

    function _state(Terms memory t, ICareEscrow.State expected) internal view {
        eq(uint8(_account(t).state), uint8(expected));
    }

    function _as(address who) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(who)));
    }

    function _owed(address token, bytes32 who) internal view returns (uint256) {
        return escrow.credit(token, who);
    }

    function _notThisState(ICareEscrow.State s) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICareEscrow.NotThisState.selector, s);
    }

    function _notParty(address who) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICareEscrow.NotThisParty.selector, who);
    }

    function _bounds(bytes32 field) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(ICareEscrow.TermsOutOfBounds.selector, field);
    }
}
