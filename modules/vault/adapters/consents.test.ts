/** Consents at the gatekeeper: a grant without one opens nothing, one alone opens nothing, a changed notice asks again. */
import { toBase64Url } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asking, give, keep, makeGrant, newPerson, openOne, registerClinic } from './giving.property.ts';
import { codeOf, openRig, type Rig, random } from './rig.property.ts';

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

const release = (id: string, object: string) =>
  codeOf(as('release', 'desk:clinic', { params: { id }, body: asking(object) }));
const given = async (name: string) => {
  const person = await newPerson(rig, name);
  const file = await keep(rig, person, `${name}-a`);
  const made = await makeGrant(rig, person, [file]);
  return { person, file, made, id: await give(rig, person, made) };
};

describe('a consent', () => {
  it('is listed by its hash, purpose and notice, without a word of what it covers', async () => {
    const { made } = await given('ann');
    const { consents } = await as('listConsents', 'ann');
    expect(consents).toMatchObject([{ receipt: made.grant.receipt, purpose: 'TREAT', withdrawnAt: null }]);
    expect(consents[0]!.notice).toEqual(made.grant.notice);
    const { rows } = await sql<{
      all: string;
    }>`SELECT row_to_json(c)::text AS all FROM vault.consent c`.execute(rig.database.db);
    expect(rows.some(({ all }) => /face|photo|allerg/.test(all))).toBe(false);
    expect((await as('listConsents', 'nobody')).consents).toEqual([]);
  });

  it('is needed for every opening: a grant whose consent is gone, or is another’s, opens nothing', async () => {
    const { id, made } = await given('bo');
    expect(await release(id, 'bo-a')).toBe('none');
    const receipt = made.grant.receipt;
    const set = (change: string) =>
      sql`UPDATE vault.consent SET ${sql.raw(change)} WHERE receipt = ${receipt}`.execute(rig.database.db);
    await set(`purpose = 'HMARKT'`);
    expect(await release(id, 'bo-a')).toBe('CONSENT_UNKNOWN');
    await set(`purpose = 'TREAT', subject = 'x'`);
    expect(await release(id, 'bo-a')).toBe('CONSENT_UNKNOWN');
    await set(`subject = '${made.grant.subject}', ends_at = '2020-01-01'`);
    expect(await release(id, 'bo-a')).toBe('CONSENT_WITHDRAWN');
    await sql`DELETE FROM vault.consent WHERE receipt = ${receipt}`.execute(rig.database.db);
    expect(await release(id, 'bo-a')).toBe('CONSENT_UNKNOWN');
  });

  it('opens nothing by itself: with the grant gone, there is nothing to open', async () => {
    const { id, made } = await given('cy');
    await sql`DELETE FROM vault.permission WHERE id = ${id}`.execute(rig.database.db);
    expect((await as('listConsents', 'cy')).consents[0]!.receipt).toBe(made.grant.receipt);
    expect(await release(id, 'cy-a')).toBe('GRANT_UNKNOWN');
    expect((await as('deskGrants', 'desk:clinic')).grants.some(({ grant }) => grant.id === id)).toBe(false);
  });

  it('is taken back in one call, with all that rests on it, and cannot be used again', async () => {
    const { id, made, person } = await given('dan');
    const reading = (await openOne(rig, id, 'dan-a')).reading;
    const { receipt } = made.grant;
    expect(await codeOf(as('withdrawConsent', 'ann', { params: { receipt } }))).toBe('CONSENT_UNKNOWN');
    expect(await release(id, 'dan-a')).toBe('none');
    for (const _ of [1, 2]) await as('withdrawConsent', 'dan', { params: { receipt } });
    expect(await release(id, 'dan-a')).toBe('GRANT_REVOKED');
    expect(await codeOf(as('readReleased', 'desk:clinic', { params: { id: reading } }))).toBe('READ_UNKNOWN');
    expect((await as('listConsents', 'dan')).consents[0]!.withdrawnAt).not.toBeNull();
    // the same receipt under another grant
    const next = await makeGrant(rig, person, [], { compartments: ['label'], receipt });
    expect(await codeOf(give(rig, person, next))).toBe('CONSENT_WITHDRAWN');
    const unknown = toBase64Url(random(32));
    expect(await codeOf(as('withdrawConsent', 'dan', { params: { receipt: unknown } }))).toBe(
      'CONSENT_UNKNOWN',
    );
  });

  it('ends with its grant, and nobody else’s receipt can be borrowed', async () => {
    const { id, made } = await given('eve');
    const fay = await newPerson(rig, 'fay');
    const borrowed = await makeGrant(rig, fay, [], { compartments: ['label'], receipt: made.grant.receipt });
    expect(await codeOf(give(rig, fay, borrowed))).toBe('CONSENT_UNKNOWN');
    await as('revokeGrant', 'eve', { params: { id } });
    expect((await as('listConsents', 'eve')).consents[0]!.withdrawnAt).not.toBeNull();
  });

  it('to a notice that was never shown, or that is for another purpose, is none', async () => {
    const gus = await newPerson(rig, 'gus');
    const notice = { id: 'treat', version: '1', hash: toBase64Url(random(32)) };
    const forged = await makeGrant(rig, gus, [], { compartments: ['label'], notice });
    expect(await codeOf(give(rig, gus, forged))).toBe('CONSENT_NOTICE_UNKNOWN');
    const research = (await makeGrant(rig, gus, [], { compartments: ['label'], purpose: 'HRESCH' })).grant
      .notice;
    const other = await makeGrant(rig, gus, [], { compartments: ['label'], notice: research });
    expect(await codeOf(give(rig, gus, other))).toBe('CONSENT_NOTICE_UNKNOWN');
  });

  it('to a notice that has changed since opens nothing until it is given anew', async () => {
    const { id, person, file } = await given('hal');
    const before = rig.clock.at;
    const notAfter = '2027-03-01T00:00:00.000Z';
    const long = await give(rig, person, await makeGrant(rig, person, [file], { notAfter }));
    expect(await release(long, 'hal-a')).toBe('none');
    rig.clock.at = Date.parse('2027-01-02T00:00:00.000Z');
    expect(await release(id, 'hal-a')).toBe('GRANT_EXPIRED');
    expect(await release(long, 'hal-a')).toBe('CONSENT_NOTICE_CHANGED');
    const stale = (await as('listConsents', 'hal')).consents[0]!.notice;
    const again = await makeGrant(rig, person, [file], { notice: stale });
    expect(await codeOf(give(rig, person, again))).toBe('CONSENT_NOTICE_CHANGED');
    const fresh = await give(rig, person, await makeGrant(rig, person, [file]), { replaces: long });
    expect(await release(fresh, 'hal-a')).toBe('none');
    expect(await release(long, 'hal-a')).toBe('GRANT_REVOKED');
    rig.clock.at = before;
  });
});
