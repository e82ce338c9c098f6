// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Managed} from "../src/base/Managed.sol";
import {IIssuerRegistry} from "../src/interfaces/IIssuerRegistry.sol";
import {ILogAnchor} from "../src/interfaces/ILogAnchor.sol";
import {World} from "./base/World.sol";

contract RegistriesTest is World {
    function _unauthorised(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _entryError(bytes4 selector, bytes32 subject) private pure returns (bytes memory) {
        return abi.encodeWithSelector(selector, bytes32("i"), subject);
    }

    function test_anchor_revertsWhenTheCallerIsNotTheLog() public {
        _unauthorised(stranger);
        vm.prank(stranger);
        anchors.anchor("o", 1, "r");
    }

    function test_anchor_revertsWhenTheRootIsEmpty() public {
        vm.prank(operator);
        vm.expectRevert(ILogAnchor.RootEmpty.selector);
        anchors.anchor("o", 1, 0);
    }

    function testFuzz_anchor_revertsWhenTheSizeGoesBack(uint64 size, uint64 less) public {
        size = uint64(bound(size, 1, type(uint64).max));
        less = uint64(bound(less, 0, size - 1));
        vm.startPrank(operator);
        anchors.anchor("o", size, "r");
        vm.expectRevert(abi.encodeWithSelector(ILogAnchor.SizeWentBack.selector, size, less));
        anchors.anchor("o", less, "r");
    }

    function test_anchor_revertsWhenTheSameSizeGetsAnotherRoot() public {
        vm.startPrank(operator);
        anchors.anchor("o", 0, "empty");
        vm.expectRevert(abi.encodeWithSelector(ILogAnchor.Forked.selector, 0, bytes32("empty"), bytes32("other")));
        anchors.anchor("o", 0, "other");
    }

    function test_anchor_repeatsTheSameAnchor() public {
        vm.startPrank(operator);
        anchors.anchor("o", 5, "r");
        vm.warp(START + 9);
        anchors.anchor("o", 5, "r");
        eq(anchors.latest("o").time, START + 9);
    }

    function test_anchor_growsAndKeepsOriginsApart() public {
        vm.startPrank(operator);
        anchors.anchor("o", 5, "r");
        anchors.anchor("p", 1, "q");
        anchors.anchor("o", 6, "s");
        ILogAnchor.Anchor memory a = anchors.latest("o");
        eq(a.root, "s");
        eq(a.size, 6);
        eq(anchors.latest("p").root, "q");
        eq(vm.load(address(anchors), slotOf("o", 1)), "s");
    }

    function test_setIssuer_revertsWhenTheCallerIsNotTheAdmin() public {
        _unauthorised(stranger);
        vm.prank(stranger);
        issuers.setIssuer("i", "m");
    }

    function test_setIssuer_keepsTheMetadataHash() public {
        issuers.setIssuer("i", "m");
        eq(issuers.metadata("i"), "m");
    }

    function test_setType_revertsWhenTheCallerIsNotTheAdmin() public {
        _unauthorised(stranger);
        vm.prank(stranger);
        issuers.setType("i", "t", 1, 0);
    }

    function test_setType_revertsWhenThePeriodIsEmpty() public {
        vm.expectRevert(IIssuerRegistry.PeriodEmpty.selector);
        issuers.setType("i", "t", 0, 0);
        vm.expectRevert(IIssuerRegistry.PeriodEmpty.selector);
        issuers.setType("i", "t", 5, 5);
    }

    function test_setType_revertsWhenWithdrawn() public {
        issuers.setType("i", "t", 1, 0);
        issuers.withdraw("i", "t", 9);
        vm.expectRevert(_entryError(IIssuerRegistry.WithdrawnAlready.selector, "t"));
        issuers.setType("i", "t", 1, 0);
    }

    function test_setType_setsThePeriod() public {
        issuers.setType("i", "t", 3, 8);
        IIssuerRegistry.Entry memory e = issuers.entry("i", "t");
        eq(e.validFrom, 3);
        eq(e.validTo, 8);
        eq(e.withdrawnAt, 0);
    }

    function test_setKey_revertsWhenTheCallerIsNotTheAdmin() public {
        _unauthorised(stranger);
        vm.prank(stranger);
        issuers.setKey("i", "k", 1, 0);
    }

    function test_setKey_setsThePeriod() public {
        issuers.setKey("i", "k", 3, 0);
        eq(issuers.entry("i", "k").validFrom, 3);
        bytes32 slot = keccak256(abi.encode(bytes32("k"), slotOf("i", 2)));
        eq(vm.load(address(issuers), slot), bytes32(uint256(3)));
    }

    function test_withdraw_revertsWhenTheCallerIsNotTheAdmin() public {
        _unauthorised(stranger);
        vm.prank(stranger);
        issuers.withdraw("i", "k", 1);
    }

    function test_withdraw_revertsWhenNotRegistered() public {
        vm.expectRevert(_entryError(IIssuerRegistry.NotRegistered.selector, "k"));
        issuers.withdraw("i", "k", 1);
    }

    function test_withdraw_revertsWhenWithdrawnAlready() public {
        issuers.setKey("i", "k", 1, 0);
        issuers.withdraw("i", "k", 5);
        vm.expectRevert(_entryError(IIssuerRegistry.WithdrawnAlready.selector, "k"));
        issuers.withdraw("i", "k", 7);
    }

    function test_withdraw_revertsWithoutATime() public {
        issuers.setKey("i", "k", 1, 0);
        vm.expectRevert(IIssuerRegistry.PeriodEmpty.selector);
        issuers.withdraw("i", "k", 0);
    }

    function test_withdraw_endsTheAuthorityFromItsTimeOn() public {
        issuers.setType("i", "t", 1, 0);
        issuers.setKey("i", "k", 1, 0);
        issuers.withdraw("i", "k", 50);
        yes(issuers.authorised("i", "t", "k", 49), "before");
        yes(!issuers.authorised("i", "t", "k", 50), "from its time on");
    }

    function test_authorised_needsTypeAndKeyOfTheSameIssuer() public {
        issuers.setType("i", "t", 1, 0);
        issuers.setKey("j", "k", 1, 0);
        yes(!issuers.authorised("i", "t", "k", 5), "key of another");
        yes(!issuers.authorised("j", "t", "k", 5), "type of another");
        issuers.setKey("i", "k", 1, 0);
        yes(issuers.authorised("i", "t", "k", 5), "both");
    }

    function testFuzz_authorised_holdsExactlyWithinThePeriod(uint64 from, uint64 to, uint64 time) public {
        from = uint64(bound(from, 1, type(uint64).max - 1));
        to = uint64(bound(to, from + 1, type(uint64).max));
        issuers.setType("i", "t", from, to);
        issuers.setKey("i", "k", 1, 0);
        bool expected = time >= from && time < to;
        yes(issuers.authorised("i", "t", "k", time) == expected, "period");
        yes(issuers.authorised("i", "t", "k", from) && issuers.authorised("i", "t", "k", to - 1), "both ends");
        yes(
            !issuers.authorised("i", "t", "k", to) && (from == 1 || !issuers.authorised("i", "t", "k", from - 1)),
            "edges"
        );
    }

    function test_setAuthority_revertsForEverybody() public {
        address[5] memory all = [address(units), address(issuers), address(anchors), address(unit), address(escrow)];
        for (uint256 i = 0; i < all.length; ++i) {
            vm.expectRevert(Managed.AuthorityIsFixed.selector);
            Managed(all[i]).setAuthority(address(this));
            eq(Managed(all[i]).authority(), address(manager));
        }
        vm.expectRevert(Managed.AuthorityIsFixed.selector);
        manager.updateAuthority(address(units), stranger);
    }
}
