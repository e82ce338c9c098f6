import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import type { Hex } from '@zhenmei/kernel';
import fc from 'fast-check';
import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChainReader, connectChain } from './client.ts';
import { many, manyCode, notebookAbi, notebookCode, put } from './fixtures/notebook.ts';
import { type TestChain, testChain } from './fixtures/test-chain.ts';
import { type IndexedEvent, Indexer, type IndexerOptions, type Projection } from './indexer.ts';
import { chainMigrations } from './schema.ts';

interface Tables {
  note: { key: bigint; value: bigint; times: number };
  heard: { block: number; value: bigint };
}

let database: TestDatabase;
let node: TestChain;
let chain: ChainReader;
let contract: Hex;
let other: Hex;

/** Last value by key, and how often it was put: both are wrong if an event is missed, doubled or out of order. */
const notes: Projection = {
  name: 'notes',
  reset: async (tx) => {
    await (tx as Kysely<Tables>).deleteFrom('note').execute();
  },
  apply: async (tx, { args }) => {
    await (tx as Kysely<Tables>)
      .insertInto('note')
      .values({ key: BigInt(args.key as string), value: BigInt(args.value as string), times: 1 })
      .onConflict((c) =>
        c
          .column('key')
          .doUpdateSet((e) => ({ value: e.ref('excluded.value'), times: e('note.times', '+', 1) })),
      )
      .execute();
  },
};
const indexer = (options: Partial<IndexerOptions> = {}) =>
  new Indexer({
    db: database.db,
    chain,
    contracts: { Notebook: { address: contract, abi: notebookAbi } },
    projections: [notes],
    ...options,
  });
const table = async () =>
  (await database.pool.query('select key, value, times from note order by key')).rows.map((r) =>
    [r.key, r.value, r.times].map(Number),
  );
const events = async () =>
  (
    await database.pool.query(
      'select block, log_index, args, tx_hash from chain.event order by block, log_index',
    )
  ).rows;
const clear = () => database.pool.query('truncate chain.block, chain.event, note, heard');

beforeAll(async () => {
  database = await testDatabase([chainMigrations]);
  await database.pool.query(
    'create table note (key numeric primary key, value numeric, times int); create table heard (block int, value numeric)',
  );
  node = await testChain(4_800_488);
  chain = await connectChain(node);
  contract = await node.deploy(notebookCode);
  other = await node.deploy(notebookCode);
});
afterAll(async () => {
  await node.stop();
  await database.close();
});
beforeEach(async () => {
  await clear();
});

describe('following', () => {
  it('applies every event of its contracts once, in order, and tells listeners', async () => {
    const heard: IndexedEvent[] = [];
    const one = indexer({ listeners: [async (_, event) => void heard.push(event)] });
    await node.mine([await node.sign(contract, put(1, 10)), await node.sign(contract, put(2, 20))]);
    await node.mine([await node.sign(other, put(3, 30)), await node.sign(contract, put(0, 0))]);
    await node.mine([await node.sign(contract, put(1, 11))]);
    const head = await one.catchUp();
    expect(head).toBe((await chain.head()).number);
    expect(await one.cursor()).toBe(head);
    await one.catchUp();
    expect(await table()).toEqual([
      [1, 11, 2],
      [2, 20, 1],
    ]);
    expect(heard.map(({ contract: c, name, args }) => [c, name, args.key, args.value])).toEqual([
      ['Notebook', 'Put', '1', '10'],
      ['Notebook', 'Put', '2', '20'],
      ['Notebook', 'Put', '1', '11'],
    ]);
    const header = await chain.viem.getBlock({ blockNumber: BigInt(heard[0]!.block) });
    expect(heard[0]!.time).toBe(Number(header.timestamp) * 1000);
  });

  it('waits for as many confirmations as it is told', async () => {
    const head = (await chain.head()).number;
    expect(await indexer({ confirmations: 3 }).catchUp()).toBe(head - 3);
    expect(await indexer().cursor()).toBe(head - 3);
  });

  it('keeps nothing of a chunk whose handler fails, and tries it again', async () => {
    await node.mine([await node.sign(contract, put(7, 70))]);
    const broken = indexer({ listeners: [() => Promise.reject(new Error('not now'))] });
    await expect(broken.catchUp()).rejects.toThrow('not now');
    expect([await table(), await events(), await broken.cursor()]).toEqual([[], [], 0]);
    await indexer().catchUp();
    expect((await table()).length).toBeGreaterThan(0);
  });

  it('lets several processes work at once, and tells a listener once', async () => {
    await node.mine([await node.sign(contract, put(4, 40)), await node.sign(contract, put(5, 50))]);
    const hear: IndexerOptions['listeners'] = [
      async (tx, event) => {
        await (tx as Kysely<Tables>)
          .insertInto('heard')
          .values({ block: event.block, value: BigInt(event.args.value as string) })
          .execute();
      },
    ];
    await Promise.all(Array.from({ length: 4 }, () => indexer({ listeners: hear }).catchUp()));
    const { rows } = await database.pool.query('select count(*)::int as n from heard');
    expect(rows[0]!.n).toBe((await events()).length);
    const before = await table();
    await indexer().rebuild();
    expect(await table()).toEqual(before);
  });

  it('builds a projection that is new from the first event on, and only that one', async () => {
    const seen = (name: string): [Projection, string[]] => {
      const values: string[] = [];
      return [
        {
          name,
          reset: async () => void values.splice(0),
          apply: async (_, { args }) => void values.push(String(args.value)),
        },
        values,
      ];
    };
    const [first, ofFirst] = seen('first');
    const [second, ofSecond] = seen('second');
    await node.mine([await node.sign(contract, put(6, 61))]);
    await indexer({ projections: [first] }).catchUp();
    const before = [...ofFirst];
    expect(before).toContain('61');
    await node.mine([await node.sign(contract, put(6, 62))]);
    const upgraded = indexer({ projections: [first, second] });
    await upgraded.catchUp();
    expect(ofFirst).toEqual([...before, '62']);
    expect(ofSecond).toEqual(ofFirst);
    await indexer({ projections: [first, second] }).catchUp();
    expect(ofSecond).toEqual([...before, '62']);
  });

  it('reads many events in ranges that fit', async () => {
    const crowd = await node.deploy(manyCode);
    for (let i = 0; i < 6; i++) await node.mine([await node.sign(crowd, many(2_000), 10_000_000n)]);
    const asked: number[] = [];
    const counting: ChainReader = {
      ...chain,
      logs: async (from, to, addresses) => {
        const logs = await chain.logs(from, to, addresses);
        asked.push(logs.length);
        return logs;
      },
    };
    const one = new Indexer({
      db: database.db,
      chain: counting,
      contracts: { Crowd: { address: crowd, abi: notebookAbi } },
      projections: [],
    });
    await one.catchUp();
    expect((await events()).length).toBe(12_000);
    await node.mine([await node.sign(crowd, many(3), 1_000_000n)]);
    await one.catchUp();
    expect(asked.at(-1)).toBe(3);
  });

  it('gives up on a node that contradicts itself', async () => {
    let n = 0;
    const torn: ChainReader = {
      ...chain,
      rpc: async (method, params) =>
        ({ ...((await chain.rpc(method, params)) as object), hash: `0x${n++}` }) as never,
    };
    await expect(indexer({ chain: torn }).catchUp()).rejects.toThrow('CHAIN_UNAVAILABLE');
    expect(await events()).toEqual([]);
  });

  it('says when the node is away', async () => {
    const gone = await testChain(4_800_489);
    const away = await connectChain(gone);
    await gone.stop();
    await expect(indexer({ chain: away }).catchUp()).rejects.toThrow();
  });
});

