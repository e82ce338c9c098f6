/** Capture jobs: all or nothing, or whatever can be captured; and what a lost server leaves to the next. */
import type { Json } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, idOf, openRepository, type Repository } from '../adapters/repository.property.ts';
import { captureEvent } from './capture-event.ts';
import type { EpcisContext } from './context.ts';
import { type ErrorBehaviour, openCaptureJob } from './open-capture-job.ts';
import { captureJobs, readCaptureJob } from './read-capture-job.ts';
import { runCaptureJob } from './run-capture-job.ts';
import * as s from './stories.property.ts';

type Event = Record<string, unknown>;
const MAKER = idOf(s.MAKER);
const document = (events: unknown[], more: Event = {}): Json =>
  ({
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: s.day(1),
    epcisBody: { eventList: events },
    ...more,
  }) as Json;
const stored = (n: number, more: Event = {}): Event =>
  s.event(s.day(1, n % 24), 'storing', s.MAKER, { epcList: [s.unit(`U${n}`)], ...more });
const many = (count: number) => Array.from({ length: count }, (_, n) => stored(n));

let repository: Repository;
beforeAll(async () => {
  repository = await openRepository();
});
afterAll(() => repository.close());
beforeEach(() => repository.clear());

const open = (events: unknown[], behaviour: ErrorBehaviour) =>
  openCaptureJob(repository.ctx, MAKER, document(events), behaviour);
const read = (id: string) => readCaptureJob(repository.ctx, MAKER, id);
const count = async () =>
  (await repository.rows<{ n: number }>('select count(*)::int as n from provenance.event'))[0]!.n;
async function run(events: unknown[], behaviour: ErrorBehaviour) {
  const id = await open(events, behaviour);
  await runCaptureJob(repository.ctx, id);
  return read(id);
}
/** A context whose log fails at its nth call. */
function failing(at: number): EpcisContext {
  let calls = 0;
  return {
    ...repository.ctx,
    log: {
      ...repository.ctx.log,
      appendMany: async (tx, leaves) => {
        if (++calls === at) throw new Error('the server is lost');
        await repository.ctx.log.appendMany(tx, leaves);
      },
    },
  };
}

describe('a job', () => {
  it('is put in with its document, and is done once', async () => {
    const id = await open(many(3), 'rollback');
    expect(repository.queued).toEqual([id]);
    expect(await read(id)).toMatchObject({ running: true, success: true, errors: [] });
    expect(await count()).toBe(0);
    await runCaptureJob(repository.ctx, id);
    await runCaptureJob(repository.ctx, id);
    expect(await read(id)).toMatchObject({
      running: false,
      success: true,
      captureErrorBehaviour: 'rollback',
      finishedAt: expect.any(String),
    });
    expect([await count(), repository.leaves.length]).toEqual([3, 3]);
    expect(await repository.rows('select document from provenance.capture_job')).toEqual([
      { document: null },
    ]);
    await runCaptureJob(repository.ctx, '00000000-0000-7000-8000-00000000ffff');
  });

  it.each<[string, Json, string | null]>([
    ['a text', 'x', null],
    ['a list', [], null],
    ['a bare event', stored(1) as Json, null],
    ['a document without events', document([]), '/epcisBody'],
    ['an event that is none', document(['x']), '/epcisBody/eventList/0'],
    [
      'a document without a context',
      { ...(document([stored(1)]) as object), '@context': undefined } as never,
      '/',
    ],
    ['a document of another version', document([stored(1)], { schemaVersion: 'two' }), '/schemaVersion'],
  ])('is not made of %s', async (_what, given, path) => {
    await expect(
      openCaptureJob(repository.ctx, MAKER, JSON.parse(JSON.stringify(given)) as Json, 'rollback'),
    ).rejects.toMatchObject(
      path === null ? { code: 'EPCIS_NOT_A_DOCUMENT' } : { code: 'EVENT_INVALID', params: { path } },
    );
    expect(repository.queued).toEqual([]);
  });

  it('is not made of more than it may hold', async () => {
    const events = Array.from({ length: 5_001 }, () => stored(1));
    expect(await codeOf(() => open(events, 'proceed'))).toBe('CAPTURE_TOO_MANY');
  });

  it('is made of the results of a query too', async () => {
    const results = {
      ...(document([]) as object),
      type: 'EPCISQueryDocument',
      epcisBody: { queryResults: { queryName: 'x', resultsBody: { eventList: many(2) } } },
    };
    const id = await openCaptureJob(repository.ctx, MAKER, results as Json, 'rollback');
    await runCaptureJob(repository.ctx, id);
    expect(await count()).toBe(2);
  });

  it('is seen by its own organisation, page by page, the newest first', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      repository.clock.at += 1;
      ids.unshift(await open([stored(n)], 'proceed'));
    }
    const list = async (page: { before?: string; limit: number }) =>
      (await captureJobs(repository.ctx, MAKER, page)).map(({ captureID }) => captureID);
    expect(await list({ limit: 10 })).toEqual(ids);
    expect(await list({ limit: 1, before: ids[0]! })).toEqual([ids[1]]);
    expect(await captureJobs(repository.ctx, idOf(s.CLINIC), { limit: 10 })).toEqual([]);
    expect(await codeOf(() => readCaptureJob(repository.ctx, idOf(s.CLINIC), ids[0]!))).toBe(
      'CAPTURE_JOB_UNKNOWN',
    );
    expect(await codeOf(() => read('x'))).toBe('CAPTURE_JOB_UNKNOWN');
  });
});

