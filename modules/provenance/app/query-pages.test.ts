/** Order and pages of a query's result. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openRepository } from '../adapters/repository.property.ts';
import { eventDigest } from '../core/events.ts';
import { at, type Event, EX, type Named, names, openNamed } from './query-events.property.ts';
import { queryEvents } from './query-events.ts';
import * as s from './stories.property.ts';

let named: Named;
beforeAll(async () => {
  named = await openNamed();
});
afterAll(() => named.close());
const find = (query: Event) => named.find(query);

describe('order', () => {
  it.each<[Event, string[]]>([
    [{ orderBy: 'eventTime', orderDirection: 'ASC', eventCountLimit: 2 }, ['made', 'packed']],
    [{ orderBy: 'eventTime', eventCountLimit: 1 }, ['custom']],
    [{ orderBy: 'recordTime', eventCountLimit: 2 }, ['wrong', 'custom']],
    [{ orderBy: 'example:weight', orderDirection: 'DESC', eventCountLimit: 2 }, ['custom', 'packed']],
    [
      { orderBy: 'example:weight', 'EXISTS_example:weight': true, orderDirection: 'ASC' },
      ['packed', 'custom'],
    ],
    [{ orderDirection: 'DESC', EQ_action: 'ADD' }, ['traded', 'packed', 'made']],
    [{ maxEventCount: 1, eventType: 'ObjectEvent', EQ_action: 'ADD' }, ['made']],
  ])('%j is %j', async (query, wanted) => {
    expect(await find(query)).toEqual(wanted);
  });
});

describe('pages', () => {
  async function pages(query: Event): Promise<string[]> {
    const seen: string[] = [];
    for (let token: string | undefined; ; ) {
      const page = await queryEvents(named.ctx, { ...query, ...(token ? { nextPageToken: token } : {}) }, EX);
      seen.push(...page.events.map(({ event }) => named.nameOf(event)));
      if (!page.next) return seen;
      token = page.next.token;
    }
  }

  it('hold every event once, in any order and size', async () => {
    const orders = [
      {},
      { orderBy: 'eventTime' },
      { orderBy: 'recordTime', orderDirection: 'ASC' },
      { orderBy: 'example:weight' },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...orders),
        fc.integer({ min: 1, max: 12 }),
        async (order, perPage) => {
          const seen = await pages({ ...order, perPage });
          expect(seen).toEqual(await find(order));
          expect(new Set(seen).size).toBe(names.length);
        },
      ),
      { numRuns: 24 },
    );
  });

  it('end with the limit', async () => {
    const order = { orderBy: 'eventTime', orderDirection: 'ASC' };
    expect(await pages({ ...order, eventCountLimit: 5, perPage: 2 })).toEqual(
      (await find(order)).slice(0, 5),
    );
  });

  it('belong to their query, and to their time', async () => {
    const { next } = await queryEvents(named.ctx, { perPage: 1 });
    const { token, until } = next!;
    expect(until).toBeGreaterThan(named.clock.now());
    const ask = (query: Event) => codeOf(() => queryEvents(named.ctx, query));
    expect(await ask({ nextPageToken: token, perPage: 2 })).toBe('none');
    expect(await ask({ EQ_action: 'ADD', nextPageToken: token })).toBe('QUERY_INVALID');
    const before = named.clock.at;
    named.clock.at = until;
    expect(await ask({ nextPageToken: token })).toBe('QUERY_INVALID');
    named.clock.at = before;
    const forged = (parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const [version, query, , no, left] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    for (const parts of [
      [version, query, 'x', no, left, until],
      [version, query, '0000-01-01T00:00:00Z', no, left, until],
      [version, query, at(1), '1; drop table x', left, until],
      [version, query, at(1), '9'.repeat(30), left, until],
      [version, query, at(1), no, -1, until],
      [2, query, at(1), no, left, until],
      [],
    ])
      expect(await ask({ nextPageToken: forged(parts) })).toBe('QUERY_INVALID');
  });

  it('miss nothing and repeat nothing while others capture', async () => {
    const extra = await openRepository();
    try {
      const tell = (n: number) =>
        extra.tell([s.event(s.day(n % 7, n % 24), 'storing', s.MAKER, { epcList: [s.unit(`U${n}`)] })]);
      for (let n = 0; n < 40; n++) await tell(n);
      const known = await extra.rows<{ digest: string }>('select digest from provenance.event');
      let n = 40;
      for (const order of [{}, { orderBy: 'recordTime' }, { orderBy: 'eventTime' }]) {
        const seen: string[] = [];
        for (let token: string | undefined; ; ) {
          const [page] = await Promise.all([
            queryEvents(extra.ctx, { ...order, perPage: 7, ...(token ? { nextPageToken: token } : {}) }),
            tell(n++),
          ]);
          seen.push(...page.events.map(({ event }) => eventDigest(event)));
          if (!page.next) break;
          token = page.next.token;
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(known.filter(({ digest }) => !seen.includes(digest))).toEqual([]);
      }
    } finally {
      await extra.close();
    }
  });
});
