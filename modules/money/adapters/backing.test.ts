/** Who stands behind promises over a real database: licences, answers, the pool's queue and prices, what falls due. */
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { DAY, type Hex } from '@zhenmei/kernel';
import { cn, type PolicyPack } from '@zhenmei/policy';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onPlaced, orderByReference, orderOnto } from '../app/account-orders.ts';
import type { CoverJson } from '../core/guarantee-cover.ts';
import { premium, toAssets } from '../core/guarantee-math.ts';
import {
  applyGuarantee,
  backingHandlers,
  dueCovers,
  guaranteeHandlers,
  type MoneyContext,
  resetGuarantee,
} from '../index.ts';
import {
  AGREEMENT,
  ARBITER,
  BOOK,
  CLINIC,
  callAs,
  codeOf,
  DUE_BY,
  draftFor,
  insertAgreement,
  NOW,
  of,
  PAYOUT,
  word,
} from './fixtures/cover-case.ts';

const [INSURER, OTHER, LENDER] = [of('e'), of('f'), of('d')];
const ELSEWHERE: PolicyPack = {
  ...cn,
  requirements: cn.requirements.filter(({ id }) => id !== 'guarantee-pool-off'),
};
const ID = {
  insurer: '01900000-0000-7000-8000-000000000001',
  joining: '01900000-0000-7000-8000-000000000002',
};

let db: TestDatabase;
let ctx: MoneyContext;
let now = NOW;
let seed = 0;
let packs: PolicyPack[] = [cn];
let poolLicensed = false;
const sent: unknown[][] = [];

const event = (contract: string, name: string, args: object, block = 1) =>
  applyGuarantee(ctx.db, { contract, name, args: args as never, block, logIndex: 0, time: now }, BOOK);

beforeAll(async () => {
  db = await testDatabase([{ module: 'money', dir: new URL('./migrations/', import.meta.url) }]);
  ctx = {
    db: db.as(),
    clock: { now: () => now },
    random: { bytes: (n: number) => new Uint8Array(n).fill(++seed) },
    loans: null,
    rail: null,
    payee: { zh: '托管', en: 'Custody' },
    checks: { units: async () => 5n },
    guarantee: {
      agreement: async () => ({
        terms: { payout: PAYOUT, standard: word('standard') },
        dueBy: DUE_BY,
      }),
      arbiter: async () => BOOK,
      panel: BOOK,
      coverId: (cover: CoverJson) => word(JSON.stringify(cover)),
      nameOf: async (account: Hex) => ({ zh: account.slice(2, 4), en: account.slice(2, 4) }),
    },
    backing: {
      get packs() {
        return packs;
      },
      authority: async () => ARBITER,
      insurers: async () => [
        { id: ID.insurer, name: { zh: '安和', en: 'Anhe' }, account: INSURER },
        { id: ID.joining, name: { zh: '康泰', en: 'Kangtai' }, account: null },
      ],
      policySigned: async (_by: Hex, _cover: Hex, signature: Hex) => signature === '0x01',
      licenseInsurer: async (account: Hex, licensed: boolean) => {
        sent.push(['insurer', account, licensed]);
        await event('GuaranteeBook', 'InsurerLicensed', { insurer: account, licensed });
      },
      licensePool: async (licensed: boolean) => {
        sent.push(['pool', licensed]);
        poolLicensed = licensed;
      },
      pool: async () => ({
        capital: 1_000_000n,
        frozen: 0n,
        exposure: 416_000n,
        minimum: 208_000n,
        worth: (shares: bigint) => toAssets(shares, 1_000_000_000_000n, 1_000_000n, false),
      }),
      poolLicensed: async () => poolLicensed,
      shareOf: async () => ({ shares: 10n, worth: 5n, ready: 0n }),
      reached: async () => ({ block: 9, time: now }),
      postTable: async (table: Hex, { epoch, asOf }: { epoch: number; asOf: number }) => {
        sent.push(['table', epoch]);
        await event('GuaranteeBook', 'TablePosted', { epoch, table, asOf: String(asOf) });
      },
      cellOf: (clinic: Hex, standard: Hex) => word(clinic + standard),
      signRate: async () => '0x02',
    },
  } as unknown as MoneyContext;
  await insertAgreement(ctx.db, '650000');
});
afterAll(() => db?.close());
beforeEach(async () => {
  now = NOW;
  packs = [cn];
  poolLicensed = false;
  sent.length = 0;
  await ctx.db.deleteFrom('money.cover_offer').execute();
  await resetGuarantee(ctx.db);
});

