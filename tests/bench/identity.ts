/**
 * How fast certificates are issued, shown and judged, beside the bare signature and two peers in the same run.
 * `node tests/bench/identity.ts` prints the rows.
 */
import { BADGE, packBadge, unpackBadge } from '@zhenmei/identity/core/badge.ts';
import { issueSdJwt } from '@zhenmei/identity/core/issue.ts';
import { type PublicJwk, parseJwk, thumbprint } from '@zhenmei/identity/core/jwk.ts';
import { webCryptoSigner } from '@zhenmei/identity/core/jws.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import {
  REVOKED,
  readStatusList,
  StatusBits,
  signStatusList,
  unpackStatusList,
} from '@zhenmei/identity/core/status-list.ts';
import { type VerifyOptions, verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import { toBase64Url } from '@zhenmei/kernel';
import { type Peer, peers } from './identity-peers.ts';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the bare work costs on the same machine without our code. */
  readonly floor?: { readonly name: string; readonly value: number };
}

const ISSUER = 'https://regulator.example';
const TYPE = `${ISSUER}/types/licence`;
const LIST = `${ISSUER}/status/1`;
const ENTRIES = 131_072;
const COUNT = 500;
const ROUNDS = 6;
const NOW = 1_770_000_000;
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const BINDING = { audience: 'zhenmei:visit', nonce: 'bench' } as const;

const PER_CORE = '/s·core';

const round = (value: number) => Number(value.toPrecision(3));

/** Times in one second of one core: by processor time, so that other processes do not count. Best of a few rounds. */
async function rate(count: number, work: (i: number) => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let r = 0; r < ROUNDS; r++) {
    const started = process.cpuUsage();
    for (let i = 0; i < count; i++) await work(i);
    const { user, system } = process.cpuUsage(started);
    best = Math.min(best, user + system);
  }
  return round((count / best) * 1_000_000);
}

async function keyPair() {
  const pair = await crypto.subtle.generateKey(ES256, true, ['sign', 'verify']);
  const jwk: PublicJwk = parseJwk(await crypto.subtle.exportKey('jwk', pair.publicKey));
  return { ...pair, jwk, keyId: toBase64Url(thumbprint(jwk)), sign: webCryptoSigner(pair.privateKey) };
}

