/** Two clinics with a real database behind them: makers, traders, products and shipments, for tests of stock. */
import { fileURLToPath } from 'node:url';
import { p256 } from '@noble/curves/nist.js';
import { lotLink, unitLink } from '@zhenmei/gs1';
import type { IdentityContext } from '@zhenmei/identity';
import { type AppError, type Hex, newId, toHex0x } from '@zhenmei/kernel';
import { cn } from '@zhenmei/policy';
import { captureEvent, type EpcisEvent, type ProvenanceContext, registerProduct } from '@zhenmei/provenance';
import { asStockEvent, custodyPort } from '../../../../apps/server/compose/custody.ts';
import { type TestDatabase, testDatabase } from '../../../../platform/db/testing.ts';
import { type StatementKind, statementDigest } from '../../core/statement.ts';
import type { CareContext } from '../context.ts';
import { onCustodyEvent } from './project.ts';

export const NOW = Date.parse('2026-11-20T09:00:00.000Z');
const HOUR = 3_600_000;
const iso = (ms: number): string => new Date(ms).toISOString();

const text = (name: string) => ({ zh: name, en: name });

export const PARTIES = {
  maker: { gln: '9521234000112', kind: 'maker', toxin: true },
  appointed: { gln: '9521234000211', kind: 'distributor', toxin: true },
  trader: { gln: '9521234000228', kind: 'distributor', toxin: false },
  clinic: { gln: '9521234000310', kind: 'clinic', toxin: true },
  other: { gln: '9521234000327', kind: 'clinic', toxin: false },
  regulator: { gln: '9521234000013', kind: 'regulator', toxin: false },
} as const;
export type PartyKey = keyof typeof PARTIES;

const BASE = {
  class: 'III',
  registration: 'R1',
  approvedRoutes: ['intradermal-injection'],
  approvedRegions: ['CN'],
  storage: { minC: 2, maxC: 8, maxMinutesOut: 60 },
  singleUse: true,
  isToxin: false,
  maxAmountPerUnit: 1_000,
  amountUnit: 'uL',
  ingredients: ['hyaluronic-acid'],
};
export const PRODUCTS = {
  filler: { ...BASE, gtin: '09521234100010', name: text('filler') },
  toxin: {
    ...BASE,
    gtin: '09521234100065',
    name: text('toxin'),
    class: 'drug',
    singleUse: false,
    isToxin: true,
    maxAmountPerUnit: 100,
    amountUnit: 'U',
    useWithinHours: 24,
  },
  abroad: { ...BASE, gtin: '09521234100058', name: text('abroad'), approvedRegions: ['SG'] },
  console: {
    ...BASE,
    gtin: '09521234100133',
    name: text('console'),
    singleUse: false,
    maxAmountPerUnit: 1,
    amountUnit: 'unit',
    storage: { minC: -20, maxC: 50, maxMinutesOut: 10_000 },
  },
  handpiece: {
    ...BASE,
    gtin: '09521234100140',
    name: text('handpiece'),
    singleUse: false,
    maxAmountPerUnit: 1_000,
    amountUnit: 'pulse',
    storage: { minC: -20, maxC: 50, maxMinutesOut: 10_000 },
  },
} as const;
export type ProductKey = keyof typeof PRODUCTS;

/** Numbers of this file run: nothing is made twice. */
let made = 0;

const folder = (module: string) =>
  fileURLToPath(new URL(`../../../${module}/adapters/migrations`, import.meta.url));

