/** A dispute as one side sees it: what happens next, by when, what it costs, and how to settle. */
import { useMutation, useQuery } from '@tanstack/react-query';
import {
  appeal,
  callPanel,
  type Dispute,
  type DisputeSeat,
  endStage,
  joinDraw,
  keepUp,
  readDispute,
} from '@zhenmei/client/dispute.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { DemoTime } from '../pages/demo-time.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { useKeepUp } from './keep-up.ts';
import { Appeal, costRows, Draw, ruledBps, voteRows } from './panel-parts.tsx';
import { Papers } from './papers.tsx';
import { Settle } from './settle.tsx';

export function DisputeBody({ seat }: { seat: DisputeSeat }) {
  const dispute = useQuery({
    queryKey: ['dispute', seat.agreement],
    queryFn: () => readDispute(seat),
    refetchInterval: 1_500,
  });
  const refresh = () => void dispute.refetch();
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: refresh });
  // kept in this page's memory only: it may say something about the person's health
  const [statement, setStatement] = useState('');
  const d = dispute.data;
  const stuck = useKeepUp(dispute.dataUpdatedAt, () => keepUp(seat, d!, statement));
  if (dispute.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (!d) return <Refusal error={dispute.error} />;
  return (
    <Page title={t('dispute.title')} lead={t('dispute.lead')}>
      <Card>
        <Pill tone={d.stage === 'settled' ? 'jade' : d.stage === 'undecided' ? 'slate' : 'amber'}>
          {t(`dispute.stage.${d.stage}`)}
        </Pill>
        <p className="m-0">{t(nextOf(d))}</p>
        <Numbers d={d} />
        <Act seat={seat} d={d} busy={act.isPending} run={(work) => act.mutate(work)} />
        {d.until && d.stage !== 'settled' ? <DemoTime to={after(d.until)} onDone={refresh} /> : null}
        {act.error || stuck ? <Refusal error={act.error ?? stuck} /> : null}
      </Card>
      {d.panel?.phase === 'voting' ? <Papers d={d} onSend={setStatement} /> : null}
      {d.stage === 'settled' ? null : <Settle seat={seat} d={d} onDone={refresh} />}
    </Page>
  );
}

const after = (iso: string): string => new Date(Date.parse(iso) + 5_000).toISOString();

function nextOf(d: Dispute): Key {
  if (d.stage === 'talk' || d.stage === 'mediation' || d.stage === 'settled' || d.stage === 'undecided')
    return `dispute.next.${d.stage}`;
  if (d.mayCallPanel || !d.panel) return 'dispute.next.call';
  return `dispute.next.${d.panel.phase}` as Key;
}

export const rulingOf = (bps: number): Key =>
  bps === 0 ? 'dispute.ruling.none' : bps === 10_000 ? 'dispute.ruling.all' : 'dispute.ruling.half';

function Numbers({ d }: { d: Dispute }) {
  const { panel } = d;
  const open = d.stage !== 'settled';
  const ruled = ruledBps(panel);
  return (
    <Facts
      rows={[
        [t('dispute.amount'), yuan(d.amount, d.currency)],
        ...(open ? ([[t('dispute.held'), yuan(d.held, d.currency)]] as const) : []),
        ...(d.until && open ? ([[t('dispute.until'), date(d.until, now(), true)]] as const) : []),
        ...(open && !panel ? ([[t('dispute.panelBy'), date(d.panelBy, now())]] as const) : []),
        ...costRows(d, open),
        ...voteRows(panel, open),
        ...(ruled === null ? [] : ([[t('dispute.ruling'), t(rulingOf(ruled))]] as const)),
        ...(d.refunded !== null ? ([[t('dispute.result'), yuan(d.refunded, d.currency)]] as const) : []),
      ]}
    />
  );
}

function Act({
  seat,
  d,
  busy,
  run,
}: {
  seat: DisputeSeat;
  d: Dispute;
  busy: boolean;
  run(work: () => Promise<unknown>): void;
}) {
  if (d.stage === 'talk' || d.stage === 'mediation') {
    const { stage } = d;
    return (
      <Button busy={busy} onClick={() => run(() => endStage(seat, stage))}>
        {t(`dispute.end.${stage}`)}
      </Button>
    );
  }
  if (d.mayCallPanel)
    return (
      <Button kind="main" busy={busy} onClick={() => run(() => callPanel(seat))}>
        {t('dispute.call')}
      </Button>
    );
  if (d.panel?.phase === 'secrets')
    return (
      <Draw
        joined={d.panel.committed.includes(seat.you)}
        busy={busy}
        onJoin={() => run(() => joinDraw(seat, d))}
      />
    );
  if (!d.mayAppeal) return null;
  return <Appeal text={t('dispute.appeal.text')} busy={busy} onAppeal={() => run(() => appeal(seat, d))} />;
}
