/** A real database with one product and its parties: what the tests of pages, notices and signals share. */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { p256 } from '@noble/curves/nist.js';
import { type Hex, toHex0x } from '@zhenmei/kernel';
import { type TestDatabase, testDatabase } from '../../../platform/db/testing.ts';
import type { VerifyContext } from '../app/ask-unit.ts';
import { captureEvent } from '../app/capture-event.ts';
import type { SafetyContext } from '../app/context.ts';
import { registerProduct } from '../app/products.ts';
import { registerLot } from '../app/register.ts';
import * as s from '../app/stories.property.ts';
import { GuessWatch } from '../core/guessing.ts';
import { type Notice, noticeMessage } from '../core/notice.ts';
import type { ProductBody } from '../core/product.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceDatabase } from './schema.ts';

const NAMES: Record<string, [zh: string, en: string]> = {
  maker: ['澄川生物', 'Chengchuan Biotech'],
  distributor: ['远桥医药', 'Yuanqiao Medical'],
  clinic: ['美源医疗美容', 'Meiyuan Clinic'],
  regulator: ['监督管理局', 'The Authority'],
};

export const SITES: readonly Site[] = s.PARTIES.map(({ gln, role, licensedForToxin }, i) => ({
  id: `00000000-0000-7000-8000-00000000000${i}`,
  gln,
  kind: role,
  name: { zh: `${NAMES[role]![0]}${i}`, en: `${NAMES[role]![1]} ${i}` },
  city: { zh: '真安', en: 'Zhen’an' },
  licensedForToxin,
}));
export const idOf = (gln: string): string => SITES.find((site) => site.gln === gln)!.id;

export const PRODUCT: ProductBody = {
  gtin: s.GTIN,
  name: { zh: '澄润 <凝胶>', en: 'Chengrun <gel>' },
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

/** Each party has one device; its key is made from its number. */
const secretOf = (gln: string) => new Uint8Array(32).fill(Number(gln.slice(10, 12)) + 1);
export const keyOf = (gln: string): Hex => toHex0x(p256.getPublicKey(secretOf(gln), false));
export const signAs = (gln: string, notice: Notice) => ({
  notice,
  key: keyOf(gln),
  signature: toHex0x(p256.sign(noticeMessage(notice), secretOf(gln), { prehash: true })),
});

export type World = VerifyContext &
  SafetyContext & {
    readonly leaves: { type: number; text: string; key: string }[];
    now: number;
    openings: number | null;
  };

export interface Database {
  readonly database: TestDatabase;
  /** An empty world over the same database. */
  world(): Promise<World>;
}

const TABLES = [
  'acknowledgement',
  'notice',
  'scan_count',
  'likelihood',
  'investigation',
  'chain_unit',
  'chain_lot',
  'event_epc',
  'event',
  'lot',
  'product',
] as const;

export async function openDatabase(): Promise<Database> {
  const database = await testDatabase([
    { module: 'provenance', dir: fileURLToPath(new URL('./migrations', import.meta.url)) },
  ]);
  return {
    database,
    async world() {
      const db = database.as<ProvenanceDatabase>();
      for (const table of TABLES) await db.deleteFrom(`provenance.${table}`).execute();
      const leaves: World['leaves'] = [];
      const ctx: World = {
        db,
        now: Date.parse(s.day(10)),
        openings: null,
        leaves,
        clock: { now: () => ctx.now },
        log: {
          append: async (_tx, type, text, key) => void leaves.push({ type, text, key }),
          appendMany: async (_tx, many) => void leaves.push(...many),
        },
        parties: {
          byId: async (id) => SITES.find((site) => site.id === id) ?? null,
          all: async () => SITES,
        },
        unitUse: {
          openings: async () => (ctx.openings === null ? null : { openings: ctx.openings, used: 0 }),
        },
        random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
        home: 'https://zhenmei.example',
        guesses: new GuessWatch(),
        devices: { keysOf: async (id) => [keyOf(SITES.find((site) => site.id === id)!.gln)] },
        feed: {
          origin: 'zhenmei.example/recalls',
          seal: async (leaves) => `zhenmei.example/recalls\n${leaves.length}\n`,
        },
      };
      await registerProduct(ctx, idOf(s.MAKER), PRODUCT);
      return ctx;
    },
  };
}

const where = (event: Record<string, unknown>) =>
  /(\d{13})$/.exec((event.readPoint as { id: string }).id)![1]!;

export async function tell(ctx: World, events: readonly Record<string, unknown>[]): Promise<void> {
  for (const event of events) await captureEvent(ctx, idOf(where(event)), event);
}

export const registerUnits = (ctx: World, lot: string, units: string[]) =>
  registerLot(ctx, idOf(s.MAKER), { link: `https://id.gs1.org/01/${s.GTIN}/10/${lot}`, gtin: s.GTIN, units });
