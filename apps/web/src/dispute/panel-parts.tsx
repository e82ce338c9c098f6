/** What every case before a panel shows and offers alike, whether about a milestone or about a promise. */
import type { Dispute } from '@zhenmei/client/dispute.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { t, yuan } from '../shell/words.ts';

type Row = readonly [string, string];
type Panel = Dispute['panel'];

/** What a panel costs whom, while there is something to decide; and an appeal, while there may be one. */
export function costRows(
  c: Pick<Dispute, 'you' | 'subsidised' | 'cost' | 'appealCost' | 'mayAppeal'>,
  open: boolean,
): readonly Row[] {
  const who = c.you === 'patient' && c.subsidised ? 'dispute.cost.covered' : 'dispute.cost.who';
  return [
    ...(open ? [[t('dispute.cost'), t(who, { fee: yuan(c.cost) })] as const] : []),
    ...(c.mayAppeal
      ? [[t('dispute.cost.appeal'), t('dispute.cost.appeal.who', { fee: yuan(c.appealCost) })] as const]
      : []),
  ];
}

/** How many of the drawn have sealed and opened their opinion. */
export function voteRows(panel: Panel, open: boolean): readonly Row[] {
  if (!panel || panel.seats.length === 0 || !open) return [];
  const { seats } = panel;
  const sealed = seats.filter(({ committed }) => committed).length;
  const opened = seats.filter(({ revealed }) => revealed).length;
  return [[t('dispute.votes'), t('dispute.votes.n', { n: seats.length, sealed, open: opened })]];
}

/** The opinion that counts so far, in basis points back to the patient; null while there is none. */
export const ruledBps = (panel: Panel): number | null =>
  panel && !['voting', 'failed'].includes(panel.phase) ? panel.refundBps : null;

/** A side's number for the draw: asked for once, then waited for. */
export function Draw({ joined, busy, onJoin }: { joined: boolean; busy: boolean; onJoin(): void }) {
  return joined ? (
    <p className="m-0 soft" role="status">
      {t('dispute.joined')}
    </p>
  ) : (
    <Button kind="main" busy={busy} onClick={onJoin}>
      {t('dispute.join')}
    </Button>
  );
}

/** @param text what an appeal costs and means */
export function Appeal({ text, busy, onAppeal }: { text: string; busy: boolean; onAppeal(): void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button busy={busy} onClick={() => setAsking(true)}>
        {t('dispute.appeal')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('dispute.appeal')}
        text={text}
        yes={t('dispute.appeal')}
        onYes={onAppeal}
      />
    </>
  );
}
