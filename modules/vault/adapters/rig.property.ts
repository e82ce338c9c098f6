/** The vault's server side over a real PostgreSQL and a folder of blobs, called as the HTTP server calls it. */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlobStore, folderStore } from '@zhenmei/blobs';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import type { AppError, Caller, RouteInput } from '@zhenmei/kernel';
import { createLog, ed25519Signer, signNote, type TransparencyLog } from '@zhenmei/tlog';
import { vaultApi } from '../api.ts';
import type { KeptBefore } from '../core/erasure/certificate.ts';
import { gatekeeperPart } from '../core/grants/release.ts';
import type { Unlock } from '../core/keyset.ts';
import { softwareWorker, type VaultContext, vaultHandlers } from '../index.ts';

export const random = (length: number) => new Uint8Array(randomBytes(length));

export const codeOf = (p: Promise<unknown>): Promise<string> =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );

export const passkey = (n: number): Unlock => ({
  kind: 'passkey',
  id: `cred-${n}`,
  secret: new Uint8Array(32).fill(n),
});

/** Accounts by name: `ann`, `bo`, `cy`, … */
export const idOf = (name: string): string =>
  `0198f0a0-0000-7000-8000-${Buffer.from(name).toString('hex').padStart(12, '0').slice(-12)}`;

export const MIGRATIONS = ['tlog', 'vault'].map((module) => ({
  module,
  dir: new URL(`../../${module}/adapters/migrations/`, import.meta.url),
}));

const signer = ed25519Signer('vault.test/log', new Uint8Array(32).fill(3));
export const verifierKeys = [signer.key];
const rule = { pack: '0'.repeat(64), what: { zh: '病历', en: 'Record' }, source: '…' } as const;
const because = { zh: '规定', en: 'The rule' };
const keptRule: KeptBefore = {
  ...rule,
  because,
  rule: 'cn 1 record',
  by: 'clinic',
  from: 'last-visit',
  days: 5_475,
};
const logRule: KeptBefore = {
  ...rule,
  because,
  rule: 'cn 1 backup',
  by: 'platform',
  from: 'erasure',
  days: 30,
};

const clocks = [
  { ...rule, rule: 'cn 1 authority', hours: 1, to: 'authority' },
  { ...rule, rule: 'cn 1 person', hours: null, to: 'person' },
] as const;

/** Every study has all that it needs. What money does with it is tested where both modules meet. */
const rich: VaultContext['funds'] = {
  order: async () => {
    throw new Error('nobody pays in here');
  },
  newest: async () => null,
  balance: async () => ({ came: 10n ** 15n, paidOut: 0n, returned: 0n }),
  pay: async () => true,
  giveBack: async () => 0n,
  states: async () => new Map(),
};

/** A real log over the same database; anchoring is nobody's business here. */
export function logOver(database: Pick<TestDatabase, 'db'>, clock: { now(): number }): TransparencyLog {
  return createLog({
    db: database.db,
    origin: 'vault.test/log',
    signer,
    anchor: { anchor: async () => undefined },
    clock,
    checkpoint: { entries: 1, ms: 0, when: 'either' },
  });
}

export function logPort(log: TransparencyLog): VaultContext['log'] {
  return {
    append: async (tx, type, text, key) => void (await log.append(tx as never, type, text, { key })),
    proof: (key) => log.proof({ key }).catch(() => null),
  };
}

interface Given {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly bearer?: string | null;
  readonly range?: { readonly from: number; readonly to: number | null };
}

type Api = typeof vaultApi;
type Reply<R extends keyof Api> = Awaited<ReturnType<ReturnType<typeof vaultHandlers>[R]>>;

export interface Rig {
  readonly database: TestDatabase;
  readonly blobs: BlobStore;
  readonly folder: string;
  readonly ctx: VaultContext;
  /** Credentials that sign in, by account; and who was signed in or out. */
  readonly passkeys: Map<string, string[]>;
  readonly sessions: string[];
  readonly clock: { at: number };
  readonly log: TransparencyLog;
  /** Topics that were told. */
  readonly heard: string[];
  /** @param who name of a patient; `desk:…` for an organisation; null for nobody */
  as<R extends keyof Api>(route: R, who: string | null, given?: Given): Promise<Reply<R>>;
  close(): Promise<void>;
}

