/** Entries that wait for somebody, and what an operator can do about each. */
import type { EntryView } from '@zhenmei/money/operator-api.ts';
import { moneyOperatorApi } from '@zhenmei/money/operator-api.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill } from '../look/parts.tsx';
import { fullMoment, type Key, t, yuan } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { toneOf } from './trail.tsx';

type Entry = z.infer<typeof EntryView>;
export interface OperatorActs {
  readonly bearer: string;
  readonly busy: boolean;
  act(work: () => Promise<unknown>): void;
}

export function OperatorEntries({ entries, acts }: { entries: readonly Entry[]; acts: OperatorActs }) {
  return (
    <Card title={t('op.entries')}>
      {entries.length === 0 ? <p className="m-0 soft">{t('op.noEntries')}</p> : null}
      <ul className="list-none p-0 m-0 flex flex-col">
        {entries.map((entry) => (
          <li key={entry.entry} className="border-t border-line first:border-0 py-3 flex flex-col gap-2">
            <span className="flex flex-wrap justify-between gap-x-4">
              <strong>{yuan(entry.direction === 'debit' ? `-${entry.amount}` : entry.amount)}</strong>
              <Pill tone={toneOf(entry.state)}>{t(`entry.${entry.state}` as Key)}</Pill>
            </span>
            {entry.reason ? <span>{t(`entry.why.${entry.reason}` as Key)}</span> : null}
            <span className="soft break-words">
              {entry.reference ? t('op.wrote', { text: entry.reference }) : t('op.wroteNothing')}
            </span>
            <span className="soft text-sm break-words">
              {fullMoment(entry.at)} · {t('pay.entry', { entry: entry.entry })}
            </span>
            {entry.state === 'unassigned' ? <Unclaimed entry={entry} acts={acts} /> : null}
            {entry.reason === 'given-back' ? <Again entry={entry} acts={acts} /> : null}
            {entry.state === 'ask' ? <Explain entry={entry} acts={acts} /> : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Unclaimed({ entry, acts }: { entry: Entry; acts: OperatorActs }) {
  const [reference, setReference] = useState('');
  const [asking, setAsking] = useState(false);
  const given = { bearer: acts.bearer, params: { entry: entry.entry } };
  return (
    <>
      <Field label={t('op.assign')} autoComplete="off" value={reference} onValueChange={setReference} />
      <div className="flex flex-wrap gap-3">
        <Button
          busy={acts.busy}
          disabled={!reference.trim()}
          onClick={() =>
            acts.act(() => deskApi.call(moneyOperatorApi.assignPayment, { ...given, body: { reference } }))
          }
        >
          {t('op.assign.do')}
        </Button>
        <Button busy={acts.busy} onClick={() => setAsking(true)}>
          {t('op.return')}
        </Button>
      </div>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('op.return.ask')}
        text={t('op.return.means', { amount: yuan(entry.amount) })}
        yes={t('op.return')}
        onYes={() => acts.act(() => deskApi.call(moneyOperatorApi.returnPayment, { ...given, body: {} }))}
      />
    </>
  );
}

/** A payment of ours came back: made again once its payee's account is right. */
function Again({ entry, acts }: { entry: Entry; acts: OperatorActs }) {
  const [asking, setAsking] = useState(false);
  const given = { bearer: acts.bearer, params: { entry: entry.entry }, body: {} };
  return (
    <>
      <p className="m-0 soft">{t('op.again.lead')}</p>
      <Button busy={acts.busy} className="self-start" onClick={() => setAsking(true)}>
        {t('op.again.do')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('op.again.ask')}
        text={t('op.again.means', { amount: yuan(entry.amount) })}
        yes={t('op.again.do')}
        onYes={() => acts.act(() => deskApi.call(moneyOperatorApi.payAgain, given))}
      />
    </>
  );
}

function Explain({ entry, acts }: { entry: Entry; acts: OperatorActs }) {
  const [reason, setReason] = useState('');
  const given = { bearer: acts.bearer, params: { entry: entry.entry }, body: { reason } };
  return (
    <>
      <Field
        label={t('op.explain')}
        hint={t('op.alarm.hint')}
        lines={2}
        value={reason}
        onValueChange={setReason}
      />
      <Button
        busy={acts.busy}
        disabled={reason.trim().length < 5}
        onClick={() => acts.act(() => deskApi.call(moneyOperatorApi.explainEntry, given))}
      >
        {t('op.explain.do')}
      </Button>
    </>
  );
}
