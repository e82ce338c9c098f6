import type { pledgeZh } from './pledge-zh.ts';

/** Words around what a clinic pays on top if it does not come, in English. */
export const pledgeEn: Record<keyof typeof pledgeZh, string> = {
  'pledge.title': 'If you do not come: paid on top',
  'pledge.lead':
    'Empty: if you do not come, the price comes back and no more. Filled in: this per cent of the price is paid to the patient on top, from the bond for coming; she sees it before she signs.',
  'pledge.share': 'If we do not come, per cent of the price on top',
  'pledge.wrong': 'Enter a whole number from 1 to 100.',
  'pledge.price':
    'If the clinic does not come: the whole price comes back, and you get {sum} more from the clinic’s bond',
  'pledge.sign': 'If the clinic does not come',
  'pledge.sign.text':
    'The whole price comes back to you, and you get {sum} more from the clinic’s bond. Once you have paid, the clinic puts this money aside; the visit shows whether it has. If the clinic objects, there is a dispute and nothing is paid on top.',
  'pledge.patient.promised':
    'The clinic promised you {sum} more if it does not come, and has not put the money aside yet. Ask it to before you go.',
  'pledge.patient.standing':
    'The clinic has put {sum} aside: if it does not come and does not object, you get this on top of your money.',
  'pledge.patient.reported': 'If nobody objects: {sum} more for you, from the clinic’s bond.',
  'pledge.patient.paid':
    'The clinic’s bond paid you {sum} more; it goes back to the account that you paid from.',
  'pledge.clinic.promised': 'You promised {sum} more if you do not come, and have not put it aside yet.',
  'pledge.clinic.standing': 'You have put {sum} aside; it is free again once you have treated as agreed.',
  'pledge.clinic.reported': 'If nobody objects: {sum} more for the patient, from your bond.',
  'pledge.clinic.paid': 'Your bond paid the patient {sum} more.',
  'pledge.clinic.freed': 'The {sum} that you put aside are free again.',
  'pledge.give': 'Put {sum} aside',
  'pledge.give.text':
    'Your price list promises {sum} more if you do not come. It is locked in your bond for coming until this visit is settled.',
  'pledge.give.byLoan':
    'This treatment is paid by instalments: a payment would reach the lender, not the patient, so nothing can be put aside. Tell the patient.',
  'pledge.bond': 'Bond for coming',
  'pledge.bond.lead':
    'What patients get on top if you do not come. It is kept apart from promises about outcomes.',
  'pledge.bond.standing': 'Visits that it is locked for',
  'pledge.bond.place': 'Put into the bond for coming',
};