export interface Bench {
  readonly database: TestDatabase;
  readonly care: CareContext;
  readonly provenance: ProvenanceContext;
  readonly ids: Readonly<Record<PartyKey, string>>;
  /** Leaves that were written to the log. */
  readonly leaves: string[];
  /** Moves the clock. */
  at(ms: number): void;
  licence(valid: boolean | null): void;
  say(who: PartyKey, event: Partial<EpcisEvent> & Record<string, unknown>): Promise<Hex>;
  /** A unit that its maker brought into the world. */
  make(product: ProductKey, more?: { lot?: string; expiry?: string; serial?: string }): Promise<string>;
  /** Sends it, or the box it is in, to somebody. */
  send(from: PartyKey, to: PartyKey, epcs: readonly string[], more?: object): Promise<Hex>;
  pack(units: readonly string[]): Promise<string>;
  /** Made, received by the appointed distributor and sent to the clinic: ready to be scanned. */
  delivered(product: ProductKey, more?: Parameters<Bench['make']>[1] & { by?: PartyKey }): Promise<string>;
  /** A statement as the device of a clinic signs it; `0` and `1` are its two devices. */
  sign<T extends object>(who: PartyKey, kind: StatementKind, body: T, device?: 0 | 1): T & { signature: Hex };
  scan(code: string, more?: object): ReturnType<typeof scanOf> & { signature: Hex };
  close(): Promise<void>;
}

const scanOf = (code: string, more: object) => ({
  id: newId(NOW, new Uint8Array(10).fill(++made % 256).fill(Math.floor(made / 256), 0, 1)),
  code,
  at: iso(NOW),
  person: '李护士',
  reading: null,
  ...more,
});

const keyOf = (who: PartyKey, device: 0 | 1) =>
  new Uint8Array(32).fill(Object.keys(PARTIES).indexOf(who) * 2 + device + 1);

export const code = async (run: () => Promise<unknown>): Promise<string> =>
  run().then(
    () => 'none',
    (error: AppError) => error.code ?? String(error),
  );

