/** The nightly reconciliation: what does not fit stops payouts and raises an alarm, until somebody closes it with a reason. */
import { AppError, DAY, newId } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import { type RailName, TRANSIT_DAYS } from '../core/rail-move.ts';
import {
  accountDifference,
  type Difference,
  differencesOf,
  type LedgerTotals,
  type RailTotals,
  type ReconciliationBody,
  type UnitTotals,
} from '../core/reconcile.ts';
import { HOLDERS } from '../core/unit-flows.ts';
import type { ChainMoneyPort } from '../ports.ts';
import { wrongPledges } from './absence/reconcile-pledges.ts';
import {
  cardLosses,
  type RailSums,
  railBalances,
  wrongDeposits,
  wrongRails,
} from './card/reconcile-rails.ts';
import type { MoneyContext } from './context.ts';
import { latePayments } from './late-payments.ts';
import { readEntries } from './read-statement-entries.ts';
import { reserveNow } from './reserve/read-reserve.ts';
import { wrongCoins } from './token/reconcile-coins.ts';

type Db = Kysely<MoneyDatabase>;
const CURRENCY = 'CNY';
/** Agreements that an alarm names; the rest is counted by the sums. */
const NAMED = 20;
const BATCH = 200;
const TRIES = 6;
/** Milliseconds: how far back the rails are read again where sums differ. */
const FAR_BACK = 60 * DAY;

export interface Reconciliation {
  readonly id: string;
  readonly at: number;
  readonly fits: boolean;
  readonly body: ReconciliationBody;
}

/** Throws RAIL_MISSING. @param ms a clock for how long it takes */
export async function reconcileMoney(ctx: MoneyContext, ms: () => number): Promise<Reconciliation> {
  if (!ctx.rail) throw new AppError('RAIL_MISSING');
  const started = ms();
  const { ledger, units, rail, covers, chain, balances, known } = await sameMoment(ctx);
  const differences = differencesOf(ledger, units, rail, chain);
  const held = differences.some(({ kind }) => kind === 'escrow') ? ctx.chainMoney : null;
  differences.push(
    ...(await wrongAccounts(ctx.db, held)),
    ...wrongRails(balances, known),
    ...(await cardLosses(ctx.db, CURRENCY, covers)),
    ...(await latePayments(ctx.db, CURRENCY, ctx.clock.now())),
    ...(await wrongDeposits(ctx)),
    ...(await wrongCoins(ctx)),
    ...(await wrongPledges(ctx.db)),
  );
  const at = ctx.clock.now();
  const found: Reconciliation = {
    id: newId(at, ctx.random.bytes(10)),
    at,
    fits: differences.length === 0,
    body: {
      agreements: ledger.agreements,
      totals: texts({ ...ledger, ...rail, supply: chain.supply, escrow: chain.escrow, ...chain.holders }),
      differences,
      ms: Math.round(ms() - started),
    },
  };
  await keep(ctx.db, found);
  return found;
}

/** The chain is read before and after: what moved in between is looked at again. */
async function sameMoment(ctx: MoneyContext) {
  for (let left = TRIES; ; left--) {
    const before = await ctx.chainMoney.totals();
    const totals = await ctx.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (tx) => ({
        ledger: await ledgerTotals(tx),
        units: await unitTotals(tx),
        rail: await railSums(tx, ctx.clock.now()),
        covers: (await reserveNow(tx, CURRENCY)).covers,
        known: await railsKnown(tx),
      }));
    const balances = await railBalances(ctx, CURRENCY);
    const balance = balances.reduce((sum, one) => sum + one.balance, 0n);
    const agree = wrongRails(balances, totals.known).length === 0;
    const chain = await ctx.chainMoney.totals();
    const still =
      before.supply === chain.supply &&
      before.escrow === chain.escrow &&
      HOLDERS.every((holder) => before.holders[holder] === chain.holders[holder]);
    if ((still && agree) || left <= 1)
      return { ...totals, rail: { ...totals.rail, balance }, chain, balances };
    // an entry that the bank has booked and we have not read yet is no difference
    if (!agree) await readEntries(ctx, FAR_BACK);
  }
}

export async function ledgerTotals(db: Db): Promise<LedgerTotals> {
  const { rows } = await sql<Record<string, string>>`
    select count(*)::text as agreements, coalesce(sum(funded), 0)::text as funded, coalesce(sum(paid), 0)::text as paid,
      coalesce(sum(fee), 0)::text as fee, coalesce(sum(refunded), 0)::text as refunded,
      coalesce(sum(held), 0)::text as held,
      (select coalesce(sum(amount), 0)::text from money.movement where kind = 'credited' and coin is null) as credited,
      (select coalesce(sum(amount), 0)::text from money.movement where kind = 'withdrawn' and coin is null) as withdrawn
    from money.account where coin is null`.execute(db);
  const { agreements, ...sums } = rows[0]!;
  return { agreements: Number(agreements), ...bigints(sums) } as LedgerTotals;
}

