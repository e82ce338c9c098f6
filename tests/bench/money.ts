/**
 * What money costs in gas beside its peers; agreements through their whole life on the embedded chain; and how long the
 * nightly reconciliation takes as agreements grow 10× and 100×: PostgreSQL with agreements through their
 * whole life and the demo's bank, the chain's two sums answered from memory. `npm run bench -- money`; `--large` lets 10,000
 * agreements live instead of 1,000.
 */
import path from 'node:path';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { demoBank, HOLDERS, type MoneyContext, type MoneyDatabase, reconcileMoney } from '@zhenmei/money';
import { sql } from 'kysely';
import { agreementRows } from './agreements.ts';
import type { BenchRow } from './log.ts';
import { gasRows } from './money-gas.ts';

const START = 1_800_000_000_000;
const PRICE = 398_000n;
const FEE = 3_980n;
const SIZES = [1_000, 10_000, 100_000];
const MIGRATIONS = path.resolve(import.meta.dirname, '../../modules/money/adapters/migrations');

export async function run(options: { large?: boolean; agreements?: number } = {}): Promise<BenchRow[]> {
  const lives = options.agreements ?? (options.large ? 10_000 : 1_000);
  return [...gasRows(), ...(await agreementRows(lives)), ...(await reconciliations())];
}

async function reconciliations(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const database = await testDatabase([{ module: 'money', dir: MIGRATIONS }]);
  try {
    const db = database.as<MoneyDatabase>();
    let first = 0;
    for (const size of SIZES) {
      await fill(db, size);
      const fastest = await best(db, size);
      first ||= fastest;
      rows.push({
        name: `reconciliation of ${size.toLocaleString('en')} agreements (one in ten is live)`,
        value: Number(fastest.toPrecision(3)),
        unit: 'ms',
        ...(size === SIZES[0]
          ? {}
          : {
              floor: {
                name: `${size / SIZES[0]!}× as many, times as long`,
                value: Number((fastest / first).toPrecision(3)),
              },
            }),
      });
    }
    return rows;
  } finally {
    await database.close();
  }
}

/** Nine of ten agreements have ended, paid and withdrawn; one is held. */
async function fill(db: MoneyContext['db'], size: number): Promise<void> {
  await sql`truncate money.account, money.movement, money.payment_order, money.rail_entry, money.rail_payment,
    money.demo_bank_entry, money.reconciliation, money.alarm, money.unit_flow cascade`.execute(db);
  const at = new Date(START);
  const paid = PRICE - FEE;
  const n = sql.raw(String(size));
  await sql`insert into money.account
    select 'a' || i, 'p' || i, 'c' || i % 50, case when i % 10 = 0 then 'active' else 'closed' end, ${PRICE},
      case when i % 10 = 0 then ${PRICE} else 0 end, case when i % 10 = 0 then 0 else ${paid} end,
      case when i % 10 = 0 then 0 else ${FEE} end, 0, 0, ${at}, null from generate_series(1, ${n}) i`.execute(
    db,
  );
  await sql`insert into money.movement
    select i, part, 'a' || i, kind, 'c' || i % 50, amount, ${at} from generate_series(1, ${n}) i,
      (values (0, 'credited', ${paid}::numeric), (1, 'credited', ${FEE}::numeric), (2, 'withdrawn', ${paid}::numeric)) v (part, kind, amount)
    where i % 10 <> 0`.execute(db);
  await sql`insert into money.payment_order
    select 'r' || i, 'a' || i, 'p' || i, 'o', ${PRICE}, 'CNY', 'held', 'e' || i, ${at}, ${at}, null, 'agreement'
    from generate_series(1, ${n}) i`.execute(db);
  await sql`insert into money.rail_entry
    select 'e' || i, 'credit', null, 'r' || i, 'r' || i, ${PRICE}, 'CNY', 'matched', null, ${at}, ${at}, null, null
    from generate_series(1, ${n}) i`.execute(db);
  await sql`insert into money.rail_payment
    select 'payout/' || i, 'payout', 'c' || i % 50, ${paid}, 'CNY', 'booked', 'x' || i, ${at}, ${at}
    from generate_series(1, ${n}) i where i % 10 <> 0`.execute(db);
  await sql`insert into money.rail_entry
    select 'x' || i, 'debit', null, 'payout/' || i, null, ${paid}, 'CNY', 'paid', null, ${at}, ${at}, null, null
    from generate_series(1, ${n}) i where i % 10 <> 0`.execute(db);
  await sql`insert into money.demo_bank_entry
    select entry, direction, reverses, reference, amount, currency, booked_at from money.rail_entry`.execute(
    db,
  );
  const ended = BigInt(size - Math.floor(size / 10));
  await sql`insert into money.unit_flow
    values ('issued', ${BigInt(size) * PRICE}, ${ended * paid}),
      ('accounts', ${BigInt(size) * PRICE}, ${BigInt(size) * PRICE})`.execute(db);
  await sql`analyze`.execute(db);
}

async function best(db: MoneyContext['db'], size: number): Promise<number> {
  const ended = BigInt(size - Math.floor(size / 10));
  const escrow = BigInt(size) * PRICE - ended * (PRICE - FEE);
  let calls = 0;
  const ctx = {
    db,
    clock: { now: () => START },
    random: { bytes: (length: number) => new Uint8Array(length).fill(++calls) },
    rail: demoBank(db, () => START),
    chainMoney: {
      totals: async () => ({
        supply: escrow,
        escrow,
        holders: Object.fromEntries(HOLDERS.map((holder) => [holder, 0n])),
        block: 1,
      }),
      held: async () => new Map(),
    },
  } as unknown as MoneyContext;
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    const { fits, body } = await reconcileMoney(ctx, () => performance.now());
    fastest = Math.min(fastest, performance.now() - started);
    if (!fits) throw new Error(`does not fit: ${JSON.stringify(body.differences)}`);
  }
  return fastest;
}
