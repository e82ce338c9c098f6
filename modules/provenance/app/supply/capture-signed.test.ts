/** Signed statements over a real PostgreSQL. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../../../platform/db/testing.ts';
import { supplyHandlers } from '../../adapters/supply-http.ts';
import { signsEvent } from '../../core/event-signature.ts';
import { captureEvent } from '../capture-event.ts';
import { judgeUnit } from '../judge-unit.ts';
import * as s from '../stories.property.ts';
import { captureSigned } from './capture-signed.ts';
import {
  codeOf,
  digestOf,
  idOf,
  keyOf,
  newSetting,
  openDatabase,
  pointOf,
  type Setting,
  signed,
  signWith,
  siteOfEvent,
} from './setting.property.ts';

let database: TestDatabase;
let setting: Setting;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  setting = await newSetting(database);
});

const [shipped, received] = s.move(1, s.MAKER, s.DISTRIBUTOR) as [
  Record<string, unknown>,
  Record<string, unknown>,
];
const state = (event: Record<string, unknown>) =>
  captureSigned(setting.ctx, idOf(siteOfEvent(event)), signed(event));
const rows = () => setting.ctx.db.selectFrom('provenance.event_signature').selectAll().execute();

describe('a signed statement', () => {
  it('is kept with its signature, which anybody can check', async () => {
    await captureEvent(setting.ctx, idOf(s.MAKER), s.made());
    const { digest } = await state(shipped);
    expect(digest).toBe(digestOf(shipped));
    const given = await supplyHandlers(setting.ctx).readSignatures({ params: { digest } } as never);
    expect(given.signatures).toEqual([
      expect.objectContaining({ gln: s.MAKER, key: pointOf(s.MAKER), by: { zh: 'maker 0', en: 'maker 0' } }),
    ]);
    const [one] = given.signatures;
    expect(signsEvent({ event: digest, key: one!.key, signature: one!.signature })).toBe(true);
  });

  it('changes nothing when it comes again', async () => {
    const first = await state(shipped);
    expect(await state(shipped)).toEqual(first);
    expect(await rows()).toHaveLength(1);
    expect(setting.leaves).toHaveLength(1);
  });

  it('may follow the bare event, as may a second device’s', async () => {
    await captureEvent(setting.ctx, idOf(s.MAKER), shipped);
    await state(shipped);
    expect(setting.leaves).toHaveLength(1);
    expect(await rows()).toHaveLength(1);
  });

  it.each([
    ['of another event', () => signWith(keyOf(s.MAKER), digestOf(received))],
    ['of the receiver', () => signWith(keyOf(s.DISTRIBUTOR), digestOf(shipped))],
    ['that is none', () => `0x${'0'.repeat(128)}` as const],
  ])('with a signature %s leaves nothing behind', async (_what, signature) => {
    const run = () => captureSigned(setting.ctx, idOf(s.MAKER), { event: shipped, signature: signature() });
    expect(await codeOf(run)).toBe('EVENT_SIGNATURE_WRONG');
    expect(await rows()).toEqual([]);
    expect(await setting.ctx.db.selectFrom('provenance.event').select('digest').execute()).toEqual([]);
  });

  it('of somebody else’s site is refused whoever signs', async () => {
    const run = () => captureSigned(setting.ctx, idOf(s.DISTRIBUTOR), signed(shipped, s.DISTRIBUTOR));
    expect(await codeOf(run)).toBe('EVENT_NOT_YOURS');
  });

  it('needs a signed-in organisation', async () => {
    const run = async () =>
      supplyHandlers(setting.ctx).captureSigned({ caller: null, body: signed(shipped) } as never);
    expect(await codeOf(run)).toBe('EVENT_NOT_YOURS');
  });
});

describe('the verdict on a unit', () => {
  const count = async () =>
    (await judgeUnit(setting.ctx, { code: s.unit(), purpose: 'public' })).view.handovers;

  it('counts a hand-over as signed only when both sides signed', async () => {
    await captureEvent(setting.ctx, idOf(s.MAKER), s.made());
    await captureEvent(setting.ctx, idOf(s.MAKER), shipped);
    await captureEvent(setting.ctx, idOf(s.DISTRIBUTOR), received);
    expect(await count()).toEqual({ signed: 0, total: 1 });
    await state(shipped);
    expect(await count()).toEqual({ signed: 0, total: 1 });
    await state(received);
    expect(await count()).toEqual({ signed: 1, total: 1 });
  });
});
