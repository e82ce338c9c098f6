// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice ERC-792, the side that decides. Costs are minor units of the settlement unit, because no act here carries
/// ether; ruling `r` gives `r - 1` basis points to the patient, and 0 means that nobody decided.
interface IArbitrator {
    enum DisputeStatus {
        Waiting,
        Appealable,
        Solved
    }

    event DisputeCreation(uint256 indexed _disputeID, address indexed _arbitrable);
    event AppealPossible(uint256 indexed _disputeID, address indexed _arbitrable);
    event AppealDecision(uint256 indexed _disputeID, address indexed _arbitrable);

    function createDispute(uint256 choices, bytes calldata extraData) external returns (uint256 disputeID);
    function arbitrationCost(bytes calldata extraData) external view returns (uint256 cost);
    function appeal(uint256 disputeID, bytes calldata extraData) external;
    function appealCost(uint256 disputeID, bytes calldata extraData) external view returns (uint256 cost);
    function appealPeriod(uint256 disputeID) external view returns (uint256 start, uint256 end);
    function disputeStatus(uint256 disputeID) external view returns (DisputeStatus);
    function currentRuling(uint256 disputeID) external view returns (uint256);
}

/// @notice ERC-1497. The text of an evidence is the digest of a sealed pack; the pack is nowhere public.
interface IEvidence {
    event MetaEvidence(uint256 indexed _metaEvidenceID, string _evidence);
    event Evidence(
        IArbitrator indexed _arbitrator, uint256 indexed _evidenceGroupID, address indexed _party, string _evidence
    );
    event Dispute(
        IArbitrator indexed _arbitrator,
        uint256 indexed _disputeID,
        uint256 _metaEvidenceID,
        uint256 _evidenceGroupID
    );
}
