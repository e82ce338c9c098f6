/** A breach and its drill over a hundred thousand entries: who, what, by when, and never one for the other. */
import { DAY, HOUR, toIso } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftNotice } from '../core/breach/draft.ts';
import { asking, give, keep, makeGrant, newPerson, registerClinic } from './giving.property.ts';
import { codeOf, idOf, openRig, type Rig } from './rig.property.ts';

let rig: Rig;
let as: Rig['as'];
beforeAll(async () => {
  rig = await openRig();
  as = rig.as;
  await registerClinic(rig);
});
afterAll(async () => {
  await rig?.close();
});

let count = 0;
const asked = (change: object = {}) => ({
  id: idOf(`b${++count}`),
  drill: true,
  from: toIso(rig.clock.at - HOUR),
  to: toIso(rig.clock.at),
  region: 'CN',
  notify: false,
  ...change,
});
const report = (change: object = {}) => as('reportBreach', 'operator', { body: asked(change) });
const kinds = async (who: string) => (await as('readNotices', who)).notices.map(({ kind }) => kind);

describe('a breach', () => {
  it('finds who had something opened by this organisation then, and nobody else', async () => {
    for (const name of ['ann', 'bo', 'cy']) {
      const person = await newPerson(rig, name);
      const id = await give(
        rig,
        person,
        await makeGrant(rig, person, [await keep(rig, person, `${name}-a`)]),
      );
      if (name !== 'cy') await as('release', 'desk:clinic', { params: { id }, body: asking(`${name}-a`) });
    }
    rig.clock.at += HOUR;
    const found = await report();
    expect(found.accounts).toEqual([idOf('ann'), idOf('bo')].sort());
    expect(found).toMatchObject({ drill: true, people: 2, openings: 2, notified: false });
    expect(found.categories).toEqual([{ kind: 'view', purpose: 'TREAT', openings: 2, files: 2 }]);
    expect((await report({ organisation: idOf('clinic') })).people).toBe(2);
    expect((await report({ organisation: idOf('other') })).people).toBe(0);
    expect((await report({ from: toIso(rig.clock.at - 1), to: toIso(rig.clock.at) })).people).toBe(0);
    const due = found.clocks.map(({ to, dueAt }) => [to, Date.parse(dueAt) - rig.clock.at]);
    expect(due).toEqual([
      ['authority', HOUR],
      ['person', 0],
    ]);
    for (const [change, code] of [
      [{ to: toIso(rig.clock.at - DAY) }, 'BREACH_PERIOD'],
      [{ from: toIso(rig.clock.at + DAY), to: toIso(rig.clock.at + 2 * DAY) }, 'BREACH_PERIOD'],
      [{ region: 'ZZ' }, 'ERASURE_REGION'],
    ] as const)
      expect(await codeOf(report(change))).toBe(code);
  });

  it('tells nobody in a drill unless asked, then that it is one; the real thing is told once', async () => {
    expect(await kinds('ann')).toEqual([]);
    await report({ notify: true });
    expect(await kinds('ann')).toEqual(['breach-drill']);
    const body = asked({ drill: false, notify: true });
    for (const _ of [1, 2]) await as('reportBreach', 'operator', { body });
    expect(await kinds('ann')).toEqual(['breach-drill', 'breach']);
    expect(await kinds('cy')).toEqual([]);
    // a drill does not become the real thing, nor the other way round
    expect(await codeOf(as('reportBreach', 'operator', { body: { ...body, drill: true } }))).toBe(
      'BREACH_OTHER',
    );
    expect(await codeOf(as('reportBreach', 'operator', { body: { ...body, from: toIso(0) } }))).toBe(
      'BREACH_OTHER',
    );
  });

  it('says in every text of a drill that it is one, and never in a real one', () => {
    const facts = {
      from: '2026-11-24T08:00:00.000Z',
      to: '2026-11-25T00:00:00.000Z',
      people: 3,
      openings: 4,
    };
    const drill = draftNotice({ ...facts, drill: true });
    expect(drill.zh).toMatch(/^【演习，并未发生】.*【演习，并未发生】$/s);
    expect(drill.en).toMatch(/^\[DRILL: .*\[DRILL: this did not happen\]$/s);
    const real = draftNotice({ ...facts, drill: false });
    expect(`${real.zh}${real.en}`).not.toMatch(/演习|drill/i);
  });

  it('takes seconds over a hundred thousand entries', async () => {
    const at = toIso(rig.clock.at + DAY);
    await sql`
      INSERT INTO vault.access (patient_id, seq, body, salt, organisation_id, at)
      SELECT ('0198f0a0-0000-7000-9000-' || lpad(to_hex(i / 20), 12, '0'))::uuid, i % 20 + 1,
        json_build_object('kind', 'view', 'purpose', 'TREAT', 'object', 'o' || i)::text,
        decode('00', 'hex'), ${idOf('clinic')}, ${at}::timestamptz
      FROM generate_series(0, 99999) i`.execute(rig.database.db);
    rig.clock.at += 2 * DAY;
    const since = performance.now();
    const found = await report({ from: at, to: toIso(Date.parse(at) + 1), notify: true });
    const took = performance.now() - since;
    expect(found).toMatchObject({ people: 5_000, openings: 100_000, notified: true });
    expect(took).toBeLessThan(60_000);
  });
});

describe('a regulator', () => {
  const ask = (who: string, change: object = {}) => {
    const { region: _, notify: __, ...body } = asked(change);
    return as('reportBreachAtDesk', `desk:${who}`, { body });
  };
  it('asks about its own region, sees no account, and tells nobody', async () => {
    const person = await newPerson(rig, 'reg');
    const id = await give(rig, person, await makeGrant(rig, person, [await keep(rig, person, 'reg-a')]));
    await as('release', 'desk:clinic', { params: { id }, body: asking('reg-a') });
    rig.clock.at += HOUR;
    const found = await ask('office');
    expect(found).toMatchObject({ people: 1, openings: 1, notified: false, drill: true });
    expect(found).not.toHaveProperty('accounts');
    expect((await ask('office', { organisation: idOf('clinic') })).people).toBe(1);
    expect(await kinds('reg')).not.toContain('breach-drill');
    // what clinics of another region did is none of its business
    expect(await codeOf(ask('abroad', { organisation: idOf('clinic') }))).toBe('BREACH_NOT_YOURS');
    const abroad = await codeOf(ask('abroad'));
    expect(abroad).toBe('ERASURE_REGION');
  });

  it('is the only one who may ask at a desk', async () => {
    expect(await codeOf(ask('clinic'))).toBe('BREACH_NOT_YOURS');
    expect(await codeOf(ask('nobody'))).toBe('BREACH_NOT_YOURS');
    expect(await codeOf(ask('office', { from: toIso(rig.clock.at), to: toIso(rig.clock.at) }))).toBe(
      'BREACH_PERIOD',
    );
  });
});
