/** What the clinic pays on top if it does not come, as it is set in the price list. */
import { PledgeBps } from '@zhenmei/care/core/pledge.ts';
import type { Currency } from '@zhenmei/kernel/core/money.ts';
import { Field } from '../look/field.tsx';
import { PledgePrice } from '../money/pledge.tsx';
import { t } from '../shell/words.ts';

export const pledgeDraftOf = (bps: PledgeBps | undefined): string => (bps ? String(bps / 100) : '');

/** `undefined` where nothing is promised; null where what was typed does not hold. */
export function pledgeIn(draft: string): PledgeBps | undefined | null {
  if (draft === '') return undefined;
  const typed = /^\d{1,3}(\.\d{1,2})?$/.test(draft) ? Math.round(Number(draft) * 100) : null;
  const found = PledgeBps.safeParse(typed);
  return found.success ? found.data : null;
}

/** @param total minor units, for the amount; null while a price is not readable */
export function PledgeField({
  draft,
  total,
  currency,
  onChange,
}: {
  draft: string;
  total: bigint | null;
  currency: Currency;
  onChange(draft: string): void;
}) {
  const found = pledgeIn(draft);
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('pledge.title')}</summary>
      <div className="flex flex-col gap-3 mt-2">
        <p className="m-0 soft">{t('pledge.lead')}</p>
        <Field
          label={t('pledge.share')}
          inputMode="decimal"
          value={draft}
          onValueChange={(text: string) => onChange(text.trim())}
        />
        {found === null ? (
          <p className="m-0" role="alert" style={{ color: 'var(--cinnabar)' }}>
            {t('pledge.wrong')}
          </p>
        ) : null}
        {found && total !== null ? (
          <PledgePrice bps={found} total={String(total)} currency={currency} />
        ) : null}
      </div>
    </details>
  );
}
