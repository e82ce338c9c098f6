import { AppError, type Hex } from '@zhenmei/kernel';
import { cn } from '@zhenmei/policy';
import { domainSeparator } from 'viem';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { coinAt, coinIn, openCoins, readCoin, scaleOf } from './coins.ts';

const TOKEN: Hex = `0x${'aB'.repeat(20)}`;
const LOW = TOKEN.toLowerCase() as Hex;
const places = { TokenGate: `0x${'01'.repeat(20)}`, CareEscrow: `0x${'02'.repeat(20)}` } as const;
const separator = (version: string) =>
  domainSeparator({ domain: { name: 'USD Coin', version, chainId: 7, verifyingContract: LOW } });

/** What a good coin answers; what is undefined reverts. */
const GOOD: Readonly<Record<string, unknown>> = {
  symbol: 'USDC',
  decimals: 6,
  name: 'USD Coin',
  version: '2',
  DOMAIN_SEPARATOR: separator('2'),
  authorizationState: false,
  nonces: 0n,
  listing: { kind: 2, decimals: 6, uses: 4 },
  tokenAllowed: true,
};

const ledger = (answers: Readonly<Record<string, unknown>>) =>
  ({
    chainId: 7,
    viem: {
      async readContract({ functionName }: { functionName: string }) {
        const all = { ...GOOD, ...answers };
        if (all[functionName] === undefined) throw new Error('reverted');
        return all[functionName];
      },
    },
  }) as never;
const open = (answers: Readonly<Record<string, unknown>> = {}, setting: object = {}) =>
  openCoins(
    { coins: readConfig({ COIN_PARTNER: `${TOKEN}:CNY`, ...setting }).coins },
    ledger(answers),
    places,
  );

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (e: unknown) => e,
  );
  if (!(error instanceof AppError)) return 'done';
  for (const lang of ['zh-CN', 'en'] as const) expect(error.text(lang)).not.toMatch(/\{\w+\}/);
  return error.code;
}

afterEach(() => {
  delete (cn.parameters as Record<string, unknown>).partnerToken;
});

describe('a coin of the house', () => {
  it('is taken as the ledger says it, and as its own contract signs', async () => {
    expect(await open()).toEqual([
      {
        profile: 'partner',
        token: LOW,
        symbol: 'USDC',
        digits: 6,
        currency: 'CNY',
        regions: [],
        by: 'authorization',
        domain: { name: 'USD Coin', version: '2' },
      },
    ]);
    Object.assign(cn.parameters, { partnerToken: true });
    const [coin] = await open({
      authorizationState: undefined,
      eip712Domain: ['0x0f', 'USD Coin', '9', 7n, LOW, '0x', []],
      DOMAIN_SEPARATOR: separator('9'),
    });
    expect(coin).toMatchObject({ regions: ['CN'], by: 'permit', domain: { version: '9' } });
    expect([coinIn([coin!], 'partner'), coinIn([coin!], 'public'), coinAt([coin!], TOKEN)]).toEqual([
      coin,
      null,
      coin,
    ]);
    expect(scaleOf(coin!)).toBe(10_000n);
  });

  it.each([
    ['COIN_UNREADABLE', { symbol: undefined }],
    ['COIN_UNREADABLE', { decimals: undefined }],
    ['COIN_UNREADABLE', { DOMAIN_SEPARATOR: separator('3') }],
    ['COIN_NOT_LISTED', { listing: { kind: 0, decimals: 0, uses: 0 } }],
    ['COIN_NOT_LISTED', { listing: { kind: 2, decimals: 6, uses: 2 } }],
    ['COIN_NOT_LISTED', { listing: { kind: 1, decimals: 6, uses: 1 } }],
    ['COIN_DECIMALS_DIFFER', { decimals: 8 }],
    ['COIN_DECIMALS_DIFFER', { decimals: 1, listing: { kind: 2, decimals: 1, uses: 4 } }],
    ['COIN_DECIMALS_DIFFER', { decimals: 19, listing: { kind: 2, decimals: 19, uses: 4 } }],
    ['COIN_NOT_TAKEN', { tokenAllowed: false }],
    ['COIN_NEEDS_GAS', { authorizationState: undefined, nonces: undefined }],
  ])('is refused with %s for %j', async (code, answers) => {
    expect(await refusal(open(answers))).toBe(code);
  });

  it('has the currency of the prices that it pays', async () => {
    Object.assign(cn.parameters, { partnerToken: true });
    expect(await refusal(open({}, { COIN_PARTNER: `${TOKEN}:USD` }))).toBe('COIN_CURRENCY_DIFFERS');
  });

  it('is known by its address alone when the operator no longer names it', async () => {
    const gone = { listing: { kind: 0, decimals: 0, uses: 0 }, tokenAllowed: false };
    expect(await readCoin(ledger(gone), LOW)).toEqual({ symbol: 'USDC', digits: 6 });
    expect(await readCoin(ledger({ symbol: '<b>' }), LOW)).toEqual({ symbol: 'b', digits: 6 });
    expect(await readCoin(ledger({ symbol: undefined }), LOW)).toEqual({ symbol: 'ERC-20', digits: 6 });
    for (const decimals of [undefined, 1, 19, '6'])
      expect(await readCoin(ledger({ decimals }), LOW), String(decimals)).toBeNull();
  });

  it('is not taken for one that knows nothing while the ledger cannot be asked', async () => {
    const away = new Error('read failed', { cause: new AppError('CHAIN_UNAVAILABLE') });
    const silent = { chainId: 7, viem: { readContract: () => Promise.reject(away) } } as never;
    expect(await refusal(readCoin(silent, LOW))).toBe('CHAIN_UNAVAILABLE');
    const { coins } = readConfig({ COIN_PARTNER: `${TOKEN}:CNY` });
    expect(await refusal(openCoins({ coins }, silent, places))).toBe('CHAIN_UNAVAILABLE');
  });

  it('is named by address and currency, and nothing else', () => {
    for (const wrong of ['USDC', TOKEN, `${TOKEN}:usd`, `${TOKEN}:`, `${TOKEN}:USD:6`, `${TOKEN}0:USD`])
      expect(() => readConfig({ COIN_PUBLIC: wrong }), wrong).toThrow('CONFIG_INVALID');
    expect(readConfig({ COIN_PUBLIC: '' }).coins).toEqual([]);
    expect(readConfig({}).coinConfirmations).toBe(0);
    expect(readConfig({ CHAIN_RPC_URL: 'http://node' }).coinConfirmations).toBe(12);
  });
});
