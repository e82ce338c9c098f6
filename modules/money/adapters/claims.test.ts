/** Claims before a panel over a real database: what the chain tells, who may show pictures, and every refusal. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import {
  type AppError,
  type Caller,
  DAY,
  type Hex,
  keccak256,
  toBase64,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PICTURE_BYTES } from '../core/panel-pictures.ts';
import {
  applyDisputes,
  applyGuarantee,
  claimHandlers,
  disputeHandlers,
  layPictures,
  type MoneyContext,
  resetDisputes,
} from '../index.ts';

const NOW = 1_800_000_000_000;
const word = (text: string): Hex => toHex0x(keccak256(utf8(text)));
const account = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`;
const PANEL = account(0xe1);
const AUTHORITY = account(0xe2);
const CLINIC = account(0xc1);
const ASSESSOR = account(0xa1);
const BOOK = account(0xb1);
const PICTURE = toBase64(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1]));

let db: TestDatabase;
let ctx: MoneyContext;
let drawn = 0;
let logIndex = 0;

/** One that is claimed with what is asked for, before this arbiter. */
async function claimed(name: string, asked: number, arbiter: Hex): Promise<Hex> {
  const [id, agreement] = [word(name), word(`${name} agreement`)];
  const cover = {
    agreement,
    arbiter,
    sum: '520000',
    goodwillBps: 1_000,
    silentBps: 5_000,
    from: 1,
    until: 2,
  };
  await ctx.db
    .insertInto('money.account')
    .values({
      agreement_id: agreement,
      patient: account(1),
      clinic: CLINIC,
      state: 'closed',
      funded: '650000',
      held: '0',
      paid: '650000',
      fee: '0',
      refunded: '0',
      milestone: 2,
      opened_at: new Date(NOW),
      deadline: null,
    })
    .execute();
  await ctx.db
    .insertInto('money.cover_offer')
    .values({
      id,
      agreement_id: agreement,
      clinic: CLINIC,
      cover: JSON.stringify(cover) as never,
      terms: JSON.stringify({}) as never,
      created_at: new Date(NOW),
    })
    .execute();
  const until = NOW / 1000 + 100;
  const opened = {
    id,
    agreement,
    clinic: CLINIC,
    cell: word('cell'),
    profile: 0,
    price: 650_000,
    sum: 520_000,
  };
  await book('CoverOpened', { ...opened, premium: 0, until });
  await book('CoverClaimed', { id, asked, evidence: word('x'), deadline: NOW / 1000 + 30 * 86_400 });
  return id;
}
type Args = Record<string, string | number | boolean>;
const event = (contract: string, name: string, args: Args) => ({
  contract,
  name,
  args,
  block: 1,
  logIndex: ++logIndex,
  time: NOW,
});
const book = (name: string, args: Args) => applyGuarantee(ctx.db, event('GuaranteeBook', name, args), BOOK);
const panel = (name: string, args: Args) => applyDisputes(ctx.db, event('GuaranteePanel', name, args));
const register = (name: string, args: Args) => applyDisputes(ctx.db, event('AssessorPool', name, args));

const ORGANISATIONS = {
  clinic: { kind: 'clinic', account: CLINIC },
  assessor: { kind: 'assessor', account: ASSESSOR },
  authority: { kind: 'regulator', account: AUTHORITY },
} as const;
type Who = keyof typeof ORGANISATIONS | 'patient' | 'nobody';
const as = (who: Who, call: string, input: object = {}): Promise<never> => {
  const handlers = { ...claimHandlers(ctx), ...disputeHandlers(ctx) };
  const caller = who === 'patient' ? null : ({ organisationId: who } as unknown as Caller);
  const bearer = who === 'patient' ? 'token' : null;
  return (handlers as unknown as Record<string, (i: object) => Promise<never>>)[call]!({
    caller,
    bearer,
    ...input,
  });
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: AppError) => error.code,
  );

beforeAll(async () => {
  db = await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  ctx = {
    db: db.as(),
    clock: { now: () => NOW },
    random: { bytes: (n: number) => new Uint8Array(n).fill(++drawn) },
    guarantee: { panel: PANEL },
    disputes: {
      side: async (_: Hex, reader: { token: string | null; organisationId: string | null }) =>
        reader.token === 'token' ? 'patient' : reader.organisationId === 'clinic' ? 'clinic' : null,
      organisation: async (id: string) => ORGANISATIONS[id as keyof typeof ORGANISATIONS] ?? null,
      layoutSecret: () => word('layout'),
      purse: async () => 50_000n,
      facts: async () => ({ code: 'filler-nasolabial' }),
      candidates: async () => [{ id: '1', kind: 'assessor', account: ASSESSOR, appointed: true }],
    },
  } as unknown as MoneyContext;
});
afterAll(() => db?.close());

