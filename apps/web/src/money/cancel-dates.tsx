/** What cancelling costs, by date, from the terms themselves. Nothing where everything comes back at any time. */
import type { Currency } from '@zhenmei/kernel';
import { toIso } from '@zhenmei/kernel/core/time.ts';
import type { PlainTerms } from '@zhenmei/money/core/plain-terms.ts';
import { keepingsOf } from '@zhenmei/money/core/retention.ts';
import { Facts } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';

/**
 * @param held minor units that come back if nothing is kept
 * @param note what is said below the dates
 */
export function CancelDates({
  terms,
  milestone = 0,
  held,
  note,
  currency,
}: {
  terms: PlainTerms | null;
  milestone?: number;
  held: string;
  note?: string;
  currency?: Currency;
}) {
  const steps = terms ? keepingsOf(terms, milestone) : [];
  if (steps.length === 0) return null;
  const day = (second: number) => date(toIso(second * 1000), now(), true);
  return (
    <section className="flex flex-col gap-2" aria-label={t('cancel.dates')}>
      <h2 className="font-semibold text-base m-0">{t('cancel.dates')}</h2>
      <Facts
        rows={[
          [
            t('cancel.until', { until: day(steps[0]!.after) }),
            t('cancel.all', { back: yuan(held, currency) }),
          ],
          ...steps.map(
            ({ after, kept }) =>
              [
                t('cancel.after', { after: day(after) }),
                t('cancel.part', {
                  back: yuan(String(BigInt(held) - kept), currency),
                  kept: yuan(String(kept), currency),
                }),
              ] as const,
          ),
        ]}
      />
      {note ? <p className="m-0 soft">{note}</p> : null}
    </section>
  );
}
