/** What a scan said: one word, one colour, one sentence, and what to do now. */
import type { GoodsInView } from '@zhenmei/care/core/stock-views.ts';
import { type Tone, Verdict } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';

export const OUTCOME_TONE: Record<GoodsInView['outcome'], Tone> = {
  accepted: 'jade',
  quarantined: 'amber',
  refused: 'cinnabar',
};

/** The gravest of several: what is heard and shown for a box. */
export function worst(answers: readonly GoodsInView[]): GoodsInView['outcome'] {
  const order = ['refused', 'quarantined', 'accepted'] as const;
  return order.find((outcome) => answers.some((one) => one.outcome === outcome)) ?? 'refused';
}

export function Answer({ answers }: { answers: readonly GoodsInView[] }) {
  const [first] = answers;
  if (!first) return null;
  const outcome = answers.length === 1 ? first.outcome : worst(answers);
  const count = (which: GoodsInView['outcome']) => answers.filter((one) => one.outcome === which).length;
  return (
    <div role="alert">
      <Verdict
        tone={OUTCOME_TONE[outcome]}
        word={t(`goods.${outcome}`)}
        sentence={
          answers.length === 1
            ? [first.product ? say(first.product) : '', first.serial ?? ''].filter(Boolean).join(' · ')
            : t('goods.box', {
                accepted: count('accepted'),
                held: count('quarantined'),
                refused: count('refused'),
              })
        }
      >
        <Reasons answers={answers} />
      </Verdict>
    </div>
  );
}

/** Each reason once, with the units it is about. */
function Reasons({ answers }: { answers: readonly GoodsInView[] }) {
  const reasons = new Map<string, GoodsInView[]>();
  for (const one of answers) {
    const key = `${one.reason}${one.rule ?? ''}${say(one.text)}`;
    reasons.set(key, [...(reasons.get(key) ?? []), one]);
  }
  return (
    <ul className="list-none p-0 m-0 flex flex-col gap-3">
      {[...reasons.entries()].map(([key, all]) => (
        <li key={key}>
          <span className="block">{say(all[0]!.text)}</span>
          <span className="block font-medium">{say(all[0]!.doNow)}</span>
          {all[0]!.rule ? (
            <span className="block soft text-sm">{t('goods.rule', { rule: all[0]!.rule })}</span>
          ) : null}
          {answers.length > 1 ? (
            <span className="block soft text-sm break-all">{all.map((one) => one.serial).join(' · ')}</span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
