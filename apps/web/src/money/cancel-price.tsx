/** What cancelling costs, before there is a date: counted in hours before the appointment. */
import { type Cancellation, keptOf } from '@zhenmei/care/core/cancellation.ts';
import type { Currency } from '@zhenmei/kernel/core/money.ts';
import { t, yuan } from '../shell/words.ts';

/** @param total minor units as text */
export function CancelPrice({
  cancellation,
  total,
  currency,
}: {
  cancellation: Cancellation;
  total: string;
  currency: Currency;
}) {
  const steps = keptOf(BigInt(total), cancellation);
  const first = steps[0]!.hours;
  const lines = [
    first === 0 ? t('cancel.price.before') : t('cancel.price.until', { hours: first }),
    ...steps.map(({ hours, kept }) =>
      hours === 0
        ? t('cancel.price.late', { kept: yuan(String(kept), currency) })
        : t('cancel.price.after', { hours, kept: yuan(String(kept), currency) }),
    ),
    t('cancel.price.cooling'),
  ];
  return (
    <span className="flex flex-col gap-1 mt-2">
      {lines.map((line) => (
        <span key={line} className="soft text-sm">
          {line}
        </span>
      ))}
    </span>
  );
}
