import type { pledgeZh } from './pledge-zh.ts';

/** Words around what a clinic pays on top if it does not come, in English. */
export const pledgeEn: Record<keyof typeof pledgeZh, string> = {
  'pledge.title': 'If you do not come: paid on top',
  'pledge.lead':
    'Empty: if you do not come, the price comes back and no more. Filled in: this per cent of the price is paid to the patient on top, from the bond for coming; she sees it before she signs.',
  'pledge.share': 'If we do not come, per cent of the price on top',
  'pledge.wrong': 'Enter 1 to 100, with at most two decimals.',
  'pledge.price':
    'If the clinic does not come: all of the money held comes back, and you get {sum} more from the clinic’s bond',
  'pledge.sign': 'If the clinic does not come',
  'pledge.sign.text':
    'All of the money held comes back to you, and you get {sum} more from the clinic’s bond. Once you have paid, the clinic puts this money aside; the visit shows whether it has. If the clinic objects, there is a dispute and nothing is paid on top.',
  'pledge.sign.cannot':
    'The clinic’s price list promises {sum} more if it does not come. With your way of paying this money cannot be put aside: you would have to ask the clinic for it yourself.',
  'pledge.fast': 'Money on top: put aside',
  'pledge.notFast': 'Money on top: not put aside',
  'pledge.patient.promised':
    'The clinic promised you {sum} more if it does not come, and has not put the money aside yet. Ask it to before you go.',
  'pledge.patient.cannot':
    'The clinic promised you {sum} more if it does not come. With this way of paying it cannot be put aside; you would have to ask the clinic for it yourself.',
  'pledge.patient.less':
    'The clinic promised {promised} and put only {sum} aside; the rest you would have to ask it for yourself.',
  'pledge.patient.standing':
    'The clinic has put {sum} aside: if it does not come and does not object, you get this on top of your money.',
  'pledge.patient.reported': 'If nobody objects: {sum} more for you, from the clinic’s bond.',
  'pledge.patient.paid':
    'The clinic’s bond paid you {sum} more; it goes back to the account that you paid from.',
  'pledge.clinic.promised': 'You promised {sum} more if you do not come, and have not put it aside yet.',
  'pledge.clinic.cannot':
    'You promised {sum} more if you do not come; with this way of paying it cannot be put aside.',
  'pledge.clinic.less':
    'You promised {promised} and put only {sum} aside; you owe the rest to the patient directly.',
  'pledge.clinic.standing': 'You have put {sum} aside; it is free again once you have treated as agreed.',
  'pledge.clinic.reported': 'If nobody objects: {sum} more for the patient, from your bond.',
  'pledge.clinic.paid': 'Your bond paid the patient {sum} more.',
  'pledge.clinic.freed': 'The {sum} that you put aside are free again.',
  'pledge.give': 'Put {sum} aside',
  'pledge.give.text':
    'Your price list promises {sum} more if you do not come. It is locked in your bond for coming until this visit is settled.',
  'pledge.give.cannot':
    'With this way of paying, the money would not reach the patient, so nothing can be put aside. Tell the patient.',
  'pledge.give.short':
    'Your bond for coming has {free} free, {missing} too little. Pay in first, then come back here.',
  'pledge.give.bond': 'Pay into the bond for coming',
  'pledge.bond': 'Bond for coming',
  'pledge.bond.lead':
    'What patients get on top if you do not come. It is kept apart from promises about outcomes.',
  'pledge.bond.empty':
    'Nothing is in it yet. Pay in under “Bond” above; once it has arrived, put it in here.',
  'pledge.bond.standing': 'Visits that it is locked for',
  'pledge.bond.place': 'Put into the bond for coming',
  'pledge.bond.reclaim': 'Take back what is not locked for coming',
  'pledge.bond.back': 'Taken back; the custodian pays it to the clinic’s account.',
  'pledge.list': 'Visits that it was put aside for',
  'pledge.list.none':
    'Nothing is put aside for any visit yet. Once a patient has paid, do it on her visit’s page.',
  'pledge.state.standing': 'Put aside',
  'pledge.state.reported': 'Reported absent',
  'pledge.state.paid': 'Paid to the patient',
  'pledge.state.freed': 'Free again',
};
