/** Small words to tell stories of units with, for the tests of the verdict. */
import { checkDigit } from '@zhenmei/gs1';

const gtinOf = (body: string) => `${body}${checkDigit(body)}`;
const glnOf = (n: number) => `95200000000${n}`.padEnd(12, '0').slice(0, 12);
const gln = (n: number) => glnOf(n) + checkDigit(glnOf(n));

export const GTIN = gtinOf('0952100000001');
export const VIAL = gtinOf('0952100000002');
export const MAKER = gln(1);
export const DISTRIBUTOR = gln(2);
export const CLINIC = gln(3);
export const OTHER_CLINIC = gln(4);
export const GREY_TRADER = gln(5);
export const REGULATOR = gln(6);

export const unit = (serial = 'S1', gtin = GTIN) => `https://id.gs1.org/01/${gtin}/21/${serial}`;
export const site = (number: string) => `https://id.gs1.org/414/${number}`;
export const box = (n = '1') =>
  `https://id.gs1.org/00/0952100000000000${n}${checkDigit(`0952100000000000${n}`)}`;

/** Days since 1 March 2026, 08:00 in Shanghai. */
export const day = (n: number, hour = 0) =>
  new Date(Date.UTC(2026, 2, 1) + n * 86_400_000 + hour * 3_600_000).toISOString();

type Json = Record<string, unknown>;

export const event = (at: string, bizStep: string, where: string, more: Json): Json => ({
  type: 'ObjectEvent',
  eventTime: at,
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep,
  readPoint: { id: site(where) },
  bizLocation: { id: site(where) },
  ...more,
});

export const made = (at = day(0), epcs = [unit()], ilmd: Json = {}) =>
  event(at, 'commissioning', MAKER, {
    action: 'ADD',
    epcList: epcs,
    ilmd: { 'cbvmda:lotNumber': 'L1', 'cbvmda:itemExpirationDate': '2027-12-31', ...ilmd },
  });

const route = (from: string, to: string): Json => ({
  sourceList: [{ type: 'possessing_party', source: site(from) }],
  destinationList: [{ type: 'possessing_party', destination: site(to) }],
});

export const ship = (at: string, from: string, to: string, epcs = [unit()], more: Json = {}) =>
  event(at, 'shipping', from, { epcList: epcs, disposition: 'in_transit', ...route(from, to), ...more });
export const receive = (at: string, from: string, to: string, epcs = [unit()], more: Json = {}) =>
  event(at, 'receiving', to, { epcList: epcs, disposition: 'in_progress', ...route(from, to), ...more });
export const move = (n: number, from: string, to: string, epcs = [unit()]) => [
  ship(day(n), from, to, epcs),
  receive(day(n + 1), from, to, epcs),
];
export const way = (epcs = [unit()]) => [
  ...move(1, MAKER, DISTRIBUTOR, epcs),
  ...move(5, DISTRIBUTOR, CLINIC, epcs),
];
export const use = (at: string, where = CLINIC, commitment = 'C1', more: Json = {}) =>
  event(at, 'dispensing', where, {
    action: 'DELETE',
    epcList: [unit()],
    disposition: 'dispensed',
    'zm:procedureCommitment': commitment,
    ...more,
  });
export const dose = (at: string, amount: number, commitment: string, where = CLINIC) =>
  use(at, where, commitment, {
    action: 'OBSERVE',
    disposition: 'partially_dispensed',
    'zm:amountUsed': amount,
    'zm:amountUnit': 'U',
  });
export const pack = (
  at: string,
  parent: string,
  children: string[],
  action = 'ADD',
  where = MAKER,
): Json => ({
  type: 'AggregationEvent',
  eventTime: at,
  eventTimeZoneOffset: '+08:00',
  parentID: parent,
  childEPCs: children,
  action,
  bizStep: action === 'ADD' ? 'packing' : 'unpacking',
  readPoint: { id: site(where) },
});
export const recall = (at: string, where = MAKER, lot = 'L1') =>
  event(at, 'inspecting', where, {
    quantityList: [{ epcClass: `https://id.gs1.org/01/${GTIN}/10/${lot}` }],
    disposition: 'recalled',
  });
export const warm = (from: string, until: string, maxValue: number, more: Json = {}) => ({
  sensorElementList: [
    {
      sensorMetadata: { startTime: from, endTime: until },
      sensorReport: [{ type: 'Temperature', minValue: 4, maxValue, uom: 'CEL' }],
    },
  ],
  ...more,
});

export const FILLER: Json = {
  gtin: GTIN,
  productName: 'Filler',
  class: 'III',
  approvedRoutes: ['intradermal'],
  approvedRegions: ['CN'],
  storage: { minC: 2, maxC: 25, maxMinutesOut: 60 },
  singleUse: true,
  isToxin: false,
  makerOnboarded: true,
};
export const TOXIN: Json = {
  ...FILLER,
  class: 'drug',
  approvedRoutes: ['intramuscular'],
  singleUse: false,
  isToxin: true,
  maxAmountPerUnit: 100,
  amountUnit: 'U',
  useWithinHours: 24,
  storage: { minC: 2, maxC: 8, maxMinutesOut: 30 },
};

export const PARTIES = [
  { gln: MAKER, role: 'maker', licensedForToxin: true },
  { gln: DISTRIBUTOR, role: 'distributor', licensedForToxin: true },
  { gln: CLINIC, role: 'clinic', licensedForToxin: true },
  { gln: OTHER_CLINIC, role: 'clinic', licensedForToxin: false },
  { gln: GREY_TRADER, role: 'distributor', licensedForToxin: false },
  { gln: REGULATOR, role: 'regulator', licensedForToxin: false },
];

export const scan = (more: Json = {}): Json => ({
  code: unit(),
  purpose: 'before-use',
  place: CLINIC,
  region: 'CN',
  intendedRoute: 'intradermal',
  ...more,
});
export const facts = (
  events: Json[],
  more: { now?: string; master?: Json | null; scan?: Json; parties?: Json[] } = {},
): Json => ({
  now: more.now ?? day(10),
  master: more.master === undefined ? FILLER : more.master,
  parties: more.parties ?? PARTIES,
  events,
  scan: scan(more.scan),
});

/** A label with lot and expiry date (YYMMDD). */
export const LABEL = (lot: string, expiry: string) => `(01)${GTIN}(17)${expiry}(10)${lot}(21)S1`;
export const toxin = { master: TOXIN, scan: { intendedRoute: 'intramuscular' } };
export const after = (commitment?: string) => ({
  purpose: 'after-use',
  ...(commitment ? { procedureCommitment: commitment } : {}),
});
export const cased = [
  made(),
  pack(day(0, 1), box(), [unit()]),
  ...move(1, MAKER, DISTRIBUTOR, [box()]),
  ...move(5, DISTRIBUTOR, CLINIC, [box()]),
  pack(day(6, 2), box(), [unit()], 'DELETE', CLINIC),
];
export const vial = (serial: string) => unit(serial, VIAL);
export const trueBox = [made(), pack(day(0, 1), unit(), [vial('V1')]), ...way()];
export const boxed = { ...FILLER, contains: { gtin: VIAL, count: 1 } };
export const lateDelivery = (hours: number) =>
  receive(new Date(Date.parse(day(5)) - hours * 3_600_000).toISOString(), DISTRIBUTOR, CLINIC);

/** What happened, the facts, and the level and reasons that must follow. */
export type StoryCase = readonly [
  name: string,
  given: ReturnType<typeof facts>,
  level: string,
  codes: string[],
];
