/** What a recall reads beside the events, and what a migration carries over from a database of before. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@zhenmei/db';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { judgeUnit } from '../app/judge-unit.ts';
import { registerProduct } from '../app/products.ts';
import { recallSites } from '../app/recall-sites.ts';
import * as s from '../app/stories.property.ts';
import { traceUnit } from '../app/trace-unit.ts';
import type { EpcisEvent } from '../core/events.ts';
import {
  derived,
  idOf,
  MIGRATIONS,
  openRepository,
  partyOf,
  type Repository,
} from './repository.property.ts';

type Event = Record<string, unknown>;

let repository: Repository;
beforeAll(async () => {
  repository = await openRepository();
});
afterAll(() => repository.close());
beforeEach(() => repository.clear());

const wrong = (event: Event): Event => ({
  ...event,
  errorDeclaration: { declarationTime: s.day(9), reason: 'incorrect_data' },
});

describe('a recall', () => {
  it('reaches every site that had units of the lot, in boxes or not, and says what is still there', async () => {
    const [a, b, c] = [s.unit('A'), s.unit('B'), s.unit('C')];
    await repository.tell([
      s.made(s.day(0), [a, b, c]),
      s.pack(s.day(0, 1), s.box(), [a, b]),
      ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]),
      ...s.move(3, s.DISTRIBUTOR, s.CLINIC, [s.box()]),
      s.pack(s.day(5), s.box(), [a, b], 'DELETE', s.CLINIC),
      s.use(s.day(6), s.CLINIC, 'C1', { epcList: [a] }),
      s.ship(s.day(6), s.MAKER, s.OTHER_CLINIC, [c]),
      s.made(s.day(7), [s.unit('D')], { 'cbvmda:lotNumber': 'L2' }),
    ]);
    const lot = `https://id.gs1.org/01/${s.GTIN}/10/L1`;
    const found = await recallSites(repository.ctx, lot);
    expect(found).toEqual([
      { site: s.site(s.MAKER), seen: 3, held: 0, sent: 1, used: 0 },
      { site: s.site(s.DISTRIBUTOR), seen: 2, held: 0, sent: 0, used: 0 },
      { site: s.site(s.CLINIC), seen: 2, held: 1, sent: 0, used: 1 },
    ]);
    expect(await recallSites(repository.ctx, lot.replace('id.gs1.org', 'example.com'))).toEqual(found);
    expect(await recallSites(repository.ctx, 'urn:x:none')).toEqual([]);
    await repository.tell([wrong(s.made(s.day(0), [a, b, c]))]);
    expect(await recallSites(repository.ctx, lot)).toEqual([]);
  });
});

describe('a database of before', () => {
  const events = [
    s.made(),
    s.made(s.day(0), [s.unit('S9')], { 'cbvmda:lotNumber': 'L/1 #' }),
    s.pack(s.day(0, 1), s.box(), [s.unit()]),
    ...s.move(1, s.MAKER, s.DISTRIBUTOR, [s.box()]),
    ...s.move(5, s.DISTRIBUTOR, s.CLINIC, [s.box()]),
    { ...s.pack(s.day(6, 2), s.box(), [], 'DELETE', s.CLINIC), childEPCs: [] },
    s.use(s.day(8), s.CLINIC, 'C1', { eventID: 'urn:uuid:1' }),
    s.use(s.day(8), s.CLINIC, 'C2'),
    wrong(s.use(s.day(8), s.CLINIC, 'C2')),
    s.recall(s.day(9)),
    s.event(s.day(8), 'sensor_reporting', s.CLINIC, s.warm(s.day(7), s.day(7, 3), 40)),
    s.event('2001-01-01T00:00:00Z', 'storing', s.MAKER, { epcList: [s.unit('OLD')] }),
  ] as Event[];

  it('has everything that capture would write now, and gives the same verdict', async () => {
    await repository.tell(events);
    const product = {
      ...s.FILLER,
      name: { zh: 'x', en: 'x' },
      registration: 'R',
      maxAmountPerUnit: 1,
      amountUnit: 'uL',
      ingredients: [],
    };
    const judged = (from: Repository) => judgeUnit(from.ctx, { code: s.unit(), purpose: 'public' });
    await registerProduct(repository.ctx, idOf(s.MAKER), product as never);
    const before = mkdtempSync(join(tmpdir(), 'zm-migrations-'));
    for (const file of ['0001_init.sql', '0002_event_hash.sql'])
      cpSync(join(MIGRATIONS, file), join(before, file));
    const old = await openRepository(before);
    try {
      for (const row of await repository.rows<{
        body: EpcisEvent;
        digest: string;
        hash: Buffer;
        event_id: string | null;
      }>('select * from provenance.event order by no'))
        await sql`
          insert into provenance.event (digest, body, biz_step, event_time, site, captured_by, captured_at, hash, event_id)
          values (${row.digest}, ${JSON.stringify(row.body)}, ${row.body.bizStep ?? null}, ${row.body.eventTime},
            ${row.body.bizLocation?.id ?? row.body.readPoint?.id ?? null}, ${idOf(partyOf(row.body))}, ${s.day(10)},
            ${`ni:///sha-256;${row.hash.toString('hex')}?ver=CBV2.0`}, ${row.event_id})`.execute(
          old.database.db,
        );
      await sql`insert into provenance.event_epc (epc, digest, role) select 'x', digest, 'epc' from provenance.event`.execute(
        old.database.db,
      );
      await sql`
        insert into provenance.product (gtin, maker_id, body, registered_at)
        values (${s.GTIN}, ${idOf(s.MAKER)}, ${JSON.stringify(product)}, ${s.day(10)})`.execute(
        old.database.db,
      );
      await migrate(old.database.db, [{ module: 'provenance', dir: MIGRATIONS }]);
      expect(await derived(old)).toEqual(await derived(repository));
      const [now, then] = [await judged(repository), await judged(old)];
      expect(then.view).toEqual(now.view);
      expect(then.view.reasons.map(({ code }) => code)).toContain('RECALLED_LOT');
      expect(await old.rows('select event_id, correction from provenance.event_name')).toEqual(
        await repository.rows('select event_id, correction from provenance.event_name'),
      );
      // and it goes on from there
      await old.tell([wrong(s.pack(s.day(0, 1), s.box(), [s.unit()]))]);
      expect((await traceUnit(old.ctx, s.unit(), s.GTIN)).own.length).toBeLessThan(now.events.length);
    } finally {
      await old.close();
      rmSync(before, { recursive: true });
    }
  });
});
