/** An organisation's devices over a real PostgreSQL: listed, named, retired; and who may not. */
import { fromHex, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IdentityContext } from '../app/context.ts';
import { organisations } from '../app/directory.ts';
import { listDevices } from '../app/list-devices.ts';
import { nameDevice } from '../app/name-device.ts';
import { readProfile } from '../app/read-profile.ts';
import { collectCertificates } from '../app/register/collect.ts';
import { retireDevice } from '../app/retire-device.ts';
import { judgeSigners, settleSigners } from '../app/settle-signers.ts';
import { type TestIdentity, testIdentity } from './house.property.ts';

let house: TestIdentity;
let ctx: IdentityContext;
/** Signers on the account, by account. */
let chain: Map<Hex, Hex[]>;
let ended: string[];
let clinic: string;
let other: string;
let account: Hex;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
const signerOf = (id: string): Hex => `0x${id.replaceAll('-', '')}`;
const hashOf = (id: string): Hex => toHex0x(keccak256(fromHex(signerOf(id))));

async function join(organisation: string, on = true): Promise<string> {
  house.now += 1_000;
  const id = house.id();
  await ctx.db
    .insertInto('identity.device')
    .values({
      id,
      organisation_id: organisation,
      signer: signerOf(id),
      holder_key: `0x04${id.replaceAll('-', '')}`,
      joined_at: new Date(house.now),
    })
    .execute();
  const known = await ctx.db
    .selectFrom('identity.organisation')
    .selectAll()
    .where('id', '=', organisation)
    .executeTakeFirstOrThrow();
  const mine = known.account ?? signerOf(organisation);
  if (!known.account)
    await ctx.db
      .updateTable('identity.organisation')
      .set({ account: mine, first_signer: signerOf(id) })
      .where('id', '=', organisation)
      .execute();
  if (on) chain.set(mine, [...(chain.get(mine) ?? []), signerOf(id)]);
  return id;
}
const leave = (id: string) =>
  chain.set(
    account,
    chain.get(account)!.filter((one) => one !== signerOf(id)),
  );
const at = (deviceId: string, organisationId = clinic) => ({ organisationId, deviceId });
const lost = { reason: 'lost', replacedBy: null } as const;
const keys = async () => (await organisations(ctx, { id: clinic }))[0]!;
const row = (id: string) =>
  ctx.db.selectFrom('identity.device').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

beforeEach(async () => {
  house = await testIdentity();
  chain = new Map();
  ended = [];
  ctx = {
    ...house.ctx,
    accounts: {
      ...house.ctx.accounts,
      authority: async (one) => (chain.has(one) ? { signers: chain.get(one)!, threshold: 1 } : null),
    },
    sessions: {
      ...house.ctx.sessions,
      closeAll: async (id) => void ended.push(id),
      seen: async (ids) => new Map(ids.slice(0, 1).map((id) => [id, new Date(house.now)])),
    },
  };
  clinic = await house.organisation('clinic', 'A');
  house.now += 1_000;
  other = await house.organisation('clinic', 'B');
  account = signerOf(clinic);
});
afterEach(() => house.database.close());

describe('the list', () => {
  it('says of each device when it came, whether it signs, and which one asks', async () => {
    const [first, second] = [await join(clinic), await join(clinic, false)];
    await join(other);
    await nameDevice(ctx, clinic, second, '前台');
    expect(await listDevices(ctx, at(second))).toMatchObject({
      threshold: 1,
      devices: [
        { id: first, number: 1, name: null, here: false, confirmed: true, seenAt: expect.any(String) },
        { id: second, number: 2, name: '前台', here: true, confirmed: false, seenAt: null, retiredAt: null },
      ],
    });
  });
  it('knows the founding device before the account is there', async () => {
    const [first] = [await join(clinic), await join(clinic, false)];
    chain.clear();
    const { devices } = await listDevices(ctx, at(first));
    expect(devices.map(({ confirmed }) => confirmed)).toEqual([true, false]);
  });
  it('is refused to whom nobody knows', async () => {
    expect(await codeOf(listDevices(ctx, at(house.id(), house.id())))).toBe('ORGANISATION_UNKNOWN');
  });
});

describe('a name', () => {
  it('is not given to another organisation’s device, or to one that ended', async () => {
    const [first, second, foreign] = [await join(clinic), await join(clinic), await join(other)];
    expect(await codeOf(nameDevice(ctx, clinic, foreign, 'x'))).toBe('DESK_DEVICE_UNKNOWN');
    leave(second);
    await retireDevice(ctx, at(first), second, lost);
    expect(await codeOf(nameDevice(ctx, clinic, second, 'x'))).toBe('DESK_DEVICE_UNKNOWN');
  });
});

