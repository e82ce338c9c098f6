/** The life of one lot as documents of those who state it: 1 000 units in 50 cases on 5 pallets, used in 10 clinics. */
import { checkDigit, siteLink, unitLink } from '@zhenmei/gs1';

const UNITS = 1_000;
const PER_CASE = 20;
const CASES = UNITS / PER_CASE;
const PALLETS = 5;
const CLINICS_A_LOT = 10;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const EVENTS_A_LOT = 1_290;

const numbered = (body: string) => body + checkDigit(body);
export const GTIN = numbered('0952100000091');
const gln = (n: number) => numbered(`952000${String(n).padStart(6, '0')}`);

export interface BenchSite {
  readonly id: string;
  readonly gln: string;
  readonly kind: 'maker' | 'distributor' | 'clinic';
}

/** A maker, three distributors, forty clinics. */
export const SITES: readonly BenchSite[] = Array.from({ length: 44 }, (_, n) => ({
  id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  gln: gln(n),
  kind: n === 0 ? 'maker' : n < 4 ? 'distributor' : 'clinic',
}));

export interface Statement {
  readonly by: BenchSite;
  readonly events: readonly object[];
}

export const lotNumber = (lot: number): string => `B${lot}`;
export const unitOf = (lot: number, n: number): string => unitLink(GTIN, `${lot}x${n}`);
const container = (lot: number, n: number) =>
  `https://id.gs1.org/00/${numbered(`0952${String(lot).padStart(9, '0')}${String(n).padStart(4, '0')}`)}`;
const caseOf = (lot: number, n: number) => container(lot, n);
const palletOf = (lot: number, n: number) => container(lot, 1_000 + n);

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** @param start milliseconds since the epoch */
export function statementsOf(lot: number, start: number): Statement[] {
  const [maker, ...others] = SITES as [BenchSite, ...BenchSite[]];
  const traders = others.slice(0, 3);
  const clinics = range(CLINICS_A_LOT).map((i) => others[3 + ((lot * 7 + i) % 40)]!);
  const event = (at: number, by: BenchSite, bizStep: string, more: object) => ({
    type: 'ObjectEvent',
    eventTime: new Date(at).toISOString(),
    eventTimeZoneOffset: '+08:00',
    action: 'OBSERVE',
    bizStep,
    readPoint: { id: siteLink(by.gln) },
    bizLocation: { id: siteLink(by.gln) },
    ...more,
  });
  const pack = (at: number, by: BenchSite, parentID: string, childEPCs: string[], action: string) =>
    event(at, by, action === 'ADD' ? 'packing' : 'unpacking', {
      type: 'AggregationEvent',
      parentID,
      childEPCs,
      action,
    });
  const route = (from: BenchSite, to: BenchSite) => ({
    sourceList: [{ type: 'possessing_party', source: siteLink(from.gln) }],
    destinationList: [{ type: 'possessing_party', destination: siteLink(to.gln) }],
  });
  const ship = (at: number, from: BenchSite, to: BenchSite, epc: string) =>
    event(at, from, 'shipping', { epcList: [epc], disposition: 'in_transit', ...route(from, to) });
  const receive = (at: number, from: BenchSite, to: BenchSite, epc: string) =>
    event(at, to, 'receiving', {
      epcList: [epc],
      disposition: 'in_progress',
      ...route(from, to),
      sensorElementList: [
        {
          sensorMetadata: {
            startTime: new Date(at - 20 * HOUR).toISOString(),
            endTime: new Date(at).toISOString(),
            deviceID: `https://id.gs1.org/8004/952000${lot}`,
          },
          sensorReport: [{ type: 'Temperature', minValue: 3.1, maxValue: 6.9, meanValue: 4.8, uom: 'CEL' }],
        },
      ],
    });

  const inCase = (n: number) => range(PER_CASE).map((i) => unitOf(lot, n * PER_CASE + i));
  const onPallet = (n: number) => range(CASES / PALLETS).map((i) => caseOf(lot, (n * CASES) / PALLETS + i));
  const pallets = range(PALLETS).map((n) => palletOf(lot, n));
  const made = range(CASES).map((n) =>
    event(start + n * MINUTE, maker, 'commissioning', {
      action: 'ADD',
      epcList: inCase(n),
      disposition: 'active',
      ilmd: { 'cbvmda:lotNumber': lotNumber(lot), 'cbvmda:itemExpirationDate': '2030-12-31' },
    }),
  );
  const packed = [
    ...range(CASES).map((n) => pack(start + (60 + n) * MINUTE, maker, caseOf(lot, n), inCase(n), 'ADD')),
    ...pallets.map((pallet, n) => pack(start + (120 + n) * MINUTE, maker, pallet, onPallet(n), 'ADD')),
  ];
  const legs: Statement[] = [];
  let from = maker;
  let at = start + DAY;
  for (const to of traders) {
    legs.push({ by: from, events: pallets.map((pallet, n) => ship(at + n * MINUTE, from, to, pallet)) });
    legs.push({
      by: to,
      events: pallets.map((pallet, n) => receive(at + DAY + n * MINUTE, from, to, pallet)),
    });
    from = to;
    at += 2 * DAY;
  }
  const last = from;
  const toClinics: Statement = {
    by: last,
    events: [
      ...pallets.map((pallet, n) => pack(at + n * MINUTE, last, pallet, onPallet(n), 'DELETE')),
      ...range(CASES).map((n) =>
        ship(at + (60 + n) * MINUTE, last, clinics[n % CLINICS_A_LOT]!, caseOf(lot, n)),
      ),
    ],
  };
  const inClinics = clinics.map((clinic, c): Statement => {
    const cases = range(CASES).filter((n) => n % CLINICS_A_LOT === c);
    return {
      by: clinic,
      events: cases.flatMap((n) => [
        receive(at + DAY + n * MINUTE, last, clinic, caseOf(lot, n)),
        pack(at + DAY + (60 + n) * MINUTE, clinic, caseOf(lot, n), inCase(n), 'DELETE'),
        ...inCase(n).map((unit, i) =>
          event(at + 2 * DAY + (n * PER_CASE + i) * 5 * MINUTE, clinic, 'dispensing', {
            action: 'DELETE',
            epcList: [unit],
            disposition: 'dispensed',
            'zm:procedureCommitment': `c${lot}x${n}x${i}`,
            'zm:amountUsed': 1000,
            'zm:amountUnit': 'uL',
          }),
        ),
      ]),
    };
  });
  return [{ by: maker, events: [...made, ...packed] }, ...legs, toClinics, ...inClinics];
}

/** An EPCIS document, as a system of an organisation sends it. */
export const documentOf = ({ events }: Statement, at: number): object => ({
  '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: new Date(at).toISOString(),
  epcisBody: { eventList: events },
});
