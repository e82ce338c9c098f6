/** Subscribers are told of everything new, at least once, in whatever order it was captured and whoever fails meanwhile. */
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, idOf, openRepository, type Repository } from '../adapters/repository.property.ts';
import { captureEvent } from './capture-event.ts';
import { deliverNext } from './deliver-subscriptions.ts';
import { createQuery, deleteQuery } from './named-queries.ts';
import * as s from './stories.property.ts';
import {
  type NewSubscription,
  readSubscription,
  subscribe,
  subscriptions,
  unsubscribe,
} from './subscriptions.ts';

const MAKER = idOf(s.MAKER);
const DEST = 'https://receiver.example/hook';

let repository: Repository;
beforeAll(async () => {
  repository = await openRepository();
});
afterAll(() => repository.close());
beforeEach(async () => {
  await repository.clear();
  repository.answer = () => 200;
  repository.clock.at = Date.parse(s.day(10));
  await createQuery(repository.ctx, MAKER, { name: 'all', query: {} });
});

const make = (given: Partial<NewSubscription> = {}, query = 'all') =>
  subscribe(repository.ctx, MAKER, query, {
    dest: DEST,
    epcFormat: 'Always_GS1_Digital_Link',
    ...(given.schedule ? {} : { stream: true }),
    ...given,
  });
const stored = (n: number, at = s.day(1)) => s.event(at, 'storing', s.MAKER, { epcList: [s.unit(`U${n}`)] });
const tell = (...ns: number[]) => repository.tell(ns.map((n) => stored(n)));
/** Everything that is due now, and a second later. */
async function deliver(): Promise<void> {
  repository.clock.at += 1_000;
  for (let i = 0; (await deliverNext(repository.ctx)) && i < 50; i++);
}
const messages = () =>
  repository.sent.map(
    ({ body }) =>
      JSON.parse(body) as {
        epcisBody: {
          queryResults: {
            subscriptionID: string;
            queryName: string;
            resultsBody: { eventList: { epcList: string[]; eventID: string }[] };
          };
        };
      },
  );
const units = () =>
  messages().flatMap((message) =>
    message.epcisBody.queryResults.resultsBody.eventList.map(({ epcList }) => epcList[0]!.split('/').at(-1)),
  );
const state = async () =>
  (await repository.rows<Record<string, unknown>>('select * from provenance.subscription order by id'))[0]!;

