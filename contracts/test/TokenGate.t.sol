// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ICareEscrow, Terms} from "../src/interfaces/ICareEscrow.sol";
import {ITokenGate} from "../src/interfaces/ITokenGate.sol";
import {World} from "./base/World.sol";

contract TokenGateTest is World {
    ITokenGate.Kind private constant NONE = ITokenGate.Kind.None;
    ITokenGate.Kind private constant LOOP = ITokenGate.Kind.ClosedLoop;
    ITokenGate.Kind private constant ERC20 = ITokenGate.Kind.Erc20;

    function _out(bytes32 field) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenGate.ListingOutOfBounds.selector, field));
    }

    function test_list_revertsWhenTheCallerIsNotTheAdmin() public {
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        gate.list(address(coin), ERC20, 6, 2);
    }

    function test_list_keepsAndChangesAListing() public {
        vm.expectEmit(address(gate));
        emit ITokenGate.TokenListed(address(coin), ERC20, 6, 6);
        gate.list(address(coin), ERC20, 6, 6);
        ITokenGate.Listing memory l = gate.listing(address(coin));
        yes(l.kind == ERC20, "kind");
        eq(l.decimals, 6);
        eq(l.uses, 6);
        eq(gate.usesOf(address(coin)), 6);
        gate.list(address(unit), LOOP, 2, 1);
        eq(gate.usesOf(address(unit)), 1);
    }

    function test_list_takesATokenOff() public {
        gate.list(address(coin), NONE, 0, 0);
        eq(gate.usesOf(address(coin)), 0);
        yes(gate.listing(address(coin)).kind == NONE, "kind");
        _out("decimals");
        gate.list(address(coin), NONE, 6, 0);
        _out("uses");
        gate.list(address(coin), NONE, 0, 1);
    }

    function test_list_revertsWhenAClosedLoopIsOfAnotherUse() public {
        _out("uses");
        gate.list(address(unit), LOOP, 2, 2);
        _out("uses");
        gate.list(address(unit), LOOP, 2, 3);
        _out("uses");
        gate.list(address(coin), ERC20, 6, 1);
        _out("uses");
        gate.list(address(coin), ERC20, 6, 3);
        _out("uses");
        gate.list(address(coin), ERC20, 6, 0);
        _out("uses");
        gate.list(address(coin), ERC20, 6, 8);
    }

    function test_list_revertsWhenTheDecimalsAreWrong() public {
        _out("decimals");
        gate.list(address(coin), ERC20, 19, 2);
        vm.expectRevert(abi.encodeWithSelector(ITokenGate.DecimalsDiffer.selector, 18, 6));
        gate.list(address(coin), ERC20, 18, 2);
        vm.expectRevert();
        gate.list(stranger, ERC20, 6, 2);
        // what a refusal carries is no answer
        vm.mockCallRevert(address(coin), abi.encodeWithSignature("decimals()"), abi.encode(uint256(6)));
        vm.expectRevert(abi.encode(uint256(6)));
        gate.list(address(coin), ERC20, 6, 2);
    }

    function test_usesOf_isNothingForATokenThatIsNotListed() public {
        eq(gate.usesOf(stranger), 0);
        // the escrow's own list alone opens nothing
        gate.list(address(coin), NONE, 0, 0);
        yes(escrow.tokenAllowed(address(coin)), "allowed by the escrow");
        Terms memory t = _payable(_terms());
        bytes memory offer = _offer(t);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(ICareEscrow.TokenNotAllowed.selector, address(coin)));
        escrow.open(t, offer);
    }

    function test_listing_isOfOneTokenAlone() public view {
        eq(gate.listing(address(coin)).uses, 2);
        eq(gate.listing(address(unit)).uses, 0);
    }

    function test_attack_delistedTokenTrapsNoMoney() public {
        Terms memory t = _payable(_terms());
        _openAndPay(t, 1);
        gate.list(address(coin), NONE, 0, 0);
        escrow.allowToken(address(coin), false);
        vm.prank(patient);
        escrow.cancel(t);
        eq(escrow.withdraw(address(coin), _as(patient)), TOTAL - 100_000);
        eq(escrow.withdraw(address(coin), _as(clinic)), 97_000);
    }
}
