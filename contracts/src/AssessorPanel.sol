// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IArbitrator} from "./interfaces/IArbitrator.sol";
import {IAssessorPool} from "./interfaces/IAssessorPool.sol";
import {ICareEscrow, Terms} from "./interfaces/ICareEscrow.sol";
import {PanelCourt} from "./base/PanelCourt.sol";
import {PanelMath} from "./base/PanelMath.sol";
import {PanelMoney} from "./base/PanelMoney.sol";

/// @title See IAssessorPanel. It decides about one disputed milestone of an agreement.
contract AssessorPanel is PanelCourt {
    ICareEscrow public immutable ESCROW;
    /// The settlement unit; disputes about other tokens are not heard here.
    address private immutable TOKEN;

    constructor(address authority, address forwarder, address unit, ICareEscrow escrow, IAssessorPool pool)
        PanelMoney(authority, forwarder, pool, address(escrow))
    {
        (ESCROW, TOKEN) = (escrow, unit);
        emit MetaEvidence(0, "zhenmei:dispute/1");
    }

    /// @inheritdoc IArbitrator
    /// @param extraData the agreement's terms, ABI-encoded
    function createDispute(uint256 choices, bytes calldata extraData) external returns (uint256) {
        Terms calldata terms = _termsIn(extraData);
        if (choices != CHOICES || terms.arbiter != address(this)) revert WrongTerms();
        if (terms.token != TOKEN) revert WrongTerms();
        bytes32 agreement = keccak256(extraData);
        ICareEscrow.Account memory a = ESCROW.account(agreement);
        if (a.state != ICareEscrow.State.Disputed) revert NotOpenHere();
        uint256 amount = terms.milestones[a.milestone].amount;
        return _begin(
            Matter(agreement, a.milestone, terms.patient, terms.clinic, terms.payout, amount, a.deadline)
        );
    }

    /// @inheritdoc IArbitrator
    function arbitrationCost(bytes calldata extraData) external view returns (uint256) {
        Terms calldata terms = _termsIn(extraData);
        return PanelMath.fee(terms.milestones[ESCROW.account(keccak256(extraData)).milestone].amount);
    }

    /// @dev The escrow still takes a ruling on this milestone.
    function _waiting(Dispute_ storage d) internal view override returns (bool) {
        ICareEscrow.Account memory a = ESCROW.account(d.agreement);
        return a.state == ICareEscrow.State.Disputed && a.milestone == d.milestone && block.timestamp <= a.deadline;
    }

    function _mayShow(Dispute_ storage) internal pure override returns (bool) {
        return true;
    }

    function _blind() internal pure override returns (bool) {
        return false;
    }

    /// @dev `rule(terms, refundBps, end)`: the same encoding of the terms, whose hash is the agreement.
    function _carryOut(Dispute_ storage, uint16 refundBps, bytes calldata terms) internal override {
        bytes memory head = abi.encode(uint256(0x60), refundBps, refundBps == PanelMath.BPS);
        Address.functionCall(address(ESCROW), bytes.concat(ICareEscrow.rule.selector, head, terms[32:]));
    }
}