describe('a stream', () => {
  it('brings what is captured after it was made, once', async () => {
    await tell(1);
    const made = await make();
    await deliver();
    expect(units()).toEqual([]);
    await tell(2, 3);
    await deliver();
    await deliver();
    expect(units()).toEqual(['U2', 'U3']);
    expect(messages()[0]!.epcisBody.queryResults).toMatchObject({
      subscriptionID: made.subscriptionID,
      queryName: 'all',
    });
    const now = await readSubscription(repository.ctx, MAKER, 'all', made.subscriptionID);
    expect(now).toMatchObject({ stream: true, lastNotifiedAt: expect.any(String) });
    expect(now.minRecordTime > made.minRecordTime).toBe(true);
  });

  it('brings what was captured since a time that it names', async () => {
    repository.clock.at = Date.parse(s.day(8));
    await tell(1);
    repository.clock.at = Date.parse(s.day(9));
    await tell(2);
    await make({ initialRecordTime: s.day(9) });
    await deliver();
    await tell(3);
    await deliver();
    expect(units()).toEqual(['U2', 'U3']);
  });

  it('waits for a time that is to come', async () => {
    await make({ initialRecordTime: new Date(repository.clock.at + 3_600_000).toISOString() });
    await tell(1);
    await deliver();
    repository.clock.at += 3_600_000;
    await tell(2);
    await deliver();
    expect(units()).toEqual(['U2']);
  });

  it('brings only what its query finds', async () => {
    await createQuery(repository.ctx, MAKER, { name: 'ships', query: { EQ_bizStep: ['shipping'] } });
    await make({}, 'ships');
    await repository.tell([stored(1), s.ship(s.day(1), s.MAKER, s.CLINIC, [s.unit('S')])]);
    await deliver();
    expect(units()).toEqual(['S']);
  });

  it('misses nothing that was still being captured when it looked', async () => {
    await tell(0);
    await make();
    const { promise: held, resolve: go } = Promise.withResolvers<void>();
    const { promise: there, resolve: written } = Promise.withResolvers<void>();
    const slow = repository.ctx.db.transaction().execute(async (tx) => {
      await captureEvent(repository.ctx, MAKER, stored(1), tx);
      written();
      await held;
    });
    await there;
    await tell(2);
    await deliver();
    expect(units()).toEqual(['U2']);
    go();
    await slow;
    await deliver();
    expect(units()).toEqual(['U2', 'U1']);
    await tell(3);
    await deliver();
    await deliver();
    expect(units()).toEqual(['U2', 'U1', 'U3']);
  });

  it('comes in messages of a bearable size, each event once', async () => {
    await make();
    for (let n = 0; n < 450; n += 50) await Promise.all(Array.from({ length: 50 }, (_, i) => tell(n + i)));
    await deliver();
    expect(messages().length).toBeGreaterThanOrEqual(3);
    expect(messages().every((m) => m.epcisBody.queryResults.resultsBody.eventList.length <= 200)).toBe(true);
    expect(units().length).toBe(450);
    expect(new Set(units()).size).toBe(450);
  });

  it('is served by one worker at a time', async () => {
    await make();
    await tell(1, 2, 3);
    repository.clock.at += 1_000;
    repository.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 200;
    };
    const served = await Promise.all(Array.from({ length: 5 }, () => deliverNext(repository.ctx)));
    expect(served.filter(Boolean)).toHaveLength(1);
    expect(units()).toEqual(['U1', 'U2', 'U3']);
  });

  it('goes on in another cluster without a gap', async () => {
    await make();
    await tell(1);
    await deliver();
    await tell(2);
    // the rows of the old cluster keep their transaction numbers, which are far ahead of the new one's
    await sql`update provenance.event set tx = tx + 1000000000`.execute(repository.database.db);
    await sql`update provenance.subscription set delivered =
      (split_part(delivered, ':', 1)::bigint + 1000000000) || ':' || (split_part(delivered, ':', 2)::bigint + 1000000000) || ':'`.execute(
      repository.database.db,
    );
    await sql`update provenance.era set cluster = 'old'`.execute(repository.database.db);
    await sql`select provenance.note_era()`.execute(repository.database.db);
    await tell(3);
    await deliver();
    await tell(4);
    await deliver();
    await deliver();
    expect(units()).toEqual(['U1', 'U2', 'U3', 'U4']);
  });
});

