/** A treatment record as a person reads it. */
import { type TreatmentSummary, ZONES } from '@zhenmei/vault/core/record.ts';
import { Facts } from '../look/parts.tsx';
import { amountOf, date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export const zoneName = (code: string) => (code in ZONES ? say(ZONES[code as keyof typeof ZONES]) : code);

const amountsText = ({ amounts }: TreatmentSummary) => (
  <ul className="list-none m-0 p-0">
    {amounts.map((a) => (
      <li key={a.zone}>{`${zoneName(a.zone)} ${amountOf(a.amount, a.unit)}`}</li>
    ))}
  </ul>
);

export function RecordFacts({ record }: { record: TreatmentSummary }) {
  return (
    <Facts
      rows={[
        [t('visit.when'), date(record.at, now(), true)],
        [t('visit.doctor'), record.doctor],
        [t('vault.product'), record.product.name],
        [t('vault.lot'), record.product.lot],
        [t('vault.zones'), amountsText(record)],
        ...(record.note ? [[t('desk.note'), record.note] as const] : []),
      ]}
    />
  );
}
