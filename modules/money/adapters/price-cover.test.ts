/** Which table the pool's prices come from: what was read of the ledger, and the one that stands there. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import { cn } from '@zhenmei/policy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { priceCover } from '../app/guarantee/price-cover.ts';
import { type ChainCover, epochOf, type Posted, recomputed } from '../core/guarantee-experience.ts';
import { GUARANTEE } from '../core/guarantee-math.ts';
import { applyGuarantee, type MoneyContext, resetGuarantee } from '../index.ts';
import { AGREEMENT, BOOK, CLINIC, codeOf, draftFor, NOW, of, word } from './fixtures/cover-case.ts';

const OTHER = of('d');
const ELSEWHERE = {
  ...cn,
  requirements: cn.requirements.filter(({ id }) => id !== 'guarantee-pool-off'),
};
const EPOCH_MS = GUARANTEE.epoch * 1_000;

let db: TestDatabase;
let ctx: MoneyContext;
let now = NOW;
/** Up to where the projections have read. */
let read = 12;
/** What stands on the ledger; its covers may be ahead of what was read. */
let posted: Posted[] = [];
let covers: ChainCover[] = [];
let unread: (() => Promise<void>)[] = [];
/** Whether what is sent has been read when `postTable` is done. */
let told = true;
let reading: Promise<void> = Promise.resolve();

const event = (name: string, args: object, block: number) =>
  applyGuarantee(
    ctx.db,
    { contract: 'GuaranteeBook', name, args: args as never, block, logIndex: 0, time: now },
    BOOK,
  );
/** The projections read the rest. */
const readOn = async (to: number) => {
  for (const one of unread.splice(0)) await one();
  read = to;
};

beforeAll(async () => {
  db = await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  ctx = {
    db: db.as(),
    clock: { now: () => now },
    checks: { units: async () => 5n },
    backing: {
      packs: [ELSEWHERE],
      poolLicensed: async () => true,
      reached: async () => ({ block: read, time: now }),
      // the ledger takes one table an epoch, and what was sent under a key is sent once
      async postTable(hash: Hex, { epoch, asOf }: { epoch: number; asOf: number }) {
        if (!posted.some((one) => one.epoch === epoch)) {
          posted.push({ epoch, hash, asOf });
          const tell = () => event('TablePosted', { epoch, table: hash, asOf: String(asOf) }, read + 1);
          if (told) reading = tell();
          else unread.push(tell);
        }
        await reading;
      },
      cellOf: (clinic: Hex) => word(clinic),
      signRate: async (_cell: Hex, { table }: { table: Hex }) => table,
    },
  } as unknown as MoneyContext;
});
afterAll(() => db?.close());
beforeEach(async () => {
  [now, read, told] = [NOW, 12, true];
  [posted, covers, unread] = [[], [], []];
  await ctx.db.deleteFrom('money.cover_offer').execute();
  await resetGuarantee(ctx.db);
});

/** A promise that the pool is asked to stand behind. */
async function offered(clinic: Hex): Promise<Hex> {
  const id = word(`cover of ${clinic}`);
  await ctx.db
    .insertInto('money.cover_offer')
    .values({
      id,
      agreement_id: word(`${AGREEMENT}${clinic}`),
      clinic,
      cover: JSON.stringify(draftFor(650_000n, { profile: 'pool' })) as never,
      terms: JSON.stringify({ standard: word('standard') }) as never,
      created_at: new Date(now),
    })
    .execute();
  return id;
}

/** One that was paid in full, in the given blocks; read at once or only later. */
async function paid(clinic: Hex, block: number, ended: number, later: boolean): Promise<void> {
  const [id, cell, sum] = [word(`${clinic}${block}`), word(clinic), 520_000n];
  covers.push({ cell, openedAt: now, sum, paid: sum, endedAt: ended });
  const at = { id, agreement: id, clinic, cell, profile: 0, price: '650000', sum: `${sum}`, premium: '0' };
  const done = { id, ruling: 1, silent: false, fromBond: `${sum}`, fromBacker: '0' };
  const tell = async () => {
    await event('CoverOpened', { ...at, until: '0' }, block);
    await event('CoverSettled', done, ended);
  };
  if (later) unread.push(tell);
  else await tell();
}

const price = (clinic: Hex, id: Hex) => priceCover(ctx, clinic, id);
const allSame = () => recomputed(covers, posted).map(({ same }) => same);

describe('the table of an epoch', () => {
  it('is as of the block up to which was read, so that events that wait change nothing', async () => {
    const id = await offered(CLINIC);
    await paid(CLINIC, 3, 12, false);
    await paid(OTHER, 5, 13, true);
    const first = await price(CLINIC, id);
    expect(posted).toMatchObject([{ asOf: 12 }]);
    expect(allSame()).toEqual([true]);
    await readOn(30);
    expect(allSame()).toEqual([true]);
    expect(await price(CLINIC, id)).toEqual(first);
    // another block would have been another table
    expect(recomputed(covers, [{ ...posted[0]!, asOf: 13 }])[0]!.same).toBe(false);
  });

  it('is one, and prices both, when two clinics ask first at once', async () => {
    const [one, two] = [await offered(CLINIC), await offered(OTHER)];
    await paid(OTHER, 4, 13, false);
    const plain = { ...ctx.backing };
    let [asked, sent] = [0, 0];
    const { promise: both, resolve } = Promise.withResolvers<void>();
    Object.assign(ctx.backing, {
      // the second reads a block later, and by then one more promise is over
      reached: async () => ({ block: read + asked++, time: now }),
      postTable: async (...table: Parameters<typeof plain.postTable>) => {
        if (++sent === 2) resolve();
        await both;
        await plain.postTable(...table);
      },
    });
    const [first, second] = await Promise.all([price(CLINIC, one), price(OTHER, two)]).finally(() =>
      Object.assign(ctx.backing, plain),
    );
    expect(sent).toBe(2);
    expect(posted).toHaveLength(1);
    expect([first.rate.table, second.rate.table]).toEqual([posted[0]!.hash, posted[0]!.hash]);
    expect([first.signature, second.signature]).toEqual([posted[0]!.hash, posted[0]!.hash]);
    expect(await ctx.db.selectFrom('money.price_table').select('hash').execute()).toHaveLength(1);
    expect(allSame()).toEqual([true]);
  });

  it('is waited for: no line of a table is signed that was not seen on the ledger', async () => {
    const id = await offered(CLINIC);
    told = false;
    expect(await codeOf(price(CLINIC, id))).toBe('PRICE_TABLE_WAITS');
    await readOn(14);
    expect((await price(CLINIC, id)).rate.table).toBe(posted[0]!.hash);
    expect(posted).toHaveLength(1);
  });

  it('is not posted in the epoch’s last minutes, where the ledger might count it to the next', async () => {
    const id = await offered(CLINIC);
    const turn = (epochOf(now) + 1) * EPOCH_MS;
    now = turn - 60_000;
    expect(await codeOf(price(CLINIC, id))).toBe('PRICE_TABLE_WAITS');
    expect(posted).toEqual([]);
    now = turn;
    expect((await price(CLINIC, id)).rate.epoch).toBe(epochOf(turn));
    // one that stands is good to its last second
    now = turn + EPOCH_MS - 1_000;
    expect((await price(CLINIC, id)).rate.table).toBe(posted[0]!.hash);
    now = NOW + DAY;
  });
});