const SEATS: Record<string, { kind: string; account: Hex | null }> = {
  clinic: { kind: 'clinic', account: CLINIC },
  insurer: { kind: 'insurer', account: INSURER },
  other: { kind: 'insurer', account: OTHER },
  lender: { kind: 'lender', account: LENDER },
  joining: { kind: 'insurer', account: null },
};
const as = (who: string, call: string, input: object = {}) => {
  const seatOf = async (id: string) => SEATS[id] ?? null;
  const handlers = { ...guaranteeHandlers(ctx, seatOf), ...backingHandlers(ctx, seatOf) };
  return callAs(handlers, who, call, input);
};

const draft = (profile: 'insurer' | 'pool', change: Partial<CoverJson> = {}): CoverJson => ({
  ...draftFor(650_000n, profile === 'pool' ? { profile } : { profile, backer: INSURER }),
  ...change,
});
const license = (id: string, licensed = true) =>
  as('', 'licenseInsurer', { body: { organisationId: id, licensed } });
const offer = async (cover: CoverJson): Promise<Hex> =>
  ((await as('clinic', 'offerCover', { body: { cover } })) as { id: Hex }).id;
const states = async () =>
  ((await as('', 'readBackers')) as { profiles: { state: string }[] }).profiles.map(({ state }) => state);
const sign = (who: string, id: Hex, signature = '0x01', price = '20000') =>
  codeOf(as(who, 'signPolicy', { params: { id }, body: { premium: price, signature } }));
const opened = (id: Hex, cover: CoverJson, price: string) =>
  event('GuaranteeBook', 'CoverOpened', {
    id,
    agreement: AGREEMENT,
    clinic: CLINIC,
    profile: cover.profile,
    cell: word('cell'),
    price: '650000',
    sum: cover.sum,
    premium: price,
    until: String(cover.until),
  });

describe('the operator', () => {
  it('licenses by name, once, and takes it back; what it says is what everybody reads', async () => {
    expect(await states()).toEqual(['on', 'not-licensed', 'not-here']);
    await license(ID.insurer);
    await license(ID.insurer);
    expect(sent).toEqual([['insurer', INSURER, true]]);
    expect(await states()).toEqual(['on', 'on', 'not-here']);
    await license(ID.insurer, false);
    expect(await states()).toEqual(['on', 'not-licensed', 'not-here']);
  });

  it.each([
    ['of nobody', '01900000-0000-7000-8000-000000000009', 'INSURER_UNKNOWN'],
    ['of a company without a device', ID.joining, 'INSURER_UNKNOWN'],
  ])('gives no licence to an account %s', async (_, id, code) => {
    expect(await codeOf(license(id))).toBe(code);
    expect(sent).toEqual([]);
  });

  it('cannot license what the region does not allow, and can always stop it', async () => {
    packs = [];
    expect(await codeOf(license(ID.insurer))).toBe('GUARANTEE_PROFILE_OFF');
    packs = [cn];
    const pool = (licensed: boolean) => codeOf(as('', 'licensePool', { body: { licensed } }));
    expect(await pool(true)).toBe('GUARANTEE_PROFILE_OFF');
    packs = [ELSEWHERE];
    expect(await pool(true)).toBe('none');
    expect(await states()).toEqual(['on', 'not-licensed', 'on']);
    packs = [cn];
    expect(await states()).toEqual(['on', 'not-licensed', 'not-here']);
    expect(await pool(false)).toBe('none');
    expect(sent).toEqual([
      ['pool', true],
      ['pool', false],
    ]);
  });
});

