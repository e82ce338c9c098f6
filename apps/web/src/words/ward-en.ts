/** Words around proof of age, what a guardian sees, and what follows from changed health facts, in English. */
import type { wardZh } from './ward-zh.ts';

export const wardEn: Record<keyof typeof wardZh, string> = {
  'age.shown':
    'The booking shows a certificate of age once. It says that this age was reached; neither name nor birthday is in it.',
  'age.kept': 'This treatment does not ask for it: the certificate stays here.',
  'age.asked': 'This treatment needs a certificate of age',
  'age.asked.next':
    'To state that you are of age is not enough. Take a certificate of age first, then book. Under 18, tick the line above and have a guardian sign.',
  'ward.visits': 'Your child’s visits',
  'ward.visits.lead':
    'With the certificate of guardianship you see treatment, time, money and progress, until the day your child comes of age. Your child sees every look. Records, photos and health are not shown.',
  'ward.visits.noCard':
    'There is no certificate of guardianship on this phone yet. Take it under “My certificates”.',
  'ward.visits.none': 'There is no visit yet that a guardian signed for.',
  'ward.money.held': 'Held',
  'ward.money.paid': 'Paid to the clinic',
  'ward.money.refunded': 'Paid back',
  'ward.seen':
    'A guardian sees treatment, time, money and progress of this visit, but no record, no photo and nothing about health.',
  'ward.seen.at': 'Last look: {at}',
  'ward.seen.never': 'Nobody has looked yet',
};
