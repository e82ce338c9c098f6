/**
 * How well copies are found, on a made-up trade whose every rule stands here: the same verdict as in production judges
 * every opening that is reported, and plain counts of scans stand beside it. `zhenmei bench provenance-clones`.
 */

import type { EpcisEvent } from '@zhenmei/provenance/core/events.ts';
import { judge, type KnownParty, type Master } from '@zhenmei/provenance/core/verdict.ts';
import type { BenchRow } from './log.ts';

export interface Trade {
  readonly seed: number;
  readonly clinics: number;
  readonly cities: number;
  readonly honest: number;
  readonly cloned: number;
  /** Copies of each cloned unit. */
  readonly copies: number;
  /** Share of openings that the clinic reports. */
  readonly reported: number;
  /** Share of patients who check the box at the clinic and say where they are. */
  readonly asked: number;
}

export const TRADE: Trade = {
  seed: 7,
  clinics: 400,
  cities: 30,
  honest: 20_000,
  cloned: 4_000,
  copies: 1,
  reported: 0.6,
  asked: 0.05,
};

/** Share of patients who scan again in another city, and again of these in a third; of units whose code is passed around; late and lost papers. */
const TRAVEL = 0.12;
const VIRAL = 0.001;
const LATE = 0.2;
const LOST_RECEIPT = 0.01;

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const GTIN = '09521000000018';
const gln = (n: number) => String(9_520_000_000_000 + n);
const site = (number: string) => ({ id: `https://id.gs1.org/414/${number}` });
const MAKER = gln(1);
const DISTRIBUTORS = 20;
const clinicGln = (n: number) => gln(1_000 + n);

const MASTER: Master = {
  gtin: GTIN,
  class: 'III',
  approvedRoutes: [],
  approvedRegions: [],
  storage: { minC: -50, maxC: 60, maxMinutesOut: 0 },
  singleUse: true,
  isToxin: false,
  makerOnboarded: true,
};

export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Opening {
  readonly clinic: number;
  readonly at: number;
  readonly commitment: string;
}

interface Seen {
  readonly outside: boolean;
  readonly scans: number;
  readonly cities: number;
  readonly sites: number;
}

export interface Found {
  readonly units: number;
  readonly outside: number;
  readonly sites: number;
  readonly all: readonly Seen[];
}

/** Plays `units` units, each with `copies` copies in circulation. */
export function play(trade: Trade, units: number, copies: number, seed: number): Found {
  const random = randomFrom(seed);
  const pick = (n: number) => Math.floor(random() * n);
  const parties: KnownParty[] = [
    { gln: MAKER, role: 'maker', licensedForToxin: false },
    ...Array.from({ length: DISTRIBUTORS }, (_, n) => ({
      gln: gln(100 + n),
      role: 'distributor',
      licensedForToxin: false,
    })),
    ...Array.from({ length: trade.clinics }, (_, n) => ({
      gln: clinicGln(n),
      role: 'clinic',
      licensedForToxin: false,
    })),
  ];
  const all = Array.from({ length: units }, (_, n): Seen => {
    const unit = `https://id.gs1.org/01/${GTIN}/21/U${n}`;
    const home = pick(trade.clinics);
    const made = START + pick(200) * DAY;
    const events = wayOf(unit, made, gln(100 + pick(DISTRIBUTORS)), clinicGln(home), random);
    const genuine: Opening = { clinic: home, at: made + (25 + pick(60)) * DAY, commitment: `c${n}` };
    const others = Array.from(
      { length: copies },
      (_, i): Opening => ({
        clinic: pick(trade.clinics),
        at: made + (25 + pick(60)) * DAY,
        commitment: `c${n}-${i}`,
      }),
    );
    return watch(trade, { unit, events, parties, openings: [genuine, ...others], random });
  });
  return {
    units,
    outside: all.filter(({ outside }) => outside).length,
    sites: all.filter(({ sites }) => sites > 1).length,
    all,
  };
}

function wayOf(
  unit: string,
  made: number,
  distributor: string,
  clinic: string,
  random: () => number,
): EpcisEvent[] {
  const event = (bizStep: string, where: string, at: number, more: object): EpcisEvent => ({
    type: 'ObjectEvent',
    action: bizStep === 'commissioning' ? 'ADD' : 'OBSERVE',
    eventTime: new Date(at).toISOString(),
    eventTimeZoneOffset: '+08:00',
    bizStep,
    epcList: [unit],
    readPoint: site(where),
    bizLocation: site(where),
    ...more,
  });
  const parties = (from: string, to: string) => ({
    sourceList: [{ type: 'possessing_party', source: site(from).id }],
    destinationList: [{ type: 'possessing_party', destination: site(to).id }],
  });
  const hop = (from: string, to: string, at: number): EpcisEvent[] => {
    // some write their receipt hours late or with a clock that is wrong, a few never do
    const late = random() < LATE ? (random() - 0.5) * 12 * 3_600_000 : 0;
    const received = event('receiving', to, at + DAY + late, parties(from, to));
    return [event('shipping', from, at, parties(from, to)), ...(random() < LOST_RECEIPT ? [] : [received])];
  };
  return [
    event('commissioning', MAKER, made, { ilmd: { lotNumber: 'L1' } }),
    ...hop(MAKER, distributor, made + 2 * DAY),
    ...hop(distributor, clinic, made + 8 * DAY),
  ];
}

