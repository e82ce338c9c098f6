/** Recalls and warnings over a real database: who may publish, what follows, and what everybody fetches. */
import { type AppError, strictJson } from '@zhenmei/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { feedHead, feedRange } from '../app/feed.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import { publishNotice } from '../app/publish-notice.ts';
import { noticesOfParty, readNoticeView } from '../app/read-notice.ts';
import { recallProgress } from '../app/recall-progress.ts';
import { recallReach } from '../app/recall-reach.ts';
import { recalledLots } from '../app/recalled-lots.ts';
import { acknowledgeNotice, noticesForSite } from '../app/site-notices.ts';
import * as s from '../app/stories.property.ts';
import { type Notice, noticeDigest, readNotice, type SignedNotice } from '../core/notice.ts';
import {
  type Database,
  idOf,
  openDatabase,
  registerUnits,
  signAs,
  tell,
  type World,
} from './fixtures.property.ts';

let base: Database;
let ctx: World;
beforeAll(async () => {
  base = await openDatabase();
});
afterAll(() => base.database.close());
beforeEach(async () => {
  ctx = await base.world();
});

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const said = { zh: '冷链中断', en: 'The cold chain broke' };
const notice = (n: number, more: Partial<Notice> = {}): Notice => ({
  format: 'zhenmei-notice/1',
  id: id(n),
  kind: 'recall',
  issuer: s.MAKER,
  issuedAt: s.day(10),
  gtin: s.GTIN,
  lots: ['L1'],
  serials: [],
  severity: '1',
  reason: said,
  doNow: said,
  ...more,
});
const later = (n: number, kind: 'withdrawal' | 'closure', about: number, issuer = s.MAKER): Notice => {
  const { severity: _, ...rest } = notice(n, { kind, lots: [], about: id(about), issuer });
  return rest;
};
const publish = (value: Notice, by = value.issuer) => publishNotice(ctx, idOf(by), signAs(by, value));
const code = (run: Promise<unknown>) =>
  run.then(
    () => 'none',
    (error: AppError) => error.code,
  );
const verdict = async (text = s.unit()) => {
  const { view } = await judgeUnit(ctx, { code: text, purpose: 'public' });
  return view.reasons.map((reason) => reason.code);
};

