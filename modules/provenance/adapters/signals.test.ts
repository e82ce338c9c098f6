/** Signals of copies over a real database: what opens a case, who sees it, and that it changes no answer. */

import { keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { askedUnit } from '../app/ask-unit.ts';
import { applyChainUse, chainUse, resetChainUse } from '../app/chain-use.ts';
import { closeInvestigation, investigations } from '../app/investigations.ts';
import { judgeUnit } from '../app/judge-unit.ts';
import { forgetScans, noteScan } from '../app/note-scan.ts';
import * as s from '../app/stories.property.ts';
import { type Database, idOf, openDatabase, tell, type World } from './fixtures.property.ts';

let base: Database;
let ctx: World;
beforeAll(async () => {
  base = await openDatabase();
});
afterAll(() => base.database.close());
beforeEach(async () => {
  ctx = await base.world();
  await tell(ctx, [s.made(), ...s.way()]);
});

const ask = (from: string | null = 'CN-31', more: { place?: string; code?: string } = {}) =>
  askedUnit(ctx, { code: s.unit(), network: 'n', from, ...more });
const signals = async (by = s.REGULATOR) =>
  (await investigations(ctx, idOf(by))).map(({ signal }) => signal).sort();
const before = async (place = s.CLINIC) => {
  const answer = await judgeUnit(ctx, { code: s.unit(), purpose: 'before-use', place });
  await noteScan(ctx, { answer, purpose: 'before-use', region: null });
};

describe('what cannot be', () => {
  it('opening at a site that does not hold it opens one case, for maker and regulator only', async () => {
    await before(s.OTHER_CLINIC);
    await before(s.OTHER_CLINIC);
    expect(await signals()).toEqual(['OPENED_OUTSIDE_CUSTODY']);
    expect(await signals(s.MAKER)).toEqual(['OPENED_OUTSIDE_CUSTODY']);
    expect(await signals(s.CLINIC)).toEqual([]);
  });

  it('using it a second time does too', async () => {
    await tell(ctx, [s.use(s.day(8))]);
    await before();
    expect(await signals()).toEqual(['SPENT_TWICE']);
  });

  it('more uses than the chain allowed, or an opening that nobody recorded', async () => {
    ctx.openings = 1;
    await ask();
    expect(await signals()).toEqual(['OPENED_WITHOUT_RECORD']);
    await tell(ctx, [s.use(s.day(8)), s.use(s.day(9), s.CLINIC, 'C2')]);
    await ask();
    expect(await signals()).toEqual(['OPENED_WITHOUT_RECORD', 'SPENT_TWICE']);
  });

  it('an honest way to the patient opens none', async () => {
    await before();
    ctx.openings = 1;
    await tell(ctx, [s.use(s.day(8))]);
    for (let i = 0; i < 5; i++) await ask();
    expect(await signals()).toEqual([]);
  });

  it('what a stranger says of their place is noted as their word', async () => {
    await ask(null, { place: s.OTHER_CLINIC });
    expect(await signals()).toEqual(['REPORTED_OPENED_OUTSIDE_CUSTODY']);
  });

  it('a case is closed once, with its outcome, and may be opened anew', async () => {
    await before(s.OTHER_CLINIC);
    const [one] = await investigations(ctx, idOf(s.MAKER));
    await expect(closeInvestigation(ctx, idOf(s.CLINIC), one!.id, 'x')).rejects.toMatchObject({
      code: 'CASE_UNKNOWN',
    });
    await closeInvestigation(ctx, idOf(s.MAKER), one!.id, 'wrong site number');
    await expect(closeInvestigation(ctx, idOf(s.MAKER), one!.id, 'x')).rejects.toMatchObject({
      code: 'CASE_UNKNOWN',
    });
    await before(s.OTHER_CLINIC);
    expect(await signals()).toEqual(['OPENED_OUTSIDE_CUSTODY', 'OPENED_OUTSIDE_CUSTODY']);
  });
});

describe('counts of scans', () => {
  it('keep a region and an hour, nothing of the person and no finer place or time', async () => {
    ctx.now += 17 * 60_000 + 12_345;
    await ask('CN-31');
    await ask('CN-31');
    const rows = await ctx.db.selectFrom('provenance.scan_count').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ region: 'CN-31', scans: 2, gtin: s.GTIN });
    expect(rows[0]!.hour.getTime() % 3_600_000).toBe(0);
    expect(rows[0]!.unit).not.toContain('S1');
    const columns = await sql<{ column_name: string }>`select column_name from information_schema.columns
      where table_schema = 'provenance' and table_name = 'scan_count'`.execute(ctx.db);
    expect(columns.rows.map(({ column_name }) => column_name).sort()).toEqual([
      'gtin',
      'hour',
      'region',
      'scans',
      'unit',
    ]);
  });

  it('are not made without a region, for unknown serials, or for codes without one', async () => {
    await ask(null);
    await ask('CN', { code: s.unit('X9') });
    await ask('CN', { code: `(01)${s.GTIN}` });
    expect(await ctx.db.selectFrom('provenance.scan_count').selectAll().execute()).toEqual([]);
  });

  it('open a case when one unit is scanned all over the country, and change no answer', async () => {
    const first = (await ask('CN-11')).view;
    for (const region of [
      'CN-31',
      'CN-44',
      'CN-51',
      'CN-11',
      'CN-31',
      'CN-44',
      'CN-51',
      'CN-11',
      'CN-31',
      'CN-44',
      'CN-51',
      'CN-11',
      'CN-31',
      'CN-44',
      'CN-51',
      'CN-11',
    ])
      expect((await ask(region)).view).toEqual(first);
    const found = await signals();
    expect(new Set(found)).toEqual(new Set(['UNUSUAL_SCANS']));
  });

  it('are forgotten after 90 days', async () => {
    await ask();
    ctx.now += 91 * 24 * 3_600_000;
    await forgetScans(ctx);
    expect(await ctx.db.selectFrom('provenance.scan_count').selectAll().execute()).toEqual([]);
  });
});

describe('the registry on chain', () => {
  it('is counted from its events and can be counted again', async () => {
    const unit = toHex0x(keccak256(utf8(s.unit())));
    const open = {
      contract: 'UnitRegistry',
      name: 'UnitOpened',
      args: { unit, use: '0', amount: '40' },
      block: 3,
    };
    for (let round = 0; round < 2; round++) {
      await resetChainUse(ctx.db);
      await applyChainUse(ctx.db, open);
      await applyChainUse(ctx.db, { ...open, args: { unit, use: '1', amount: '60' }, block: 4 });
      await applyChainUse(ctx.db, { ...open, contract: 'CareEscrow' });
      expect(await chainUse(ctx.db).openings(s.unit())).toEqual({ openings: 2, used: 100 });
    }
    expect(await chainUse(ctx.db).openings(s.unit('S9'))).toBeNull();
    const lot = toHex0x(keccak256(utf8('lot')));
    await applyChainUse(ctx.db, { contract: 'UnitRegistry', name: 'LotBlocked', args: { lot }, block: 5 });
    expect(await ctx.db.selectFrom('provenance.chain_lot').selectAll().execute()).toEqual([
      { lot, blocked_block: 5n },
    ]);
    await applyChainUse(ctx.db, { contract: 'UnitRegistry', name: 'LotReleased', args: { lot }, block: 6 });
    expect(await ctx.db.selectFrom('provenance.chain_lot').selectAll().execute()).toEqual([]);
  });
});
