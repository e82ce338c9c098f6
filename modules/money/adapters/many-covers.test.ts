/** Desks with more promises than one question to the tables answers: nothing is missing, in lists and in sums. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { cn } from '@zhenmei/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backingHandlers, guaranteeHandlers, type MoneyContext } from '../index.ts';
import { CLINIC, callAs, draftFor, NOW, of, word } from './fixtures/cover-case.ts';

const INSURER = of('e');
const MANY = 1_203;

let db: TestDatabase;
let ctx: MoneyContext;

beforeAll(async () => {
  db = await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  ctx = {
    db: db.as(),
    clock: { now: () => NOW },
    checks: { units: async () => 0n },
    guarantee: { panel: null, arbiter: async () => null, nameOf: async () => ({ zh: '甲', en: 'A' }) },
    backing: { packs: [cn], authority: async () => null, poolLicensed: async () => false },
  } as unknown as MoneyContext;
  const cover = { ...draftFor(650_000n, { profile: 'insurer', backer: INSURER }), openBy: NOW / 1000 + 60 };
  const text = (n: number) => word(`promise ${n}`);
  const ids = Array.from({ length: MANY }, (_, n) => text(n));
  // the oldest waits for its insurer, all others are open
  await db.pool.query(
    `insert into money.cover_offer select id, id, $2, $3::jsonb, '{}'::jsonb, to_timestamp($4 + n)
      from unnest($1::text[]) with ordinality as o (id, n)`,
    [ids, CLINIC, JSON.stringify(cover), NOW / 1000 - 5_000],
  );
  await db.pool.query(
    `insert into money.cover (id, agreement_id, clinic, cell, profile, price, sum, premium, until, state,
        opened_at, opened_block)
      select id, id, $2, 'cell', 1, 650000, 520000, 0, now(), 'open', now(), 1 from unnest($1::text[]) as o (id)`,
    [ids.slice(1), CLINIC],
  );
  await db.pool.query(`insert into money.bond values ($1, 1000, 1000)`, [CLINIC]);
});
afterAll(() => db?.close());

const SEATS: Record<string, { kind: string; account: `0x${string}` }> = {
  insurer: { kind: 'insurer', account: INSURER },
  clinic: { kind: 'clinic', account: CLINIC },
  book: { kind: 'regulator', account: of('a') },
};
const as = (who: string, call: string, query: object = {}): Promise<Desk> => {
  const seatOf = async (id: string) => SEATS[id] ?? null;
  return callAs({ ...guaranteeHandlers(ctx, seatOf), ...backingHandlers(ctx, seatOf) }, who, call, { query });
};
interface Desk {
  readonly covers: readonly { readonly id: string }[];
  readonly requests: readonly { readonly id: string }[];
  readonly total: number;
  readonly experience: { readonly covers: number };
  readonly solvency: { readonly exposure: string; readonly enough: boolean };
}

describe('an insurer with many promises', () => {
  it('reads all of them in pages, the newest first, none twice', async () => {
    const seen: string[] = [];
    for (let offset = 0; ; offset += 500) {
      const { covers, total } = await as('insurer', 'readInsurer', { limit: 500, offset });
      expect(total).toBe(MANY - 1);
      seen.push(...covers.map(({ id }) => id));
      if (covers.length === 0) break;
    }
    expect(seen).toEqual(Array.from({ length: MANY - 1 }, (_, n) => word(`promise ${MANY - 1 - n}`)));
  });

  it('gets a first page by itself, and nothing after the last', async () => {
    const first = await as('insurer', 'readInsurer');
    expect([first.covers.length, first.covers[0]!.id]).toEqual([100, word(`promise ${MANY - 1}`)]);
    expect((await as('insurer', 'readInsurer', { offset: MANY - 1 })).covers).toEqual([]);
  });

  it('sees a request that waits, however old, on every page', async () => {
    for (const offset of [0, 700])
      expect((await as('insurer', 'readInsurer', { offset })).requests).toMatchObject([
        { id: word('promise 0') },
      ]);
  });
});

describe('what others read of many promises', () => {
  it('is all of them too: a clinic’s experience, and what bonds have to be enough for', async () => {
    expect((await as('clinic', 'readDesk')).experience.covers).toBe(MANY - 1);
    const { solvency, covers } = await as('book', 'readBook');
    expect(covers).toHaveLength(MANY);
    expect(solvency).toMatchObject({ exposure: `${650_000 * (MANY - 1)}`, enough: false });
  });
});