/** @param now milliseconds since the epoch */
export async function railSums(db: Db, now: number): Promise<Omit<RailTotals, 'balance'>> {
  const { rows } = await sql<Record<string, string>>`
    with o as (select state, sum(amount) as amount from money.payment_order
        where currency = ${CURRENCY} and pot is null
          and not exists (select from money.token_deposit d where d.order_reference = reference) group by 1),
      e as (select direction, state, sum(amount) as amount from money.rail_entry where currency = ${CURRENCY} group by 1, 2),
      p as (select state, sum(amount) as amount from money.rail_payment
        where kind = 'payout' and currency = ${CURRENCY} group by 1),
      w as (select state, sum(amount) as amount from money.rail_payment
        where pot is not null and currency = ${CURRENCY} group by 1)
    select (select coalesce(sum(amount), 0) from o where state = 'received')::text as received,
      (select coalesce(sum(amount), 0) from o where state in ('minted', 'held'))::text as minted,
      (select coalesce(sum(amount), 0) from e where state = 'matched')::text as matched,
      (select coalesce(sum(amount), 0) from e where direction = 'credit'
        and state in ('part', 'unassigned', 'return-due', 'returning'))::text as waiting,
      (select coalesce(sum(amount), 0) from e where state = 'owed')::text as owed,
      (select coalesce(sum(case direction when 'credit' then amount else -amount end), 0) from e
        where state = 'ask')::text as asked,
      (select coalesce(sum(case direction when 'credit' then amount else -amount end), 0) from e
        where state = 'moved')::text as moved,
      (select coalesce(sum(m.amount), 0) from money.rail_entry m where m.state = 'moved' and m.direction = 'debit'
        and m.currency = ${CURRENCY} and m.booked_at < ${new Date(now - TRANSIT_DAYS * DAY)} and not exists
        (select from money.rail_entry c where c.state = 'moved' and c.direction = 'credit'
          and c.reference = m.reference))::text as overdue,
      (select coalesce(sum(amount), 0) from e where state = 'reserve')::text as reserve,
      (select coalesce(sum(amount), 0) from money.rail_payment where kind = 'reserve'
        and currency = ${CURRENCY})::text as "reserveOut",
      (select coalesce(sum(amount), 0) from money.rail_payment where kind = 'reserve' and state = 'booked'
        and currency = ${CURRENCY})::text as "reserveBooked",
      (select coalesce(sum(amount), 0) from p)::text as payouts,
      (select coalesce(sum(amount), 0) from p where state = 'booked')::text as "payoutsBooked",
      (select coalesce(sum(amount), 0) from money.payment_order
        where pot is not null and state = 'held' and currency = ${CURRENCY})::text as "potsPaidIn",
      (select coalesce(sum(amount), 0) from w)::text as "potsPaidOut",
      (select coalesce(sum(amount), 0) from w where state = 'booked')::text as "potsBooked",
      (select coalesce(sum(came), 0) from money.pot where currency = ${CURRENCY})::text as "potsCame",
      (select coalesce(sum(went), 0) from money.pot where currency = ${CURRENCY})::text as "potsWent"`.execute(
    db,
  );
  const { balance: reserveLeft, used: covered } = await reserveNow(db, CURRENCY);
  return { ...(bigints(rows[0]!) as unknown as Omit<RailTotals, 'balance'>), reserveLeft, covered };
}

async function unitTotals(db: Db): Promise<UnitTotals> {
  const rows = await db.selectFrom('money.unit_flow').selectAll().execute();
  const of = (place: string) => {
    const row = rows.find((one) => one.place === place);
    return { came: BigInt(row?.came ?? 0), went: BigInt(row?.went ?? 0) };
  };
  return Object.fromEntries(
    (['issued', 'accounts', ...HOLDERS] as const).map((place) => [place, of(place)]),
  ) as UnitTotals;
}

/** What each rail holds by its entries. */
async function railsKnown(db: Db): Promise<RailSums> {
  const { rows } = await sql<{ rail: RailName; sum: string }>`
    select rail, sum(case direction when 'credit' then amount else -amount end)::text as sum
    from money.rail_entry where currency = ${CURRENCY} group by 1`.execute(db);
  return new Map(rows.map(({ rail, sum }) => [rail, BigInt(sum)]));
}

/** @param chain asked of every live agreement, where the sums say that one of them is wrong */
async function wrongAccounts(db: Db, chain: ChainMoneyPort | null): Promise<Difference[]> {
  const broken = await db
    .selectFrom('money.account')
    .selectAll()
    .where(sql<boolean>`funded <> paid + fee + refunded + held`)
    .limit(NAMED)
    .execute();
  const found = broken.flatMap((row) => accountDifference(row.agreement_id, amounts(row), null) ?? []);
  if (!chain) return found;
  for (let after = ''; found.length < NAMED; ) {
    const live = await db
      .selectFrom('money.account')
      .selectAll()
      .where('state', '!=', 'closed')
      .where('agreement_id', '>', after as `0x${string}`)
      .orderBy('agreement_id')
      .limit(BATCH)
      .execute();
    if (live.length === 0) break;
    const held = await chain.held(live.map((row) => row.agreement_id));
    for (const row of live) {
      const difference = accountDifference(row.agreement_id, amounts(row), held.get(row.agreement_id) ?? 0n);
      if (difference && found.length < NAMED) found.push(difference);
    }
    after = live.at(-1)!.agreement_id;
  }
  return found;
}

const amounts = (row: Record<'funded' | 'paid' | 'fee' | 'refunded' | 'held', string>) => ({
  funded: BigInt(row.funded),
  paid: BigInt(row.paid),
  fee: BigInt(row.fee),
  refunded: BigInt(row.refunded),
  held: BigInt(row.held),
});

const bigints = (row: Record<string, string>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(row).map(([name, text]) => [name, BigInt(text)]));
const texts = (row: Record<string, bigint | number>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value.toString()]));

/** One alarm is open at a time; what is found while it is open is kept with its reconciliation. */
async function keep(db: Db, found: Reconciliation): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const at = new Date(found.at);
    await tx
      .insertInto('money.reconciliation')
      .values({ id: found.id, at, fits: found.fits, body: JSON.stringify(found.body) })
      .execute();
    if (found.fits) return;
    await sql`insert into money.alarm (id, reconciliation_id, raised_at, differences)
      values (${found.id}, ${found.id}, ${at}, ${JSON.stringify(found.body.differences)}::jsonb)
      on conflict ((true)) where closed_at is null do nothing`.execute(tx);
  });
}
