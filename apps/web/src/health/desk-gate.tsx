/** The clinic's side of the gate: what the patient's device found, and a doctor's decision under that doctor's licence. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { DECISION_REASONS, type DecisionReason } from '@zhenmei/client/gate-notes.ts';
import { decideGate, readGate } from '@zhenmei/client/override.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { DoctorName } from '../vault/doctor-name.tsx';
import { Reasons } from './reasons.tsx';
import { TableNote } from './table-note.tsx';

export function DeskGate({ clinic, view, onDone }: { clinic: Clinic; view: VisitView; onDone(): void }) {
  const { gate } = view;
  const note = useQuery({
    queryKey: ['desk-gate', view.id, gate?.report],
    enabled: Boolean(gate?.sealed),
    queryFn: () => readGate(clinic, view),
    retry: false,
  });
  if (!gate) return null;
  if (gate.outcome === 'clear')
    return (
      <Card>
        <Pill tone="jade">{t('desk.gate.cleared', { when: date(gate.at, now(), true) })}</Pill>
        <TableNote />
      </Card>
    );
  const blocked = gate.outcome === 'blocked';
  return (
    <Card tone={blocked ? 'cinnabar' : 'amber'} title={t(blocked ? 'desk.gate.blocked' : 'desk.gate.asks')}>
      {note.error ? <Refusal error={note.error} /> : null}
      {note.data ? <Reasons desk reasons={note.data.reasons} /> : null}
      {gate.override ? (
        <Pill tone="jade">
          {t('desk.gate.decided', { when: date(gate.override.at, now(), true) })}{' '}
          <DoctorName id={gate.override.doctor} />
        </Pill>
      ) : (
        <Decide clinic={clinic} view={view} blocked={blocked} onDone={onDone} />
      )}
    </Card>
  );
}

const CODES = Object.keys(DECISION_REASONS) as DecisionReason[];

function Decide({
  clinic,
  view,
  blocked,
  onDone,
}: {
  clinic: Clinic;
  view: VisitView;
  blocked: boolean;
  onDone(): void;
}) {
  const doctors = useQuery({
    queryKey: ['clinic-doctors', clinic.desk.organisationId],
    queryFn: async () =>
      (await deskApi.call(careApi.readClinic, { params: { id: clinic.desk.organisationId } })).doctors,
  });
  const able = (doctors.data ?? []).filter(
    ({ id }) => clinic.doctorLicences[id] && (!blocked || id !== view.doctor.id),
  );
  const [doctorId, setDoctor] = useState('');
  const [reason, setReason] = useState<DecisionReason>(CODES[0]!);
  const [note, setNote] = useState('');
  const doctor = able.find(({ id }) => id === doctorId) ?? able[0];
  const decide = useMutation({
    mutationFn: () =>
      decideGate(clinic, view, {
        doctor: { id: doctor!.id, name: say(doctor!.name) },
        reason,
        note: note.trim(),
      }),
    onSettled: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    decide.mutate();
  };
  if (doctors.data && able.length === 0) return <p className="m-0">{t('desk.gate.nobody')}</p>;
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <p className="m-0">{t(blocked ? 'desk.gate.second' : 'desk.gate.look')}</p>
      <Select
        label={t('desk.gate.doctor')}
        value={doctor?.id ?? ''}
        options={able.map(({ id, name }) => ({ value: id, label: say(name) }))}
        onChange={setDoctor}
      />
      <Select
        label={t('health.decided.why')}
        value={reason}
        options={CODES.map((value) => ({ value, label: say(DECISION_REASONS[value]) }))}
        onChange={(next) => setReason(next)}
      />
      <Field
        label={t('health.decided.note')}
        hint={t('desk.gate.noteHint')}
        lines={2}
        maxLength={1_000}
        value={note}
        onValueChange={setNote}
      />
      <Button type="submit" kind="danger" busy={decide.isPending} disabled={note.trim() === '' || !doctor}>
        {t('desk.gate.decide')}
      </Button>
      {decide.error ? <Refusal error={decide.error} /> : null}
    </form>
  );
}
