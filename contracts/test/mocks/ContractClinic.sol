// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice A clinic whose account is a contract: it approves one digest, or answers what it likes.
contract ContractClinic {
    bytes32 private _digest;
    bytes4 private _reply;
    uint256 private _length = 4;

    function approve(bytes32 digest) external {
        _digest = digest;
    }

    function answer(bytes4 reply) external {
        _reply = reply;
    }

    function answerLong(uint256 length) external {
        _length = length;
    }

    function answerNothing() external {
        _length = 0;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        if (digest == _digest) return this.isValidSignature.selector;
        uint256 length = _length;
        if (length == 4) return _reply;
        assembly ("memory-safe") {
            // first word is not the magic value, however long the reply is
            return(0x80, length)
        }
    }

    function act(address target, bytes calldata data) external returns (bytes memory) {
        (bool ok, bytes memory reply) = target.call(data);
        require(ok);
        return reply;
    }
}
