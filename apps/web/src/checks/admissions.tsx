/** The authority's register of verifiers: who asks, who may check, and why somebody may not. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Desk } from '@zhenmei/client/desk.ts';
import {
  type AdmissionRow,
  admitVerifier,
  readAdmissions,
  refuseVerifier,
  suspendVerifier,
} from '@zhenmei/client/verifier.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { AdmissionPill, admissionFacts } from './admission-words.tsx';

export function Admissions({ desk }: { desk: Desk }) {
  const list = useQuery({
    queryKey: ['admissions', desk.organisationId],
    refetchInterval: 5_000,
    queryFn: () => readAdmissions(desk),
  });
  return (
    <section className="flex flex-col gap-4" aria-labelledby="verifiers">
      <header>
        <h2 id="verifiers" className="text-xl font-semibold m-0">
          {t('verifier.list')}
        </h2>
        <p className="soft mt-1 mb-0">{t('verifier.list.lead')}</p>
      </header>
      <Loaded query={list} lines={3} empty={t('verifier.list.none')}>
        {(rows) => (
          <div className="grid gap-4 md:grid-cols-2 items-start">
            {rows.map((row) => (
              <Verifier key={row.account} desk={desk} row={row} onDone={() => void list.refetch()} />
            ))}
          </div>
        )}
      </Loaded>
    </section>
  );
}

function Verifier({ desk, row, onDone }: { desk: Desk; row: AdmissionRow; onDone(): void }) {
  const [writing, setWriting] = useState(false);
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => setWriting(false),
    onSettled: onDone,
  });
  const { state, about, appointed } = row;
  const no = state === 'asked' ? 'refuse' : state === 'admitted' ? 'suspend' : null;
  const decline = (reason: string) =>
    act.mutate(() =>
      no === 'refuse'
        ? refuseVerifier(desk, row.account, reason)
        : suspendVerifier(desk, row.account, reason),
    );
  return (
    <Card title={say(row.name)}>
      <AdmissionPill state={state} />
      <Facts
        rows={[
          ...admissionFacts(row),
          [t('check.queue.rate'), t('check.queue.rate.n', { n: row.checks, misses: row.misses })],
          ...(about ? [[t('verifier.about.said'), about] as const] : []),
        ]}
      />
      {row.missed ? <p className="m-0 text-cinnabar">{t('verifier.missed')}</p> : null}
      {appointed ? null : <p className="m-0 text-amber">{t('verifier.admit.unappointed')}</p>}
      {writing && no ? (
        <Reason
          yes={t(`verifier.${no}`)}
          busy={act.isPending}
          onYes={decline}
          onNo={() => setWriting(false)}
        />
      ) : (
        <div className="flex flex-wrap gap-3">
          {state === 'admitted' ? null : (
            <Button
              kind={state === 'asked' ? 'main' : 'plain'}
              busy={act.isPending}
              disabled={!appointed}
              onClick={() => act.mutate(() => admitVerifier(desk, row, now()))}
            >
              {t(state === 'asked' ? 'verifier.admit' : 'verifier.admit.back')}
            </Button>
          )}
          {no ? (
            <Button kind="quiet" busy={act.isPending} onClick={() => setWriting(true)}>
              {t(`verifier.${no}`)}
            </Button>
          ) : null}
        </div>
      )}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}

function Reason(props: { yes: string; busy: boolean; onYes(reason: string): void; onNo(): void }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    props.onYes(text.trim());
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field
        label={t('verifier.reason.text')}
        lines={3}
        maxLength={1_000}
        value={text}
        onValueChange={setText}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" kind="main" busy={props.busy} disabled={text.trim().length < 10}>
          {props.yes}
        </Button>
        <Button kind="quiet" onClick={props.onNo}>
          {t('verifier.reason.cancel')}
        </Button>
      </div>
    </form>
  );
}
