/** What a clinic keeps of a price near the appointment, as it is set in the price list. */
import { Cancellation } from '@zhenmei/care/core/cancellation.ts';
import type { Currency } from '@zhenmei/kernel/core/money.ts';
import { Field } from '../look/field.tsx';
import { CancelPrice } from '../money/cancel-price.tsx';
import { t } from '../shell/words.ts';

/** As typed; a row with nothing in it is none. */
export type CancelDraft = readonly { readonly hours: string; readonly share: string }[];

const EMPTY = { hours: '', share: '' };
const MOST = 3;
const isEmpty = (row: CancelDraft[number]): boolean => row.hours === '' && row.share === '';
/** One field is filled, and the other comes next. */
const isBegun = (row: CancelDraft[number]): boolean => (row.hours === '') !== (row.share === '');

export const cancelDraftOf = (cancellation: Cancellation | undefined): CancelDraft =>
  (cancellation ?? []).map(({ hours, bps }) => ({ hours: String(hours), share: String(bps / 100) }));

/** `undefined` where everything comes back; null where something typed does not hold. */
export function cancellationOf(draft: CancelDraft): Cancellation | undefined | null {
  const rows = draft.filter((row) => !isEmpty(row));
  if (rows.length === 0) return undefined;
  if (rows.some(({ hours, share }) => !/^\d{1,3}$/.test(hours) || !/^\d{1,2}(\.\d{1,2})?$/.test(share)))
    return null;
  const steps = rows
    .map(({ hours, share }) => ({ hours: Number(hours), bps: Math.round(Number(share) * 100) }))
    .sort((a, b) => b.hours - a.hours);
  const found = Cancellation.safeParse(steps);
  return found.success ? found.data : null;
}

/**
 * @param total minor units, for the amounts; null while a price is not readable
 * @param divided the price goes in parts: nothing may be kept then
 */
export function CancelFields({
  draft,
  total,
  currency,
  divided,
  onChange,
}: {
  draft: CancelDraft;
  total: bigint | null;
  currency: Currency;
  divided: boolean;
  onChange(draft: CancelDraft): void;
}) {
  const rows = [...draft, ...(draft.length < MOST && !draft.some(isEmpty) ? [EMPTY] : [])];
  const set = (i: number, change: Partial<CancelDraft[number]>) =>
    onChange(rows.map((row, n) => (n === i ? { ...row, ...change } : row)));
  const found = cancellationOf(draft);
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('cancel.title')}</summary>
      <div className="flex flex-col gap-3 mt-2">
        {divided ? (
          <p className="m-0 soft">{t('cancel.divided')}</p>
        ) : (
          <>
            <p className="m-0 soft">{t('cancel.lead')}</p>
            {rows.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <div key={i} className="grid grid-cols-2 gap-3 items-end">
                <Field
                  label={t('cancel.hours', { n: i + 1 })}
                  inputMode="numeric"
                  value={row.hours}
                  onValueChange={(hours: string) => set(i, { hours: hours.trim() })}
                />
                <Field
                  label={t('cancel.share', { n: i + 1 })}
                  inputMode="decimal"
                  value={row.share}
                  onValueChange={(share: string) => set(i, { share: share.trim() })}
                />
              </div>
            ))}
            {found === null && !draft.some(isBegun) ? (
              <p className="m-0" role="alert" style={{ color: 'var(--cinnabar)' }}>
                {t('cancel.wrong')}
              </p>
            ) : null}
            {found && total !== null ? (
              <CancelPrice cancellation={found} total={String(total)} currency={currency} />
            ) : null}
          </>
        )}
      </div>
    </details>
  );
}
