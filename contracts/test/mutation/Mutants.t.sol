// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

interface MutantVm {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function chainId(uint256 id) external;
    function clearMockedCalls() external;
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function envOr(string calldata name, string calldata otherwise) external view returns (string memory);
    function envOr(string calldata name, uint256 otherwise) external view returns (uint256);
    function etch(address target, bytes calldata code) external;
    function readFileBinary(string calldata path) external view returns (bytes memory);
    function getRecordedLogs() external returns (Log[] memory);
    function stopPrank() external;
    function warp(uint256 time) external;
    function writeLine(string calldata path, string calldata line) external;
    function toString(uint256 value) external pure returns (string memory);
}

/// @notice Runs the suite against one altered contract after another: each is etched over the real one in the world
/// that a test's `setUp` built, and the first test that fails has noticed it. `tools/mutate.ts` writes the plan and
/// reads the answers; without a plan there is nothing to do. A test that the real contract does not pass with the
/// arguments given (it assumed others) is skipped.
contract MutantsRun {
    MutantVm private constant vm = MutantVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public IS_TEST = true;
    uint256 private constant GAS = 30_000_000;
    uint160 private constant MUTANTS = 0xAAAA0000;
    uint160 private constant TESTS = 0xBBBB0000;
    /// PoseidonT3, which the review groups are linked with.
    address private constant LIBRARY = address(0xCCCC0000);
    uint256 private constant CREATIONS = 24;

    string private answers;
    address[] private suites;
    address[] private targets;
    bool[] private skipped;
    uint256 private mutants;
    uint256 private time;
    uint256 private chain;

    function setUp() public {
        string memory plan = vm.envOr("MUTATION_PLAN", "");
        if (bytes(plan).length == 0) return;
        answers = vm.envOr("MUTATION_ANSWERS", "");
        (bytes memory library_, bytes[] memory creations, uint256 size, bytes[] memory list, bytes[] memory tests) =
            abi.decode(vm.readFileBinary(plan), (bytes, bytes[], uint256, bytes[], bytes[]));
        vm.etch(LIBRARY, library_);
        (chain, mutants) = (block.chainid, list.length);
        for (uint256 i = 0; i < creations.length; ++i) {
            address suite = _create(creations[i]);
            (bool ok,) = suite.call(abi.encodeWithSignature("setUp()"));
            require(ok, "setUp");
            suites.push(suite);
            targets.push(_target(suite, size));
        }
        time = block.timestamp;
        for (uint256 i = 0; i < list.length; ++i) {
            vm.etch(address(MUTANTS + uint160(i)), list[i]);
        }
        for (uint256 i = 0; i < tests.length; ++i) {
            vm.etch(address(TESTS + uint160(i)), tests[i]);
            skipped.push(!_passes(uint16(i)));
            if (skipped[i]) vm.writeLine(answers, string.concat("skip ", vm.toString(i)));
        }
    }

    function fixtureMutant() public view returns (uint256[] memory list) {
        // forge wants a row even where there is nothing to do
        if (mutants == 0) return new uint256[](1);
        uint256 from = vm.envOr("MUTATION_FROM", uint256(0));
        list = new uint256[](mutants - from);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = from + i;
        }
    }

    function tableMutants(uint256 mutant) public {
        if (mutants == 0) return;
        (uint256 offset, bytes memory patch, uint16[] memory order) =
            abi.decode(address(MUTANTS + uint160(mutant)).code, (uint256, bytes, uint16[]));
        for (uint256 i = 0; i < suites.length; ++i) {
            _alter(targets[i], offset, patch);
        }
        string memory line = vm.toString(mutant);
        for (uint256 i = 0; i < order.length; ++i) {
            if (skipped[order[i]] || _passes(order[i])) continue;
            line = string.concat(line, " ", vm.toString(uint256(order[i])));
            break;
        }
        vm.writeLine(answers, line);
    }

    /// @dev Every test is undone by reverting; only the environment has to be put back by hand.
    function _passes(uint16 test) private returns (bool ok) {
        vm.warp(time);
        vm.chainId(chain);
        try this.attempt(test) {}
        catch (bytes memory said) {
            return said.length == 1;
        }
    }

    function attempt(uint16 test) external {
        (uint256 suite, bytes memory data) = abi.decode(address(TESTS + uint160(test)).code, (uint256, bytes));
        (bool ok,) = suites[suite].call{gas: GAS}(data);
        this.cleanUp();
        uint256 size = ok ? 1 : 0;
        assembly {
            revert(0, size)
        }
    }

    /// @dev A prank that a test left behind ends only by a call from as deep as the test was. What it recorded, and
    /// what it made others answer, would be found by the next test.
    function cleanUp() external {
        vm.stopPrank();
        vm.clearMockedCalls();
        vm.getRecordedLogs();
    }

    function _create(bytes memory code) private returns (address suite) {
        assembly ("memory-safe") {
            suite := create(0, add(code, 0x20), mload(code))
        }
        require(suite != address(0), "not created");
    }

    function _target(address suite, uint256 size) private view returns (address) {
        for (uint256 i = 1; i < CREATIONS; ++i) {
            address at_ = vm.computeCreateAddress(suite, i);
            if (at_.code.length == size) return at_;
        }
        revert("no such contract in this suite");
    }

    function _alter(address target, uint256 offset, bytes memory patch) private {
        bytes memory code = target.code;
        for (uint256 i = 0; i < patch.length; ++i) {
            code[offset + i] = patch[i];
        }
        vm.etch(target, code);
    }
}