describe('a receiver', () => {
  it('gets a signature that it can check with its token', async () => {
    await make({ signatureToken: '13df38d8275b13f05704629e5f1cf3d45d6132d5' });
    await tell(1);
    await deliver();
    const { body, headers, address } = repository.sent[0]!;
    expect(address).toBe(DEST);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'gs1-epcis-version': '2.0.0' });
    expect(headers['gs1-signature']).toBe(
      createHmac('sha256', '13df38d8275b13f05704629e5f1cf3d45d6132d5').update(body).digest('hex'),
    );
    expect((await state()).token).not.toMatch(/^13df38d8/);
  });

  it('is not signed to without a token', async () => {
    await make();
    await tell(1);
    await deliver();
    expect(repository.sent[0]!.headers).not.toHaveProperty('gs1-signature');
  });

  it('that is away is tried again, later and later, and gets everything in the end', async () => {
    await make();
    await tell(1);
    repository.answer = () => {
      throw new Error('ECONNREFUSED');
    };
    await deliver();
    const first = (await state()).due_at as Date;
    expect(first.getTime() - repository.clock.at).toBe(2_000);
    await tell(2);
    repository.clock.at += 2_000;
    await deliverNext(repository.ctx);
    expect(((await state()).due_at as Date).getTime() - repository.clock.at).toBe(4_000);
    expect(await state()).toMatchObject({ attempts: 2, last_error: 'ECONNREFUSED', stopped_at: null });
    repository.answer = () => 503;
    repository.clock.at += 4_000;
    await deliverNext(repository.ctx);
    expect(await state()).toMatchObject({ attempts: 3, last_error: 'answered 503' });
    repository.sent.length = 0;
    repository.answer = () => 204;
    repository.clock.at += 8_000;
    await deliver();
    await deliver();
    expect(units()).toEqual(['U1', 'U2']);
    expect(await state()).toMatchObject({ attempts: 0, last_error: null });
  });

  it('that redirects has not taken the message', async () => {
    await make();
    await tell(1);
    repository.answer = () => 302;
    await deliver();
    expect(await state()).toMatchObject({ attempts: 1, last_error: 'answered 302' });
  });

  it('that stays away is told no more, by name', async () => {
    const made = await make();
    await tell(1);
    repository.answer = () => 500;
    for (let i = 0; i < 20; i++) {
      repository.clock.at += 3_600_000;
      await deliver();
    }
    expect(repository.sent).toHaveLength(12);
    expect(await readSubscription(repository.ctx, MAKER, 'all', made.subscriptionID)).toMatchObject({
      'zm:stopped': { code: 'SUBSCRIBER_AWAY' },
      'zm:failures': 12,
    });
  });

  it('whose token cannot be opened any more is not told anything unsigned', async () => {
    const made = await make({ signatureToken: 'secret' });
    await tell(1);
    const ctx = { ...repository.ctx, seal: { seal: (text: string) => text, open: () => null } };
    repository.clock.at += 1_000;
    await deliverNext(ctx);
    expect(repository.sent).toEqual([]);
    expect(await readSubscription(ctx, MAKER, 'all', made.subscriptionID)).toMatchObject({
      'zm:stopped': { code: 'SUBSCRIPTION_TOKEN_LOST' },
    });
  });

  it('gets a message again if its server was lost before it could note the answer', async () => {
    await make();
    await tell(1, 2);
    repository.clock.at += 1_000;
    repository.answer = () => new Promise<number>(() => undefined);
    void deliverNext(repository.ctx);
    await expect.poll(() => repository.sent.length).toBe(1);
    // the worker is gone, and its lease runs out
    await sql`update provenance.subscription set locked_until = now() - interval '1 second'`.execute(
      repository.database.db,
    );
    repository.answer = () => 200;
    await tell(3);
    await deliver();
    await deliver();
    expect(units()).toEqual(['U1', 'U2', 'U1', 'U2', 'U3']);
  });

  it('is not set back by a worker that was taken for lost and wakes up', async () => {
    await make();
    await tell(...Array.from({ length: 201 }, (_, i) => i));
    repository.clock.at += 1_000;
    const answer = Promise.withResolvers<number>();
    repository.answer = () => answer.promise;
    const late = deliverNext(repository.ctx);
    await expect.poll(() => repository.sent.length).toBe(1);
    await sql`update provenance.subscription set locked_until = now() - interval '1 second'`.execute(
      repository.database.db,
    );
    repository.answer = () => 200;
    await deliver();
    const before = await state();
    answer.resolve(200);
    await late;
    expect(await state()).toEqual(before);
    expect(repository.sent).toHaveLength(3);
  });
});

