/** A small world with a real database for the tests of goods on their way: parties whose devices can sign. */
import { fileURLToPath } from 'node:url';
import { p256 } from '@noble/curves/nist.js';
import { canonicalLink } from '@zhenmei/gs1';
import { type AppError, type Hex, type Json, sha256, toHex, toHex0x, utf8 } from '@zhenmei/kernel';
import { cn } from '@zhenmei/policy';
import { sql } from 'kysely';
import { type TestDatabase, testDatabase } from '../../../../platform/db/testing.ts';
import type { ProvenanceDatabase } from '../../adapters/schema.ts';
import type { JsonObject } from '../../core/checks.ts';
import { HOUSE } from '../../core/document.ts';
import { eventStatement } from '../../core/event-signature.ts';
import { eventDigest } from '../../core/events.ts';
import { normaliseEvent } from '../../core/normalise.ts';
import type { ProductBody } from '../../core/product.ts';
import type { Site } from '../../ports.ts';
import { registerProduct } from '../products.ts';
import * as s from '../stories.property.ts';
import type { SupplyContext } from './context.ts';
import { followGoods, RECONCILE } from './follow-goods.ts';
import { EXCEPTION_DUE } from './keep-exceptions.ts';
import { reconcileGoods } from './reconcile.ts';
import { exceptionDue } from './step-exception.ts';

export const keyOf = (gln: string): Uint8Array => sha256(utf8(`device of ${gln}`));
export const pointOf = (gln: string): Hex => toHex0x(p256.getPublicKey(keyOf(gln), false));
export const signWith = (key: Uint8Array, digest: Hex): Hex =>
  toHex0x(p256.sign(eventStatement(digest), key, { prehash: true }));

export const nameOf = (text: string) => ({ zh: text, en: text });

export const SITES: readonly Site[] = s.PARTIES.map(({ gln, role, licensedForToxin }, i) => ({
  id: `00000000-0000-7000-8000-00000000000${i}`,
  gln,
  kind: role,
  name: nameOf(`${role} ${i}`),
  city: nameOf('city'),
  licensedForToxin,
  region: 'CN',
  keys: [pointOf(gln)],
}));
export const idOf = (gln: string): string => SITES.find((site) => site.gln === gln)!.id;

export const PRODUCT: ProductBody = {
  gtin: s.GTIN,
  name: nameOf('filler'),
  class: 'III',
  registration: 'R1',
  approvedRoutes: ['intradermal'],
  approvedRegions: ['CN'],
  storage: { minC: 2, maxC: 25, maxMinutesOut: 60 },
  singleUse: true,
  isToxin: false,
  maxAmountPerUnit: 1000,
  amountUnit: 'uL',
  ingredients: ['hyaluronic-acid'],
};

export interface Setting {
  readonly ctx: SupplyContext;
  /** Work with a due time, in the order it was put in. */
  readonly work: { kind: string; key: string; payload: Json; dueAt: number }[];
  readonly files: Map<string, Uint8Array>;
  readonly leaves: { type: number; text: string; key: string }[];
  now: number;
}

export const openDatabase = (): Promise<TestDatabase> =>
  testDatabase([
    { module: 'provenance', dir: fileURLToPath(new URL('../../adapters/migrations', import.meta.url)) },
  ]);

/** An empty world in which the maker has registered its filler. */
export async function newSetting(database: TestDatabase): Promise<Setting> {
  const db = database.as<ProvenanceDatabase>();
  // truncating, for the tables that only grow
  await sql`truncate provenance.exception_entry, provenance.exception_item, provenance.exception,
    provenance.content, provenance.movement, provenance.handover, provenance.item, provenance.lot_plan, provenance.lot_root,
    provenance.sscc_counter, provenance.sensor_log, provenance.event_signature, provenance.event_epc,
    provenance.event, provenance.lot, provenance.product_version, provenance.product cascade`.execute(db);
  const setting: Setting = {
    leaves: [],
    work: [],
    files: new Map(),
    now: Date.parse(s.day(10)),
    ctx: {
      db,
      clock: { now: () => setting.now },
      log: {
        append: async (_tx, type, text, key) => void setting.leaves.push({ type, text, key }),
        appendMany: async (_tx, many) => void setting.leaves.push(...many),
      },
      parties: { byId: async (id) => SITES.find((site) => site.id === id) ?? null, all: async () => SITES },
      listeners: [(tx, captured) => followGoods(setting.ctx, tx as never, captured)],
      random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      deadlines: {
        schedule: async (_tx, work) => {
          if (!setting.work.some(({ key }) => key === work.key)) setting.work.push(work);
        },
      },
      files: {
        put: async (bytes) => {
          const key = toHex(sha256(bytes));
          setting.files.set(key, bytes);
          return key;
        },
        get: async (key) => setting.files.get(key)!,
      },
      packs: (region) => (region === 'CN' ? [cn] : []),
    },
  };
  await registerProduct(setting.ctx, idOf(s.MAKER), PRODUCT);
  return setting;
}

export const siteOfEvent = (event: Record<string, unknown>): string =>
  /(\d{13})$/.exec((event.readPoint as { id: string }).id)![1]!;

/** The digest that a device finds for an event that it is about to state. */
export const digestOf = (event: object): Hex =>
  eventDigest(normaliseEvent(JSON.parse(JSON.stringify(event)) as JsonObject, HOUSE, canonicalLink) as never);

export const signed = (event: Record<string, unknown>, by = siteOfEvent(event)) => ({
  event,
  signature: signWith(keyOf(by), digestOf(event)),
});

export const codeOf = (run: () => Promise<unknown>): Promise<string> =>
  run().then(
    () => 'none',
    (error: AppError) => error.code,
  );

/** Does the work that is due, in order, until none is left. */
export async function settle(setting: Setting): Promise<void> {
  for (;;) {
    const at = setting.work.findIndex(({ dueAt }) => dueAt <= setting.now);
    const [work] = at < 0 ? [] : setting.work.splice(at, 1);
    if (!work) return;
    if (work.kind === RECONCILE) await reconcileGoods(setting.ctx, (work.payload as { digest: Hex }).digest);
    else if (work.kind === EXCEPTION_DUE)
      await exceptionDue(setting.ctx, (work.payload as { id: string }).id);
    else throw new Error(`unknown work ${work.kind}`);
  }
}
