/** A claim before the panel as one side sees it: who decides and by when, what it costs, words and pictures. */
import { useMutation, useQuery } from '@tanstack/react-query';
import {
  appealClaim,
  type Claim,
  type ClaimSeat,
  callClaimPanel,
  joinClaimDraw,
  keepUpClaim,
  readClaim,
} from '@zhenmei/client/claim-panel.ts';
import { claimFinding } from '@zhenmei/money/core/panel-math.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { DemoTime } from '../pages/demo-time.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { ClaimPictures, type VaultPicture } from './claim-pictures.tsx';
import { useKeepUp } from './keep-up.ts';
import { keptPair } from './pairs.ts';
import { Appeal, costRows, Draw, ruledBps, voteRows } from './panel-parts.tsx';
import { Papers } from './papers.tsx';

export function ClaimBody({ seat, vault }: { seat: ClaimSeat; vault: readonly VaultPicture[] | null }) {
  const claim = useQuery({
    queryKey: ['claim', seat.id],
    queryFn: () => readClaim(seat),
    refetchInterval: 1_500,
  });
  const refresh = () => void claim.refetch();
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: refresh });
  // kept in this page's memory only: it may say something about the person's health
  const [statement, setStatement] = useState('');
  const c = claim.data;
  const stuck = useKeepUp(claim.dataUpdatedAt, () =>
    keepUpClaim(seat, c!, { statement, pair: keptPair(seat.id) }),
  );
  if (claim.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (!c) return <Refusal error={claim.error} />;
  const pictures = <ClaimPictures seat={seat} claim={c} vault={vault} onDone={refresh} />;
  return (
    <>
      {/* whoever wants to show pictures chooses them before the panel is called */}
      {c.stage === 'call' ? pictures : null}
      <Card title={t('claimcase.title')}>
        <p className="m-0">
          <Pill tone={c.stage === 'settled' ? 'jade' : c.stage === 'undecided' ? 'slate' : 'amber'}>
            {t(`claimcase.stage.${c.stage}`)}
          </Pill>
        </p>
        <p className="m-0">{t(nextOf(c))}</p>
        <Numbers c={c} />
        <Act seat={seat} c={c} busy={act.isPending} run={(work) => act.mutate(work)} />
        {c.until && c.stage !== 'settled' && c.stage !== 'call' ? (
          <DemoTime
            label={t('claimcase.demoTime')}
            to={new Date(Date.parse(c.until) + 5_000).toISOString()}
            onDone={refresh}
          />
        ) : null}
        {act.error || stuck ? <Refusal error={act.error ?? stuck} /> : null}
      </Card>
      {c.stage === 'call' ? null : pictures}
      {c.panel?.phase === 'voting' ? <Papers d={c} onSend={setStatement} /> : null}
    </>
  );
}

function nextOf(c: Claim): Key {
  if (c.stage === 'call') return c.you === 'clinic' ? 'claimcase.next.call.clinic' : 'claimcase.next.call';
  if (c.stage === 'undecided' || c.stage === 'settled' || !c.panel)
    return c.stage === 'settled' ? 'claimcase.next.settled' : 'claimcase.next.undecided';
  return `dispute.next.${c.panel.phase}` as Key;
}

function Numbers({ c }: { c: Claim }) {
  const open = c.stage !== 'settled';
  const ruled = ruledBps(c.panel);
  return (
    <Facts
      rows={[
        [t('claimcase.who'), t('claimcase.decider.panel')],
        [t('claimcase.amount'), yuan(c.amount)],
        ...(c.until && open ? ([[t('dispute.until'), date(c.until, now(), true)]] as const) : []),
        ...(open ? ([[t('guarantee.deadline'), date(c.endsAt, now(), true)]] as const) : []),
        ...costRows(c, open),
        ...voteRows(c.panel, open),
        ...(ruled === null
          ? []
          : ([[t('dispute.ruling'), t(`claimcase.ruling.${claimFinding(ruled, c.asked)}` as Key)]] as const)),
      ]}
    />
  );
}

function Act({
  seat,
  c,
  busy,
  run,
}: {
  seat: ClaimSeat;
  c: Claim;
  busy: boolean;
  run(work: () => Promise<unknown>): void;
}) {
  if (c.mayCall)
    return (
      <Button kind="main" busy={busy} onClick={() => run(() => callClaimPanel(seat))}>
        {t('claimcase.call')}
      </Button>
    );
  if (c.panel?.phase === 'secrets')
    return (
      <Draw
        joined={c.panel.committed.includes(c.you)}
        busy={busy}
        onJoin={() => run(() => joinClaimDraw(seat, c))}
      />
    );
  if (!c.mayAppeal) return null;
  return (
    <Appeal text={t('claimcase.appeal.text')} busy={busy} onAppeal={() => run(() => appealClaim(seat, c))} />
  );
}
