/** Reports of absence over a real PostgreSQL, from the events of the escrow. */
import path from 'node:path';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import type { Hex } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dueAbsences } from '../app/absence/due-absences.ts';
import { applyAbsences, resetAbsences } from '../app/absence/projection.ts';
import type { MoneyContext } from '../app/context.ts';
import type { MoneyDatabase } from './schema.ts';

const NOW = Date.parse('2026-11-26T04:00:00Z');
const UNTIL = NOW / 1000 + 172_800;
const ID: Hex = `0x${'1'.padStart(64, '0')}`;
const BY = `0x${'AB'.repeat(20)}`;

let database: TestDatabase;
let now = NOW;
let ctx: MoneyContext;
let block = 0;

beforeAll(async () => {
  database = await testDatabase([{ module: 'money', dir: path.join(import.meta.dirname, 'migrations') }]);
  ctx = {
    db: database.as<MoneyDatabase>(),
    clock: { now: () => now },
  } as unknown as MoneyContext;
});
afterAll(() => database.close());
beforeEach(async () => {
  await resetAbsences(ctx.db);
  now = NOW;
});

const event = (name: string, args: Record<string, string | number>, contract = 'CareEscrow') =>
  applyAbsences(ctx.db, {
    contract,
    name,
    args: { id: ID, ...args },
    block: ++block,
    logIndex: 0,
    time: NOW,
  });
const reported = () => event('AbsenceReported', { milestone: 1, by: BY, deadline: UNTIL });
const rows = () => ctx.db.selectFrom('money.absence').selectAll().execute();

describe('reports of absence', () => {
  it('are kept as the chain tells them', async () => {
    await reported();
    expect(await rows()).toEqual([
      {
        agreement_id: ID,
        milestone: 1,
        reported_by: BY.toLowerCase(),
        reported_at: new Date(NOW),
        until: new Date(UNTIL * 1000),
        outcome: null,
      },
    ]);
  });

  it.each([
    ['objected', 'MilestoneDisputed', { milestone: 1 }],
    ['settled', 'AgreementClosed', { reason: 8 }],
    ['settled', 'AgreementClosed', { reason: '9' }],
    ['ended', 'AgreementClosed', { reason: 3 }],
    [null, 'Credited', {}],
  ] as const)('come to %s by %s %j', async (outcome, name, args) => {
    await reported();
    await event(name, args as Record<string, string | number>);
    expect((await rows())[0]!.outcome).toBe(outcome);
  });

  it('that became a dispute stay so when the agreement closes', async () => {
    await reported();
    await event('MilestoneDisputed', { milestone: 1 });
    await event('AgreementClosed', { reason: 6 });
    expect((await rows())[0]!.outcome).toBe('objected');
  });

  it('of other contracts and other agreements are none', async () => {
    await event('AbsenceReported', { milestone: 1, by: BY, deadline: UNTIL }, 'AssessorPanel');
    expect(await rows()).toEqual([]);
    await reported();
    await event('AgreementClosed', { reason: 8, id: `0x${'2'.padStart(64, '0')}` });
    expect((await rows())[0]!.outcome).toBe(null);
  });

  it('are due once the time to object is over, and not in its last second', async () => {
    await reported();
    now = UNTIL * 1000 + 1000;
    expect(await dueAbsences(ctx)).toEqual([]);
    now += 1;
    expect(await dueAbsences(ctx)).toEqual([{ agreement: ID, milestone: 1 }]);
    await event('AgreementClosed', { reason: 8 });
    expect(await dueAbsences(ctx)).toEqual([]);
  });

  it('are given in pages, so that old ones which cannot be settled keep nothing from the others', async () => {
    await reported();
    await event('AbsenceReported', {
      milestone: 0,
      by: BY,
      deadline: UNTIL + 5,
      id: `0x${'3'.padStart(64, '0')}`,
    });
    now = UNTIL * 1000 + 10_000;
    expect((await dueAbsences(ctx)).map(({ milestone }) => milestone)).toEqual([1, 0]);
    expect((await dueAbsences(ctx, 1)).map(({ milestone }) => milestone)).toEqual([0]);
    expect(await dueAbsences(ctx, 2)).toEqual([]);
  });
});
