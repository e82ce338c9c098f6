/** A cover as people see it: what was offered in clear, what the chain says, and what the agreement came to. */
import { type Hex, toIso } from '@zhenmei/kernel';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import {
  type CoverJson,
  casesOf,
  PROFILES,
  type Profile,
  partsOf,
  profileOf,
} from '../../core/guarantee-cover.ts';
import type { CoverView } from '../../guarantee-api.ts';
import type { MoneyContext } from '../context.ts';

export interface CoverRow {
  readonly offer: Selectable<MoneyDatabase['money.cover_offer']>;
  readonly cover: Selectable<MoneyDatabase['money.cover']> | null;
  readonly account: Selectable<MoneyDatabase['money.account']> | null;
  /** What the insurer answered; null where none was asked, or none answered. */
  readonly answer: Selectable<MoneyDatabase['money.policy_answer']> | null;
}

type Wanted =
  | { readonly id: Hex }
  | { readonly agreement: Hex }
  | { readonly clinic: Hex }
  | { readonly profile: Profile; readonly backer?: Hex }
  | Record<string, never>;
/** Rows of one question; whoever asks gets all that there are. */
const AT_ONCE = 500;

/** All of them, the newest first: sums over them are the house's, and a list that ends early would not say so. */
export async function coverRows(db: Kysely<MoneyDatabase>, wanted: Wanted): Promise<CoverRow[]> {
  const all: CoverRow[] = [];
  for (;;) {
    const rows = await someRows(db, wanted, all.at(-1)?.offer.id ?? '');
    all.push(...rows);
    if (rows.length < AT_ONCE) break;
  }
  return all.sort((a, b) => b.offer.created_at.getTime() - a.offer.created_at.getTime());
}

/** In the order of their numbers, so that one that goes meanwhile takes no other along. @param after the number before them */
async function someRows(db: Kysely<MoneyDatabase>, wanted: Wanted, after: string): Promise<CoverRow[]> {
  let query = db
    .selectFrom('money.cover_offer')
    .selectAll()
    .where('id', '>', after as Hex);
  if ('id' in wanted) query = query.where('id', '=', wanted.id as Hex);
  if ('agreement' in wanted) query = query.where('agreement_id', '=', wanted.agreement as Hex);
  if ('clinic' in wanted) query = query.where('clinic', '=', wanted.clinic as Hex);
  if ('profile' in wanted) {
    query = query.where(sql`(cover->>'profile')::int`, '=', PROFILES.indexOf(wanted.profile as Profile));
    if (wanted.backer) query = query.where(sql`cover->>'backer'`, '=', wanted.backer);
  }
  const offers = await query.orderBy('id').limit(AT_ONCE).execute();
  if (offers.length === 0) return [];
  const ids = offers.map(({ id }) => id);
  const agreements = offers.map(({ agreement_id }) => agreement_id);
  const covers = await db.selectFrom('money.cover').selectAll().where('id', 'in', ids).execute();
  const accounts = await db
    .selectFrom('money.account')
    .selectAll()
    .where('agreement_id', 'in', agreements)
    .execute();
  const answers = await db
    .selectFrom('money.policy_answer')
    .selectAll()
    .where('cover_id', 'in', ids)
    .execute();
  return offers.map((offer) => ({
    offer,
    cover: covers.find(({ id }) => id === offer.id) ?? null,
    account: accounts.find(({ agreement_id }) => agreement_id === offer.agreement_id) ?? null,
    answer: answers.find(({ cover_id }) => cover_id === offer.id) ?? null,
  }));
}

/**
 * @param panel whose promises a panel decides about; null where there is none
 * @param backer the insurer's name, where one stands behind it and it is to be shown
 */
export function coverView(
  { offer, cover, account, answer }: CoverRow,
  panel: Hex | null,
  backer: CoverView['backing']['name'] = null,
): CoverView {
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
    backing: {
      profile: profileOf(json),
      name: backer,
      ...parts(json, price),
      answer:
        profileOf(json) !== 'insurer' ? null : answer ? (answer.signature ? 'signed' : 'declined') : 'asked',
      premium: profileOf(json) === 'pool' ? (cover?.premium ?? null) : (answer?.premium ?? null),
      paid: cover?.from_backer ?? null,
    },
    decider: json.arbiter === panel ? 'panel' : 'authority',
    paidOut:
      cover?.from_bond === null || cover?.from_bond === undefined
        ? null
        : (BigInt(cover.from_bond) + BigInt(cover.from_backer ?? 0)).toString(),
  };
}

const parts = (cover: CoverJson, price: bigint) => {
  const { firstLoss, backed } = partsOf(cover, price);
  return { firstLoss: firstLoss.toString(), backed: backed.toString() };
};

/** The insurer behind a promise by its name; null where no insurer is. */
export const backerName = async (ctx: MoneyContext, { offer }: CoverRow) => {
  const json = offer.cover as CoverJson;
  return profileOf(json) === 'insurer' ? ctx.guarantee.nameOf(json.backer) : null;
};
