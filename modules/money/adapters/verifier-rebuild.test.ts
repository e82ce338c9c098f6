/** Who may check clinics, read as it happens and built again from the ledger's events: the same rows, the same standing. */
import { readFile } from 'node:fs/promises';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import type { Hex } from '@zhenmei/kernel';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readAdmission } from '../app/verification/admissions.ts';
import { applyChecks, type MoneyContext, resetChecks } from '../index.ts';
import { NOW, of } from './fixtures/cover-case.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
const [ANN, BEN, EVE] = [of('a'), of('b'), of('e')];
/** Seconds since the epoch. */
const [PAST, AHEAD] = [NOW / 1000 - 1, NOW / 1000 + 1];

let db: TestDatabase;
let ctx: MoneyContext;
let block = 0;

beforeAll(async () => {
  const chain = new URL('../../../platform/chain/migrations/', import.meta.url);
  db = await testDatabase([
    { module: 'chain', dir: chain },
    { module: 'money', dir: MIGRATIONS },
  ]);
  ctx = { db: db.as(), clock: { now: () => NOW } } as unknown as MoneyContext;
});
afterAll(() => db?.close());
beforeEach(async () => {
  block = 0;
  await db.pool.query('truncate chain.block, money.check_admission cascade');
  await resetChecks(ctx.db);
});

type Args = Record<string, string | number | boolean>;
/** As the indexer does it: the event is kept, and the projection follows. */
async function happens(name: string, args: Args): Promise<void> {
  block++;
  await db.pool.query(`insert into chain.block values ($1, $2, now())`, [block, `0x${block}`]);
  await db.pool.query(`insert into chain.event values ($1, 0, 'ProviderVerification', $2, $3, '0x')`, [
    block,
    name,
    JSON.stringify(args),
  ]);
  await told(name, args);
}
const told = (name: string, args: Args) =>
  applyChecks(ctx.db, {
    contract: 'ProviderVerification',
    name,
    args: args as never,
    block,
    logIndex: 0,
    time: NOW,
  });
async function rebuilt(): Promise<void> {
  await resetChecks(ctx.db);
  const { rows } = await db.pool.query('select name, args from chain.event order by block');
  for (const { name, args } of rows) await told(name, args);
}
const entries = () => ctx.db.selectFrom('money.check_verifier').selectAll().orderBy('verifier').execute();
const admitted = (verifier: Hex, until: number) =>
  happens('VerifierAdmitted', { verifier, until: `${until}` });
const dismissed = (verifier: Hex) => happens('VerifierDismissed', { verifier });
const note = (verifier: Hex, kind: string, changes: number) =>
  db.pool.query(`insert into money.check_admission values (gen_random_uuid(), $1, $2, 'text', $3, now())`, [
    verifier,
    kind,
    changes,
  ]);
const standing = async (verifier: Hex) => (await readAdmission(ctx, verifier)).state;
const mended = async () =>
  sql.raw(await readFile(new URL('0021_verifier_changes.sql', MIGRATIONS), 'utf8')).execute(ctx.db);
/** What 0015 made of the entries that it found. */
const guessed = () =>
  db.pool.query(`update money.check_verifier set changes = case when admitted then 1 else 2 end`);

describe('the entries of verifiers', () => {
  it('are counted the same as they happen and when they are built again', async () => {
    const who = fc.constantFrom(ANN, BEN);
    const step = fc.oneof(
      fc.record({ verifier: who, until: fc.constantFrom(PAST, AHEAD) }),
      fc.record({ verifier: who }),
      fc.record({ verifier: who, checks: fc.nat(9), misses: fc.nat(3), suspended: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        await db.pool.query('truncate chain.block cascade');
        await resetChecks(ctx.db);
        for (const args of steps)
          if ('until' in args) await admitted(args.verifier, args.until);
          else await happens('checks' in args ? 'Measured' : 'VerifierDismissed', args);
        const live = await entries();
        await rebuilt();
        expect(await entries()).toEqual(live);
      }),
      { numRuns: 25 },
    );
  });

  it('that were there before they were counted are counted by their events, and what was noted moves along', async () => {
    // Ann was admitted twice and asks again; Ben was suspended for the second time; Eve's guess was right
    await admitted(ANN, AHEAD);
    await dismissed(ANN);
    await admitted(ANN, PAST);
    await admitted(BEN, AHEAD);
    await dismissed(BEN);
    await admitted(BEN, AHEAD);
    await admitted(EVE, PAST);
    await guessed();
    await note(ANN, 'asked', 1);
    await note(BEN, 'suspended', 1);
    await dismissed(BEN);
    await note(EVE, 'asked', 1);
    const before = [await standing(ANN), await standing(BEN), await standing(EVE)];
    expect(before).toEqual(['asked', 'suspended', 'asked']);
    await mended();
    const mend = await entries();
    expect(mend.map(({ changes }) => changes)).toEqual([3, 4, 1]);
    expect([await standing(ANN), await standing(BEN), await standing(EVE)]).toEqual(before);
    await rebuilt();
    expect(await entries()).toEqual(mend);
    expect([await standing(ANN), await standing(BEN), await standing(EVE)]).toEqual(before);
    await mended();
    expect(await entries()).toEqual(mend);
  });

  it('that were never admitted, and what they asked before, stay as they are', async () => {
    await note(ANN, 'asked', 0);
    await mended();
    expect([await standing(ANN), await standing(BEN)]).toEqual(['asked', 'none']);
    await admitted(ANN, AHEAD);
    await mended();
    expect(await standing(ANN)).toBe('admitted');
  });
});
