import type { courseZh } from './course-zh.ts';

/** Words around courses, deposits and follow-ups, in English. */
export const courseEn: Record<keyof typeof courseZh, string> = {
  'course.session': 'Session {n} of {of}',
  'course.ended': '{n} of {of} sessions done',
  'course.price': '{n} sessions at {each}, {total} in all',
  'course.priceTotal': '{n} sessions, {total} in all',
  'course.each.price': 'After each session {each} is paid',
  'course.deposit.price':
    'Of it a deposit of {amount}: once the cooling-off is over the clinic may ask for it, and you have {days} days to object',
  'course.followUp.price': 'Of it {amount} is held until after the follow-up',
  'course.promise':
    'Each session is paid once it is done. If the clinic closes, or you stop, all that was not done comes back.',
  'course.title': 'Parts and progress',
  'course.lead': '{paid} paid, {held} still held',
  'course.part.deposit': 'Deposit',
  'course.part.session': 'Session {n}',
  'course.part.follow-up': 'Follow-up',
  'course.state.planned': 'to be paid',
  'course.state.held': 'held',
  'course.state.now': 'now',
  'course.state.claimed': 'for you to accept',
  'course.state.claimed.desk': 'with the patient',
  'course.state.disputed': 'disputed',
  'course.state.paid': 'paid',
  'course.state.returned': 'returned',
  'course.due': 'by {until}',
  'course.at': 'booked {when}',
  'course.settled': '{when}',
  'course.deposit.wait':
    'The deposit of {amount} keeps your time. The cooling-off ends {from}; after that the clinic may ask for it. Cancel before then and all of it comes back.',
  'course.demoTime': 'Demo: let the cooling-off pass',
  'course.moneyDue': 'If the clinic does not ask by {until}, all that is held comes back',
  'course.deposit.open':
    'The cooling-off is over; the clinic may ask for the deposit now. You will have time to object.',
  'course.deposit.claimed':
    'The clinic asked for the deposit of {amount}. Accept it and the first session can be prepared; if you object, it is frozen and decided.',
  'course.deposit.dueDesk': 'The deposit can be claimed from {from}',
  'course.deposit.claim': 'Claim the deposit',
  'course.time': 'Choose a time for session {n}',
  'course.time.follow-up': 'Choose a time for the follow-up',
  'course.time.lead':
    'This one is to be done by {until}. Its money is still held and is paid once it is done.',
  'course.time.pick': 'Book this time',
  'course.time.change': 'Change the time',
  'course.time.none':
    'This doctor has no free time now; look again in a few days. What was not done stays held.',
  'course.time.desk': 'The patient has still to choose the next time',
  'course.dayBefore':
    'What was asked about your health is asked again after a few days; it is best confirmed the day before.',
  'course.end': 'Stop here and take the rest back',
  'course.end.text':
    'All {amount} that was not paid out comes back to you; sessions that were paid stay so. The course cannot go on after that.',
  'course.followUp': 'Follow-up: the patient is here',
  'course.followUp.lead': 'Nothing is opened at a follow-up. Add what you saw to the record.',
  'course.close': 'Stop here and return the rest',
  'course.close.text':
    'All {amount} that is still held goes back to the patient; what you were paid stays yours. This cannot be undone.',
  'course.money': 'Paid is what was done and accepted; the rest stays in the held account',
  'course.desk.due': 'Due now',
  'plan.title': 'Course and parts',
  'plan.sessions': 'Sessions of a course',
  'plan.sessions.hint': '1 to 10; the prices above are for one session',
  'plan.every': 'At most this many days between two sessions',
  'plan.deposit': 'Deposit, per cent of the whole',
  'plan.deposit.hint': 'Empty for none; 20 at most',
  'plan.depositDays': 'Days for the patient to object to the deposit',
  'plan.followUp': 'Held until the follow-up, per cent',
  'plan.followUp.hint': 'Empty for none; 30 at most',
  'plan.followUpDays': 'Days from the last session to the follow-up',
  'plan.wrong': 'Enter a whole number from {min} to {max}',
  'visit.confirm.follow-up': 'Confirm the follow-up visit',
};
