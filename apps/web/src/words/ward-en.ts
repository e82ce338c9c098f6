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
  'ward.visits.child': 'Child {n}',
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
  'rights.pause.ask': 'Restricting this pauses your emergency card',
  'rights.pause.means':
    'The card shows allergies and health facts. While they are restricted, a doctor who scans it reads “paused” and nothing else. Once you lift the restriction the same card works again.',
  'emergency.paused': 'The emergency card is paused and shows nothing',
  'emergency.paused.next':
    'Your allergies or health facts were restricted or deleted. Lift the restriction, or tell them again: the same card goes on.',
  'notice.emergency-paused':
    'The emergency card is paused: allergies or health facts were restricted or deleted',
  'table.edition': 'Checked against: table of contraindications, edition {n} ({when})',
  'table.unreviewed':
    'Engineers compiled this table from product leaflets; no clinician has confirmed it yet. It only warns or stops, and does not replace a doctor’s judgement.',
  'table.reviewed': 'Confirmed by {who} on {when}.',
  'table.sources': 'What it is based on',
};
