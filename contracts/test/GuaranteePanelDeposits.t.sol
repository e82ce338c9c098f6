// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAssessorPanel} from "../src/interfaces/IAssessorPanel.sol";
import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {Cover, IGuaranteeBook} from "../src/interfaces/IGuaranteeBook.sol";
import {GuaranteePanelWorld} from "./base/GuaranteePanelWorld.sol";

interface Answers {
    function mockCall(address target, bytes calldata call, bytes calldata answer) external;
}

/// @notice Who puts down what for a claim, and when it is heard at all.
contract GuaranteePanelDepositsTest is GuaranteePanelWorld {
    /// @dev A claim for no improvement that would pay `sum`, or of everything paid if `asked` is 1.
    function _claimFor(uint88 first, uint96 sum, bytes32 payout, uint8 asked)
        private
        returns (Terms memory t, Cover memory c)
    {
        t = _agreement(1);
        t.milestones[0].amount = first;
        t.payout = payout;
        _open(t);
        c = _cover(t, 1);
        c.sum = sum;
        vm.prank(clinic);
        book.open(t, c, none, "");
        _claimNow(t, c, asked);
    }

    function _worth(uint96 sum) private returns (Terms memory, Cover memory) {
        return _claimFor(3_000_000, sum, PAYOUT, 2);
    }

    function _missing(Terms memory t, Cover memory c, address by, uint256 due) private {
        bytes memory data = _both(t, c);
        vm.prank(by);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.DepositMissing.selector, due));
        panel.createDispute(CHOICES, data);
    }

    function test_createDispute_costsTwoThousandAtMost() public {
        // 5 % would be 200,001
        (Terms memory t, Cover memory c) = _claimFor(3_450_019, SUM, PAYOUT, 1);
        eq(panel.arbitrationCost(_both(t, c)), 200_000);
    }

    function test_createDispute_letsTheFundStandInUpToTheLimit() public {
        (Terms memory t, Cover memory c) = _worth(1_000_000);
        uint256 id = _createFor(t, c, patient);
        eq(panel.heldFor(id), 100_000);
        eq(pool.purse(FUND), 950_000);
        eq(panel.appealCost(id, ""), 100_000);
    }

    function test_createDispute_asksThePatientWhereMuchIsAtStake() public {
        (Terms memory t, Cover memory c) = _worth(1_000_001);
        _missing(t, c, patient, 50_000);
        // whoever was brought here by the clinic is not asked
        eq(panel.heldFor(_createFor(t, c, clinic)), 100_000);
    }

    function test_createDispute_goesOnWithoutFundIfTheClinicAsks() public {
        (Terms memory t, Cover memory c) = _worth(100_000);
        vm.prank(address(panel));
        pool.take(FUND, 1_000_000);
        _missing(t, c, patient, 5_000);
        eq(panel.heldFor(_createFor(t, c, clinic)), 5_000);
    }

    function test_createDispute_revertsWithoutADepositOfWhoAsks() public {
        (Terms memory t, Cover memory c) = _worth(100_000);
        vm.prank(clinic);
        pool.withdraw(_as(clinic), 1_000_000);
        _missing(t, c, clinic, 5_000);
    }

    function test_createDispute_isHeardForNothingWhereNearlyNothingIsAtStake() public {
        (Terms memory t, Cover memory c) = _worth(19);
        refuses(address(pool), abi.encodeWithSelector(pool.take.selector));
        uint256 id = _createFor(t, c, patient);
        eq(panel.heldFor(id), 0);
        // nothing had to be put down, so nothing is given up
        _vote(id, _draw(id, false), 0);
        panel.tally(id, 0);
        eq(_case(id).refundBps, 0);
        vm.prank(patient);
        panel.appeal(id, "");
        eq(_case(id).round, 1);
    }

    function test_createDispute_revertsIfTooLittleTimeIsLeft() public {
        (Terms memory t, Cover memory c) = _worth(100_000);
        uint256 end = _claimOf(c).deadline;
        vm.warp(end - 9 days + 1);
        bytes memory data = _both(t, c);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IAssessorPanel.NotEnoughTime.selector, end));
        panel.createDispute(CHOICES, data);
        vm.warp(end - 9 days);
        _createFor(t, c, patient);
    }

    function test_lapse_endsTheCaseOfAClaimThatNoLongerWaits() public {
        (Terms memory t, Cover memory c) = _worth(100_000);
        uint256 id = _createFor(t, c, patient);
        IGuaranteeBook.Account memory a = _claimOf(c);
        a.state = IGuaranteeBook.State.Closed;
        Answers(address(vm)).mockCall(address(book), abi.encodeWithSelector(book.account.selector), abi.encode(a));
        panel.lapse(id);
        _phase(id, IAssessorPanel.Phase.Failed);
    }

    function test_lapse_chargesNobodyForTheSmallestFee() public {
        (Terms memory t, Cover memory c) = _worth(20);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 3);
        panel.tally(id, 0);
        eq(panel.heldFor(id), 2);
        vm.warp(uint256(_claimOf(c).deadline) + 1);
        panel.lapse(id);
        eq(pool.purse(_as(clinic)), 1_000_000);
        eq(pool.purse(FUND), 1_000_000);
    }

    function test_settle_returnsItToTheSmallestReferenceThatIsNoAccount() public {
        bytes32 to = bytes32(uint256(1) << 160);
        (Terms memory t, Cover memory c) = _claimFor(3_000_000, 100_000, to, 2);
        _fund(_as(patient), 5_000);
        uint256 id = _createFor(t, c, patient);
        _vote(id, _draw(id, false), 5);
        panel.tally(id, 0);
        vm.warp(_case(id).deadline + 1);
        _settleFor(id, c);
        eq(pool.purse(to), 5_000);
    }
}
