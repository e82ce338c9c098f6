/** Who may look at how an agreement is paid in a coin: its patient, with her visit's read secret, and nobody else. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { describe, expect, it } from 'vitest';
import { type MoneyContext, tokenHandlers } from '../index.ts';

const OURS: Hex = `0x${'1'.repeat(64)}`;
const UNKNOWN: Hex = `0x${'2'.repeat(64)}`;
const READ = new Error('the tables or the ledger were asked');

/** Nothing answers here: whoever gets past the door is known by it. */
const nothing = new Proxy(
  {},
  {
    get() {
      throw READ;
    },
  },
);
const ctx = {
  db: nothing,
  tokens: nothing,
  clock: nothing,
  railsOf: async () => {
    throw READ;
  },
  disputes: {
    async side(id: Hex, { token, organisationId }: { token: string | null; organisationId: string | null }) {
      if (id !== OURS) return null;
      return token === 'hers' ? 'patient' : organisationId === 'clinic' ? 'clinic' : null;
    },
  },
} as unknown as MoneyContext;

const BODIES = { orderDeposit: {}, readDeposit: undefined, returnTokens: { signed: '0x' } } as const;
const CALLS = Object.keys(BODIES) as (keyof typeof BODIES)[];

const said = async (call: keyof typeof BODIES, id: Hex, bearer: string | null, organisation?: string) => {
  const caller = organisation ? { seat: 'desk', organisationId: organisation } : null;
  const input = { params: { id }, body: BODIES[call], bearer, caller };
  const error = await tokenHandlers(ctx)
    [call](input as never)
    .catch((one: unknown) => one);
  return error instanceof AppError ? [error.code, error.params] : error;
};

describe.each(CALLS)('%s', (call) => {
  it('is the patient’s', async () => {
    expect(await said(call, OURS, 'hers')).toBe(READ);
  });

  it.each([
    ['nobody', null, undefined],
    ['another patient', 'somebody’s', undefined],
    ['the clinic', null, 'clinic'],
    ['another organisation', null, 'lender'],
  ])('refuses %s as if there were no such agreement', async (_, bearer, organisation) => {
    const refused = await said(call, OURS, bearer, organisation);
    expect(refused).toEqual(['PAYMENT_UNKNOWN', {}]);
    expect(refused).toEqual(await said(call, UNKNOWN, bearer, organisation));
    expect(refused).toEqual(await said(call, UNKNOWN, 'hers'));
  });
});