describe('a request', () => {
  it('names who stands behind it as licensed, and the authority as who decides', async () => {
    expect(await codeOf(offer(draft('insurer')))).toBe('GUARANTEE_PROFILE_OFF');
    await license(ID.insurer);
    expect(await codeOf(offer(draft('insurer', { backer: OTHER })))).toBe('GUARANTEE_PROFILE_OFF');
    expect(await codeOf(offer(draft('insurer', { arbiter: BOOK })))).toBe('COVER_DIFFERS arbiter');
    expect(await codeOf(offer(draft('insurer')))).toBe('none');
    // it is no promise yet
    expect(await as('', 'readCover', { params: { id: AGREEMENT } })).toEqual({ cover: null });
  });

  it('is answered by the insurer it names alone, while it stands', async () => {
    await license(ID.insurer);
    const id = await offer(draft('insurer'));
    for (const who of ['clinic', 'joining', 'lender'])
      expect(await sign(who, id)).toBe('GUARANTEE_SEAT_WRONG');
    expect(await sign('other', id)).toBe('POLICY_UNKNOWN');
    expect(await sign('insurer', word('x'))).toBe('POLICY_UNKNOWN');
    expect(await sign('insurer', id, '0x02')).toBe('POLICY_NOT_SIGNED');
    expect(await as('insurer', 'readInsurer')).toMatchObject({ requests: [{ id }], covers: [] });
    expect(await codeOf(as('insurer', 'declinePolicy', { params: { id } }))).toBe('none');
    expect(await as('insurer', 'readInsurer')).toMatchObject({ requests: [], covers: [] });
    expect(await sign('insurer', id)).toBe('none');
    expect(await sign('insurer', id)).toBe('none');
    // the signature covers no premium: what the clinic has seen signed stays
    expect(await sign('insurer', id, '0x01', '20001')).toBe('POLICY_TOO_LATE');
    expect(await codeOf(as('insurer', 'declinePolicy', { params: { id } }))).toBe('POLICY_TOO_LATE');
    expect(await as('clinic', 'readDesk')).toMatchObject({
      units: '5',
      covers: [{ policy: '0x01', backing: { answer: 'signed', premium: '20000', backed: '416000' } }],
    });
    expect(await as('other', 'readInsurer')).toMatchObject({ requests: [], covers: [], licensed: false });
  });

  it('ends with its time, with the licence, and with another one', async () => {
    await license(ID.insurer);
    const id = await offer(draft('insurer'));
    now = NOW + 7 * DAY + 1;
    expect(await sign('insurer', id)).toBe('POLICY_TOO_LATE');
    expect(await as('insurer', 'readInsurer')).toMatchObject({ requests: [] });
    now = NOW;
    await license(ID.insurer, false);
    expect(await sign('insurer', id)).toBe('GUARANTEE_PROFILE_OFF');
    expect(await codeOf(as('insurer', 'orderInsurerBond', { body: { amount: '100' } }))).toBe(
      'GUARANTEE_PROFILE_OFF',
    );
    await license(ID.insurer);
    expect(await sign('insurer', id)).toBe('none');
    const newer = await offer(draft('insurer', { salt: word('newer') }));
    expect(await ctx.db.selectFrom('money.policy_answer').selectAll().execute()).toEqual([]);
    expect(await sign('insurer', id)).toBe('POLICY_UNKNOWN');
    await opened(newer, draft('insurer', { salt: word('newer') }), '0');
    expect(await sign('insurer', newer)).toBe('POLICY_TOO_LATE');
  });
});