describe('a device that was lost', () => {
  it('ends with its sessions and its key; what it signed before counts', async () => {
    const [first, second] = [await join(clinic), await join(clinic)];
    leave(second);
    const next = await join(clinic);
    await retireDevice(ctx, at(first), second, { reason: 'lost', replacedBy: next });
    const { devices } = await listDevices(ctx, at(first));
    expect(devices[1]).toMatchObject({
      confirmed: false,
      retiredAt: new Date(house.now).toISOString(),
      reason: 'lost',
      retiredBy: 1,
      replacedBy: 3,
    });
    expect(ended).toContain(second);
    const gone = (await row(second)).holder_key;
    const { deviceKeys, pastKeys } = await keys();
    expect(deviceKeys).toEqual([(await row(first)).holder_key, (await row(next)).holder_key]);
    expect(pastKeys).toEqual([{ key: gone, until: new Date(house.now) }]);
    const profile = await readProfile(ctx, clinic);
    expect(profile.deviceKeys).not.toContain(gone);
    expect(profile.pastKeys).toEqual([{ key: gone, until: new Date(house.now).toISOString() }]);
    expect(await codeOf(collectCertificates(ctx, second))).toBe('ENTRY_UNKNOWN');
    expect(await codeOf(collectCertificates(ctx, first))).not.toBe('ENTRY_UNKNOWN');
  });

  it('is not retired while the account still takes its signature', async () => {
    const [first, second] = [await join(clinic), await join(clinic)];
    expect(await codeOf(retireDevice(ctx, at(first), second, lost))).toBe('DESK_DEVICE_STILL_SIGNS');
    expect((await row(second)).retired_at).toBeNull();
    expect(ended).toEqual([]);
  });

  it('is not retired from elsewhere, by one that is not confirmed, or by itself once it is gone', async () => {
    const [first, second, foreign] = [await join(clinic), await join(clinic), await join(other)];
    const waiting = await join(clinic, false);
    leave(second);
    expect(await codeOf(retireDevice(ctx, at(foreign, other), second, lost))).toBe('DESK_DEVICE_UNKNOWN');
    expect(await codeOf(retireDevice(ctx, at(first), foreign, lost))).toBe('DESK_DEVICE_UNKNOWN');
    expect(await codeOf(retireDevice(ctx, at(foreign), second, lost))).toBe('DESK_DEVICE_UNKNOWN');
    expect(await codeOf(retireDevice(ctx, at(waiting), second, lost))).toBe('DESK_DEVICE_NOT_CONFIRMED');
    expect(await codeOf(retireDevice(ctx, at(first), second, { reason: 'lost', replacedBy: foreign }))).toBe(
      'DESK_DEVICE_UNKNOWN',
    );
    await retireDevice(ctx, at(first), second, lost);
    expect(await codeOf(retireDevice(ctx, at(second), waiting, lost))).toBe('DESK_DEVICE_RETIRED');
  });

  it('ends twice in the same way, and not in another', async () => {
    const [first, second] = [await join(clinic), await join(clinic)];
    leave(second);
    await retireDevice(ctx, at(first), second, lost);
    const before = await row(second);
    house.now += 60_000;
    await retireDevice(ctx, at(first), second, lost);
    expect(await row(second)).toEqual(before);
    const broken = { reason: 'broken', replacedBy: null } as const;
    expect(await codeOf(retireDevice(ctx, at(first), second, broken))).toBe('DESK_DEVICE_RETIRED');
  });

  it('ends once when two desks say different things at once', async () => {
    const [first, second, third] = [await join(clinic), await join(clinic), await join(clinic)];
    leave(third);
    const codes = await Promise.all([
      codeOf(retireDevice(ctx, at(first), third, lost)),
      codeOf(retireDevice(ctx, at(second), third, { reason: 'broken', replacedBy: null })),
    ]);
    expect(codes.toSorted()).toEqual(['DESK_DEVICE_RETIRED', 'done']);
    expect((await row(third)).retired_reason).toBe(codes[0] === 'done' ? 'lost' : 'broken');
  });

  it('that never signed may end while nobody else does', async () => {
    const [first, waiting] = [await join(clinic), await join(clinic, false)];
    await retireDevice(ctx, at(first), waiting, { reason: 'unused', replacedBy: null });
    expect((await keys()).deviceKeys).toHaveLength(1);
  });
});

describe('an operation of the account', () => {
  it('that put one in the place of another ends the other', async () => {
    const [first, second, third] = [await join(clinic), await join(clinic), await join(clinic)];
    leave(second);
    const moved = { added: [hashOf(third)], removed: [hashOf(second)] };
    await settleSigners(ctx, at(first), moved);
    await settleSigners(ctx, at(first), moved);
    expect(await row(second)).toMatchObject({ retired_reason: null, retired_by: first, replaced_by: third });
    await retireDevice(ctx, at(first), second, { reason: 'lost', replacedBy: third });
    expect((await row(second)).retired_reason).toBe('lost');
  });
  it('ends nobody who can still sign, and nobody elsewhere', async () => {
    const [first, second, foreign] = [await join(clinic), await join(clinic), await join(other)];
    await settleSigners(ctx, at(first), { added: [], removed: [hashOf(second), hashOf(foreign)] });
    expect((await keys()).pastKeys).toEqual([]);
    expect((await row(foreign)).retired_at).toBeNull();
  });
  it('is not paid for where it lets in a stranger, one that ended, or leaves nobody', async () => {
    const [first, second, foreign] = [await join(clinic), await join(clinic), await join(other)];
    const judge = (add: string[], remove: string[]) =>
      codeOf(judgeSigners(ctx, clinic, { add: add.map(signerOf), remove: remove.map(signerOf) }));
    expect(await judge([foreign], [])).toBe('DESK_DEVICE_UNKNOWN');
    expect(await judge([], [first, second])).toBe('DESK_DEVICE_LAST');
    leave(second);
    await retireDevice(ctx, at(first), second, lost);
    expect(await judge([second], [])).toBe('DESK_DEVICE_RETIRED');
    expect(await judge([await join(clinic, false)], [first])).toBe('done');
  });
});
