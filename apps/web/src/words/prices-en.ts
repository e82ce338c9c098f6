import type { pricesZh } from './prices-zh.ts';

/** Words around price lists, quotes and change orders, in English. */
export const pricesEn: Record<keyof typeof pricesZh, string> = {
  'prices.title': 'Price list',
  'prices.lead':
    'A published version never changes. A quote comes from the list in force; whatever differs must be explained to the patient.',
  'prices.none': 'No price list is published yet; quotes use the prices with which services were listed.',
  'prices.version': 'Version {n}, from {from}',
  'prices.next': 'Publish the next version',
  'prices.from': 'In force from',
  'prices.notYet': 'Not in force yet',
  'prices.fromHint': 'From the beginning of that day; today means at once',
  'prices.each': '{item} (yuan)',
  'prices.publish': 'Publish the price list',
  'prices.done': 'Version {n} is published',
  'prices.all': 'All versions',
  'prices.source': 'Prices from price list version {n} (from {from})',
  'prices.noList':
    'This clinic has published no price list yet; these are the prices its services were listed with.',
  'prices.differs': 'Differs from the price list: {item}. Reason: {reason}',
  'quote.edit': 'Change the quote',
  'quote.reason': 'Why “{item}” differs from the price list, in Chinese',
  'quote.reasonEn': 'The same reason in English',
  'quote.save': 'Keep the quote',
  'change.propose': 'Propose a change order',
  'change.lead':
    'Something to be added during a treatment is done another day: the patient books a time of its own, with an agreement and a cooling-off of its own. Today’s agreement stays as it is.',
  'change.item': 'What is added, in Chinese',
  'change.itemEn': 'What is added, in English',
  'change.price': 'Price (yuan)',
  'change.reason': 'Why you suggest it, in Chinese',
  'change.reasonEn': 'Why you suggest it, in English',
  'change.send': 'Send to the patient',
  'change.sent': 'Sent to the patient. Today’s agreement and its amount stay as they are.',
  'change.title': 'The clinic suggests something more',
  'change.notToday':
    'Nothing is done or paid today. If you want it, choose another day: for {days} days after paying you may cancel without a reason. Today’s agreement stays as it is.',
  'change.why': 'The clinic’s reason',
  'change.until': 'Valid until {until}',
  'change.no': 'No, thank you',
  'change.yes': 'Choose another day',
  'change.state.proposed': 'Waits for you',
  'change.state.declined': 'You declined',
  'change.state.accepted': 'Booked for another day',
  'change.state.lapsed': 'Lapsed',
  'change.booking': 'You are choosing a time for what the clinic suggested: {items}, {total} in all',
};