describe('the pool', () => {
  it('takes nothing where it is off', async () => {
    const pay = () => codeOf(as('lender', 'orderPoolCapital', { body: { amount: '100000' } }));
    expect(await pay()).toBe('GUARANTEE_PROFILE_OFF');
    packs = [ELSEWHERE];
    expect(await pay()).toBe('GUARANTEE_PROFILE_OFF');
    poolLicensed = true;
    expect(await pay()).toBe('none');
    expect(await as('lender', 'readPool')).toMatchObject({ order: { state: 'expected' } });
    expect(await codeOf(as('clinic', 'readPool'))).toBe('GUARANTEE_SEAT_WRONG');
  });

  it('has orders of its own beside those of the other pool that the same account pays into', async () => {
    packs = [ELSEWHERE];
    poolLicensed = true;
    const pay = (amount: string) =>
      as('lender', 'orderPoolCapital', { body: { amount } }) as Promise<{ reference: string }>;
    const loans = { purpose: 'capital', account: LENDER, agreement: null, currency: 'CNY' } as const;
    const here = await pay('100001');
    const there = await orderOnto(ctx, { ...loans, amount: 200_000n });
    expect(await pay('100001')).toMatchObject({ reference: here.reference });
    expect(await orderByReference(ctx, there.reference, LENDER)).not.toBeNull();
    await ctx.db
      .updateTable('money.payment_order')
      .set({ state: 'minted' })
      .where('payer_address', '=', LENDER)
      .execute();
    const placed = { contract: 'GuaranteePool', name: 'Deposit', args: { sender: LENDER, assets: '500000' } };
    await onPlaced(ctx, ctx.db, { ...placed, block: 1, logIndex: 0, time: now } as never);
    const state = async ({ reference }: { reference: string }) =>
      (await orderByReference(ctx, reference, LENDER))?.state;
    expect([await state(here), await state(there)]).toEqual(['held', 'minted']);
  });

  it('prices a promise by the epoch’s table, posted once, and stands for its part', async () => {
    packs = [ELSEWHERE];
    poolLicensed = true;
    const cover = draft('pool');
    const id = await offer(cover);
    const price = (who = 'clinic') => as(who, 'priceCover', { params: { id } });
    const first = (await price()) as { rate: { ppm: number; expense: string }; premium: string };
    expect(await price()).toEqual(first);
    expect(sent.filter(([what]) => what === 'table')).toHaveLength(1);
    const { ppm, expense } = first.rate;
    expect(first).toMatchObject({
      premium: premium(520_000n, BigInt(ppm), BigInt(expense)).toString(),
      ready: '5',
      signature: '0x02',
    });
    expect(await codeOf(price('insurer'))).toBe('GUARANTEE_SEAT_WRONG');
    expect(await codeOf(as('clinic', 'priceCover', { params: { id: word('x') } }))).toBe('POLICY_UNKNOWN');
    poolLicensed = false;
    expect(await codeOf(price())).toBe('GUARANTEE_PROFILE_OFF');
    poolLicensed = true;
    await opened(id, cover, first.premium);
    expect(await codeOf(price())).toBe('POLICY_UNKNOWN');
    expect(await as('lender', 'readPool')).toMatchObject({
      clinics: [{ amount: '416000', bps: 4_160 }],
      covers: [{ id, backing: { premium: first.premium } }],
      ratioBps: 48_076,
    });
  });

  it('queues who asks to leave until the window ends, and what it owes is paid out after the bond', async () => {
    packs = [ELSEWHERE];
    const asked = (shares: string, from: number) =>
      event('GuaranteePool', 'ExitAsked', { owner: LENDER, shares, from: String(from / 1000) });
    const queue = async () => ((await as('lender', 'readPool')) as { exits: object[] }).exits;
    await asked('500000000000', NOW);
    await asked('600000000000', NOW + DAY);
    expect(await queue()).toMatchObject([{ mine: true, amount: '600000' }]);
    await event('GuaranteePool', 'Withdraw', { owner: LENDER, shares: '200000000000', assets: '1' });
    expect(await queue()).toMatchObject([{ amount: '400000' }]);
    now = NOW + 32 * DAY;
    expect(await queue()).toEqual([]);
    now = NOW;
    poolLicensed = true;
    const id = await offer(draft('pool'));
    await opened(id, draft('pool'), '1');
    await event('GuaranteeBook', 'CoverClaimed', { id, asked: 1, deadline: String(NOW / 1000 + 60) });
    await event('ClinicBond', 'Credited', { who: PAYOUT, cover: id, amount: '234000' });
    await event('GuaranteePool', 'Credited', { who: PAYOUT, cover: id, amount: '416000' });
    const done = { id, ruling: 1, silent: false, fromBond: '234000', fromBacker: '416000' };
    await event('GuaranteeBook', 'CoverSettled', done, 7);
    const due = async () => (await dueCovers(ctx)).map(({ act }) => act);
    expect(await due()).toEqual(['pay']);
    await event('ClinicBond', 'PaidOut', { who: PAYOUT, amount: '234000' });
    expect(await due()).toEqual(['pay-pool']);
    await event('GuaranteePool', 'PaidOut', { who: PAYOUT, amount: '416000' });
    expect(await due()).toEqual([]);
    expect(await as('clinic', 'readDesk')).toMatchObject({
      covers: [{ paidOut: '650000', backing: { paid: '416000', firstLoss: '234000' } }],
    });
  });
});
