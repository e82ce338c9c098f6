/** Units move at random between everybody who can hold them; by events and balances alone it fits, or is named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChainTotals, differencesOf, type LedgerTotals, type UnitTotals } from './reconcile.ts';
import { flowsOf, HOLDERS, type Holder, type Place, type UnitEvent } from './unit-flows.ts';

const CONTRACTS = ['CareEscrow', ...HOLDERS] as const;
type Contract = (typeof CONTRACTS)[number];
const addressOf = (name: string): string =>
  `0x${(CONTRACTS.indexOf(name as Contract) + 1 || 99).toString(16).padStart(40, '0')}`;
const nameOf = (address: string) => CONTRACTS.find((name) => addressOf(name) === address) ?? null;
const reference = (of: string) => `0x${'0'.repeat(24)}${addressOf(of).slice(2)}`;
const PERSON = `0x${'ab'.repeat(32)}`;

/** Balances moved by the unit's rules, and the events of the unit and of whoever used it. */
class World {
  readonly balances: Record<string, bigint> = {};
  readonly events: UnitEvent[] = [];
  supply = 0n;
  ordered = 0n;
  payouts = 0n;
  readonly ledger = { funded: 0n, paid: 0n, held: 0n, credited: 0n, withdrawn: 0n };

  at = (who: string): bigint => this.balances[who] ?? 0n;
  tell(contract: string, name: string, args: Record<string, string | bigint>): void {
    const texts = Object.entries(args).map(([key, value]) => [key, String(value)]);
    this.events.push({ contract, name, args: Object.fromEntries(texts) });
  }
  private add(who: string, amount: bigint): void {
    this.balances[who] = this.at(who) + amount;
  }
  mint(to: string, amount: bigint): void {
    this.supply += amount;
    this.ordered += amount;
    this.add(to, amount);
    this.tell('SettlementUnit', 'Minted', { to: addressOf(to), amount });
  }
  move(from: string, to: string, amount: bigint): void {
    this.add(from, -amount);
    this.add(to, amount);
    this.tell('SettlementUnit', 'Collected', { from: addressOf(from), by: addressOf(to), amount });
  }
  /** To a contract of ours it moves; to anybody else it is redeemed, and the custodian pays. */
  give(from: string, payout: string, amount: bigint): void {
    const to = CONTRACTS.find((name) => reference(name) === payout);
    if (to) {
      this.move(from, to, amount);
      return;
    }
    this.add(from, -amount);
    this.supply -= amount;
    this.payouts += amount;
    this.tell('SettlementUnit', 'Redeemed', { payout, by: addressOf(from), amount });
  }
}

type Act = (world: World, amount: bigint) => void;
const within = (has: bigint, wanted: bigint): bigint => (wanted < has ? wanted : has);
const paysInto =
  (contract: Holder, name: string, field: string): Act =>
  (w, wanted) => {
    const amount = within(w.at('payer'), wanted);
    w.tell(contract, name, { [field]: amount });
    w.move('payer', contract, amount);
  };
const paysOut =
  (contract: Holder, name: string, payout: string, field = 'amount'): Act =>
  (w, wanted) => {
    const amount = within(w.at(contract), wanted);
    w.tell(contract, name, { who: payout, [field]: amount });
    w.give(contract, payout, amount);
  };
const repay = (w: World, amount: bigint) => {
  w.give('InstalmentBook', reference('InstalmentPool'), amount);
  w.tell('InstalmentPool', 'Repaid', { amount });
};
const withdraws =
  (payout: string): Act =>
  (w, wanted) => {
    const amount = within(w.ledger.credited - w.ledger.withdrawn, wanted);
    w.ledger.withdrawn += amount;
    w.tell('CareEscrow', 'Withdrawn', { who: payout, amount });
    w.give('CareEscrow', payout, amount);
  };

const ACTS: Readonly<Record<string, Act>> = {
  payIn: (w, amount) => w.mint('payer', amount),
  agree: (w, wanted) => {
    const amount = within(w.at('payer'), wanted);
    w.ledger.funded += amount;
    w.ledger.held += amount;
    w.tell('CareEscrow', 'AgreementOpened', { total: amount });
    w.move('payer', 'CareEscrow', amount);
  },
  settle: (w, wanted) => {
    const amount = within(w.ledger.held, wanted);
    w.ledger.held -= amount;
    w.ledger.paid += amount;
    w.ledger.credited += amount;
  },
  withdraw: withdraws(PERSON),
  withdrawToLoans: withdraws(reference('InstalmentBook')),
  goBack: (w, wanted) => w.give('payer', PERSON, within(w.at('payer'), wanted)),
  lenderIn: paysInto('InstalmentPool', 'Deposit', 'assets'),
  lenderOut: paysOut('InstalmentPool', 'ExitCollected', PERSON, 'assets'),
  lend: (w, wanted) => {
    const amount = within(w.at('InstalmentPool'), wanted);
    w.tell('InstalmentPool', 'Lent', { amount });
    w.move('InstalmentPool', 'payer', amount);
  },
  payLoan: (w, wanted) => {
    const amount = within(w.at('payer'), wanted);
    w.tell('InstalmentBook', 'LoanPaid', { amount });
    w.move('payer', 'InstalmentBook', amount);
    repay(w, amount);
  },
  refundLoan: (w, wanted) => {
    const toLoan = within(w.at('InstalmentBook'), wanted);
    const toPatient = w.at('InstalmentBook') - toLoan;
    w.tell('InstalmentBook', 'LoanRefunded', { toLoan, toPatient });
    repay(w, toLoan);
    w.give('InstalmentBook', PERSON, toPatient);
  },
  giveBack: (w, wanted) => {
    const amount = within(w.at('InstalmentPool'), wanted);
    w.tell('InstalmentPool', 'GivenBack', { amount });
    w.give('InstalmentPool', reference('InstalmentBook'), amount);
    w.tell('InstalmentBook', 'LoanReturned', { amount });
    w.give('InstalmentBook', PERSON, amount);
  },
  bondIn: paysInto('ClinicBond', 'Deposited', 'amount'),
  bondOut: paysOut('ClinicBond', 'PaidOut', PERSON),
  bondToLoans: paysOut('ClinicBond', 'PaidOut', reference('InstalmentBook')),
  premium: paysInto('GuaranteePool', 'Underwritten', 'premium'),
  backIn: paysInto('GuaranteePool', 'Deposit', 'assets'),
  backOut: paysOut('GuaranteePool', 'Withdraw', PERSON, 'assets'),
  coverOut: paysOut('GuaranteePool', 'PaidOut', PERSON),
  purseIn: paysInto('AssessorPool', 'Funded', 'amount'),
  purseOut: paysOut('AssessorPool', 'TakenOut', PERSON),
  checkFee: paysInto('ProviderVerification', 'Asked', 'fee'),
  checkBond: paysInto('ProviderVerification', 'Bonded', 'amount'),
  checkDeposit: paysInto('ProviderVerification', 'ChallengeMade', 'deposit'),
  checkOut: paysOut('ProviderVerification', 'PaidOut', PERSON),
  checkEndow: (w, wanted) => {
    const amount = within(w.at('ProviderVerification'), wanted);
    w.tell('ProviderVerification', 'Endowed', { amount });
    w.tell('AssessorPool', 'Funded', { amount });
    w.move('ProviderVerification', 'AssessorPool', amount);
  },
};