const MIXED = [
  stored(0),
  stored(1, { action: 'CHANGE' }),
  s.use(s.day(1), s.MAKER),
  stored(3),
  s.event(s.day(1), 'storing', s.CLINIC, { epcList: [s.unit('X')] }),
];
const REFUSED = [
  { position: 1, pointer: '/epcisBody/eventList/1', code: 'EVENT_INVALID' },
  { position: 2, pointer: '/epcisBody/eventList/2', code: 'EVENT_NOT_YOUR_ROLE' },
  { position: 4, pointer: '/epcisBody/eventList/4', code: 'EVENT_NOT_YOURS' },
];

describe('rollback', () => {
  it('captures nothing if one event is refused, and names every one', async () => {
    const job = await run(MIXED, 'rollback');
    expect(job).toMatchObject({ running: false, success: false });
    expect(job.errors).toMatchObject(REFUSED);
    expect([await count(), repository.leaves.length]).toEqual([0, 0]);
  });

  it('captures nothing if a name is taken, and says by which event', async () => {
    await captureEvent(repository.ctx, MAKER, stored(9, { eventID: 'urn:x:taken' }));
    const job = await run([...many(3), stored(5, { eventID: 'urn:x:taken' })], 'rollback');
    expect(job.errors).toMatchObject([{ position: 3, code: 'EVENT_EXISTS' }]);
    expect(await count()).toBe(1);
  });

  it('leaves nothing behind a server that is lost, and the next does all of it', async () => {
    const id = await open(many(1_200), 'rollback');
    await expect(runCaptureJob(failing(3), id)).rejects.toThrow('lost');
    expect(await count()).toBe(0);
    expect(await read(id)).toMatchObject({ running: true, success: true });
    repository.leaves.length = 0;
    await runCaptureJob(repository.ctx, id);
    expect([await count(), repository.leaves.length]).toEqual([1_200, 1_200]);
  });
});

describe('proceed', () => {
  it('captures what it can, and names the rest by position', async () => {
    const job = await run(MIXED, 'proceed');
    expect(job).toMatchObject({ running: false, success: false, captureErrorBehaviour: 'proceed' });
    expect(job.errors).toMatchObject(REFUSED);
    expect(await count()).toBe(2);
  });

  it('leaves out an event whose name is taken, wherever it stands', async () => {
    await captureEvent(repository.ctx, MAKER, stored(9, { eventID: 'urn:x:taken' }));
    const events = [
      stored(1, { eventID: 'urn:x:taken' }),
      stored(2),
      stored(3, { eventID: 'urn:x:twice' }),
      stored(4, { eventID: 'urn:x:twice' }),
      stored(2),
    ];
    const job = await run(events, 'proceed');
    expect(job.errors.map(({ position, code }) => [position, code])).toEqual([
      [0, 'EVENT_EXISTS'],
      [3, 'EVENT_EXISTS'],
    ]);
    expect(await count()).toBe(3);
  });

  it('goes on where a server was lost: each event once, and the errors too', async () => {
    const events = many(900);
    events[10] = { ...events[10]!, action: 'CHANGE' };
    events[700] = { ...events[700]!, action: 'CHANGE' };
    const id = await open(events, 'proceed');
    await expect(runCaptureJob(failing(3), id)).rejects.toThrow('lost');
    expect(await count()).toBe(399);
    expect(await read(id)).toMatchObject({ running: true, success: false, errors: [{ position: 10 }] });
    await runCaptureJob(repository.ctx, id);
    expect((await read(id)).errors.map(({ position }) => position)).toEqual([10, 700]);
    expect(await count()).toBe(898);
    const keys = repository.leaves.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is done once by two workers that both take it for theirs', async () => {
    const id = await open(many(900), 'proceed');
    await Promise.all([runCaptureJob(repository.ctx, id), runCaptureJob(repository.ctx, id)]);
    expect(await read(id)).toMatchObject({ running: false, success: true });
    expect([await count(), repository.leaves.length]).toEqual([900, 900]);
  });

  it('ends by name when nobody will try again', async () => {
    const id = await open(many(3), 'proceed');
    await expect(runCaptureJob(failing(1), id, true)).resolves.toBeUndefined();
    expect(await read(id)).toMatchObject({
      running: false,
      success: false,
      errors: [{ position: 0, code: 'CAPTURE_FAILED' }],
    });
    expect(await count()).toBe(0);
  });
});

describe('what no text of the database can hold', () => {
  it.each<[string, Event]>([
    ['a value', { 'zm:lot': 'urn:x:\u0000' }],
    ['a name', { 'zm:a\u0000b': 'x' }],
    ['an eventID', { eventID: 'urn:x:\u0000' }],
  ])('is refused in %s', async (_what, more) => {
    const job = await run([stored(1, more), stored(2)], 'proceed');
    expect(job.errors).toMatchObject([{ position: 0, code: 'EVENT_INVALID' }]);
    expect(await count()).toBe(1);
  });

  it('is not what only looks like it', async () => {
    const job = await run([stored(1, { 'zm:note': '\\u0000' })], 'proceed');
    expect(job.errors).toEqual([]);
    expect(
      (
        await sql<{ note: string }>`select body ->> 'zm:note' as note from provenance.event`.execute(
          repository.database.db,
        )
      ).rows,
    ).toEqual([{ note: '\\u0000' }]);
  });
});
