/** What a scanned code is, and how it stands: for a desk, before anything is stated. */
import { lotLink, read } from '@zhenmei/gs1';
import { itemsOf, withContents } from '../../adapters/items.ts';
import type { ExceptionKind } from '../../core/exceptions.ts';
import { gtinOf } from '../../core/facts.ts';
import type { Standing } from '../../core/item.ts';
import { readScan } from '../verdict.ts';
import type { SupplyContext } from './context.ts';
import { locksOf } from './locks.ts';
import { makersOf } from './makers.ts';

export interface LookedUp {
  readonly kind: 'unit' | 'container' | 'other' | 'malformed';
  /** Address; empty for what has none. */
  readonly epc: string;
  readonly fault: { readonly zh: string; readonly en: string } | null;
  readonly gtin: string | null;
  readonly product: { readonly zh: string; readonly en: string } | null;
  readonly isToxin: boolean;
  /** As the label says. */
  readonly label: { readonly lot: string | null; readonly expiry: string | null };
  /** As the maker recorded. */
  readonly record: { readonly lot: string | null; readonly expiry: string | null } | null;
  readonly standing: Standing;
  readonly holder: string | null;
  readonly bound: string | null;
  readonly shipment: string | null;
  readonly container: string | null;
  readonly lock: ExceptionKind | null;
  /** Units in it, if it is a container. */
  readonly contents: readonly string[];
}

const NOTHING: LookedUp = {
  kind: 'other',
  epc: '',
  fault: null,
  gtin: null,
  product: null,
  isToxin: false,
  label: { lot: null, expiry: null },
  record: null,
  standing: 'unknown',
  holder: null,
  bound: null,
  shipment: null,
  container: null,
  lock: null,
  contents: [],
};

export async function lookUp(ctx: SupplyContext, code: string): Promise<LookedUp> {
  const year = new Date(ctx.clock.now()).getUTCFullYear();
  const scan = readScan(code, year);
  if (scan.kind === 'malformed')
    return {
      ...NOTHING,
      kind: 'malformed',
      fault: { zh: scan.error.text('zh-CN'), en: scan.error.text('en') },
    };
  const container = containerOf(code, year);
  if (container) {
    const inside = (await withContents(ctx.db, [container])).filter((epc) => gtinOf(epc) !== undefined);
    const [own, locks] = await Promise.all([standing(ctx, container), locksOf(ctx, inside)]);
    return {
      ...own,
      kind: 'container',
      epc: container,
      // one bad unit keeps the whole box
      lock: own.lock ?? [...locks.values()][0] ?? null,
      contents: inside.sort(),
    };
  }
  if (scan.kind !== 'unit' || scan.unit === '') return NOTHING;
  const { lot, expiry } = scan.label;
  const makers = await makersOf(ctx, [scan.unit]);
  const product = makers.product(scan.unit);
  return {
    ...(await standing(ctx, scan.unit)),
    kind: 'unit',
    epc: scan.unit,
    gtin: scan.gtin,
    product: product?.name ?? null,
    isToxin: product?.isToxin ?? false,
    label: { lot: lot === undefined ? null : lotLink(scan.gtin, lot), expiry: expiry ?? null },
  };
}

function containerOf(code: string, year: number): string | null {
  const result = read(code, { year });
  if (!result.ok) return null;
  const element = result.reading.elements?.find(({ ai }) => ai === '00');
  return element ? `https://id.gs1.org/00/${element.value}` : null;
}

async function standing(ctx: SupplyContext, epc: string): Promise<LookedUp> {
  const [items, locks] = await Promise.all([itemsOf(ctx.db, [epc]), locksOf(ctx, [epc])]);
  const item = items.get(epc);
  return {
    ...NOTHING,
    standing: item?.standing ?? 'unknown',
    holder: item?.holder ?? null,
    bound: item?.bound ?? null,
    shipment: item?.shipment ?? null,
    container: item?.parent ?? null,
    record: item?.made ? { lot: item.lot, expiry: item.expiry } : null,
    lock: locks.get(epc) ?? null,
  };
}