const PLACES = ['issued', 'accounts', ...HOLDERS] as const;
function totalsOf(events: readonly UnitEvent[]): UnitTotals {
  const flows = events.flatMap((event) => flowsOf(event, nameOf));
  const sum = (place: Place, side: 'came' | 'went') =>
    flows.reduce((all, flow) => (flow.place === place ? all + flow[side] : all), 0n);
  return Object.fromEntries(
    PLACES.map((place) => [place, { came: sum(place, 'came'), went: sum(place, 'went') }]),
  ) as UnitTotals;
}

function compare(w: World, change: (chain: ChainTotals) => ChainTotals = (chain) => chain) {
  const ledger: LedgerTotals = { ...w.ledger, agreements: 1, fee: 0n, refunded: 0n };
  const rail = {
    received: 0n,
    minted: w.ordered,
    matched: w.ordered,
    waiting: 0n,
    owed: 0n,
    asked: 0n,
    payouts: w.payouts,
    payoutsBooked: w.payouts,
    potsPaidIn: 0n,
    potsPaidOut: 0n,
    potsBooked: 0n,
    reserve: 0n,
    reserveOut: 0n,
    reserveBooked: 0n,
    reserveLeft: 0n,
    covered: 0n,
    potsCame: 0n,
    potsWent: 0n,
    moved: 0n,
    overdue: 0n,
    balance: w.ordered - w.payouts,
  };
  const holders = Object.fromEntries(HOLDERS.map((name) => [name, w.at(name)])) as Record<Holder, bigint>;
  return differencesOf(
    ledger,
    totalsOf(w.events),
    rail,
    change({ supply: w.supply, escrow: w.at('CareEscrow'), holders }),
  );
}

const played = fc
  .array(fc.tuple(fc.constantFrom(...Object.keys(ACTS)), fc.bigInt({ min: 0n, max: 10_000n })), {
    maxLength: 80,
  })
  .map((acts) => {
    const world = new World();
    // enough to move from the beginning
    world.mint('payer', 50_000n);
    for (const [name, amount] of acts) ACTS[name]!(world, amount);
    return world;
  });

describe('units', () => {
  it('reconcile to zero, whatever moved between whom', () => {
    fc.assert(
      fc.property(played, (world) => {
        expect(compare(world)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('one too many or too few anywhere are named', () => {
    fc.assert(
      fc.property(
        played,
        fc.constantFrom('escrow', 'payer', 'supply', ...HOLDERS),
        fc.constantFrom(1n, -1n),
        (world, place, one) => {
          const found = compare(world, (chain) => {
            // a unit on somebody's account is one of the supply that no contract holds
            if (place === 'supply' || place === 'payer') return { ...chain, supply: chain.supply + one };
            if (place === 'escrow') return { ...chain, escrow: chain.escrow + one };
            return { ...chain, holders: { ...chain.holders, [place]: chain.holders[place] + one } };
          }).map(({ kind, where }) => where ?? kind);
          const expected = place === 'payer' || place === 'supply' ? 'units' : place;
          expect(found).toContain(expected);
          expect(found).toContain('unheld');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('that no event told of are found at the contract where they turned up', () => {
    fc.assert(
      fc.property(played, fc.constantFrom(...HOLDERS), (world, holder) => {
        // moved from an account without a word of the contract itself
        world.mint('payer', 1n);
        world.move('payer', holder, 1n);
        expect(compare(world)).toMatchObject([{ kind: 'holder', where: holder }]);
      }),
    );
  });

  it('a redemption that was not asked of the custodian is named', () => {
    const world = new World();
    world.mint('payer', 5n);
    world.give('payer', PERSON, 2n);
    world.payouts -= 1n;
    expect(compare(world).map(({ kind }) => kind)).toEqual(['payouts']);
  });

  it('events that move none change nothing', () => {
    for (const name of ['Locked', 'Released', 'Rebooked', 'Transfer', 'Approval', 'ExitServed'])
      for (const contract of [...CONTRACTS, 'SettlementUnit'])
        expect(flowsOf({ contract, name, args: { amount: '5', assets: '5' } }, nameOf)).toEqual([]);
  });
});
