import type { cancelZh } from './cancel-zh.ts';

/** Words around cancelling and what it costs, in English. */
export const cancelEn: Record<keyof typeof cancelZh, string> = {
  'cancel.title': 'Cancellation rule',
  'cancel.lead':
    'Empty: everything comes back whenever the patient cancels. Filled in: each step says from how many hours before the appointment on what per cent of the price is kept.',
  'cancel.divided':
    'A course, a deposit or a share for the follow-up has no cancellation rule: what was not done always comes back.',
  'cancel.hours': 'Step {n}: hours before',
  'cancel.share': 'Step {n}: per cent',
  'cancel.wrong':
    'Enter 0 to 720 whole hours and 1 to 30 per cent. The nearer the appointment, the larger the share; 0 hours is the appointment itself.',
  'cancel.price.until': 'Cancelled {hours} h or more before the appointment, everything comes back',
  'cancel.price.before': 'Cancelled before the appointment, everything comes back',
  'cancel.price.after': 'Cancelled less than {hours} h before it, the clinic keeps {kept}',
  'cancel.price.late': 'Cancelled after it, or not kept, the clinic keeps {kept}',
  'cancel.price.cooling': 'Within the cooling-off everything always comes back',
  'cancel.dates': 'If you cancel',
  'cancel.until': 'Until {until}',
  'cancel.after': 'After {after}',
  'cancel.all': '{back} comes back, all of it',
  'cancel.part': '{back} comes back, the clinic keeps {kept}',
  'cancel.cooling': 'Within {days} days of paying everything comes back, on whatever day that is.',
  'cancel.now': 'If you cancel now, {back} comes back and the clinic keeps {kept}.',
  'cancel.now.all': 'If you cancel now, all {back} comes back.',
  'cancel.stays': 'It stays so until {until}.',
  'cancel.warning':
    'That a licence fell away is not your doing, and you need not cancel: if you are not treated at the agreed time, report that the clinic was not there, and all of the money comes back to you.',
  'cancel.notReady':
    'If the clinic was not ready, do not cancel: report that it was not there, and all of the money comes back to you.',
};
