// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {
    IAccount,
    IAccountExecute,
    IEntryPoint,
    PackedUserOperation
} from "@openzeppelin/contracts/interfaces/IERC4337.sol";

/// @notice An account that validates as it is told and counts what reaches it.
contract TestAccount is IAccount, IAccountExecute {
    IEntryPoint private immutable _entryPoint;
    uint256 public validation;
    bool public pays = true;
    uint256 public count;
    bytes32 public seen;

    error Angry(uint256 number);

    constructor(IEntryPoint entryPoint_) {
        _entryPoint = entryPoint_;
    }

    receive() external payable {}

    function set(uint256 validation_, bool pays_) external {
        (validation, pays) = (validation_, pays_);
    }

    function validateUserOp(PackedUserOperation calldata op, bytes32, uint256 missing) external returns (uint256) {
        if (op.signature.length == 1) revert Angry(7);
        if (op.signature.length == 2) bomb();
        if (op.signature.length == 3) {
            assembly ("memory-safe") {
                revert(0, 2049)
            }
        }
        if (missing > 0 && pays) {
            (bool ok,) = address(_entryPoint).call{value: missing}("");
            ok;
        }
        return validation;
    }

    function executeUserOp(PackedUserOperation calldata, bytes32 hash) external {
        seen = hash;
    }

    function add() external {
        count++;
    }

    function fail() external pure {
        revert Angry(1);
    }

    function bomb() public pure {
        assembly ("memory-safe") {
            revert(0, 100000)
        }
    }

    function spin() external view {
        while (gasleft() > 0) {}
    }

    function act(address target, bytes calldata data) external {
        (bool ok, bytes memory reply) = target.call(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(reply, 0x20), mload(reply))
            }
        }
    }
}

contract TestAccountFactory {
    IEntryPoint private immutable _entryPoint;
    address public caller;

    constructor(IEntryPoint entryPoint_) {
        _entryPoint = entryPoint_;
    }

    function create(bytes32 salt) external returns (address) {
        caller = msg.sender;
        return address(new TestAccount{salt: salt}(_entryPoint));
    }

    function lie() external pure returns (address) {
        return address(1);
    }

    function fail() external pure {
        revert("no");
    }

    function addressOf(bytes32 salt) external view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(TestAccount).creationCode, abi.encode(_entryPoint)));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), salt, code)))));
    }
}
