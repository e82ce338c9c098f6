// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Terms} from "../src/interfaces/ICareEscrow.sol";
import {IInstalmentBook, Plan} from "../src/interfaces/IInstalmentBook.sol";
import {LoanWorld, LogVm} from "./base/LoanWorld.sol";

contract InstalmentBookTest is LoanWorld {
    function setUp() public override {
        super.setUp();
        LogVm(address(vm)).recordLogs();
    }

    function _refused(IInstalmentBook.State state) private {
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.NotThisLoanState.selector, state));
    }

    function test_accept_keepsTheLoanOfTheAgreement() public {
        Plan memory p = _plan(_financed());
        _accept(p);
        _loanState(p, IInstalmentBook.State.Accepted);
        eq(book.loanOf(p.agreement), _planId(p));
    }

    function test_accept_revertsWhenTheCallerIsNotTheBorrower() public {
        Plan memory p = _plan(_financed());
        bytes memory offer = _loanOffer(p);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.NotTheBorrower.selector, stranger));
        book.accept(p, offer);
    }

    function test_accept_revertsWhenTheLenderHasNoLicence() public {
        Plan memory p = _plan(_financed());
        p.lender = clinic;
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.NotALender.selector, clinic));
        book.accept(p, "");
    }

    function test_accept_revertsWhenTheOfferIsNotSigned() public {
        Plan memory p = _plan(_financed());
        bytes memory offer = signed(CLINIC_KEY, _bookDigest(_planId(p)));
        vm.prank(patient);
        vm.expectRevert(IInstalmentBook.LoanOfferNotSigned.selector);
        book.accept(p, offer);
    }

    function test_accept_revertsWhenTheAgreementHasALoan() public {
        Plan memory p = _plan(_financed());
        _accept(p);
        bytes32 first = _planId(p);
        p.salt = "other";
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.AgreementHasALoan.selector, first));
        book.accept(p, "");
    }

    function test_accept_revertsAfterTheStart() public {
        Plan memory p = _plan(_financed());
        vm.warp(p.start);
        _accept(p);
        p.agreement = "another";
        bytes memory offer = _loanOffer(p);
        vm.warp(p.start + 1);
        vm.prank(patient);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.LoanTooLate.selector, p.start));
        book.accept(p, offer);
    }

    function test_revoke_freesTheAgreementAndLendsNothing() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        vm.prank(patient);
        book.revoke(p);
        _loanState(p, IInstalmentBook.State.Closed);
        eq(book.loanOf(p.agreement), 0);
        vm.warp(p.start);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        _refused(IInstalmentBook.State.Closed);
        book.payOut(p, t, offer, agreed);
        p.salt = "again";
        _accept(p);
    }

    function test_revoke_revertsWhenTheCallerIsNotTheBorrower() public {
        Plan memory p = _plan(_financed());
        _accept(p);
        vm.prank(stranger);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.NotTheBorrower.selector, stranger));
        book.revoke(p);
    }

    function test_revoke_revertsOnceItWasPaidOut() public {
        (Plan memory p,) = _lent();
        vm.prank(patient);
        _refused(IInstalmentBook.State.Live);
        book.revoke(p);
    }

    function test_payOut_opensTheAgreementWithTheLoanAlone() public {
        (Plan memory p, Terms memory t) = _lent();
        eq(_account(t).held, TOTAL);
        eq(unit.balanceOf(patient), 0);
        eq(unit.balanceOf(address(pool)), FUND - TOTAL);
        eq(pool.outstanding(), TOTAL);
        eq(pool.totalAssets(), FUND);
        _loanState(p, IInstalmentBook.State.Live);
    }

    function test_payOut_addsWhatThePatientPaysHerself() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, uint88(TOTAL - 200_000), RATE, 6);
        _accept(p);
        _mint(patient, 200_000);
        vm.warp(p.start);
        book.payOut(p, t, _offer(t), _agreed(t));
        eq(_account(t).held, TOTAL);
        eq(pool.outstanding(), TOTAL - 200_000);
    }

    function test_payOut_revertsBeforeTheStart() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start - 1);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.LoanTooEarly.selector, p.start));
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsInTheCoolingOffPeriod() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        vm.warp(START + 10);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(START + 1 days + 9);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.LoanTooEarly.selector, START + 10 + 1 days));
        book.payOut(p, t, offer, agreed);
        vm.warp(START + 1 days + 10);
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsTwoDaysAfterTheStart() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start + 2 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IInstalmentBook.LoanTooLate.selector, p.start + 2 days));
        book.payOut(p, t, offer, agreed);
        vm.warp(p.start + 2 days);
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsForAnotherAgreement() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        _accept(p);
        t.salt = "other";
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start);
        vm.expectRevert(IInstalmentBook.NotThisAgreement.selector);
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsWhenRefundsWouldNotComeHere() public {
        Terms memory t = _financed();
        t.payout = PAYOUT;
        Plan memory p = _plan(t);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start);
        vm.expectRevert(IInstalmentBook.NotThisAgreement.selector);
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsForAnotherPatient() public {
        Terms memory t = _financed();
        Plan memory p = _plan(t);
        p.borrower = stranger;
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start);
        vm.expectRevert(IInstalmentBook.NotThisAgreement.selector);
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsForAnotherToken() public {
        Terms memory t = _financed();
        t.token = address(coin);
        Plan memory p = _plan(t);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start);
        vm.expectRevert(IInstalmentBook.NotThisAgreement.selector);
        book.payOut(p, t, offer, agreed);
    }

    function test_payOut_revertsWhenTheLoanIsLargerThanThePrice() public {
        Terms memory t = _financed();
        Plan memory p = _planOver(t, uint88(TOTAL + 1), RATE, 6);
        _accept(p);
        bytes memory offer = _offer(t);
        bytes memory agreed = _agreed(t);
        vm.warp(p.start);
        vm.expectRevert(IInstalmentBook.NotThisAgreement.selector);
        book.payOut(p, t, offer, agreed);
    }
}
