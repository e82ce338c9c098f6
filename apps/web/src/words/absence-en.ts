import type { absenceZh } from './absence-zh.ts';

/** Words around appointments that one side did not keep, in English. */
export const absenceEn: Record<keyof typeof absenceZh, string> = {
  'money.patient-absent': 'Reported that the patient did not come; open to objection',
  'money.clinic-absent': 'Reported that the clinic was not there; open to objection',
  'absence.ask.patient': 'Did the clinic not treat you at the agreed time?',
  'absence.ask.patient.text':
    'Once you say so, the clinic has two days to object. If it does not, all of the {patient} that is held comes back to you.',
  'absence.ask.clinic': 'Did the patient not come?',
  'absence.ask.clinic.text':
    'Once you say so, the patient has two days to object. If not, by the agreement {clinic} is paid to you and {patient} goes back.',
  'absence.report.patient': 'Say that the clinic was not there',
  'absence.report.clinic': 'Say that the patient did not come',
  'absence.if': 'If somebody does not come',
  'absence.if.patient.missed':
    'If you do not come, the clinic may report it from {from} and you have two days to object; if you do not, {back} comes back to you and the clinic keeps {kept}.',
  'absence.if.patient.missedFree':
    'If you do not come, the clinic may report it from {from} and you have two days to object; if you do not, all {back} comes back to you.',
  'absence.if.patient.notReady':
    'If the clinic is not ready, you may report it from {from} and the clinic has two days to object; if it does not, all {back} comes back to you.',
  'absence.if.clinic.missed':
    'If the patient does not come, you may report it from {from} and the patient has two days to object; if not, you keep {kept} and {back} goes back.',
  'absence.if.clinic.missedFree':
    'If the patient does not come, you may report it from {from} and the patient has two days to object; if not, all {back} goes back.',
  'absence.if.clinic.notReady':
    'If you are not ready, the patient may report it from {from} and you have two days to object; if you do not, all {back} goes back to the patient.',
  'absence.from.patient': 'From {from} you can say that the clinic was not there',
  'absence.from.clinic': 'From {from} you can say that the patient did not come',
  'absence.of.you.patient': 'The clinic says that you did not come',
  'absence.of.you.clinic': 'The patient says that you did not treat',
  'absence.of.other.patient': 'You said that the clinic was not there',
  'absence.of.other.clinic': 'You said that the patient did not come',
  'absence.until.you': 'Is that wrong? Object by {until}.',
  'absence.until.other':
    'The other side may object until {until}. It is a dispute then, which you settle together or a panel rules.',
  'absence.follows':
    'If nobody objects, {clinic} is paid to the clinic and {patient} goes back to the patient.',
  'absence.object': 'Object, that is wrong',
  'absence.object.text':
    'The money is frozen and it becomes a dispute: you talk first, and a panel rules if that fails. If nobody rules, the money goes back to the patient.',
  'absence.settled.clinic': 'The clinic did not object, and all of the money went back.',
  'absence.settled.patient': 'The patient did not object, and it was settled by the agreement.',
  'absence.demo.late': 'Demo: half an hour past the appointment',
  'absence.demo.over': 'Demo: two days later, nobody objected',
};