export async function openBench(): Promise<Bench> {
  const database = await testDatabase(
    ['identity', 'provenance', 'care'].map((module) => ({ module, dir: folder(module) })),
  );
  let now = NOW;
  let licenceValid: boolean | null = true;
  const clock = { now: () => now };
  const ids = Object.fromEntries(
    Object.keys(PARTIES).map((key, i) => [key, `00000000-0000-7000-8000-00000000000${i}`]),
  ) as Record<PartyKey, string>;
  const identity = { db: database.as(), clock } as unknown as IdentityContext;
  for (const [key, { gln, kind, toxin }] of Object.entries(PARTIES) as [
    PartyKey,
    (typeof PARTIES)['clinic'],
  ][]) {
    await identity.db
      .insertInto('identity.organisation')
      .values({
        id: ids[key],
        kind: kind as never,
        name: JSON.stringify(text(key)),
        city: JSON.stringify(text('city')),
        address: JSON.stringify(text('address')),
        region: 'CN',
        gln,
        account: null,
        first_signer: null,
        licensed_for_toxin: toxin,
        created_at: new Date(NOW),
      })
      .execute();
    for (const device of [0, 1] as const)
      await identity.db
        .insertInto('identity.device')
        .values({
          id: newId(NOW, keyOf(key, device).subarray(0, 10)),
          organisation_id: ids[key],
          signer: '0x00',
          holder_key: toHex0x(p256.getPublicKey(keyOf(key, device), false)),
          joined_at: new Date(NOW),
        })
        .execute();
  }
  const leaves: string[] = [];
  const sites = async () =>
    Object.entries(PARTIES).map(([key, { gln, kind, toxin }]) => ({
      id: ids[key as PartyKey],
      gln,
      kind,
      name: text(key),
      city: text('city'),
      licensedForToxin: toxin,
    }));
  const provenance: ProvenanceContext = {
    db: database.as(),
    clock,
    parties: { byId: async (id) => (await sites()).find((site) => site.id === id) ?? null, all: sites },
    log: {
      append: async (_tx, _type, leaf) => void leaves.push(leaf),
      appendMany: async (_tx, many) => void leaves.push(...many.map(({ text: leaf }) => leaf)),
    },
    listeners: [
      async (tx, captured) => {
        for (const { event } of captured) await onCustodyEvent(care, tx as never, asStockEvent(event));
      },
    ],
  };
  let counter = 0;
  const care = {
    db: database.as(),
    clock,
    random: {
      bytes: (length: number) => {
        counter++;
        return new Uint8Array(length).map((_, i) => (counter >> ((i % 4) * 8)) & 255);
      },
    },
    identity: {
      clinic: async () => ({ licenceValid }),
      doctor: async () => ({ name: text('Dr Lin') }),
    },
    custody: custodyPort(identity, provenance),
    packs: (region: string) => (region === 'CN' ? [cn] : []),
  } as unknown as CareContext;

  const address = (who: PartyKey) => ({ id: `https://id.gs1.org/414/${PARTIES[who].gln}` });
  const bench: Bench = {
    database,
    care,
    provenance,
    ids,
    leaves,
    at: (ms) => {
      now = ms;
    },
    licence: (valid) => {
      licenceValid = valid;
    },
    say: async (who, event) =>
      (
        await captureEvent(provenance, ids[who], {
          type: 'ObjectEvent',
          eventTime: iso(now),
          eventTimeZoneOffset: '+08:00',
          action: 'OBSERVE',
          readPoint: address(who),
          bizLocation: address(who),
          ...event,
        })
      ).digest,
    make: async (key, { lot = 'L1', expiry = '2028-01-01', serial } = {}) => {
      const { gtin } = PRODUCTS[key];
      const unit = unitLink(gtin, serial ?? `S${++made}`);
      await bench.say('maker', {
        eventTime: iso(NOW - 60 * 24 * HOUR),
        action: 'ADD',
        epcList: [unit],
        bizStep: 'commissioning',
        disposition: 'active',
        ilmd: { lotNumber: lot, itemExpirationDate: expiry },
        'zm:lot': lotLink(gtin, lot),
      });
      return unit;
    },
    send: (from, to, epcs, more = {}) =>
      bench.say(from, {
        eventTime: iso(NOW - 30 * HOUR),
        epcList: [...epcs],
        bizStep: 'shipping',
        disposition: 'in_transit',
        sourceList: [{ type: 'possessing_party', source: address(from).id }],
        destinationList: [{ type: 'possessing_party', destination: address(to).id }],
        ...more,
      }),
    pack: async (units) => {
      const body = `095212340${String(++made).padStart(8, '0')}`;
      const sum = [...body].reverse().reduce((s, d, i) => s + Number(d) * (i % 2 === 0 ? 3 : 1), 0);
      const box = `https://id.gs1.org/00/${body}${(10 - (sum % 10)) % 10}`;
      await bench.say('appointed', {
        type: 'AggregationEvent',
        eventTime: iso(NOW - 40 * HOUR),
        action: 'ADD',
        parentID: box,
        childEPCs: [...units],
        bizStep: 'packing',
      });
      return box;
    },
    delivered: async (key, { by = 'appointed', ...more } = {}) => {
      const unit = await bench.make(key, more);
      await bench.send('maker', by, [unit], { eventTime: iso(NOW - 90 * HOUR) });
      await bench.say(by, {
        eventTime: iso(NOW - 60 * HOUR),
        epcList: [unit],
        bizStep: 'receiving',
        disposition: 'in_progress',
      });
      await bench.send(by, 'clinic', [unit]);
      return unit;
    },
    sign: (who, kind, body, device = 0) => ({
      ...body,
      signature: toHex0x(
        p256.sign(statementDigest(kind, ids[who], body), keyOf(who, device), { prehash: true }),
      ),
    }),
    scan: (text, more = {}) => bench.sign('clinic', 'goods-in', scanOf(text, { at: iso(now), ...more })),
    close: () => database.close(),
  };
  for (const product of Object.values(PRODUCTS))
    await registerProduct(provenance, ids.maker, product as never);
  return bench;
}

/** The label on a unit as a scanner sends it. */
export function labelOf(unit: string, lot = 'L1', expiry = '2028-01-01'): string {
  const match = /\/01\/(\d{14})\/21\/(.+)$/.exec(unit)!;
  return `]d201${match[1]}17${expiry.slice(2).replaceAll('-', '')}10${lot}\u001d21${decodeURIComponent(match[2]!)}`;
}
