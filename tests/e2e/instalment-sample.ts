/** What the core computes of loans, as text, so that Chromium's answer can be laid beside Node's. */
import { DIRECTIVE, REGULATION_Z } from '@zhenmei/money/core/instalment-examples.ts';
import { paidOut, pay, payoff, settle, standing } from '@zhenmei/money/core/instalment-loan.ts';
import { compoundedYearlyCost, presentValue, yearlyCost } from '@zhenmei/money/core/instalment-math.ts';
import { costOf, drawUp, type Plan, planFault, withinCap } from '@zhenmei/money/core/instalment-plan.ts';

const DAY = 86_400n;
const ZERO = `0x${'0'.repeat(64)}` as const;

/** Numbers that are spread over the whole range, the same in every engine. */
function* spread(seed: bigint): Generator<bigint, never> {
  for (let n = seed; ; ) {
    n = (n * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    yield n >> 8n;
  }
}

function lifeOf(random: Generator<bigint, never>): unknown[] {
  const next = (most: bigint) => random.next().value % most;
  const start = 1_800_000_000n + next(1_000n) * DAY;
  const principal = 1_000n + next(2n ** 40n);
  const rate = next(240_001n);
  const plan: Plan = {
    agreement: ZERO,
    lender: `0x${'2'.repeat(40)}`,
    borrower: `0x${'3'.repeat(40)}`,
    payout: `0x${'4'.repeat(64)}`,
    principal,
    rate,
    cap: 240_000n,
    lateBps: next(501n),
    coolingOff: DAY,
    start,
    instalments: drawUp(principal, rate, start, 1 + Number(next(36n))),
    salt: ZERO,
  };
  const found: unknown[] = [planFault(plan), costOf(plan), withinCap(plan)];
  const total = principal + next(1_000n);
  let loan = paidOut(plan, total);
  let time = start;
  let refunded = 0n;
  for (let i = 0; i < 6; i++) {
    time += next(40n * DAY);
    if (loan.state !== 'live') break;
    if (i % 3 === 2) {
      refunded += next(total / 4n);
      if (refunded > loan.refunded) ({ loan } = settle(plan, loan, refunded, time));
    } else {
      ({ loan } = pay(plan, loan, 1n + next(principal / 2n), time));
    }
    found.push(loan, standing(plan, loan, time), payoff(plan, loan, time));
  }
  return found;
}

/** @returns one line an example, and one a random life */
export function numbers(lives: number): string[] {
  const text = (value: unknown) =>
    JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));
  const random = spread(2_008_048n);
  return [
    ...REGULATION_Z.map(([name, lent, flows]) =>
      text([name, yearlyCost(BigInt(lent), flows), presentValue(flows, 123_456n)]),
    ),
    ...DIRECTIVE.map(([name, lent, flows]) => {
      const cost = compoundedYearlyCost(
        lent,
        flows.map(([amount, years]) => ({ amount, years })),
      );
      return text([name, Math.round(cost * 1e6)]);
    }),
    ...Array.from({ length: lives }, () => text(lifeOf(random))),
  ];
}
