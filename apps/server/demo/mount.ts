/** The demo's own doors: an organisation's desk, a clock that can be moved, a bank. Mounted only where DEMO is on. */
import { setTimeout as pause } from 'node:timers/promises';
import type { HttpServer } from '@zhenmei/http';
import { refreshLists } from '@zhenmei/identity';
import { AppError, defineErrors, MINUTE, toIso } from '@zhenmei/kernel';
import { transferAtDemoBank } from '@zhenmei/money';
import { traceUnit } from '@zhenmei/provenance';
import { demoApi } from '../api/contract.ts';
import { demoCardApi } from '../api/demo-card.ts';
import type { ModuleDeps } from '../compose/deps.ts';
import type { Modules } from '../compose/modules.ts';
import { followRail } from '../compose/money.ts';
import { type DemoActors, readActors } from './actors.ts';
import { cardPageHandlers } from './card-page.ts';
import { renewTimes } from './times.ts';

defineErrors({
  DEMO_NOT_READY: {
    status: 503,
    retryable: true,
    zh: '演示世界还在准备，请稍候。',
    en: 'The demo world is still being prepared. Please wait.',
  },
  DEMO_DESK_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '演示世界里没有这个机构。',
    en: 'The demo world has no such organisation.',
  },
  TIME_NOT_OURS: {
    status: 409,
    retryable: false,
    zh: '账本在别处运行，它的时间不能由这里调。请等到那个时间。',
    en: 'The ledger runs elsewhere, and its time is not ours to move. Wait until then.',
  },
  TIME_BACKWARDS: { status: 422, retryable: false, zh: '时间只能向前。', en: 'Time only moves forward.' },
});

const ASKED_AGAIN = 5 * MINUTE;

/** The next unit of the same product that nobody has opened yet, so that the sample shows what it is there to show. */
async function unopened(actors: DemoActors, modules: Modules, code: string): Promise<string> {
  const [gtin, units] = Object.entries(actors.units).find(([, all]) => all.includes(code)) ?? ['', []];
  for (const unit of units) {
    const { own } = await traceUnit(modules.provenance, unit, gtin);
    if (!own.some((event) => event.bizStep === 'dispensing')) return unit;
  }
  return code;
}

/** Organisations that sit on a panel, or were drawn for a check, now. */
async function seated({ identity, money }: Modules): Promise<ReadonlySet<string>> {
  const sitting = ['voting', 'revealing'] as const;
  const milestones = await money.db
    .selectFrom('money.dispute_seat as s')
    .innerJoin('money.dispute as d', 'd.panel_id', 's.panel_id')
    .select('s.assessor')
    .whereRef('s.round', '=', 'd.round')
    .where('d.phase', 'in', sitting)
    .execute();
  const claims = await money.db
    .selectFrom('money.dispute_seat as s')
    .innerJoin('money.claim_case as d', 'd.panel_id', 's.panel_id')
    .select('s.assessor')
    .whereRef('s.round', '=', 'd.round')
    .where('d.phase', 'in', sitting)
    .execute();
  const checks = await money.db
    .selectFrom('money.check_seat as c')
    .innerJoin('money.check_task as t', 't.id', 'c.task_id')
    .select('c.verifier as assessor')
    .whereRef('c.round', '=', 't.round')
    .where('t.phase', 'in', ['answering', 'revealing'])
    .execute();
  const seats = [...milestones, ...claims, ...checks];
  if (seats.length === 0) return new Set();
  const rows = await identity.db
    .selectFrom('identity.organisation')
    .select('id')
    .where(
      'account',
      'in',
      seats.map(({ assessor }) => assessor),
    )
    .execute();
  return new Set(rows.map(({ id }) => id));
}

export function mountDemo(http: HttpServer, deps: ModuleDeps, modules: Modules): void {
  const actors = (): DemoActors => {
    const known = readActors(deps.config.dataDir);
    if (!known?.ready) throw new AppError('DEMO_NOT_READY');
    return known;
  };
  http.mountAll(demoCardApi, cardPageHandlers(deps, modules));
  http.mountAll(demoApi, {
    listDesks: async () => {
      const { desks } = await import('./desk.ts');
      return { desks: desks(actors(), await seated(modules)) };
    },
    inviteDesk: async ({ body }) => {
      const { invite } = await import('./desk.ts');
      return invite(actors(), modules, body?.organisation);
    },
    equipDesk: async ({ caller }) => {
      const { equip } = await import('./desk.ts');
      return equip(actors(), deps, modules, caller!.accountId);
    },
    sampleLabels: async ({ caller }) => {
      const { sampleLabels } = await import('./labels.ts');
      return { labels: await sampleLabels(modules, caller?.organisationId ?? '') };
    },
    advanceTime: async ({ body }) => {
      const { embedded } = deps.engines;
      if (!embedded) throw new AppError('TIME_NOT_OURS');
      const ahead = Date.parse(body.to) - deps.clock.now();
      // asked again after a crash, the clock stands there already
      if (ahead < -ASKED_AGAIN) throw new AppError('TIME_BACKWARDS');
      deps.clock.advance(Math.max(0, ahead));
      await embedded.setClockOffset(Math.floor(deps.clock.offset() / 1000));
      // the lists of yesterday are stale now
      await refreshLists(modules.identity);
      await renewTimes(actors(), modules);
      return { now: toIso(deps.clock.now()) };
    },
    payAtBank: async ({ body, idempotencyKey }) => {
      const { money } = modules;
      const order = await money.db
        .selectFrom('money.payment_order')
        .select('pay_by')
        .where('reference', '=', body.reference)
        .executeTakeFirst();
      const entries = await transferAtDemoBank(
        money.db,
        {
          ...body,
          how: body.how ?? 'exact',
          amount: BigInt(body.amount),
          payBy: order?.pay_by?.getTime() ?? 0,
          // asked again after a crash, it is the same payment
          key: idempotencyKey ?? '',
        },
        deps.clock.now(),
      );
      await followRail(money);
      // what the house was minting already is waited for as well
      for (let tries = 100; tries > 0; tries--) {
        await deps.protocol.custodian.flush();
        await modules.indexer.catchUp();
        const now = await money.db
          .selectFrom('money.payment_order')
          .select('state')
          .where('reference', '=', body.reference)
          .executeTakeFirst();
        if (now?.state !== 'received') break;
        await pause(100);
      }
      return { entries };
    },
    sampleCodes: async () => ({
      codes: await Promise.all(
        actors().codes.map(async (sample) => ({
          ...sample,
          code: await unopened(actors(), modules, sample.code),
        })),
      ),
    }),
  });
}
