import type { reserveZh } from './reserve-zh.ts';

/** The operator's reserve: what it covers, what is missing, how to pay in and take out, in English. */
export const reserveEn: Record<keyof typeof reserveZh, string> = {
  'reserve.title': 'Reserve',
  'reserve.lead':
    'When a bank takes a payment back after its money was used, the house’s own money in the held account covers it, and nobody else’s payout waits. What is recovered fills the reserve again.',
  'reserve.enough': 'Enough',
  'reserve.short': '{amount} missing',
  'reserve.empty': 'Nothing paid in yet',
  'reserve.balance': 'Balance',
  'reserve.used': 'Covering',
  'reserve.free': 'Free to take out',
  'reserve.next':
    'Transfer {amount} from the house’s own account to the held account, with the reference {reference}. Once it is there, press “Reconcile now”, then give a reason and close the alarm.',
  'reserve.payIn':
    'To pay in, transfer any amount from the house’s own account to the held account with the reference {reference}; it counts once it is there.',
  'reserve.covers': 'What banks took back',
  'reserve.none': 'No payment was taken back and left unpaid.',
  'reserve.card': 'Card chargeback',
  'reserve.custodian': 'Transfer taken back by the bank',
  'reserve.covered': 'Fully covered',
  'reserve.part': '{amount} covered',
  'reserve.bare': 'Not covered',
  'reserve.out': 'Take out what is not needed',
  'reserve.out.lead': 'At most {amount}; it goes back to the account it came from.',
  'reserve.out.amount': 'Amount (yuan)',
  'reserve.out.hint': 'For example 3980 or 3980.50',
  'reserve.out.do': 'Take out',
  'reserve.out.ask': 'Take out of the reserve?',
  'reserve.out.means':
    '{amount} goes back to the account it came from. If a payment is taken back later, it has to be paid in again.',
  'entry.why.given-back': 'The bank gave back a payment of ours; its payee did not get it',
  'op.again.lead':
    'Check the account with the payee and the custodian first, then pay again. If it is not to be paid, write down why.',
  'op.again.do': 'Pay it again',
  'op.again.ask': 'Make this payment again?',
  'op.again.means': '{amount} goes to the same payee again, once for each time that it was given back.',
  'op.out.reserve': 'Taken out of the reserve',
  'op.diff.reserve':
    'The bank took back money of the reserve that had been taken out already: pay it in again',
  'op.sum.covered': 'Covered by the reserve',
};
