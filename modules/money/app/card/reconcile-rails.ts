/** What the nightly reconciliation asks of each rail by itself, and what chargebacks have cost the house. */
import type { Hex } from '@zhenmei/kernel';
import { type Kysely, sql } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { lossOf } from '../../core/card-payment.ts';
import type { RailName } from '../../core/rail-move.ts';
import type { Difference } from '../../core/reconcile.ts';
import type { Cover } from '../../core/reserve.ts';
import type { MoneyContext } from '../context.ts';
import { railsIn } from '../read-statement-entries.ts';
import { watchDeposits } from '../token/watch-deposits.ts';

type Db = Kysely<MoneyDatabase>;
export interface RailBalance {
  readonly rail: RailName;
  readonly balance: bigint;
}
/** Agreements that an alarm names; the rest is in the sums. */
const NAMED = 20;

/** What each rail says that it holds for us. */
export async function railBalances(ctx: MoneyContext, currency: string): Promise<RailBalance[]> {
  return Promise.all(
    railsIn(ctx).map(async ([rail, port]) => ({ rail, balance: await port.balance(currency) })),
  );
}

/** What each rail holds by its entries, in minor units; a rail without any is not named. */
export type RailSums = ReadonlyMap<RailName, bigint>;

/** Rails whose balance is not the sum of their own entries. Both must be of one moment. */
export function wrongRails(balances: readonly RailBalance[], known: RailSums): Difference[] {
  return balances.flatMap(({ rail, balance }) => {
    const expected = known.get(rail) ?? 0n;
    return expected === balance
      ? []
      : [{ kind: 'rail' as const, expected: expected.toString(), found: balance.toString(), where: rail }];
  });
}

/**
 * The house's loss account: what was charged back of each agreement and is neither held any more nor on its way home to
 * whoever has it already. It stands until the house has paid it in, with the order's reference, or an operator has said of
 * a debit that fits nothing what it was. What its reserve stands behind is no difference.
 * @param covers lines of the reserve, by the debits that they stand behind
 */
export async function cardLosses(db: Db, currency: string, covers: readonly Cover[]): Promise<Difference[]> {
  const { rows } = await sql<{ agreement: string; back: string; held: string; debits: string[] }>`
    with taken as (
      select order_reference, amount, taken_by as debit from money.rail_entry
        where capture is not null and direction = 'credit' and state = 'owed' and currency = ${currency}
      union all
      select c.order_reference, d.amount, d.entry from money.rail_entry d join money.rail_entry c on c.entry = d.reverses
        where d.rail = 'card' and d.direction = 'debit' and d.state = 'ask' and d.explained_at is null
          and d.currency = ${currency})
    select o.agreement_id as agreement, sum(t.amount)::text as back,
      array_agg(distinct t.debit) as debits,
      (coalesce(max(a.held), case when max(o.state) = 'held' then 0 else max(o.amount) end)
        + coalesce((select sum(p.amount) from money.rail_payment p where p.party = max(o.payout)
          and p.kind = 'payout' and p.state = 'due' and p.rail is null), 0))::text as held
    from taken t
      join money.payment_order o on o.reference = t.order_reference
      left join money.account a on a.agreement_id = o.agreement_id
    group by o.agreement_id order by 1`.execute(db);
  return rows
    .map(({ agreement, back, held, debits }) => ({
      where: agreement,
      found: lossOf(BigInt(back), BigInt(held) + coveredOf(covers, debits)),
    }))
    .filter(({ found }) => found > 0n)
    .slice(0, NAMED)
    .map(({ where, found }) => ({ kind: 'loss', expected: '0', found: found.toString(), where }));
}

const coveredOf = (covers: readonly Cover[], debits: readonly string[]): bigint =>
  covers.reduce((sum, { debit, amount }) => (debits.includes(debit) ? sum + amount : sum), 0n);

/** Addresses at which other than their own transfers say lies, in the token's smallest unit. */
export async function wrongDeposits(ctx: MoneyContext): Promise<Difference[]> {
  const tip = await watchDeposits(ctx);
  const port = ctx.tokens;
  if (!port || tip === null) return [];
  const { rows } = await sql<{ agreement: string; token: Hex; address: Hex; sum: string }>`
    select o.agreement_id as agreement, d.token, d.address, coalesce(sum(
      case when t.receiver = d.address then t.amount else 0 end
      - case when t.sender = d.address then t.amount else 0 end), 0)::text as sum
    from money.token_deposit d join money.payment_order o on o.reference = d.order_reference
      left join money.token_transfer t on t.chain_id = d.chain_id and t.token = d.token
        and (t.receiver = d.address or t.sender = d.address)
    where d.chain_id = ${port.chainId} group by 1, 2, 3 order by 1`.execute(ctx.db);
  const found = await port.balances(rows, tip);
  return rows
    .map(({ agreement, sum }, i) => ({ where: agreement, expected: sum, found: String(found[i]) }))
    .filter(({ expected, found: is }) => is !== expected)
    .slice(0, NAMED)
    .map((one) => ({ kind: 'token', ...one }));
}
