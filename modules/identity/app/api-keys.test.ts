import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { newId } from '@zhenmei/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityDatabase } from '../adapters/schema.ts';
import { apiKeys, findApiKey, revokeApiKey } from './api-keys.ts';
import { makeApiKey, secretHash } from './make-api-key.ts';

const folder = new URL('../adapters/migrations/', import.meta.url);
const bytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

let database: TestDatabase;
let now = Date.parse('2026-03-01T08:00:00Z');
const context = () => ({
  db: database.as<IdentityDatabase>(),
  clock: { now: () => now },
  random: { bytes },
});
const desks = ['9521000000018', '9521000000025'].map((gln) => ({
  gln,
  organisationId: newId(now, bytes(10)),
  deviceId: newId(now, bytes(10)),
}));
const [mine, other] = desks as [(typeof desks)[0], (typeof desks)[0]];
const both = { name: '仓库系统', scopes: ['capture', 'query'] } as const;

beforeEach(async () => {
  now = Date.parse('2026-03-01T08:00:00Z');
  database = await testDatabase([{ module: 'identity', dir: folder }]);
  const text = JSON.stringify({ zh: '甲', en: 'A' });
  for (const { organisationId, gln } of desks)
    await database
      .as<IdentityDatabase>()
      .insertInto('identity.organisation')
      .values({
        id: organisationId,
        kind: 'distributor',
        name: text,
        city: text,
        address: text,
        region: '310000',
        gln,
        account: null,
        first_signer: null,
        created_at: new Date(now),
      } as never)
      .execute();
});
afterEach(() => database.close());

describe('an API key', () => {
  it('is found by its secret, for its organisation and its scopes', async () => {
    const { id, secret } = await makeApiKey(context(), mine, { name: 'ERP', scopes: ['capture', 'capture'] });
    expect(secret).toMatch(/^zmk_[\w-]{43}$/);
    expect(await findApiKey(context(), secret)).toEqual({
      id,
      organisationId: mine.organisationId,
      scopes: ['capture'],
    });
  });

  it('is kept as a hash, and never shown again', async () => {
    const { id, secret } = await makeApiKey(context(), mine, both);
    const row = await database
      .as<IdentityDatabase>()
      .selectFrom('identity.api_key')
      .selectAll()
      .executeTakeFirstOrThrow();
    expect(new Uint8Array(row.secret_hash)).toEqual(secretHash(secret));
    expect(JSON.stringify(row)).not.toContain(secret.slice(4));
    expect(await apiKeys(context(), mine.organisationId)).toEqual([
      { id, ...both, madeAt: new Date(now).toISOString(), revokedAt: null, usedAt: null },
    ]);
  });

  it('remembers its last use, to the minute', async () => {
    const { secret } = await makeApiKey(context(), mine, both);
    const used = async () => {
      await findApiKey(context(), secret);
      return (await apiKeys(context(), mine.organisationId))[0]!.usedAt;
    };
    expect(await used()).toBe('2026-03-01T08:00:00.000Z');
    now += 59_999;
    expect(await used()).toBe('2026-03-01T08:00:00.000Z');
    now += 1;
    expect(await used()).toBe('2026-03-01T08:01:00.000Z');
  });

  it('ends at once, and stays on the list', async () => {
    const { id, secret } = await makeApiKey(context(), mine, both);
    now += 1_000;
    const kept = await makeApiKey(context(), mine, both);
    now += 1_000;
    await revokeApiKey(context(), mine, id);
    expect(await findApiKey(context(), secret)).toBeNull();
    expect(await findApiKey(context(), kept.secret)).not.toBeNull();
    expect((await apiKeys(context(), mine.organisationId)).map((key) => [key.id, key.revokedAt])).toEqual([
      [kept.id, null],
      [id, '2026-03-01T08:00:02.000Z'],
    ]);
  });

  it.each([
    ['empty', ''],
    ['without a secret', 'zmk_'],
    ['of another secret', `zmk_${'A'.repeat(43)}`],
    ['long', `zmk_${'x'.repeat(10_000)}`],
  ])('is not one that is %s', async (_, secret) => {
    await makeApiKey(context(), mine, both);
    expect(await findApiKey(context(), secret)).toBeNull();
  });

  it('is not found by a part of its secret, nor in other letters', async () => {
    const { secret } = await makeApiKey(context(), mine, both);
    for (const wrong of [
      secret.slice(0, -1),
      `${secret}A`,
      secret.slice(4),
      secret.toUpperCase(),
      ` ${secret}`,
    ])
      expect(await findApiKey(context(), wrong)).toBeNull();
  });

  it('is not ended by another organisation, nor twice', async () => {
    const { id, secret } = await makeApiKey(context(), mine, both);
    await expect(revokeApiKey(context(), other, id)).rejects.toMatchObject({ code: 'API_KEY_UNKNOWN' });
    expect(await findApiKey(context(), secret)).not.toBeNull();
    expect(await apiKeys(context(), other.organisationId)).toEqual([]);
    await revokeApiKey(context(), mine, id);
    await expect(revokeApiKey(context(), mine, id)).rejects.toMatchObject({ code: 'API_KEY_UNKNOWN' });
  });

  it('is one of fifty live ones at most, however many desks ask at once', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 60 }, () => makeApiKey(context(), mine, both)),
    );
    const refused = asked.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(10);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: 'API_KEYS_TOO_MANY', params: { limit: 50 } });
    const [first] = await apiKeys(context(), mine.organisationId);
    await revokeApiKey(context(), mine, first!.id);
    await makeApiKey(context(), mine, both);
    await makeApiKey(context(), other, both);
  });
});
