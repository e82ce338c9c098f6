/**
 * Whether the money fits to the cent: what the chain holds, what our ledger of it says, and what lies at the custodian.
 * in = paid + fee + refunded + held; units = money behind them; minted − redeemed = escrow + every other contract that
 * holds units + payers' accounts. Every sum is compared with one that was come by another way.
 */
import { HOLDERS, type Holder, type Place } from './unit-flows.ts';

/** Sums over our projection of the escrow; minor units. */
export interface LedgerTotals {
  readonly agreements: number;
  readonly funded: bigint;
  readonly paid: bigint;
  readonly fee: bigint;
  readonly refunded: bigint;
  readonly held: bigint;
  /** Credited to clinics, patients and for fees; and taken out of it again. */
  readonly credited: bigint;
  readonly withdrawn: bigint;
}

export interface RailTotals {
  /** Orders by what became of them: on its way to be minted; minted, wherever the units went since. */
  readonly received: bigint;
  readonly minted: bigint;
  /** Credits at the custodian by state. */
  readonly matched: bigint;
  readonly waiting: bigint;
  readonly owed: bigint;
  /** Credits less debits that only a person can explain. */
  readonly asked: bigint;
  /** Payments for redeemed units: all, and those that the bank has booked. */
  readonly payouts: bigint;
  readonly payoutsBooked: bigint;
  /** Pots: complete orders into them, payments out of them, and those of these that the bank has booked. */
  readonly potsPaidIn: bigint;
  readonly potsPaidOut: bigint;
  readonly potsBooked: bigint;
  /** The same by what the pots themselves say. */
  readonly potsCame: bigint;
  readonly potsWent: bigint;
  /** Our own transfers between rails: arrived less sent, and what should have arrived long ago. */
  readonly moved: bigint;
  readonly overdue: bigint;
  /** The operator's reserve: paid in, taken out, and what of that the bank has booked. */
  readonly reserve: bigint;
  readonly reserveOut: bigint;
  readonly reserveBooked: bigint;
  /** What is left of it, by its lines; and how much of what is owed it stands behind. */
  readonly reserveLeft: bigint;
  readonly covered: bigint;
  /** The closing balances of all rails, by their own word. */
  readonly balance: bigint;
}

/** Balances of the unit, all of one block. */
export interface ChainTotals {
  readonly supply: bigint;
  readonly escrow: bigint;
  readonly holders: Readonly<Record<Holder, bigint>>;
}

/** What came less what went, by the events. */
export type UnitTotals = Readonly<Record<Place, { readonly came: bigint; readonly went: bigint }>>;

export const DIFFERENCES = [
  'account',
  'ledger',
  'movements',
  'escrow',
  'holder',
  'pledges',
  'units',
  'orders',
  'unheld',
  'unbacked',
  'payouts',
  'pots',
  'bank',
  'rail',
  'transit',
  'late',
  'loss',
  'reserve',
  'token',
] as const;
export type DifferenceKind = (typeof DIFFERENCES)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** Decimal text of minor units. */
  readonly expected: string;
  readonly found: string;
  /** The agreement or the contract, where one can be named. */
  readonly where: string | null;
}

export interface ReconciliationBody {
  readonly agreements: number;
  readonly totals: Readonly<Record<string, string>>;
  readonly differences: readonly Difference[];
  readonly ms: number;
}

export function differencesOf(
  ledger: LedgerTotals,
  units: UnitTotals,
  rail: RailTotals,
  chain: ChainTotals,
): Difference[] {
  const settled = ledger.paid + ledger.fee + ledger.refunded;
  const at = (place: Place) => units[place].came - units[place].went;
  const reserve = rail.reserve - rail.reserveOut;
  const inContracts = HOLDERS.reduce((sum, holder) => sum + chain.holders[holder], chain.escrow);
  const rows: readonly (readonly [DifferenceKind, expected: bigint, found: bigint, where?: string])[] = [
    ['ledger', ledger.funded, settled + ledger.held],
    ['movements', settled, ledger.credited],
    ['escrow', ledger.held + ledger.credited - ledger.withdrawn, chain.escrow],
    ...HOLDERS.map((holder) => ['holder', at(holder), chain.holders[holder], holder] as const),
    ['units', at('issued'), chain.supply],
    // every unit was minted for an order
    ['orders', rail.minted, units.issued.came],
    ['unheld', at('accounts'), chain.supply - inContracts],
    ['unbacked', rail.received + rail.minted + rail.potsPaidIn, rail.matched + rail.covered],
    ['payouts', units.issued.went, rail.payouts],
    ['pots', rail.potsCame, rail.potsPaidIn],
    ['pots', rail.potsWent, rail.potsPaidOut],
    [
      'bank',
      rail.matched +
        rail.waiting +
        rail.asked +
        rail.moved +
        rail.reserve -
        rail.payoutsBooked -
        rail.potsBooked -
        rail.reserveBooked,
      rail.balance,
    ],
    ['transit', 0n, rail.overdue],
    // the bank took back what had been taken out already
    ['reserve', reserve < 0n ? 0n : reserve, rail.reserveLeft],
  ];
  return rows.flatMap(([kind, expected, found, where]) =>
    expected === found
      ? []
      : [{ kind, expected: expected.toString(), found: found.toString(), where: where ?? null }],
  );
}

/** Sums over the agreements that are held in one coin, in its smallest unit. */
export interface CoinTotals {
  readonly funded: bigint;
  /** Paid to clinics, kept as fee, refunded. */
  readonly settled: bigint;
  readonly held: bigint;
  readonly credited: bigint;
  readonly withdrawn: bigint;
}

/**
 * @param found what the escrow has of the coin. Anybody may send it more, which is nobody's and no difference; less means
 *   that the coin took something away.
 */
export function coinDifferences(coin: string, totals: CoinTotals, found: bigint): Difference[] {
  const { funded, settled, held, credited, withdrawn } = totals;
  const owed = held + credited - withdrawn;
  const rows: readonly (readonly [DifferenceKind, bigint, bigint, boolean])[] = [
    ['ledger', funded, settled + held, funded !== settled + held],
    ['movements', settled, credited, settled !== credited],
    ['escrow', owed, found, found < owed],
  ];
  return rows
    .filter(([, , , differs]) => differs)
    .map(([kind, expected, is]) => ({
      kind,
      expected: expected.toString(),
      found: is.toString(),
      where: coin,
    }));
}

/** An agreement whose parts do not add up, or of which the chain holds something else. */
export function accountDifference(
  agreement: string,
  account: Pick<LedgerTotals, 'funded' | 'paid' | 'fee' | 'refunded' | 'held'>,
  heldOnChain: bigint | null,
): Difference | null {
  const sum = account.paid + account.fee + account.refunded + account.held;
  const [expected, found] =
    account.funded !== sum ? [account.funded, sum] : [account.held, heldOnChain ?? account.held];
  return expected === found
    ? null
    : { kind: 'account', expected: expected.toString(), found: found.toString(), where: agreement };
}

const DAY = 86_400_000;
/** Two in the night in China (UTC+8), when banks have closed their day. */
const NIGHT = 18 * 3_600_000;

/** The next time at which the money is compared. Milliseconds since the epoch, like `now`. */
export function nextNight(now: number): number {
  const today = Math.floor(now / DAY) * DAY + NIGHT;
  return today > now ? today : today + DAY;
}