describe('reorganisations', () => {
  it('is exact after reorganisations of any depth, also when they come while it reads', async () => {
    let reorganised = 0;
    const op = fc.record({
      depth: fc.integer({ min: 1, max: 12 }),
      blocks: fc.array(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 99 })), { maxLength: 3 }),
        {
          minLength: 1,
          maxLength: 12,
        },
      ),
      more: fc.integer({ min: 0, max: 4 }),
      when: fc.constantFrom('between', 'header', 'logs', 'after'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(op, { minLength: 1, maxLength: 4 }), async (ops) => {
        await clear();
        for (let i = 0; i < 14; i++) await node.mine([await node.sign(contract, put(1 + (i % 4), i))]);
        let disturb: (() => Promise<void>) | null = null;
        let moment = '';
        const now = async (at: string) => {
          if (moment !== at || !disturb) return;
          const work = disturb;
          disturb = null;
          await work();
        };
        const shaky: ChainReader = {
          ...chain,
          rpc: async (method, params) => {
            const reply = (await chain.rpc(method, params)) as never;
            await now('header');
            return reply;
          },
          logs: async (from, to, addresses) => {
            await now('logs');
            const logs = await chain.logs(from, to, addresses);
            await now('after');
            return logs;
          },
        };
        const forks: number[] = [];
        const one = indexer({ chain: shaky, onReorganised: async (fork) => void forks.push(fork) });
        await one.catchUp();
        for (const { depth, blocks, more, when } of ops) {
          const change = async () => {
            await node.reorganise(depth, async (sign) => {
              const made: Hex[][] = [];
              for (const txs of blocks.slice(0, depth)) {
                made.push([]);
                for (const [key, value] of txs) made.at(-1)!.push(await sign(contract, put(key, value)));
              }
              return made;
            });
            for (let i = 0; i < more; i++) await node.mine([await node.sign(contract, put(1, 1000 + i))]);
          };
          moment = when;
          if (when === 'between') await change();
          else disturb = change;
          await node.mine([]);
          await one.catchUp();
          disturb = null;
        }
        await one.catchUp();
        reorganised += forks.length;
        const seen = [await table(), await events()];
        await clear();
        await indexer().catchUp();
        expect(seen).toEqual([await table(), await events()]);
      }),
      { numRuns: 25 },
    );
    expect(reorganised).toBeGreaterThan(15);
  }, 120_000);

  it('tells from where on, and drops what a shorter chain no longer has', async () => {
    for (let i = 0; i < 5; i++) await node.mine([await node.sign(contract, put(1, i))]);
    const forks: number[] = [];
    const one = indexer({ onReorganised: async (fork) => void forks.push(fork) });
    await one.catchUp();
    const head = (await chain.head()).number;
    await node.reorganise(3, async () => [[]]);
    await one.catchUp();
    expect(forks).toEqual([head - 2]);
    const before = [await table(), await events()];
    await clear();
    await indexer().catchUp();
    expect([await table(), await events()]).toEqual(before);
  });
});
