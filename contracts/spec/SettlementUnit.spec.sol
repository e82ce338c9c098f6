// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISettlementUnit} from "../src/interfaces/ISettlementUnit.sol";
import {UnitBalance} from "../src/base/UnitBalance.sol";

/// @notice Two holders and everybody else (as one), and one payment, under any sequence of acts.
contract SettlementUnitSpec {
    uint256 private supply;
    uint256 private one;
    uint256 private others;
    ISettlementUnit.Payment private payment;
    uint256 private mintings;
    uint256 private givenBack;
    uint256 private minted;

    function mintToOne(uint96 amount, address to, bytes32 ref) external {
        ISettlementUnit.Payment memory known = payment;
        payment = UnitBalance.minted(known, ref, to, amount);
        supply += amount;
        one += amount;
        (mintings, minted) = (mintings + 1, amount);
    }

    function mintToOthers(uint96 amount) external {
        supply += amount;
        others += amount;
    }

    function collect(uint256 amount) external {
        one = UnitBalance.taken(address(1), one, amount);
        others += amount;
    }

    function redeem(uint256 amount) external {
        others = UnitBalance.taken(address(2), others, amount);
        supply -= amount;
    }

    function giveBack(address by, uint96 amount) external {
        ISettlementUnit.Payment memory p = payment;
        payment.amount = UnitBalance.givenBack(p, by, amount);
        one = UnitBalance.taken(by, one, amount);
        supply -= amount;
        givenBack += amount;
    }

    function prove_theSupplyIsTheSumOfTheBalances() external view {
        assert(supply == one + others);
    }

    function prove_aPaymentIsMintedOnce() external view {
        assert(mintings <= 1);
    }

    function prove_noMoreOfAPaymentIsGivenBackThanWasMinted() external view {
        assert(givenBack + payment.amount == minted);
    }
}
