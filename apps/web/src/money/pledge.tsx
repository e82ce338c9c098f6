/** What the clinic pays on top if it does not come: beside the price, before the signature, and on the visit. */
import { type PledgeBps, pledgeOf } from '@zhenmei/care/core/pledge.ts';
import type { AbsenceView } from '@zhenmei/money/absence-api.ts';
import type { z } from 'zod';
import { t, yuan } from '../shell/words.ts';

const sumOf = (total: string, bps: PledgeBps): string => yuan(String(pledgeOf(BigInt(total), bps)));

/** @param total minor units as text */
export function PledgePrice({ bps, total }: { bps: PledgeBps | undefined; total: string }) {
  if (!bps) return null;
  return <span className="soft text-sm block mt-1">{t('pledge.price', { sum: sumOf(total, bps) })}</span>;
}

/** Before the signature. */
export function PledgeSign({ bps, total }: { bps: PledgeBps | undefined; total: string }) {
  if (!bps) return null;
  return (
    <section className="flex flex-col gap-2" aria-label={t('pledge.sign')}>
      <h2 className="font-semibold text-base m-0">{t('pledge.sign')}</h2>
      <p className="m-0">{t('pledge.sign.text', { sum: sumOf(total, bps) })}</p>
    </section>
  );
}

type Absence = z.infer<typeof AbsenceView>;

/** Where the money stands, on the visit of either side; nothing where none was promised. */
export function PledgeLine({
  found: { you, pledge, report },
  bps,
  total,
}: {
  found: Pick<Absence, 'you' | 'pledge' | 'report'>;
  bps: PledgeBps | undefined;
  total: string;
}) {
  if (pledge?.state === 'paid' || pledge?.state === 'standing' || pledge?.state === 'reported') {
    const state = report?.outcome === null && pledge.state !== 'paid' ? 'reported' : pledge.state;
    return <p className="m-0">{t(`pledge.${you}.${state}`, { sum: yuan(pledge.sum) })}</p>;
  }
  if (pledge)
    return you === 'clinic' ? (
      <p className="m-0 soft">{t('pledge.clinic.freed', { sum: yuan(pledge.sum) })}</p>
    ) : null;
  // what was not put aside before a report cannot be put aside any more
  if (!bps || report) return null;
  return <p className="m-0">{t(`pledge.${you}.promised`, { sum: sumOf(total, bps) })}</p>;
}
