/** What the clinic pays on top if it does not come: beside the price, before the signature, and on the visit. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { type PledgeBps, pledgeOf } from '@zhenmei/care/core/pledge.ts';
import { mayPledge, promisedPledge } from '@zhenmei/client/pledge.ts';
import type { Currency } from '@zhenmei/kernel/core/money.ts';
import type { AbsenceView } from '@zhenmei/money/absence-api.ts';
import type { z } from 'zod';
import { Pill } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { useConfig } from './use-coin.ts';

/** @param total minor units as text */
export function PledgePrice({
  bps,
  total,
  currency,
}: {
  bps: PledgeBps | undefined;
  total: string;
  currency: Currency;
}) {
  if (!bps) return null;
  const sum = yuan(String(pledgeOf(BigInt(total), bps)), currency);
  return <span className="soft text-sm block mt-1">{t('pledge.price', { sum })}</span>;
}

/** Before the signature. */
export function PledgeSign({ view }: { view: VisitView }) {
  const config = useConfig();
  const promised = promisedPledge(view);
  if (promised === null || !config.data) return null;
  const safe = mayPledge(view, config.data.contracts);
  return (
    <section className="flex flex-col gap-2" aria-label={t('pledge.sign')}>
      <h2 className="font-semibold text-base m-0">{t('pledge.sign')}</h2>
      <p className="m-0">
        {t(safe ? 'pledge.sign.text' : 'pledge.sign.cannot', {
          sum: yuan(String(promised), view.quote.currency),
        })}
      </p>
    </section>
  );
}

type Absence = z.infer<typeof AbsenceView>;

/** Where the money stands, on the visit of either side; nothing where none was promised. */
export function PledgeLine({ found: { you, pledge, report }, view }: { found: Absence; view: VisitView }) {
  const config = useConfig();
  const promised = promisedPledge(view);
  if (pledge?.state === 'freed')
    return you === 'clinic' ? (
      <p className="m-0 soft">{t('pledge.clinic.freed', { sum: yuan(pledge.sum) })}</p>
    ) : null;
  if (pledge) {
    const open = report?.outcome === null && pledge.state !== 'paid';
    const less = promised !== null && BigInt(pledge.sum) < promised;
    return (
      <>
        {pledge.state === 'standing' && !open ? <Pill tone="jade">{t('pledge.fast')}</Pill> : null}
        <p className="m-0">
          {t(`pledge.${you}.${open ? 'reported' : (pledge.state as 'standing' | 'reported' | 'paid')}`, {
            sum: yuan(pledge.sum),
          })}
        </p>
        {less ? (
          <p className="m-0" style={{ color: 'var(--amber)' }}>
            {t(`pledge.${you}.less`, {
              promised: yuan(String(promised), view.quote.currency),
              sum: yuan(pledge.sum),
            })}
          </p>
        ) : null}
      </>
    );
  }
  // what was not put aside before a report cannot be put aside any more
  if (promised === null || report || !config.data) return null;
  const safe = mayPledge(view, config.data.contracts);
  return (
    <>
      <Pill tone="amber">{t('pledge.notFast')}</Pill>
      <p className="m-0">
        {t(safe ? `pledge.${you}.promised` : `pledge.${you}.cannot`, {
          sum: yuan(String(promised), view.quote.currency),
        })}
      </p>
    </>
  );
}
