/** Confirms, with the six digits of the other screen, what the clinic proposed. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { confirm, type PatientVisit } from '@zhenmei/client/patient.ts';
import { knownHealth } from '@zhenmei/client/vault/health.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { summariseRecord } from '@zhenmei/vault/core/record.ts';
import { type FormEvent, useState } from 'react';
import { DeviceCard } from '../desk/device-card.tsx';
import { Field } from '../look/field.tsx';
import { Pill, Refusal, Waiting } from '../look/parts.tsx';
import { type Key, say, t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { proposedOf } from '../state/sealed.ts';
import { io, vault } from '../state/vault.ts';
import { RecordFacts } from '../vault/record-facts.tsx';

export function Confirm({ visit, view, onDone }: { visit: PatientVisit; view: VisitView; onDone(): void }) {
  const step = view.pending!.step;
  const [code, setCode] = useState('');
  const unit = step.type === 'unseal' ? String(step.data.unit) : null;
  const verdict = useQuery({
    queryKey: ['verify', unit],
    enabled: unit !== null,
    queryFn: () =>
      patientApi.call(provenanceApi.verify, {
        query: { code: unit!, region: 'CN', route: view.service.procedure.route ?? '' },
      }),
  });
  const send = useMutation({
    mutationFn: async () => confirm(io, visit, view, code, await knownHealth(vault()!)),
    onSettled: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <h2 className="text-lg font-semibold m-0">{t(`visit.confirm.${step.type}` as Key)}</h2>
      {verdict.data?.product ? (
        <p className="m-0">
          {say(verdict.data.product.name)}{' '}
          <Pill
            tone={
              verdict.data.level === 'green' ? 'jade' : verdict.data.level === 'red' ? 'cinnabar' : 'amber'
            }
          >
            {t(`verdict.${verdict.data.level}`)}
          </Pill>
        </p>
      ) : null}
      {view.pending!.attachments.record ? (
        <Proposed visit={visit} proposed={view.pending!.attachments.record} />
      ) : null}
      {typeof step.data.device === 'string' ? <DeviceCard unit={step.data.device} /> : null}
      <Field
        large
        label={t('visit.code')}
        hint={t('visit.codeHint')}
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\d{6}"
        maxLength={6}
        value={code}
        onValueChange={(text) => setCode(text.replace(/\D/g, ''))}
      />
      <button type="submit" className="btn btn-main" disabled={code.length !== 6 || send.isPending}>
        {t(`visit.confirm.${step.type}` as Key)}
      </button>
      {send.error ? <Refusal error={send.error} /> : null}
    </form>
  );
}

/** What will be sealed, read before it is confirmed. */
function Proposed({ visit, proposed }: { visit: PatientVisit; proposed: unknown }) {
  const read = useQuery({
    queryKey: ['proposed-record', visit.id, (proposed as { signature: string }).signature],
    queryFn: () => proposedOf(visit, proposed),
    gcTime: 0,
  });
  if (read.isPending) return <Waiting what={t('loading')} />;
  if (read.error) return <Refusal error={read.error} />;
  return (
    <>
      <p className="m-0 soft">{t('sealed.read')}</p>
      <RecordFacts record={summariseRecord(read.data.record)} />
    </>
  );
}
