/** The clinic's sealed record of one visit, and the amendment that is put beside it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type Clinic, readVisitAtDesk, visitSecretOf } from '@zhenmei/client/clinic.ts';
import { amendRecord } from '@zhenmei/client/records/write-record.ts';
import { summariseRecord } from '@zhenmei/vault/core/record.ts';
import { readRecordDocument } from '@zhenmei/vault/core/record-document.ts';
import type { RecordVerdict } from '@zhenmei/verifier/verify-record.ts';
import { type FormEvent, useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { Since, Versions } from '../record/versions.tsx';
import { amountOf, t } from '../shell/words.ts';
import { deskSealed } from '../state/sealed.ts';
import { zoneName } from '../vault/record-facts.tsx';
import { codeOf } from '../vault/words.ts';

const route = getRouteApi('/desk/visits/$id/record');

/** People say millilitres; records are kept in their thousandth. */
const scale = (unit: string): number => (unit === 'uL' ? 1_000 : 1);

export function DeskVisitRecordPage() {
  const { id } = route.useParams();
  const clinic = useSeat().data?.clinic;
  const sealed = useQuery({
    queryKey: ['desk-sealed', id],
    enabled: Boolean(clinic),
    queryFn: () => deskSealed(clinic!, id),
    refetchInterval: 5_000,
  });
  const elsewhere =
    codeOf(sealed.error) === 'RECORD_CHANGED' &&
    String((sealed.error as { params?: { what?: unknown } }).params?.what) === 'box';
  return (
    <Page title={t('sealed.title')} lead={t('sealed.deskLead')}>
      <Link
        to="/desk/visits/$id"
        params={{ id }}
        className="no-print text-plum min-h-11 inline-flex items-center w-fit"
      >
        ← {t('back')}
      </Link>
      {sealed.isPending ? <Waiting what={t('sealed.checking')} lines={4} /> : null}
      {sealed.error ? (
        <>
          <Refusal error={sealed.error} />
          {elsewhere ? <p className="m-0 soft">{t('sealed.otherDevice')}</p> : null}
        </>
      ) : null}
      {sealed.data === null ? (
        <Card>
          <p className="m-0 soft">{t('sealed.none')}</p>
        </Card>
      ) : null}
      {sealed.data && clinic ? (
        <>
          <Since verdict={sealed.data} />
          <Versions mine={false} verdict={sealed.data} />
          <Amend key={sealed.data.record.versions.length} clinic={clinic} verdict={sealed.data} />
        </>
      ) : null}
    </Page>
  );
}

function Amend({ clinic, verdict }: { clinic: Clinic; verdict: RecordVerdict }) {
  const queries = useQueryClient();
  const { visit, versions } = verdict.record;
  const { statement, content } = versions.at(-1)!;
  const document = readRecordDocument(content);
  const summary = summariseRecord(document.record);
  const [author, setAuthor] = useState(document.author.name);
  const [reason, setReason] = useState('');
  const [note, setNote] = useState(summary.note ?? '');
  const [amounts, setAmounts] = useState<Record<string, string>>({});
  const amend = useMutation({
    mutationFn: async () =>
      amendRecord(
        clinic,
        await readVisitAtDesk(clinic, visit),
        { statement, document },
        visitSecretOf(clinic, visit),
        {
          author: { name: author.trim() },
          reason: reason.trim(),
          note,
          amounts: Object.fromEntries(
            summary.amounts.flatMap(({ zone, unit }) =>
              amounts[zone] === undefined
                ? []
                : [[zone, Math.round(scale(unit) * Number(amounts[zone]) * 1e6) / 1e6]],
            ),
          ),
        },
      ),
    onSuccess: () => toast(t('sealed.amend.done')),
    onSettled: () => queries.invalidateQueries({ queryKey: ['desk-sealed', visit] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    amend.mutate();
  };
  const complete =
    author.trim() !== '' &&
    reason.trim() !== '' &&
    Object.values(amounts).every((text) => /^\d+(?:\.\d+)?$/.test(text));
  return (
    <div className="no-print">
      <Card title={t('sealed.amend')}>
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <p className="m-0 soft">{t('sealed.amend.lead')}</p>
          <Field label={t('sealed.amend.author')} maxLength={100} value={author} onValueChange={setAuthor} />
          <Field
            label={t('sealed.amend.reason')}
            maxLength={500}
            lines={2}
            value={reason}
            onValueChange={setReason}
          />
          <Field
            label={t('sealed.amend.note')}
            maxLength={2000}
            lines={3}
            value={note}
            onValueChange={setNote}
          />
          {summary.amounts.map(({ zone, amount, unit }) => (
            <Field
              key={zone}
              label={t('sealed.field.amount', { place: zoneName(zone) })}
              hint={amountOf(scale(unit) * Number(amounts[zone] ?? amount / scale(unit)), unit)}
              inputMode="decimal"
              maxLength={9}
              value={amounts[zone] ?? String(amount / scale(unit))}
              onValueChange={(text) => setAmounts({ ...amounts, [zone]: text.replace(/[^\d.]/g, '') })}
            />
          ))}
          <Button type="submit" kind="main" busy={amend.isPending} disabled={!complete}>
            {t('sealed.amend.do')}
          </Button>
          {amend.error ? <Refusal error={amend.error} /> : null}
          {amend.isSuccess ? <Pill tone="jade">{t('sealed.amend.done')}</Pill> : null}
        </form>
      </Card>
    </div>
  );
}
