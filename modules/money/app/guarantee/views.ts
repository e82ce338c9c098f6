/** A cover as people see it: what was offered in clear, what the chain says, and what the agreement came to. */
import { type Hex, toIso } from '@zhenmei/kernel';
import type { Kysely, Selectable } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { type CoverJson, casesOf } from '../../core/guarantee-cover.ts';
import type { CoverView } from '../../guarantee-api.ts';

export interface CoverRow {
  readonly offer: Selectable<MoneyDatabase['money.cover_offer']>;
  readonly cover: Selectable<MoneyDatabase['money.cover']> | null;
  readonly account: Selectable<MoneyDatabase['money.account']> | null;
}

type Wanted =
  | { readonly id: Hex }
  | { readonly agreement: Hex }
  | { readonly clinic: Hex }
  | Record<string, never>;
const MOST = 500;

export async function coverRows(db: Kysely<MoneyDatabase>, wanted: Wanted): Promise<CoverRow[]> {
  let query = db.selectFrom('money.cover_offer').selectAll();
  if ('id' in wanted) query = query.where('id', '=', wanted.id as Hex);
  if ('agreement' in wanted) query = query.where('agreement_id', '=', wanted.agreement as Hex);
  if ('clinic' in wanted) query = query.where('clinic', '=', wanted.clinic as Hex);
  const offers = await query.orderBy('created_at', 'desc').limit(MOST).execute();
  if (offers.length === 0) return [];
  const ids = offers.map(({ id }) => id);
  const agreements = offers.map(({ agreement_id }) => agreement_id);
  const covers = await db.selectFrom('money.cover').selectAll().where('id', 'in', ids).execute();
  const accounts = await db
    .selectFrom('money.account')
    .selectAll()
    .where('agreement_id', 'in', agreements)
    .execute();
  return offers.map((offer) => ({
    offer,
    cover: covers.find(({ id }) => id === offer.id) ?? null,
    account: accounts.find(({ agreement_id }) => agreement_id === offer.agreement_id) ?? null,
  }));
}

/** @param panel whose promises a panel decides about; null where there is none */
export function coverView({ offer, cover, account }: CoverRow, panel: Hex | null): CoverView {
  const json = offer.cover as CoverJson;
  const price = BigInt(account?.funded ?? 0);
  const over = account?.state === 'closed';
  const kept = over ? price - BigInt(account.refunded) : price;
  return {
    id: offer.id,
    cover: json,
    state: cover?.state ?? 'offered',
    price: price.toString(),
    cases: casesOf(json, kept),
    claimable: cover?.state === 'open' && over && kept > 0n,
    from: toIso(json.from * 1000),
    until: toIso(json.until * 1000),
    asked: cover?.asked ?? null,
    deadline: cover?.deadline?.toISOString() ?? null,
    ruling: cover?.ruling ?? null,
    silent: cover?.silent ?? null,
    decider: json.arbiter === panel ? 'panel' : 'authority',
    paidOut:
      cover?.from_bond === null || cover?.from_bond === undefined
        ? null
        : (BigInt(cover.from_bond) + BigInt(cover.from_backer ?? 0)).toString(),
  };
}