export async function run(): Promise<BenchRow[]> {
  const [issuer, holder] = [await keyPair(), await keyPair()];
  const salts = () => Array.from({ length: 7 }, () => crypto.getRandomValues(new Uint8Array(16)));
  const open = { subject: '01980000-0000-7000-8000-000000000001', category: 'clinical', region: 'CN' };
  const selective = {
    name: { zh: '林晓', en: 'Lin Xiao' },
    licenceNumber: '110310000012345',
    leadSpecialties: ['dermatology', 'plastic-surgery'],
    practisesAt: '01980000-0000-7000-8000-000000000002',
    grade: 'attending',
    issuedOn: '2026-01-01',
    scope: 'aesthetic medicine',
  };
  const issue = (index: number) =>
    issueSdJwt(
      {
        issuer: ISSUER,
        type: TYPE,
        issuedAt: NOW,
        expires: NOW + 86_400,
        holder: holder.jwk,
        status: { uri: LIST, index: (index * 7_919) % ENTRIES },
        open,
        selective,
        keyId: issuer.keyId,
      },
      salts(),
      issuer.sign,
    );
  const bits = StatusBits.empty(ENTRIES);
  for (let i = 0; i < ENTRIES; i++)
    if (Math.imul(i, 2_654_435_761) >>> 0 < 2 ** 32 / 100) bits.set(i, REVOKED);
  for (let i = 0; i < COUNT; i++) bits.set((i * 7_919) % ENTRIES, 0);
  const list = await signStatusList(
    {
      uri: LIST,
      bits,
      issuedAt: NOW,
      ttl: 86_400,
      expires: NOW + 86_400,
      issuer: ISSUER,
      keyId: issuer.keyId,
    },
    issuer.sign,
  );
  const tokens: string[] = [];
  const shown: string[] = [];
  for (let i = 0; i < COUNT; i++) {
    const token = await issue(i);
    tokens.push(token);
    const names = ['leadSpecialties', 'practisesAt'];
    shown.push(await presentSdJwt(token, names, { ...BINDING, at: NOW }, holder.sign));
  }
  const options: VerifyOptions = {
    at: NOW,
    issuers: [{ id: ISSUER, keys: [{ jwk: issuer.jwk }], types: [{ vct: TYPE, from: 0, until: null }] }],
    statusLists: { [LIST]: list },
  };
  const mustHold = async (token: string, how: VerifyOptions) => {
    const { verdict, code } = await verifyCredential(token, how);
    if (verdict !== 'proven') throw new Error(code);
  };

  const message = new TextEncoder().encode(tokens[0]!.split('~')[0]);
  const signature = await crypto.subtle.sign(ES256, issuer.privateKey, message);
  const bareVerify = await rate(COUNT, () =>
    crypto.subtle.verify(ES256, issuer.publicKey, signature, message),
  );
  const bareSign = await rate(COUNT, () => crypto.subtle.sign(ES256, issuer.privateKey, message));
  const parsed = readStatusList(list);
  const beside = await peers({
    claims: { ...open, ...selective },
    hidden: Object.keys(selective),
    issuer: ISSUER,
    type: TYPE,
    now: NOW,
    statusUri: LIST,
    statusList: list,
    keys: issuer,
    holder: holder.jwk,
  });
  const rows: BenchRow[] = [
    {
      name: 'issue, 7 hidden claims',
      value: await rate(COUNT, issue),
      unit: PER_CORE,
      floor: { name: 'bare ES256 signatures', value: bareSign },
    },
    {
      name: `verify with status in a list of ${ENTRIES}`,
      value: await rate(COUNT, (i) => mustHold(tokens[i]!, options)),
      unit: PER_CORE,
      floor: { name: 'bare ES256 checks', value: bareVerify },
    },
    {
      name: 'verify with status and possession (two signatures)',
      value: await rate(COUNT, (i) => mustHold(shown[i]!, { ...options, keyBinding: BINDING })),
      unit: PER_CORE,
      floor: { name: 'pairs of bare ES256 checks', value: round(bareVerify / 2) },
    },
    {
      name: 'show two claims with possession',
      value: await rate(COUNT, (i) =>
        presentSdJwt(tokens[i]!, ['leadSpecialties', 'practisesAt'], { ...BINDING, at: NOW }, holder.sign),
      ),
      unit: PER_CORE,
      floor: { name: 'bare ES256 signatures', value: bareSign },
    },
    {
      name: `unpack a list of ${ENTRIES}`,
      value: await rate(100, () => unpackStatusList(parsed)),
      unit: PER_CORE,
    },
    { name: `signed list of ${ENTRIES}, 1 % revoked`, value: list.length, unit: 'B' },
    { name: 'certificate', value: tokens[0]!.length, unit: 'B' },
    { name: 'two claims shown with possession', value: shown[0]!.length, unit: 'B' },
  ];
  const badge = await packBadge(
    await presentSdJwt(tokens[0]!, ['practisesAt'], { ...BADGE, at: NOW }, holder.sign),
  );
  const offline = async () => mustHold(await unpackBadge(badge), { ...options, keyBinding: BADGE });
  const each = 1_000 / (await rate(100, offline));
  rows.push({
    name: 'badge: unfold the code and judge it with what is at hand',
    value: round(each),
    unit: 'ms',
    floor: { name: 'at most', value: 100 },
  });
  return [...rows, ...(await measured(beside))];
}

/** Fewer of them: a peer that unpacks the list for every certificate does a few dozen a second. */
async function measured(beside: readonly Peer[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { name, issue, verify } of beside) {
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, i) => issue((i * 7_919) % ENTRIES)));
    rows.push(
      { name: `peer: issue, ${name}`, value: await rate(100, issue), unit: PER_CORE },
      { name: `peer: verify, ${name}`, value: await rate(100, (i) => verify(tokens[i]!)), unit: PER_CORE },
    );
  }
  return rows;
}

if (import.meta.main)
  console.table(
    (await run()).map(({ floor, ...row }) => ({ ...row, floor: floor && `${floor.value} (${floor.name})` })),
  );
