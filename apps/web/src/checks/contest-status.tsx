/** Where an objection that was made stands, by when the step ends, and what became of its deposit. */
import type { Contest } from '@zhenmei/client/contest.ts';
import { Facts, Pill, type Tone } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';

const TONES: Record<Contest['stage'], Tone> = {
  open: 'amber',
  drawing: 'amber',
  comparing: 'amber',
  won: 'jade',
  lost: 'cinnabar',
  undecided: 'slate',
  closed: 'slate',
};

export function ContestStage({ stage }: { stage: Contest['stage'] | 'ready' }) {
  return (
    <div>
      <Pill tone={stage === 'ready' ? 'amber' : TONES[stage]}>{t(`contest.stage.${stage}`)}</Pill>
    </div>
  );
}

/** @param coming what is due is still on its way; null where it is taken out by hand, which says so itself */
export function ContestStatus({ contest, coming }: { contest: Contest; coming: boolean | null }) {
  const { stage, deadline, deposit, due } = contest;
  return (
    <>
      <ContestStage stage={stage} />
      <Facts
        rows={[
          [t('check.task', { id: contest.id }), t('check.name')],
          [t('contest.deposit'), yuan(deposit)],
          ...(deadline ? [[t('contest.by'), date(deadline, now(), true)] as const] : []),
        ]}
      />
      {stage === 'lost' ? <p className="m-0">{t('contest.lost.where', { amount: yuan(deposit) })}</p> : null}
      {due !== '0' && coming !== null ? (
        <p className="m-0" role="status">
          {t(coming ? 'contest.back.coming' : 'contest.back.done', { amount: yuan(due) })}
        </p>
      ) : null}
    </>
  );
}