describe('publishing', () => {
  it('a recall is a signed entry, a leaf of type 05, an event with its leaf, and red at once', async () => {
    await tell(ctx, [s.made(), ...s.way()]);
    expect(await verdict()).toEqual(['CONSISTENT']);
    const before = ctx.leaves.length;
    const { seq, digest } = await publish(notice(1));
    expect(seq).toBe(0);
    const [event, leaf] = ctx.leaves.slice(before);
    expect([event!.type, leaf!.type, leaf!.key]).toEqual([1, 5, `notice/${id(1)}`]);
    expect(JSON.parse(event!.text)).toMatchObject({
      disposition: 'recalled',
      quantityList: [{ epcClass: `https://id.gs1.org/01/${s.GTIN}/10/L1` }],
      'zm:notice': digest,
    });
    expect(noticeDigest(readNotice(strictJson(leaf!.text)))).toBe(digest);
    expect(await verdict()).toEqual(['RECALLED_LOT']);
    expect(await verdict(`(01)${s.GTIN}(10)L1`)).toEqual(['RECALLED_LOT']);
    expect(await verdict(`(01)${s.GTIN}(10)L2`)).toEqual(['NOT_ONBOARDED']);
  });

  it('is the same when it comes again, and refused with other content', async () => {
    const first = await publish(notice(1));
    expect(await publish(notice(1))).toEqual(first);
    expect(ctx.leaves.filter(({ type }) => type === 5)).toHaveLength(1);
    expect(await code(publish(notice(1, { lots: ['L2'] })))).toBe('NOTICE_EXISTS');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['another maker’s product', () => publish(notice(1, { gtin: s.VIAL })), 'NOTICE_NOT_YOURS'],
    ['a trader', () => publish(notice(1, { issuer: s.DISTRIBUTOR })), 'NOTICE_NOT_YOURS'],
    ['a clinic', () => publish(notice(1, { issuer: s.CLINIC })), 'NOTICE_NOT_YOURS'],
    [
      'a maker in the regulator’s name',
      () => publishNotice(ctx, idOf(s.MAKER), signAs(s.MAKER, notice(1, { issuer: s.REGULATOR }))),
      'NOTICE_NOT_YOURS',
    ],
    [
      'a device of somebody else',
      () => publishNotice(ctx, idOf(s.MAKER), signAs(s.CLINIC, notice(1))),
      'NOTICE_NOT_YOURS',
    ],
    [
      'a changed text',
      () =>
        publishNotice(ctx, idOf(s.MAKER), {
          ...signAs(s.MAKER, notice(1)),
          notice: notice(1, { lots: ['L2'] }),
        }),
      'NOTICE_NOT_SIGNED',
    ],
    ['a date of long ago', () => publish(notice(1, { issuedAt: s.day(8) })), 'NOTICE_TIME_WRONG'],
    ['a date to come', () => publish(notice(1, { issuedAt: s.day(11) })), 'NOTICE_TIME_WRONG'],
    ['a withdrawal of nothing', () => publish(later(1, 'withdrawal', 9)), 'NOTICE_UNKNOWN'],
    [
      'a stranger',
      () => publishNotice(ctx, '00000000-0000-7000-8000-00000000009f', signAs(s.MAKER, notice(1))),
      'NOTICE_NOT_YOURS',
    ],
  ])('refuses %s and leaves nothing behind', async (_what, run, expected) => {
    expect(await code(run())).toBe(expected);
    expect(ctx.leaves).toEqual([]);
    expect((await feedHead(ctx)).size).toBe(0);
  });

  it('lets a regulator warn of a product that nobody registered', async () => {
    const { severity: _, ...rest } = notice(1, {
      issuer: s.REGULATOR,
      gtin: s.VIAL,
      lots: ['C3709'],
      kind: 'counterfeit',
    });
    await publish(rest);
    expect(await verdict(`(01)${s.VIAL}(10)C3709`)).toEqual(['KNOWN_COUNTERFEIT']);
    expect(ctx.leaves.map(({ type }) => type)).toEqual([5]);
  });

  it('a mistaken recall is withdrawn by a new notice and a new event', async () => {
    await tell(ctx, [s.made(), ...s.way()]);
    await publish(notice(1));
    ctx.now += 60_000;
    await publish({ ...later(2, 'withdrawal', 1), issuedAt: new Date(ctx.now).toISOString() });
    expect(await verdict()).toEqual(['CONSISTENT']);
    expect(await code(publish(later(3, 'withdrawal', 1)))).toBe('NOTICE_UNKNOWN');
    expect(await code(publish(later(4, 'closure', 1)))).toBe('NOTICE_UNKNOWN');
    expect((await readNoticeView(ctx, id(1))).withdrawn?.notice.id).toBe(id(2));
  });

  it('a regulator may withdraw a maker’s recall, a maker not the regulator’s', async () => {
    await publish(notice(1, { issuer: s.REGULATOR }));
    await publish(notice(2, { lots: ['L2'] }));
    expect(await code(publish(later(3, 'withdrawal', 1)))).toBe('NOTICE_NOT_YOURS');
    expect(await code(publish(later(4, 'withdrawal', 2, s.REGULATOR)))).toBe('none');
  });

  it('a closed recall stays in force', async () => {
    await tell(ctx, [s.made(), ...s.way()]);
    await publish(notice(1));
    await publish(later(2, 'closure', 1));
    expect(await verdict()).toEqual(['RECALLED_LOT']);
    expect((await readNoticeView(ctx, id(1))).closed?.notice.id).toBe(id(2));
  });

  it('many at once leave no gap in the feed', async () => {
    const done = await Promise.all(
      Array.from({ length: 12 }, (_, n) => publish(notice(n, { lots: [`L${n}`] }))),
    );
    expect(done.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });
});

describe('the feed', () => {
  it('is empty at first, then has a signed head and ranges', async () => {
    expect(await feedHead(ctx)).toEqual({ format: 'zhenmei-feed/1', size: 0, checkpoint: '' });
    await publish(notice(1));
    await publish(notice(2, { lots: ['L2'] }));
    expect(await feedHead(ctx)).toMatchObject({ size: 2, checkpoint: 'zhenmei.example/recalls\n2\n' });
    const { entries } = await feedRange(ctx, 0, 2);
    expect(entries.map((one: SignedNotice) => one.notice.id)).toEqual([id(1), id(2)]);
    expect((await feedRange(ctx, 1, 2)).entries).toHaveLength(1);
  });

  it.each([
    [0, 0],
    [0, 3],
    [2, 1],
    [1, 300],
    [5, 6],
  ])('has nothing from %i to %i', async (from, to) => {
    await publish(notice(1));
    await publish(notice(2, { lots: ['L2'] }));
    expect(await code(feedRange(ctx, from, to))).toBe('FEED_RANGE_UNKNOWN');
  });
});

describe('a recall at work', () => {
  const units = [1, 2, 3, 4].map((n) => s.unit(`S${n}`));
  beforeEach(async () => {
    await registerUnits(ctx, 'L1', units);
    await tell(ctx, [
      s.made(s.day(0), units),
      ...s.move(1, s.MAKER, s.DISTRIBUTOR, units),
      ...s.move(5, s.DISTRIBUTOR, s.CLINIC, units.slice(0, 2)),
      s.ship(s.day(6), s.DISTRIBUTOR, s.OTHER_CLINIC, [units[2]!]),
      s.use(s.day(8)),
    ]);
  });

  it('shows its reach by site before it is published, and no person', async () => {
    const reach = await recallReach(ctx, { gtin: s.GTIN, lots: ['L1'], serials: [] });
    expect(reach).toMatchObject({ units: 4, gone: 0, unknown: 0 });
    expect(reach.sites.map(({ gln, held, used, coming }) => [gln, held, used, coming])).toEqual([
      [s.CLINIC, 1, 1, 0],
      ...[
        [s.DISTRIBUTOR, 1, 0, 0],
        [s.OTHER_CLINIC, 0, 0, 1],
      ].sort((a, b) => (a[0]! < b[0]! ? -1 : 1)),
    ]);
    expect(JSON.stringify(reach)).not.toMatch(/patient|account|C1/);
    expect(await recallReach(ctx, { gtin: s.GTIN, lots: ['L1'], serials: ['S3'] })).toMatchObject({
      units: 1,
    });
    expect(await recallReach(ctx, { gtin: s.GTIN, lots: ['L9'], serials: [] })).toMatchObject({
      units: 0,
      sites: [],
    });
  });

  it('is seen and acknowledged only by the sites that it concerns', async () => {
    await publish(notice(1));
    expect(await noticesForSite(ctx, idOf(s.GREY_TRADER))).toEqual([]);
    expect(await code(acknowledgeNotice(ctx, idOf(s.GREY_TRADER), id(1), 0))).toBe('NOTICE_UNKNOWN');
    const [seen] = await noticesForSite(ctx, idOf(s.CLINIC));
    expect(seen).toMatchObject({ here: { held: 1, used: 1 }, acknowledgedAt: null });
    await acknowledgeNotice(ctx, idOf(s.CLINIC), id(1), 1);
    const progress = await recallProgress(ctx, idOf(s.MAKER), id(1));
    const clinic = progress.sites.find(({ gln }) => gln === s.CLINIC);
    expect(clinic).toMatchObject({ locked: 1 });
    expect(clinic!.acknowledgedAt).not.toBeNull();
    expect(progress.sites.find(({ gln }) => gln === s.OTHER_CLINIC)!.seenAt).toBeNull();
    expect(progress.blockedLots).toEqual([]);
  });

  it('is followed by its maker and by regulators, nobody else', async () => {
    await publish(notice(1));
    expect(await code(recallProgress(ctx, idOf(s.REGULATOR), id(1)))).toBe('none');
    expect(await code(recallProgress(ctx, idOf(s.CLINIC), id(1)))).toBe('NOTICE_NOT_YOURS');
    expect(await code(recallProgress(ctx, idOf(s.MAKER), id(9)))).toBe('NOTICE_UNKNOWN');
    expect((await noticesOfParty(ctx, idOf(s.REGULATOR))).length).toBe(1);
    expect(await noticesOfParty(ctx, idOf(s.DISTRIBUTOR))).toEqual([]);
  });

  it('tells whoever keeps stock what to lock and what is free again', async () => {
    await publish(notice(1));
    await publish(notice(2, { lots: ['L1', 'L2'], serials: ['S9'] }));
    const first = await recalledLots(ctx, 0);
    expect(first.recalled.map(({ lot, units: only }) => [lot.slice(-2), only?.length ?? null])).toEqual([
      ['L1', null],
      ['L1', 1],
      ['L2', 1],
    ]);
    expect(await recalledLots(ctx, first.next)).toEqual({ recalled: [], freed: [], next: 2 });
    await publish(later(3, 'withdrawal', 2));
    const second = await recalledLots(ctx, first.next);
    expect(second).toMatchObject({ recalled: [], next: 3 });
    // the other recall still holds L1
    expect(second.freed.map(({ lot }) => lot.slice(-2))).toEqual(['L2']);
  });
});
