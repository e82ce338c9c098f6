/**
 * A clinic's published prices: versions that never change, each from a day on. A quote comes from the list in force, or
 * says item by item what differs and why.
 */
import { canonicalJson, defineErrors, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { Cancellation } from './cancellation.ts';
import { Plan } from './plan.ts';
import { PledgeBps } from './pledge.ts';
import { Bilingual, type Quote, QuoteItem } from './quote.ts';

defineErrors({
  PRICE_LIST_TOO_EARLY: {
    status: 422,
    retryable: false,
    zh: '新价目表的生效时间不能早于现在，也不能早于上一版。请改晚一些。',
    en: 'A new price list cannot begin before now or before the one before it. Choose a later time.',
  },
  PRICE_LIST_WRONG: {
    status: 422,
    retryable: false,
    zh: '价目表必须正好包含本机构上架的每个项目（{code}）。',
    en: 'A price list must hold exactly the services that this clinic lists ({code}).',
  },
  QUOTE_DIFFERS_UNSAID: {
    status: 422,
    retryable: false,
    zh: '“{item}”与价目表不同，却没有说明原因。请写明原因，患者会看到。',
    en: '“{item}” differs from the price list and no reason is given. Say why; the patient will see it.',
  },
  CHANGE_ORDER_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这份变更单，或者它已经有了结果。请刷新查看。',
    en: 'There is no such change order, or it has been answered. Reload to see.',
  },
  CHANGE_ORDER_NOT_NOW: {
    status: 409,
    retryable: false,
    zh: '付款托管之后、就诊结束之前才能提出变更单。',
    en: 'A change order can be made once the money is held and before the visit has ended.',
  },
});

export const PricedService = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,60}$/),
  items: z.array(QuoteItem).min(1).max(50),
  included: z.array(Bilingual).max(20),
  excluded: z.array(Bilingual).max(20),
  /** A list without it sells the service in one treatment, paid in one part. */
  plan: Plan.optional(),
  /** A list without it gives everything back, whenever the patient cancels. */
  cancellation: Cancellation.optional(),
  /** A list without it promises nothing on top of the price if the clinic does not come. */
  pledgeBps: PledgeBps.optional(),
});
export type PricedService = z.infer<typeof PricedService>;

export const PriceList = z.object({
  version: z.int().min(1),
  validFrom: z.iso.datetime(),
  services: z.array(PricedService).min(1).max(200),
});
export type PriceList = z.infer<typeof PriceList>;

export const priceListHash = (list: PriceList): Hex => toHex0x(sha256(utf8(canonicalJson(list))));

type Item = Quote['items'][number];

/** Names of items that were added, left out, or have another price or quantity; by their Chinese names. */
export function differingItems(listed: readonly Item[], quoted: readonly Item[]): Bilingual[] {
  const same = (a: Item, b: Item) =>
    a.name.zh === b.name.zh &&
    a.name.en === b.name.en &&
    a.unitPrice === b.unitPrice &&
    a.quantity === b.quantity;
  const left = [...listed];
  const other: Bilingual[] = [];
  for (const item of quoted) {
    const at = left.findIndex((one) => same(one, item));
    if (at < 0) other.push(item.name);
    else left.splice(at, 1);
  }
  const all = [...other, ...left.map(({ name }) => name)];
  return all.filter((name, i) => all.findIndex((one) => one.zh === name.zh) === i);
}

/** The first item that differs from the list without a reason, or null. */
export function unsaidDifference(
  listed: readonly Item[],
  quoted: readonly Item[],
  said: readonly { readonly item: string }[],
): Bilingual | null {
  return differingItems(listed, quoted).find(({ zh }) => !said.some(({ item }) => item === zh)) ?? null;
}
