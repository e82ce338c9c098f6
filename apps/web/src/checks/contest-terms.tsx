/** What an objection costs, by when it is decided, and who gets the deposit in each case; said before anything is paid. */
import type { Contest } from '@zhenmei/client/contest.ts';
import { DAY } from '@zhenmei/kernel';
import { TIMES } from '@zhenmei/money/core/verification-moves.ts';
import { Facts } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';

/** Days within which a jury is drawn and has answered. */
const DECIDED_WITHIN = Math.ceil(((TIMES.house + TIMES.answer + TIMES.reveal) * 1_000) / DAY);

export function ContestTerms({ contest }: { contest: Pick<Contest, 'deposit' | 'reward'> }) {
  const reward = yuan(contest.reward);
  return (
    <Facts
      rows={[
        [t('contest.deposit'), yuan(contest.deposit)],
        [t('contest.when'), t('contest.when.what', { n: DECIDED_WITHIN })],
        [t('contest.if.won'), t('contest.if.won.what', { reward })],
        [t('contest.if.lost'), t('contest.if.lost.what')],
        [t('contest.if.undecided'), t('contest.if.undecided.what')],
      ]}
    />
  );
}
