/** An emergency doctor opens a patient's card: a licence, a reason, and only what the card opens. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi } from '@zhenmei/care/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { openEmergency } from '@zhenmei/client/vault/emergency.ts';
import { REASONS } from '@zhenmei/vault/core/access/entry.ts';
import {
  EMERGENCY_REASONS,
  type EmergencyReason,
  type EmergencySheet,
} from '@zhenmei/vault/core/emergency/card.ts';
import { CONDITIONS } from '@zhenmei/vault/core/health/conditions.ts';
import { substanceName } from '@zhenmei/vault/core/substances.ts';
import { ZONES } from '@zhenmei/vault/core/zones.ts';
import { type FormEvent, lazy, Suspense, useCallback, useRef, useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, freshId, now } from '../state/apis.ts';

const Scanner = lazy(() => import('../scan/scanner.tsx'));

export function DeskEmergencyPage() {
  const clinic = useSeat().data?.clinic;
  const [sheet, setSheet] = useState<EmergencySheet | null>(null);
  return (
    <Page title={t('er.title')} lead={t('er.lead')}>
      {sheet ? <Sheet sheet={sheet} onClose={() => setSheet(null)} /> : null}
      {clinic && !sheet ? <Open clinic={clinic} onOpen={setSheet} /> : null}
    </Page>
  );
}

/** The code of a card that was scanned outside the desk; it leaves the address at once. */
function takeHash(): string {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) history.replaceState(history.state, '', location.pathname);
  return code;
}

function Open({ clinic, onOpen }: { clinic: Clinic; onOpen(sheet: EmergencySheet): void }) {
  const [code, setCode] = useState(takeHash);
  const [doctorId, setDoctor] = useState('');
  const [reason, setReason] = useState<EmergencyReason>('unconscious');
  const request = useRef({ id: freshId(), of: '' });
  const doctors = useQuery({
    queryKey: ['clinic-doctors', clinic.desk.organisationId],
    queryFn: async () =>
      (await deskApi.call(careApi.readClinic, { params: { id: clinic.desk.organisationId } })).doctors,
  });
  const able = (doctors.data ?? []).filter(({ id }) => clinic.doctorLicences[id]);
  const doctor = able.find(({ id }) => id === doctorId) ?? able[0];
  const open = useMutation({
    mutationFn: () => {
      // the same opening, asked for again, is not counted twice
      const of = `${code} ${doctor!.id} ${reason}`;
      if (request.current.of !== of) request.current = { id: freshId(), of };
      return openEmergency(clinic, code, { doctor: doctor!.id, reason, request: request.current.id });
    },
    onSuccess: onOpen,
  });
  const scanned = useCallback((text: string) => setCode(text.slice(text.lastIndexOf('#') + 1)), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate();
  };
  if (doctors.data && able.length === 0) return <p className="card m-0">{t('er.nobody')}</p>;
  return (
    <Card>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field
          label={t('er.code')}
          hint={t('er.codeHint')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={200}
          value={code}
          onValueChange={setCode}
        />
        <Suspense fallback={null}>
          <Scanner onCode={scanned} />
        </Suspense>
        <div className="grid gap-3 sm:grid-cols-2">
          <Select
            label={t('er.doctor')}
            value={doctor?.id ?? ''}
            options={able.map(({ id, name }) => ({ value: id, label: say(name) }))}
            onChange={setDoctor}
          />
          <Select
            label={t('er.reason')}
            value={reason}
            options={EMERGENCY_REASONS.map((value) => ({ value, label: say(REASONS[value]) }))}
            onChange={(next) => setReason(next)}
          />
        </div>
        <Button type="submit" kind="danger" busy={open.isPending} disabled={code.trim() === '' || !doctor}>
          {t('er.open')}
        </Button>
        {open.error ? <Refusal error={open.error} /> : null}
      </form>
    </Card>
  );
}

function Sheet({ sheet, onClose }: { sheet: EmergencySheet; onClose(): void }) {
  const { allergies, facts } = sheet;
  const held = (allergies?.facts ?? []).filter(({ verification }) => verification !== 'refuted');
  const present = (facts?.facts ?? []).filter((fact) => fact.present);
  return (
    <>
      <Pill tone="amber">{t('er.told')}</Pill>
      <Card title={t('er.allergies')} tone={held.length > 0 ? 'cinnabar' : 'slate'}>
        {held.length === 0 ? (
          <p className="m-0">{t(allergies?.answered ? 'er.allergies.none' : 'er.allergies.unasked')}</p>
        ) : (
          <ul className="m-0 pl-5 text-lg">
            {held.map((fact) => (
              <li key={`${fact.substance} ${fact.text}`}>
                <strong>{fact.substance ? say(substanceName(fact.substance)) : fact.text}</strong>
                {fact.reaction ? <span className="block">{fact.reaction}</span> : null}
                <span className="soft text-sm block">{date(`${fact.recordedOn}T12:00:00Z`, now())}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title={t('er.facts')}>
        {present.length === 0 ? <p className="m-0">{t('er.facts.none')}</p> : null}
        <ul className="m-0 pl-5">
          {present.map((fact) => (
            <li key={JSON.stringify(fact)}>
              {say(CONDITIONS[fact.condition])}
              {fact.zones.length > 0 ? ` (${fact.zones.map((zone) => say(ZONES[zone])).join(' · ')})` : ''}
              <span className="soft text-sm block">
                {t(fact.source === 'self' ? 'health.by.patient' : `health.by.${fact.source}`)} ·{' '}
                {date(`${fact.recordedOn}T12:00:00Z`, now())}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <p className="m-0 soft">{t('er.updated', { when: date(sheet.updatedAt, now(), true) })}</p>
      <Button kind="main" className="self-start" onClick={onClose}>
        {t('er.close')}
      </Button>
    </>
  );
}
