/** Labels to try at a clinic's goods-in: one that fits, and one for each answer that the door can give. */
import { parseLotLink, parseUnitLink } from '@zhenmei/gs1';
import type { Modules } from '../compose/modules.ts';
import { t } from './world-ids.ts';
import type { Bilingual } from './world-types.ts';

export interface SampleLabel {
  readonly key: string;
  readonly name: Bilingual;
  readonly code: string;
}

interface Row {
  readonly unit: string;
  readonly lot: string | null;
  readonly expiry: string | null;
}

/** The code on the package as a scanner sends it: GTIN, expiry, lot, serial number. */
function labelOf({ unit, lot, expiry }: Row, change: { gtin?: string; lot?: string } = {}): string {
  const { gtin, serial } = parseUnitLink(unit)!;
  const number = change.lot ?? (lot === null ? '' : (parseLotLink(lot)?.lot ?? ''));
  const until = expiry === null ? '' : `17${expiry.slice(2).replaceAll('-', '')}`;
  return `]d201${change.gtin ?? gtin}${until}10${number}\u001d21${serial}`;
}

const lastDigitOff = (gtin: string): string => gtin.slice(0, -1) + String((Number(gtin.at(-1)) + 1) % 10);

export async function sampleLabels({ care }: Modules, clinicId: string): Promise<SampleLabel[]> {
  const today = new Date(care.clock.now()).toISOString().slice(0, 10);
  const rows = await care.db.selectFrom('care.stock_unit').selectAll().orderBy('unit').execute();
  const approved = new Map<string, boolean>();
  for (const { gtin } of rows)
    if (!approved.has(gtin))
      approved.set(gtin, (await care.custody.product(gtin))?.approvedRegions.includes('CN') ?? false);
  const mine = rows.filter((row) => row.clinic_id === clinicId);
  const announced = mine.filter((row) => row.state === 'announced');
  const [good, wrong, other] = announced.filter(
    (row) => approved.get(row.gtin) && !row.toxin && (row.expiry ?? '') >= today,
  );
  const labels: SampleLabel[] = [];
  const add = <R>(row: R | null | undefined, key: string, name: Bilingual, code: (row: R) => string) => {
    if (row) labels.push({ key, name, code: code(row) });
  };
  add(good, 'good', t('在途的一支', 'A unit on its way'), labelOf);
  add(
    good?.container,
    'box',
    t('一整箱（箱号）', 'A whole box, by its number'),
    (box) => `]C100${box.split('/00/')[1]}`,
  );
  add(wrong, 'check-digit', t('校验码错了一位', 'A wrong check digit'), (row) =>
    labelOf(row, { gtin: lastDigitOff(row.gtin) }),
  );
  const expired = announced.find((row) => row.expiry !== null && row.expiry < today);
  add(expired, 'expired', t('已过有效期', 'Past its expiry date'), labelOf);
  const received = mine.find((row) => row.state === 'in-stock');
  add(received, 'received', t('已经收过的一支', 'One received before'), labelOf);
  const abroad = announced.find((row) => approved.get(row.gtin) === false);
  add(abroad, 'not-approved', t('未在本地区获批', 'Not approved here'), labelOf);
  add(other, 'other-lot', t('标签批号与记录不符', 'A label with another lot'), (row) =>
    labelOf(row, { lot: 'L0000X' }),
  );
  const elsewhere = rows.find((row) => row.clinic_id !== clinicId && row.state === 'in-stock');
  add(elsewhere, 'other-clinic', t('发给别家的一支', 'One sent to another clinic'), labelOf);
  return labels;
}