describe('a claim', () => {
  it('is nobody’s but its sides’, and only a panel’s if the promise names it', async () => {
    const id = await claimed('mine', 2, PANEL);
    const other = await claimed('other', 2, AUTHORITY);
    const read = (who: Who, cover: Hex) => codeOf(as(who, 'readClaim', { params: { id: cover } }));
    expect(await read('patient', id)).toBe('none');
    expect(await read('clinic', id)).toBe('none');
    expect(await read('nobody', id)).toBe('DISPUTE_UNKNOWN');
    expect(await read('patient', word('unheard of'))).toBe('CLAIM_UNKNOWN');
    expect(await read('patient', other)).toBe('CLAIM_NOT_BY_PANEL');
    const view = await as('patient', 'readClaim', { params: { id } });
    expect(view).toMatchObject({ stage: 'call', amount: '520000', cost: '26000', panel: null });
  });

  it('takes an offer of pictures only about an improvement, and before the house has sealed its number', async () => {
    const offer = (who: Who, id: Hex) =>
      codeOf(as(who, 'offerPictures', { params: { id }, body: { digest: word('pair') } }));
    const objective = await claimed('objective', 1, PANEL);
    expect(await offer('patient', objective)).toBe('PICTURES_NOT_OPEN');
    const id = await claimed('late', 2, PANEL);
    await panel('Opened', { id: 3, agreement: id, milestone: 2, fee: 26_000, beacon: word('beacon') });
    await panel('PhaseChanged', { id: 3, round: 0, phase: 1, deadline: NOW / 1000 + 86_400 });
    expect(await offer('clinic', id)).toBe('none');
    expect(await offer('clinic', id)).toBe('none');
    await panel('SecretCommitted', { id: 3, round: 0, side: 2, commitment: word('c') });
    expect(await offer('patient', id)).toBe('PICTURES_NOT_OPEN');
    const view = await as('clinic', 'readClaim', { params: { id } });
    expect(view).toMatchObject({ pictures: { by: 'clinic', mayOffer: false }, panel: { id: 'g3' } });
  });

  it('shows pictures only of who offered them, to who was drawn, while votes are open', async () => {
    const id = word('late');
    const leave = (who: Who, assessor: Hex, sealedFor = 'first') =>
      codeOf(
        as(who, 'leavePictures', {
          params: { id },
          body: { assessor, sealedFor, sealed: 'sealed', earlier: 'b' },
        }),
      );
    expect(await leave('clinic', ASSESSOR)).toBe('DISPUTE_STAGE_WRONG');
    await panel('PhaseChanged', { id: 3, round: 0, phase: 3, deadline: NOW / 1000 + 4 * 86_400 });
    await panel('Drawn', {
      id: 3,
      round: 0,
      seed: word('s'),
      assessors: JSON.stringify([ASSESSOR]),
      deadline: 1,
    });
    expect(await leave('patient', ASSESSOR)).toBe('PICTURES_NOT_YOURS');
    expect(await leave('clinic', account(9))).toBe('DISPUTE_NOT_SEATED');
    // no device of the assessor has given a key yet
    expect(await leave('clinic', ASSESSOR)).toBe('DISPUTE_STAGE_WRONG');
    await as('assessor', 'announceKey', { body: { sealKey: 'first' } });
    expect(await leave('clinic', ASSESSOR)).toBe('none');
    const left = async () =>
      ((await as('clinic', 'readClaim', { params: { id } })) as { pictures: { left: Hex[] } }).pictures.left;
    expect(await left()).toEqual([ASSESSOR]);
    // another device asks for them again
    await as('assessor', 'announceKey', { body: { sealKey: 'second' } });
    expect(await left()).toEqual([]);
    // sealed before the sender knew of that device: it waits for another
    expect(await leave('clinic', ASSESSOR, 'first')).toBe('none');
    expect(await left()).toEqual([]);
    expect(await leave('clinic', ASSESSOR, 'second')).toBe('none');
    expect(await left()).toEqual([ASSESSOR]);
  });

  it('counts papers as given only for the key that the assessor has now', async () => {
    const id = word('late');
    const leave = (sealedFor: string) =>
      codeOf(
        as('patient', 'leaveClaimPapers', {
          params: { id },
          body: { assessor: ASSESSOR, sealedFor, sealed: 'words' },
        }),
      );
    const given = async () => {
      const read = await as('patient', 'readClaim', { params: { id } });
      return (read as { panel: { seats: { sealed: boolean }[] } }).panel.seats[0]!.sealed;
    };
    expect(await leave('first')).toBe('none');
    expect(await given()).toBe(false);
    expect(await leave('second')).toBe('none');
    expect(await given()).toBe(true);
    await as('assessor', 'announceKey', { body: { sealKey: 'third' } });
    expect(await given()).toBe(false);
    await as('assessor', 'announceKey', { body: { sealKey: 'second' } });
    expect(await given()).toBe(true);
  });

  it('lays pictures only if somebody offered some and both kinds of known pairs are there', async () => {
    const id = word('late');
    const add = (kind: string, first = PICTURE) =>
      as('authority', 'addKnownPair', { body: { kind, first, second: PICTURE } });
    expect(await layPictures(ctx, 'g3', 0, id)).toBeNull();
    expect(await codeOf(add('better', toBase64(new Uint8Array([1, 2, 3]))))).toBe('KNOWN_PAIR_WRONG');
    const large = new Uint8Array(PICTURE_BYTES + 1);
    large.set([0xff, 0xd8, 0xff]);
    expect(await codeOf(add('better', toBase64(large)))).toBe('KNOWN_PAIR_WRONG');
    expect(await codeOf(as('clinic', 'knownPairs'))).toBe('DISPUTE_ROLE_WRONG');
    expect(await add('better')).toEqual({ better: 1, same: 0 });
    expect(await layPictures(ctx, 'g3', 0, id)).toBeNull();
    await add('same');
    expect(await layPictures(ctx, 'g9', 0, word('mine'))).toBeNull();
    expect(await layPictures(ctx, 'g3', 0, id)).toBe(word('layout'));
    const read = (await as('assessor', 'readCase', { params: { panel: 'g3' } })) as {
      pictures: { places: object[]; sealed: string };
    };
    expect(read.pictures).toMatchObject({ scale: 'folds', promisedBy: 'clinic', sealed: 'sealed' });
    expect(read.pictures.places).toHaveLength(4);
    // which of a case's pairs are used is fixed, whatever is added later
    await add('better');
    const again = (await as('assessor', 'readCase', { params: { panel: 'g3' } })) as typeof read;
    expect(again.pictures).toEqual(read.pictures);
  });

  it('ends with its parcels gone and the papers closed', async () => {
    await panel('VoteRevealed', { id: 3, round: 0, assessor: ASSESSOR, finding: 0, scores: 1_755 });
    await panel('CaseClosed', { id: 3, phase: 8, refundBps: 0, carriedOut: true });
    expect(await ctx.db.selectFrom('money.picture_parcel').selectAll().execute()).toEqual([]);
    expect(await codeOf(as('assessor', 'readCase', { params: { panel: 'g3' } }))).toBe(
      'DISPUTE_PAPERS_CLOSED',
    );
    const [seat] = await ctx.db.selectFrom('money.dispute_seat').selectAll().execute();
    expect(seat).toMatchObject({ panel_id: 'g3', revealed: true, scores: 1_755 });
  });
});

