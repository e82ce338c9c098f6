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
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { DemoTime } from '../pages/demo-time.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { ClaimPictures, type VaultPicture } from './claim-pictures.tsx';
import { useKeepUp } from './keep-up.ts';
import { keptPair } from './pairs.ts';
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
  const { panel } = c;
  const cost = c.you === 'patient' && c.subsidised ? 'dispute.cost.covered' : 'dispute.cost.who';
  const open = c.stage !== 'settled';
  const ruled = panel && panel.refundBps !== null && !['voting', 'failed'].includes(panel.phase);
  return (
    <Facts
      rows={[
        [t('claimcase.who'), t('claimcase.decider.panel')],
        [t('claimcase.amount'), yuan(c.amount)],
        ...(c.until && open ? ([[t('dispute.until'), date(c.until, now(), true)]] as const) : []),
        ...(open ? ([[t('guarantee.deadline'), date(c.endsAt, now(), true)]] as const) : []),
        ...(open ? ([[t('dispute.cost'), t(cost, { fee: yuan(c.cost) })]] as const) : []),
        ...(c.mayAppeal
          ? ([[t('dispute.cost.appeal'), t('dispute.cost.appeal.who', { fee: yuan(c.appealCost) })]] as const)
          : []),
        ...(panel && panel.seats.length > 0 && open
          ? ([
              [
                t('dispute.votes'),
                t('dispute.votes.n', {
                  n: panel.seats.length,
                  sealed: panel.seats.filter((s) => s.committed).length,
                  open: panel.seats.filter((s) => s.revealed).length,
                }),
              ],
            ] as const)
          : []),
        ...(ruled
          ? ([
              [t('dispute.ruling'), t(`claimcase.ruling.${claimFinding(panel.refundBps!, c.asked)}` as Key)],
            ] as const)
          : []),
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
  const [asking, setAsking] = useState(false);
  if (c.mayCall)
    return (
      <Button kind="main" busy={busy} onClick={() => run(() => callClaimPanel(seat))}>
        {t('claimcase.call')}
      </Button>
    );
  if (c.panel?.phase === 'secrets')
    return c.panel.committed.includes(c.you) ? (
      <p className="m-0 soft">{t('dispute.joined')}</p>
    ) : (
      <Button kind="main" busy={busy} onClick={() => run(() => joinClaimDraw(seat, c))}>
        {t('dispute.join')}
      </Button>
    );
  if (!c.mayAppeal) return null;
  return (
    <>
      <Button busy={busy} onClick={() => setAsking(true)}>
        {t('dispute.appeal')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('dispute.appeal')}
        text={t('claimcase.appeal.text')}
        yes={t('dispute.appeal')}
        onYes={() => run(() => appealClaim(seat, c))}
      />
    </>
  );
}
