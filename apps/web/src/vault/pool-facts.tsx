/** What a study is, in the same rows for those who are asked and for those who ask. */
import type { Study } from '@zhenmei/vault/api.ts';
import { questionOf } from '@zhenmei/vault/core/pool/questions.ts';
import type { ReactNode } from 'react';
import { Facts } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export function StudyFacts({
  study: { plan },
  more = [],
}: {
  study: Study;
  more?: readonly (readonly [string, ReactNode])[];
}) {
  return (
    <Facts
      rows={[
        [t('pool.why'), say(plan.why)],
        [t('pool.asks'), <Lines key="asks" lines={plan.questions.map((id) => say(questionOf(id).text))} />],
        [t('pool.dates'), <Lines key="dates" lines={plan.releases.map((at) => date(at, now()))} />],
        [t('pool.group'), t('pool.group.n', { n: plan.k })],
        [
          t('pool.pay'),
          plan.payment.minor === '0'
            ? t('pool.pay.nothing')
            : t('pool.pay.each', { amount: yuan(plan.payment.minor) }),
        ],
        ...more,
      ]}
    />
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return lines.map((line) => (
    <span key={line} className="block">
      {line}
    </span>
  ));
}
