/** One case: what happened, who must act by when, its history, and the statements that can end it. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type ExceptionView, provenanceApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { CaseActions } from '../desk/case-actions.tsx';
import { Addresses, shortName } from '../desk/parts.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Details, Facts, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { CaseState, overdue } from './desk-inbox.tsx';
import { partyName } from './desk-shipment.tsx';

const route = getRouteApi('/desk/inbox/$id');

export function DeskCasePage() {
  const { id } = route.useParams();
  const found = useQuery({
    queryKey: ['exception', id],
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(provenanceApi.readException, { params: { id } }),
  });
  const one = found.data;
  if (!one)
    return (
      <Page title={t('inbox.title')}>
        {found.error ? <Refusal error={found.error} /> : <Skeleton lines={5} />}
      </Page>
    );
  return (
    <Page title={say(one.title)} lead={one.product ? say(one.product) : ''}>
      <Card>
        <CaseState of={one} />
        {one.state === 'resolved' ? null : <p className="m-0 font-medium">{say(one.todo)}</p>}
        <Facts
          rows={[
            [t('case.owner'), partyName(one.owner)],
            ...(one.other ? [[t('case.other'), partyName(one.other)] as const] : []),
            ...(one.resolvedAt
              ? []
              : [
                  [
                    t('case.deadline'),
                    <span key="due" className={overdue(one) ? 'text-cinnabar font-medium' : ''}>
                      {date(one.dueAt, now(), true)}
                      {overdue(one) ? ` · ${t('case.isOverdue')}` : ''}
                    </span>,
                  ] as const,
                ]),
            ...(one.lots.length > 0
              ? [[t('field.lot'), one.lots.map(shortName).join(t('list.comma'))] as const]
              : []),
          ]}
        />
        {one.locks && one.state !== 'resolved' ? <Pill tone="cinnabar">{t('case.locks')}</Pill> : null}
      </Card>
      <What of={one} />
      {one.state === 'resolved' ? null : (
        <>
          <CaseActions of={one} />
          {one.part === 'watching' ? null : <Steps of={one} />}
        </>
      )}
      <History of={one} />
    </Page>
  );
}

/** The statement that shows it, and the goods. */
function What({ of }: { of: ExceptionView }) {
  const { event, cold, epcs, units } = of;
  return (
    <Card title={t('case.what')}>
      {event ? (
        <>
          <p className="m-0">
            {t('case.stated', {
              by: partyName(event.site),
              step: t(`step.${event.step}` as Key),
              at: date(event.at, now(), true),
            })}
          </p>
          {event.from || event.to ? (
            <p className="m-0 soft">
              {t('handover.fromTo', { from: partyName(event.from), to: partyName(event.to) })}
            </p>
          ) : null}
        </>
      ) : null}
      {cold ? (
        <p className="m-0">
          {t('case.cold', { out: Math.round(cold.minutesOut), allowed: cold.minutesAllowed })}
        </p>
      ) : null}
      <p className="m-0 font-medium">{t('units', { n: units })}</p>
      <Addresses of={epcs} />
      {units > epcs.length ? <p className="m-0 soft">{t('case.firstOnly', { n: epcs.length })}</p> : null}
      {event && ['shipping', 'receiving'].includes(event.step) ? (
        <Link
          to="/desk/shipments/$digest"
          params={{ digest: event.digest }}
          className="text-plum min-h-11 inline-flex items-center self-start"
        >
          {t('case.openHandover')}
        </Link>
      ) : null}
      {event ? <Details>{event.digest}</Details> : null}
    </Card>
  );
}

/** Taking it on, setting goods aside, a note: none of these ends it. */
function Steps({ of }: { of: ExceptionView }) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const step = useMutation({
    mutationFn: (what: 'take-on' | 'quarantine' | 'note') =>
      deskApi.call(provenanceApi.stepException, {
        params: { id: of.id },
        body: { step: what, ...(note.trim() ? { note: note.trim() } : {}) },
      }),
    onSuccess: () => setNote(''),
    onSettled: () => queries.invalidateQueries({ queryKey: ['exception', of.id] }),
  });
  const written = note.trim() !== '';
  return (
    <Card title={t('case.steps')}>
      <Field label={t('case.note')} lines={2} maxLength={500} value={note} onValueChange={setNote} />
      <div className="flex flex-wrap gap-3">
        {of.part === 'owner' && of.state === 'open' ? (
          <Button kind="main" busy={step.isPending} onClick={() => step.mutate('take-on')}>
            {t('case.takeOn')}
          </Button>
        ) : null}
        <Button disabled={!written} busy={step.isPending} onClick={() => step.mutate('note')}>
          {t('case.addNote')}
        </Button>
        {of.state === 'quarantined' ? null : (
          <Button disabled={!written} busy={step.isPending} onClick={() => step.mutate('quarantine')}>
            {t('case.setAside')}
          </Button>
        )}
      </div>
      {step.error ? <Refusal error={step.error} /> : null}
    </Card>
  );
}

function History({ of }: { of: ExceptionView }) {
  return (
    <Card title={t('case.history')}>
      <ol className="list-none p-0 m-0 border-l border-line ml-2">
        {of.entries.map((entry, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the history only grows at its end
          <li key={i} className="pl-4 pb-3 relative">
            <span aria-hidden="true" className="absolute -left-1.5 top-2 w-3 h-3 rounded-full bg-plum" />
            <span className="font-medium">{t(`entry.${entry.what}`)}</span>{' '}
            <span className="soft text-sm">
              {date(entry.at, now(), true)}
              {entry.by ? ` · ${say(entry.by)}` : ''}
            </span>
            {entry.note ? <p className="m-0">{entry.note}</p> : null}
          </li>
        ))}
      </ol>
    </Card>
  );
}
