// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReviewGroups} from "../../src/ReviewGroups.sol";
import {ICareEscrow, Terms} from "../../src/interfaces/ICareEscrow.sol";
import {IIssuerRegistry} from "../../src/interfaces/IIssuerRegistry.sol";
import {Invariants} from "../base/Invariants.sol";
import {World} from "../base/World.sol";

/// @notice An admin names and withdraws issuers' types and keys; people ask to be admitted to review groups. What the
/// escrow says of an agreement is said by this contract.
contract AuthorityHandler is World {
    uint256 private constant MAX_MEMBERS = 16;
    mapping(bytes32 subject => IIssuerRegistry.Entry) private _known;
    ReviewGroups private _groups;
    mapping(bytes32 id => bool) private _paid;
    mapping(uint256 group => uint256) public members;
    mapping(uint256 group => uint256[]) private _roots;
    uint256 public tried;
    string public broken;

    constructor() {
        setUp();
        _groups = new ReviewGroups(ICareEscrow(address(this)));
    }

    function account(bytes32 id) external view returns (ICareEscrow.Account memory a) {
        if (_paid[id]) a.released = 2;
    }

    function subject(uint256 i) public pure returns (bytes32) {
        return keccak256(abi.encode("subject", i % 4));
    }

    function set(uint256 i, uint64 from, uint64 to, bool key) external {
        (from, to) = (from % 1_000, to % 1_000);
        bytes32 what = subject(i);
        bool refused = from == 0 || (to != 0 && to <= from) || _known[what].withdrawnAt != 0;
        bytes memory data = key
            ? abi.encodeCall(issuers.setKey, ("issuer", what, from, to))
            : abi.encodeCall(issuers.setType, ("issuer", what, from, to));
        (bool ok,) = address(issuers).call(data);
        if (ok == refused) broken = "set against the rules";
        if (ok) (_known[what].validFrom, _known[what].validTo) = (from, to);
    }

    function withdraw(uint256 i, uint64 time) external {
        if (i % 5 != 0) return; // rare, or nothing would ever be in force
        bytes32 what = subject(i / 5);
        time = time % 1_000;
        bool refused = time == 0 || _known[what].validFrom == 0 || _known[what].withdrawnAt != 0;
        (bool ok,) = address(issuers).call(abi.encodeCall(issuers.withdraw, ("issuer", what, time)));
        if (ok == refused) broken = "withdrawn against the rules";
        if (ok) _known[what].withdrawnAt = time;
    }

    function stranger_(uint256 i) external {
        vm.prank(stranger);
        (bool ok,) = address(issuers).call(abi.encodeCall(issuers.setType, ("issuer", subject(i), 1, 0)));
        if (ok) broken = "a stranger named an issuer";
    }

    function same(uint256 i) external view returns (bool) {
        return keccak256(abi.encode(issuers.entry("issuer", subject(i)))) == keccak256(abi.encode(_known[subject(i)]));
    }

    function inForce(uint256 i, uint64 time) public view returns (bool) {
        IIssuerRegistry.Entry memory e = _known[subject(i)];
        bool begun = e.validFrom != 0 && e.validFrom <= time;
        bool over = (e.validTo != 0 && e.validTo <= time) || (e.withdrawnAt != 0 && e.withdrawnAt <= time);
        return begun && !over;
    }

    function judged(uint256 i, uint256 k, uint64 time) external view returns (bool) {
        return issuers.authorised("issuer", subject(i), subject(k), time) == (inForce(i, time) && inForce(k, time));
    }

    function admit(uint256 seed, bool paid, bool second) external {
        Terms memory t = _terms();
        t.clinic = second ? maker : clinic;
        t.salt = bytes32(seed % 24);
        t.review = 1 + uint256(keccak256(abi.encode(seed % 24, second))) % 1e18;
        uint256 group = uint160(t.clinic);
        bytes32 id = _id(t);
        bool admitted = _groups.admitted(id);
        if (!admitted && members[group] >= MAX_MEMBERS) return;
        if (paid) _paid[id] = true;
        (bool ok,) = address(_groups).call(abi.encodeCall(_groups.admit, (t)));
        if (ok == (admitted || !_paid[id])) broken = "admitted against the rules";
        ++tried;
        if (!ok) return;
        ++members[group];
        _roots[group].push(_groups.rootOf(group));
    }

    /// @dev Every root that ever was is remembered, each is another one, and the newest is the present one.
    function rootsStand(uint256 i) external view returns (bool) {
        uint256 group = uint160(i % 2 == 0 ? clinic : maker);
        uint256[] memory roots = _roots[group];
        if (_groups.sizeOf(group) != roots.length) return false;
        for (uint256 k = 0; k < roots.length; ++k) {
            if (_groups.rootSince(group, roots[k]) == 0) return false;
            if (k > 0 && roots[k] == roots[k - 1]) return false;
        }
        return roots.length == 0 ? _groups.rootOf(group) == 0 : _groups.rootOf(group) == roots[roots.length - 1];
    }
}

/// @notice The invariants of issuers and review groups over any sequence of acts.
contract AuthorityInvariants is Invariants {
    AuthorityHandler private handler;

    function setUp() public {
        handler = new AuthorityHandler();
        target = address(handler);
        acts = [
            handler.set.selector,
            handler.withdraw.selector,
            handler.stranger_.selector,
            handler.admit.selector
        ];
    }

    function invariant_A1_everyEntryIsWhatWasSetAndAWithdrawalStands() public view {
        for (uint256 i = 0; i < 4; ++i) {
            yes(handler.same(i), "entry");
        }
    }

    function invariant_A2_authorityIsOfBothAndOfItsTime() public view {
        for (uint64 time = 0; time < 1_000; time += 333) {
            for (uint256 i = 0; i < 4; ++i) {
                yes(handler.judged(i, (i + 1) % 4, time), "authorised");
            }
        }
    }

    function invariant_A3_rulesHoldExactly() public view {
        eq(bytes(handler.broken()).length, 0);
    }

    function invariant_R1_everyRootIsRememberedAndTheNewestIsThePresentOne() public view {
        yes(handler.rootsStand(0) && handler.rootsStand(1), "roots");
    }

    /// @dev All of the above at once: one long run instead of many.
    function invariant_all() public view {
        invariant_A1_everyEntryIsWhatWasSetAndAWithdrawalStands();
        invariant_A2_authorityIsOfBothAndOfItsTime();
        invariant_A3_rulesHoldExactly();
        invariant_R1_everyRootIsRememberedAndTheNewestIsThePresentOne();
    }
}
