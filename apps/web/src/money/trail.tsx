/** What has arrived for a payment and what became of each entry, in words that say what to do. */
import type { PaymentOrder } from '@zhenmei/money/api.ts';
import type { z } from 'zod';
import { Pill, type Tone } from '../look/parts.tsx';
import { fullMoment, type Key, t, yuan } from '../shell/words.ts';

export type Order = z.infer<typeof PaymentOrder>;

const TONES: Partial<Record<string, Tone>> = {
  matched: 'jade',
  settled: 'jade',
  returned: 'slate',
  reversed: 'slate',
  owed: 'cinnabar',
};
export const toneOf = (state: string): Tone => TONES[state] ?? 'amber';

export function Trail({ order }: { order: Order }) {
  if (order.entries.length === 0) return null;
  return (
    <section className="flex flex-col gap-2" aria-label={t('pay.trail')}>
      <h2 className="font-semibold text-base m-0">{t('pay.trail')}</h2>
      <ul className="list-none p-0 m-0 flex flex-col">
        {order.entries.map((one) => (
          <li key={one.entry} className="border-t border-line first:border-0 py-2 flex flex-col">
            <span className="flex flex-wrap justify-between gap-x-4">
              <strong>{yuan(one.amount)}</strong>
              <Pill tone={toneOf(one.state)}>{t(`entry.${one.state}` as Key)}</Pill>
            </span>
            {one.reason ? <span className="soft">{t(`entry.why.${one.reason}` as Key)}</span> : null}
            <span className="soft text-sm break-words">
              {fullMoment(one.at)} · {t('pay.entry', { entry: one.entry })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
