/** Amounts of agreements whose coin is no longer set up: what they are in is known, or nothing is said. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { agreementFacts, chainPort } from './agreements.ts';
import { tokenPort } from './coin-work.ts';
import type { Coin } from './coins.ts';
import type { ModuleDeps } from './deps.ts';

const UNIT: Hex = `0x${'11'.repeat(20)}`;
const TOKEN: Hex = `0x${'22'.repeat(20)}`;
const AGREEMENT: Hex = `0x${'33'.repeat(32)}`;
const COIN: Coin = {
  profile: 'partner',
  token: TOKEN,
  symbol: 'STC',
  digits: 6,
  currency: 'CNY',
  regions: ['CN'],
  by: 'permit',
  domain: { name: 'Stable Coin', version: '1' },
};
const ROW = {
  agreement_id: AGREEMENT,
  state: 'agreed',
  patient_address: `0x${'44'.repeat(20)}`,
  quote: { currency: 'CNY', items: [{ unitPrice: '199000', quantity: 2 }] },
};
const terms = (token: string, ...amounts: string[]) => ({
  token,
  payout: `0x${'55'.repeat(32)}`,
  openBy: 1_800_000_000,
  coolingOff: 0,
  milestones: amounts.map((amount) => ({ amount, dueBy: 1_800_000_000 })),
});
const ACCOUNT = {
  agreement_id: AGREEMENT,
  state: 'active',
  held: '3980000000',
  paid: '0',
  refunded: '0',
  milestone: 0,
  opened_at: new Date(0),
  deadline: null,
};

/** A house with these coins, whose tables hold one visit. */
function house(of: object, coins: readonly Coin[]): ModuleDeps {
  const from = (table: string) => {
    const row = table === 'money.account' ? ACCOUNT : { ...ROW, terms: of };
    const query = { selectAll: () => query, select: () => query, where: () => query, executeTakeFirst };
    async function executeTakeFirst() {
      return row;
    }
    return query;
  };
  const engines = { database: { as: () => ({ selectFrom: from }) } };
  const secrets = { accounts: { fee: { address: UNIT } } };
  const protocol = { contracts: { SettlementUnit: UNIT, CareEscrow: UNIT } };
  return { engines, coins, protocol, secrets, config: {} } as unknown as ModuleDeps;
}
const facts = (of: object, coins: readonly Coin[]) => agreementFacts(house(of, coins), AGREEMENT);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: AppError) => (error instanceof AppError ? error.code : String(error)),
  );
const IN_COIN = terms(TOKEN.toUpperCase().replace('X', 'x'), '1980000000', '2000000000');

describe('an agreement in a coin', () => {
  it.each([
    ['set up', [COIN]],
    ['taken out of the settings', []],
  ])('that is %s has the same price, and is no agreement of the closed loop', async (_, coins) => {
    expect(await facts(IN_COIN, coins)).toMatchObject({
      total: 398_000n,
      coin: { token: TOKEN, scale: 10_000n },
    });
    const { account } = chainPort(house(IN_COIN, coins));
    expect(await account(AGREEMENT)).toMatchObject({ held: 398_000n });
  });

  it.each([
    ['no power of ten lies between price and parts', ['1980000000', '2000000001']],
    ['the parts are less than the price', ['39800']],
    ['a factor is none of ten', ['796000']],
    ['nothing is in its parts', ['0']],
  ])('that is not set up has no amount where %s', async (_, amounts) => {
    const odd = terms(TOKEN, ...amounts);
    expect(await codeOf(facts(odd, []))).toBe('COIN_SCALE_UNKNOWN');
    expect(await codeOf(chainPort(house(odd, [])).account(AGREEMENT))).toBe('COIN_SCALE_UNKNOWN');
  });

  it('takes nothing of a coin in a house without one', () => {
    expect(tokenPort(house(IN_COIN, []))).toBe(null);
  });
});

describe('an agreement in the closed loop', () => {
  it('is in minor units of its price, whatever coins there are', async () => {
    const found = await facts(terms(UNIT, '398000'), [COIN]);
    expect(found).toMatchObject({ total: 398_000n });
    expect(found).not.toHaveProperty('coin');
  });
});
