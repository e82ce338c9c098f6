// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice An ERC-20 that can misbehave in each way that real tokens do.
contract HostileToken {
    enum Mode {
        Normal,
        Fee,
        False,
        NoReturn,
        Reenter,
        Bomb
    }

    Mode public mode;
    uint8 public constant decimals = 6;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public blocked;

    address private _target;
    bytes private _data;
    bool public reentered;
    bytes public reply;

    error Blocked();
    error Short();

    function set(Mode mode_) external {
        mode = mode_;
    }

    function reenterWith(address target, bytes calldata data) external {
        (mode, _target, _data) = (Mode.Reenter, target, data);
    }

    function setBlocked(address who, bool is_) external {
        blocked[who] = is_;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
        totalSupply += amount;
    }

    /// @dev A token that shrinks everybody's balance by half.
    function rebase(address who) external {
        balanceOf[who] /= 2;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        return true;
    }

    function transfer(address to, uint256 amount) external {
        _answer(_move(msg.sender, to, amount));
    }

    function transferFrom(address from, address to, uint256 amount) external {
        if (allowance[from][msg.sender] < amount) revert Short();
        allowance[from][msg.sender] -= amount;
        _answer(_move(from, to, amount));
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        if (blocked[from] || blocked[to]) revert Blocked();
        if (mode == Mode.Bomb) {
            assembly ("memory-safe") {
                revert(0, 1000000)
            }
        }
        if (mode == Mode.False) return false;
        if (balanceOf[from] < amount) revert Short();
        balanceOf[from] -= amount;
        balanceOf[to] += mode == Mode.Fee ? amount - amount / 100 : amount;
        if (mode == Mode.Reenter) (reentered, reply) = _target.call(_data);
        return true;
    }

    function _answer(bool ok) private view {
        if (mode == Mode.NoReturn) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        assembly ("memory-safe") {
            mstore(0, ok)
            return(0, 32)
        }
    }
}
