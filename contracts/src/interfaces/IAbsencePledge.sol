// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "./ICareEscrow.sol";
import {ForwardRequestData} from "./IForwarder.sol";

/// @title What a clinic pays on top of the price if it does not come (Civil Code of China, article 587).
/// @dev A book of `ClinicBond`: it holds no money and nobody governs it. The escrow keeps neither the reason nor the
/// time of its end, so what a report would return is noted while the report stands, and compared with what came back.
/// Invariants: P1 what the bond keeps for this book is the sum of the pledges that stand; P2 nothing is paid for a
/// report that was objected to, and seen to be; P3 a report that was seen and not objected to is paid, whoever ends the
/// agreement, if all of it goes back; P4 every pledge ends, by anybody, once its agreement has; P5 once only.
interface IAbsencePledge {
    enum State {
        None,
        /// The sum stands for the clinic's coming.
        Standing,
        /// The clinic was said to be absent, and has not objected as far as was seen.
        Reported,
        /// The patient was paid.
        Paid,
        /// The bond has it back.
        Freed
    }

    /// @dev One slot.
    struct Account {
        State state;
        /// What the report is about, and how much of the price is back in all once it is settled.
        uint8 milestone;
        uint88 back;
        uint96 sum;
    }

    event Pledged(bytes32 indexed id, address indexed clinic, uint256 sum);
    /// `reported` is false once an objection was seen.
    event Witnessed(bytes32 indexed id, bool reported);
    event Settled(bytes32 indexed id, uint256 paid);

    error NotThisState(State state);
    error NotThisParty(address caller);
    error AnotherToken(address token);
    error AnotherContract(address to);
    error PledgeOutOfBounds(bytes32 field);
    /// Nothing is held, or something is claimed, disputed or reported.
    error AgreementNotActive();
    error AgreementNotOver();
    error TooEarly(uint256 from);

    /// @notice The clinic: `sum` (minor units of the token, at most the price) is kept in its bond for this agreement.
    function pledge(Terms calldata terms, uint96 sum) external;

    /// @notice Anybody: looks at the agreement. A report of the clinic's absence is noted; anything else that goes on
    /// wipes a note. Changes nothing once the agreement is over.
    function witness(Terms calldata terms) external;

    /// @notice Anybody: brings a party's signed request to the escrow and looks at the agreement in the same act, so
    /// that neither side can move between a report, or an objection, and its being seen.
    function carry(ForwardRequestData calldata request, Terms calldata terms) external;

    /// @notice Anybody: ends the pledge. If nobody objected in time, settles the absence and pays the patient's payout
    /// reference; once the agreement is over, pays if a noted report stands and everything went back, and otherwise
    /// frees the bond.
    function settle(Terms calldata terms) external;

    function account(bytes32 id) external view returns (Account memory);
}
