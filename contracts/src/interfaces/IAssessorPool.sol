// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Who may be drawn for a panel, whom it must not be near, and the purses that deposits and bonds come from.
/// @dev Invariants: P1 the pool's units are the sum of all purses and of what is kept aside; P6 nobody is drawn who
/// shares a tag with the clinic, has none, has no bond, is past its time or saw known pictures wrongly too often; P7 who sits on a panel keeps its bond here.
interface IAssessorPool {
    event AssessorAdmitted(address indexed assessor, uint40 until);
    event AssessorDismissed(address indexed assessor);
    event Tagged(address indexed who, bytes32[3] tags);
    event Funded(bytes32 indexed who, address by, uint256 amount);
    event TakenOut(bytes32 indexed who, uint256 amount);

    event Calibrated(address indexed assessor, uint256 looks, uint256 right);

    error NotOwner(address caller);
    error PurseTooSmall(uint256 needed);
    error SeatedStill();
    error PoolFull();
    error NothingThere();

    /// @notice Lets an assessor be drawn until `until` (seconds since the epoch). Its credential is judged by the caller.
    /// @param tags salted commitments to city, employer and clinic; whoever shares one with a clinic never judges it
    function admit(address assessor, bytes32[3] calldata tags, uint40 until) external;
    function dismiss(address assessor) external;

    /// @notice A clinic's tags: without them nobody can tell who must not judge it.
    function tag(address who, bytes32[3] calldata tags) external;

    /// @notice Puts units of the caller into somebody's purse: a bond, a party's deposit, or the fund's (0).
    function fundFor(bytes32 who, uint256 amount) external;

    /// @notice Pays out of a purse. An address's purse only by itself, and not while it sits on a panel; a payout
    /// reference's by anybody, and only to that reference. The fund has no way out but deposits.
    function withdraw(bytes32 who, uint256 amount) external;

    /// @notice The panel keeps `amount` of a purse aside. @return false if there is not so much
    function take(bytes32 who, uint256 amount) external returns (bool);

    /// @notice The panel takes what is there of `amount`.
    function takeUpTo(bytes32 who, uint256 amount) external returns (uint256 taken);

    /// @notice The panel puts into a purse what was kept aside.
    function give(bytes32 who, uint256 amount) external;

    /// @notice The first `size` of the pool, shuffled by `seed`, that may judge this clinic and are not among `seated`.
    /// They sit until they rise. @return members empty if there are not so many
    function seat(bytes32 seed, address clinic, address[] calldata seated, uint256 size)
        external
        returns (address[] memory members);
    function rise(address[] calldata members) external;

    /// @notice The panel says whether an assessor saw pictures that are known as they are, and the same pair alike in
    /// both orders. Who does so too rarely is not drawn any more; a new admission begins a new record.
    function note(address assessor, bool right) external;

    /// @return looks panels with known pictures since its admission
    /// @return right those in which it saw them as they are
    /// @return enough it may be drawn, as far as this is concerned
    function calibrationOf(address assessor) external view returns (uint256 looks, uint256 right, bool enough);

    function purse(bytes32 who) external view returns (uint256);
    function aside() external view returns (uint256);
    function tagged(address who) external view returns (bool);
    function eligible(address assessor, address clinic) external view returns (bool);
    function seatsOf(address assessor) external view returns (uint256);
    function pool() external view returns (address[] memory);
}