/** @param given a database with the migrations, in place of one of the test run; closed with the rig */
export async function openRig(more: Partial<VaultContext> = {}, given?: TestDatabase): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'vault-'));
  const database = given ?? (await testDatabase(MIGRATIONS));
  const blobs = await folderStore(folder);
  const clock = { at: Date.UTC(2026, 10, 24, 9, 41, 13) };
  const passkeys = new Map<string, string[]>();
  const sessions: string[] = [];
  const log = logOver(database, { now: () => clock.at });
  const heard: string[] = [];
  const held = (account: string) => passkeys.get(account) ?? [];
  const ctx: VaultContext = {
    db: database.as(),
    blobs,
    clock: { now: () => clock.at },
    random: { bytes: random },
    passkeys: {
      add: async (account, { id }) => void passkeys.set(account, [...held(account), id]),
      list: async (account) =>
        held(account).map((credential) => ({ credential, addedAt: new Date(clock.at) })),
      remove: async (account, ids) =>
        void passkeys.set(
          account,
          held(account).filter((id) => !ids.includes(id)),
        ),
      signIn: async (account) => void sessions.push(`in ${account}`),
      close: async (account) => {
        passkeys.delete(account);
        sessions.push(`closed ${account}`);
      },
      signOutOthers: async (account) => void sessions.push(`others out ${account}`),
    },
    log: logPort(log),
    organisations: {
      // what is presented here is a name and the nonce
      judge: async (presentation, { nonce }) => ({
        proven: presentation.endsWith(nonce),
        code: 'KB_NONCE',
        organisation: idOf(presentation.split(' ')[0]!),
      }),
      // a doctor is presented as `dr <name> <nonce>`
      judgeDoctor: async (presentation, { nonce }) => ({
        proven: presentation.startsWith('dr ') && presentation.endsWith(nonce),
        code: 'KB_NONCE',
        person: idOf(presentation.split(' ')[1] ?? ''),
      }),
      describe: async (id) => {
        const kind = {
          [idOf('clinic')]: 'clinic',
          [idOf('office')]: 'regulator',
          [idOf('abroad')]: 'regulator',
        }[id];
        const region = id === idOf('abroad') ? 'SG' : 'CN';
        return kind ? { kind, region, name: { zh: kind, en: kind } } : null;
      },
      purposes: async (id) => (id === idOf('clinic') ? ['research'] : []),
      death: async (presentation, { nonce }) => ({
        proven: presentation.endsWith(nonce),
        code: 'KB_NONCE',
        ward: presentation.split(' ')[0]!,
      }),
      employs: async (organisation, person) =>
        organisation === idOf('clinic') && [idOf('doctor'), idOf('second')].includes(person),
    },
    gatekeeper: { part: async (share, object, version) => gatekeeperPart(share, object, version) },
    worker: softwareWorker({ clock: { now: () => clock.at }, random: { bytes: random } }),
    signals: {
      send: async (_, topic) => void heard.push(topic),
      listen: async () => () => undefined,
    },
    rules: {
      kept: (region, erased) =>
        region === 'CN' ? [keptRule, ...(erased === 'everything' ? [logRule] : [])] : null,
      breach: (region) => (region === 'CN' ? clocks : null),
      days: () => 7,
    },
    pool: { handle: (name) => createHmac('sha256', 'pool').update(name).digest('base64url') },
    funds: rich,
    seal: { log: 'vault.test/log', sign: (text) => signNote(text, signer) },
    ...more,
  };
  const handlers = vaultHandlers(ctx);
  return {
    database,
    blobs,
    folder,
    ctx,
    passkeys,
    sessions,
    clock,
    log,
    heard,
    as: (route, who, given = {}) => call(handlers, route, who, given),
    async close() {
      await database.close();
      await blobs.close();
      rmSync(folder, { recursive: true });
    },
  };
}

type Schema = { parse(v: unknown): unknown };

/** What the HTTP server hands to a handler after it checked the contract. */
async function call<R extends keyof Api>(
  handlers: ReturnType<typeof vaultHandlers>,
  route: R,
  who: string | null,
  given: Given,
): Promise<Reply<R>> {
  const contract = vaultApi[route] as unknown as {
    params?: Schema;
    query?: Schema;
    body?: Schema;
    response: { 200: Schema };
  };
  const desk = who?.startsWith('desk:') ?? false;
  const caller: Caller | null = who
    ? {
        seat: desk ? 'desk' : 'patient',
        accountId: idOf(who),
        organisationId: desk ? idOf(who.slice(5)) : null,
        sessionId: 's',
      }
    : null;
  const input = {
    params: contract.params?.parse(given.params),
    query: contract.query?.parse(given.query ?? {}),
    body: contract.body?.parse(given.body),
    caller,
    bearer: given.bearer ?? null,
    range: given.range ?? null,
    lang: 'en',
    idempotencyKey: null,
  };
  const handler = handlers[route] as unknown as (i: RouteInput<Api[R]>) => Promise<unknown>;
  return contract.response[200].parse(await handler(input as unknown as RouteInput<Api[R]>)) as Reply<R>;
}