describe('the register of assessors', () => {
  it('follows the ledger: admitted, seen, ended, and begun anew', async () => {
    const until = (NOW + 900 * DAY) / 1000;
    const shown = async () =>
      ((await as('authority', 'candidates')) as { organisations: { admitted: object | null }[] })
        .organisations[0]!.admitted;
    expect(await shown()).toBeNull();
    await register('AssessorAdmitted', { assessor: ASSESSOR, until });
    await register('Calibrated', { assessor: ASSESSOR, looks: 5, right: 2 });
    expect(await shown()).toMatchObject({
      live: true,
      purse: '50000',
      calibration: { looks: 5, right: 2, enough: false, minLooks: 5, boundPercent: 60 },
    });
    const desk = await as('assessor', 'assessorDesk');
    expect(desk).toMatchObject({
      calibration: { enough: false },
      admittedUntil: new Date(until * 1000).toISOString(),
    });
    await register('AssessorDismissed', { assessor: ASSESSOR });
    expect(await shown()).toMatchObject({ live: false });
    await register('AssessorAdmitted', { assessor: ASSESSOR, until });
    expect(await shown()).toMatchObject({ live: true, calibration: { looks: 0, right: 0, enough: true } });
    expect(await codeOf(as('assessor', 'candidates'))).toBe('DISPUTE_ROLE_WRONG');
  });

  it('is built again from nothing', async () => {
    await resetDisputes(ctx.db);
    expect(await ctx.db.selectFrom('money.assessor').selectAll().execute()).toEqual([]);
    expect(await ctx.db.selectFrom('money.claim_case').selectAll().execute()).toEqual([]);
    // what people said beside the ledger stays
    expect(await ctx.db.selectFrom('money.picture_offer').selectAll().execute()).toHaveLength(1);
  });
});