interface Life {
  readonly unit: string;
  readonly events: readonly EpcisEvent[];
  readonly parties: readonly KnownParty[];
  readonly openings: readonly Opening[];
  readonly random: () => number;
}

/** What anybody could notice of a unit: openings that are reported or asked about, and scans. */
function watch(trade: Trade, { unit, events, parties, openings, random }: Life): Seen {
  const told = [...events];
  const sites = new Set<number>();
  const cities = new Set<number>();
  let outside = false;
  let scans = 0;
  const facts = { master: MASTER, parties, unit, label: {} };
  for (const opening of [...openings].sort((a, b) => a.at - b.at)) {
    const place = clinicGln(opening.clinic);
    if (random() < trade.asked) {
      const asked = judge({ ...facts, now: opening.at, events: told, purpose: 'before-use', place });
      outside ||= asked.reasons.some(({ code }) => code === 'OPENED_OUTSIDE_CUSTODY');
    }
    if (random() < trade.reported) {
      sites.add(opening.clinic);
      told.push({
        type: 'ObjectEvent',
        action: 'DELETE',
        eventTime: new Date(opening.at).toISOString(),
        eventTimeZoneOffset: '+08:00',
        bizStep: 'dispensing',
        disposition: 'dispensed',
        epcList: [unit],
        readPoint: site(place),
        bizLocation: site(place),
        'zm:procedureCommitment': opening.commitment,
      });
      const answer = judge({ ...facts, now: opening.at, events: told, purpose: 'public' });
      outside ||= answer.reasons.some(({ code }) => code === 'OPENED_OUTSIDE_CUSTODY');
    }
    const city = opening.clinic % trade.cities;
    const looks = 1 + Math.floor(-Math.log(1 - random()) * 1.5);
    scans += looks;
    cities.add(city);
    while (random() < TRAVEL) cities.add(Math.floor(random() * trade.cities));
  }
  if (random() < VIRAL) {
    scans += 50 + Math.floor(random() * 400);
    for (let n = 0; n < 12; n++) cities.add(Math.floor(random() * trade.cities));
  }
  return { outside, scans, cities: cities.size, sites: sites.size };
}

/** The lowest threshold at which at most one honest unit in a thousand is suspected. */
function threshold(honest: readonly number[]): number {
  const sorted = [...honest].sort((a, b) => b - a);
  return sorted[Math.floor(honest.length / 1_000)]!;
}

export interface Outcome {
  /** Shares of cloned units that were found, and honest units suspected. */
  readonly outside: { readonly found: number; readonly falseAlarms: number };
  readonly sites: { readonly found: number; readonly falseAlarms: number };
  readonly scanCount: number;
  readonly cityCount: number;
}

export function simulate(trade: Trade = TRADE): Outcome {
  const honest = play(trade, trade.honest, 0, trade.seed);
  const cloned = play(trade, trade.cloned, trade.copies, trade.seed + 1);
  const [scans, cities] = [
    threshold(honest.all.map((one) => one.scans)),
    threshold(honest.all.map((one) => one.cities)),
  ];
  const share = (test: (one: Seen) => boolean) => cloned.all.filter(test).length / cloned.units;
  return {
    outside: { found: cloned.outside / cloned.units, falseAlarms: honest.outside },
    sites: { found: cloned.sites / cloned.units, falseAlarms: honest.sites },
    scanCount: share((one) => one.scans > scans),
    cityCount: share((one) => one.cities > cities),
  };
}

export async function run(): Promise<BenchRow[]> {
  const percent = (value: number) => Number((value * 100).toFixed(1));
  const rows: BenchRow[] = [];
  for (const copies of [1, 2, 4, 9]) {
    const found = simulate({ ...TRADE, honest: 8_000, cloned: 1_500, copies });
    rows.push({
      name: `opened outside custody, ${copies} copies (false alarms: ${found.outside.falseAlarms})`,
      value: percent(found.outside.found),
      unit: '% found',
      floor: { name: 'counting scans', value: percent(found.scanCount) },
    });
  }
  for (const reported of [0.4, 0.6, 0.8]) {
    const found = simulate({ ...TRADE, honest: 2_000, cloned: 1_500, reported });
    rows.push({
      name: `single copies where ${reported * 100} % of openings are reported`,
      value: percent(found.outside.found),
      unit: '% found',
      floor: { name: 'counting cities', value: percent(found.cityCount) },
    });
  }
  return rows;
}