describe('a scheduled query', () => {
  it('runs when it is time, and says nothing when there is nothing', async () => {
    await make({ schedule: { minute: '0/10' } });
    await tell(1);
    await deliver();
    expect(units()).toEqual([]);
    repository.clock.at += 600_000;
    await deliver();
    expect(units()).toEqual(['U1']);
    repository.clock.at += 600_000;
    await deliver();
    expect(repository.sent).toHaveLength(1);
    expect(new Date((await state()).due_at as Date).getUTCMinutes() % 10).toBe(0);
  });

  it('reports nothing new if it was asked to', async () => {
    await make({ schedule: { minute: '0/10' }, reportIfEmpty: true });
    for (let i = 0; i < 2; i++) {
      repository.clock.at += 600_000;
      await deliver();
    }
    expect(messages().map((m) => m.epcisBody.queryResults.resultsBody.eventList)).toEqual([[], []]);
    await tell(1);
    repository.clock.at += 600_000;
    await deliver();
    expect(units()).toEqual(['U1']);
    expect(repository.sent).toHaveLength(3);
  });
});

describe('a subscription', () => {
  it.each<[string, Partial<NewSubscription>]>([
    ['SUBSCRIPTION_INVALID', { dest: 'http://receiver.example/' }],
    ['SUBSCRIPTION_INVALID', { stream: true, schedule: { hour: '1' } }],
    ['SUBSCRIPTION_INVALID', { schedule: { hour: '25' } }],
    ['SUBSCRIPTION_INVALID', { schedule: {} }],
  ])('is refused with %s: %j', async (code, given) => {
    expect(await codeOf(() => make(given))).toBe(code);
  });

  it('is refused without a time to be told', async () => {
    const given = { dest: DEST, epcFormat: 'No_Preference' } as const;
    expect(await codeOf(() => subscribe(repository.ctx, MAKER, 'all', given))).toBe('SUBSCRIPTION_INVALID');
  });

  it('is refused for queries of which only a part is wanted, or none', async () => {
    await createQuery(repository.ctx, MAKER, {
      name: 'first',
      query: { orderBy: 'eventTime', eventCountLimit: 3 },
    });
    expect(await codeOf(() => make({}, 'first'))).toBe('SUBSCRIPTION_NOT_BOUNDED');
    expect(await codeOf(() => make({}, 'none'))).toBe('NAMED_QUERY_UNKNOWN');
    expect(
      await codeOf(() =>
        subscribe(repository.ctx, idOf(s.CLINIC), 'all', {
          dest: DEST,
          stream: true,
          epcFormat: 'No_Preference',
        }),
      ),
    ).toBe('NAMED_QUERY_UNKNOWN');
  });

  it('is seen and ended by its own organisation only, and ends with its query', async () => {
    const made = await make();
    const other = idOf(s.CLINIC);
    expect(await codeOf(() => readSubscription(repository.ctx, other, 'all', made.subscriptionID))).toBe(
      'SUBSCRIPTION_UNKNOWN',
    );
    expect(await codeOf(() => unsubscribe(repository.ctx, other, 'all', made.subscriptionID))).toBe(
      'SUBSCRIPTION_UNKNOWN',
    );
    expect(await codeOf(() => readSubscription(repository.ctx, MAKER, 'all', 'x'))).toBe(
      'SUBSCRIPTION_UNKNOWN',
    );
    expect(await subscriptions(repository.ctx, MAKER, 'all', '', 10)).toEqual([made]);
    await unsubscribe(repository.ctx, MAKER, 'all', made.subscriptionID);
    expect(await subscriptions(repository.ctx, MAKER, 'all', '', 10)).toEqual([]);
    await make();
    await deleteQuery(repository.ctx, MAKER, 'all');
    await tell(1);
    await deliver();
    expect(repository.sent).toEqual([]);
  });

  it('is one of two hundred at most', async () => {
    await sql`insert into provenance.subscription (id, organisation_id, query_name, dest, report_if_empty, epc_format,
        min_record_time, created_at, era, due_at)
      select gen_random_uuid(), ${MAKER}, 'all', ${DEST}, false, 'No_Preference', now(), now(), 1, 'infinity'
      from generate_series(1, 200)`.execute(repository.database.db);
    expect(await codeOf(() => make())).toBe('NAMED_QUERIES_TOO_MANY');
  });
});
