/**
 * did:webvh 1.0 for organisations: an identifier whose whole history anybody can check. What we need of it and no more:
 * create, update, rotate with keys committed to beforehand, deactivate, resolve. No witnesses, no portability: a log that
 * asks for either is refused, not half believed.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import {
  AppError,
  canonicalJson,
  concat,
  defineErrors,
  fromIso,
  type Json,
  sha256,
  strictJson,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { fromBase58, toBase58 } from './base58.ts';

const bad = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

defineErrors({
  DID_MALFORMED: bad(
    '身份记录格式不正确（第 {version} 版，{name}）。',
    'The identifier’s log is malformed (version {version}, {name}).',
  ),
  DID_SCID: bad('身份与它的第一条记录不符。', 'The identifier does not fit its first entry.'),
  DID_CHAIN: bad(
    '身份记录被改动过（第 {version} 版）。',
    'The identifier’s log was changed (version {version}).',
  ),
  DID_PROOF: bad(
    '身份记录的签名不成立（第 {version} 版）。',
    'The signature of the identifier’s log does not hold (version {version}).',
  ),
  DID_KEY: bad(
    '更新身份的密钥未获授权（第 {version} 版）。',
    'The key that changed the identifier was not entitled to (version {version}).',
  ),
  DID_TIME: bad(
    '身份记录的时间顺序不对（第 {version} 版）。',
    'The times of the identifier’s log are out of order (version {version}).',
  ),
  DID_UNSUPPORTED: bad(
    '身份记录要求这里不支持的规则（{name}）。',
    'The identifier’s log demands rules that are not supported here ({name}).',
  ),
  DID_DEACTIVATED: bad('这个身份已停用。', 'This identifier is deactivated.'),
});

const METHOD = 'did:webvh:1.0';
const PLACEHOLDER = '{SCID}';
const PARAMETERS = [
  'method',
  'scid',
  'updateKeys',
  'nextKeyHashes',
  'portable',
  'witness',
  'watchers',
  'deactivated',
  'ttl',
];
const ENTRY = ['versionId', 'versionTime', 'parameters', 'state', 'proof'];

type Doc = Record<string, Json>;

export interface DidSigner {
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** Ed25519 as a Multikey: `z6Mk…`. */
export function multikey(publicKey: Uint8Array): string {
  return `z${toBase58(concat(Uint8Array.of(0xed, 0x01), publicKey))}`;
}

function keyOf(text: string): Uint8Array | null {
  const bytes = text.startsWith('z') ? fromBase58(text.slice(1)) : null;
  return bytes?.length === 34 && bytes[0] === 0xed && bytes[1] === 0x01 ? bytes.subarray(2) : null;
}

/** Multihash (SHA-256) in base58: how this method writes every digest. */
function digest(text: string): string {
  return toBase58(concat(Uint8Array.of(0x12, 0x20), sha256(utf8(text))));
}

export const keyHash = (key: string): string => digest(key);

/** `did:webvh:{SCID}:host%3Aport:path…` for an address. */
export function didTemplate(host: string, path: readonly string[]): string {
  return ['did:webvh', PLACEHOLDER, host.replace(':', '%3A'), ...path].join(':');
}

/** The same document for readers who only know did:web. */
export function parallelDidWeb(state: Doc): Doc {
  const did = String(state.id);
  const web = did.replace(/^did:webvh:[^:]+:/, 'did:web:');
  const changed = JSON.parse(JSON.stringify(state).replaceAll(did, web)) as Doc;
  const also = Array.isArray(changed.alsoKnownAs) ? changed.alsoKnownAs.filter((one) => one !== web) : [];
  return { ...changed, alsoKnownAs: [...also, did] };
}

export interface NewVersion {
  readonly state: Doc;
  /** Multikeys that may make the next version; the current ones unless told. */
  readonly updateKeys?: readonly string[];
  /** Digests of the keys that alone may be the next ones. */
  readonly nextKeyHashes?: readonly string[];
  readonly deactivated?: true;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** First line of the log. `state` holds the template of the identifier wherever the identifier stands. */
export function createLog({ state, updateKeys, nextKeyHashes, at }: NewVersion, signer: DidSigner): string {
  const preliminary = {
    versionId: PLACEHOLDER,
    versionTime: toIso(at).replace(/\.\d+Z$/, 'Z'),
    parameters: {
      method: METHOD,
      scid: PLACEHOLDER,
      updateKeys: [...(updateKeys ?? [multikey(signer.publicKey)])],
      portable: false,
      ...(nextKeyHashes ? { nextKeyHashes: [...nextKeyHashes] } : {}),
    },
    state,
  };
  const scid = digest(canonicalJson(preliminary));
  const entry = JSON.parse(JSON.stringify(preliminary).replaceAll(PLACEHOLDER, scid)) as Doc;
  return signed({ ...entry, versionId: `1-${digest(canonicalJson(entry))}` }, signer, at);
}

/** The log with one more line. Throws what resolving throws, DID_DEACTIVATED, DID_KEY. */
export function updateLog(log: string, change: NewVersion, signer: DidSigner): string {
  const known = resolveLog(log, change.at);
  if (known.deactivated) throw new AppError('DID_DEACTIVATED');
  const version = known.version + 1;
  const own = multikey(signer.publicKey);
  const keys = change.updateKeys ?? (known.nextKeyHashes.length > 0 ? [own] : undefined);
  const entitled = known.nextKeyHashes.length > 0 ? (keys ?? []) : known.updateKeys;
  if (!entitled.includes(own)) throw new AppError('DID_KEY', { version });
  const entry = {
    versionId: known.versionId,
    versionTime: toIso(change.at).replace(/\.\d+Z$/, 'Z'),
    parameters: {
      ...(keys ? { updateKeys: [...keys] } : {}),
      ...(change.nextKeyHashes ? { nextKeyHashes: [...change.nextKeyHashes] } : {}),
      ...(change.deactivated ? { deactivated: true } : {}),
    },
    state: change.state,
  };
  const versionId = `${version}-${digest(canonicalJson(entry))}`;
  return `${log.trimEnd()}\n${signed({ ...entry, versionId }, signer, change.at)}`;
}

function signed(entry: Doc, signer: DidSigner, at: number): string {
  const key = multikey(signer.publicKey);
  const config = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: `did:key:${key}#${key}`,
    created: toIso(at).replace(/\.\d+Z$/, 'Z'),
    proofPurpose: 'assertionMethod',
  };
  const proofValue = `z${toBase58(signer.sign(toSign(entry, config)))}`;
  return `${JSON.stringify({ ...entry, proof: [{ ...config, proofValue }] })}\n`;
}

function toSign(entry: Doc, config: Doc): Uint8Array {
  return concat(sha256(utf8(canonicalJson(config))), sha256(utf8(canonicalJson(entry))));
}

export interface Resolved {
  readonly did: string;
  readonly state: Doc;
  readonly version: number;
  readonly versionId: string;
  /** Milliseconds since the epoch. */
  readonly versionTime: number;
  readonly updateKeys: readonly string[];
  readonly nextKeyHashes: readonly string[];
  readonly deactivated: boolean;
}

/** Lines of a log that are looked at. */
const MAX_VERSIONS = 1_000;

/**
 * Checks the whole log and gives the newest version, or that of a time.
 * @param now no version may be from after
 * @param did if told, the log must be this identifier's
 * Throws the DID codes.
 */
export function resolveLog(log: string, now: number, did?: string, at = Number.POSITIVE_INFINITY): Resolved {
  const lines = log.split('\n').filter((line) => line !== '');
  if (lines.length === 0 || lines.length > MAX_VERSIONS)
    throw new AppError('DID_MALFORMED', { version: 0, name: 'log' });
  let known: Resolved | null = null;
  let asked: Resolved | null = null;
  for (const [i, line] of lines.entries()) {
    known = next(known, read(line, i + 1), i + 1, now);
    if (known.versionTime <= at) asked = known;
  }
  if (did !== undefined && known!.did !== did) throw new AppError('DID_SCID');
  if (!asked) throw new AppError('DID_TIME', { version: 1 });
  return asked;
}

function read(line: string, version: number): Doc {
  const no = (name: string): never => {
    throw new AppError('DID_MALFORMED', { version, name });
  };
  let entry: Json;
  try {
    entry = strictJson(line);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return no('json');
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return no('json');
  for (const name of ENTRY) if (!Object.hasOwn(entry, name)) no(name);
  for (const name of Object.keys(entry)) if (!ENTRY.includes(name)) no(name);
  return entry;
}

function next(before: Resolved | null, entry: Doc, version: number, now: number): Resolved {
  const no = (name: string): never => {
    throw new AppError('DID_MALFORMED', { version, name });
  };
  const { proof: proofs, ...bare } = entry;
  const { parameters, state, versionId, versionTime } = bare as {
    parameters: Doc;
    state: Doc;
    versionId: Json;
    versionTime: Json;
  };
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters))
    return no('parameters');
  for (const name of Object.keys(parameters)) if (!PARAMETERS.includes(name)) no(name);
  for (const name of ['witness', 'watchers'])
    if (
      name in parameters &&
      JSON.stringify(parameters[name]) !== '{}' &&
      JSON.stringify(parameters[name]) !== '[]'
    )
      throw new AppError('DID_UNSUPPORTED', { name });
  if (parameters.portable === true) throw new AppError('DID_UNSUPPORTED', { name: 'portable' });
  if (before?.deactivated) throw new AppError('DID_DEACTIVATED');

  const scid = before ? scidOf(before.did) : String(parameters.scid);
  if (!before) {
    if (parameters.method !== METHOD) throw new AppError('DID_UNSUPPORTED', { name: 'method' });
    const preliminary = JSON.parse(
      JSON.stringify({ ...bare, versionId: PLACEHOLDER }).replaceAll(scid, PLACEHOLDER),
    ) as Doc;
    if (digest(canonicalJson(preliminary)) !== scid) throw new AppError('DID_SCID');
  } else if ('scid' in parameters || ('method' in parameters && parameters.method !== METHOD)) no('scid');

  const [number, hash] = typeof versionId === 'string' ? versionId.split('-') : [];
  if (number !== String(version) || !hash) return no('versionId');
  const linked = { ...bare, versionId: before?.versionId ?? scid };
  if (digest(canonicalJson(linked)) !== hash) throw new AppError('DID_CHAIN', { version });

  const time = timeOf(versionTime, version);
  if (time > now + 60_000 || (before && time <= before.versionTime))
    throw new AppError('DID_TIME', { version });

  const did = typeof state === 'object' && state !== null && !Array.isArray(state) ? state.id : undefined;
  if (typeof did !== 'string' || scidOf(did) !== scid) throw new AppError('DID_SCID');
  if (before && did !== before.did) throw new AppError('DID_UNSUPPORTED', { name: 'portable' });

  const updateKeys = listOf(parameters.updateKeys, version, 'updateKeys') ?? before?.updateKeys ?? [];
  const nextKeyHashes =
    listOf(parameters.nextKeyHashes, version, 'nextKeyHashes') ?? before?.nextKeyHashes ?? [];
  const committed = before?.nextKeyHashes ?? [];
  const renewed = parameters.updateKeys !== undefined;
  if (committed.length > 0 && !(renewed && updateKeys.every((key) => committed.includes(keyHash(key)))))
    throw new AppError('DID_KEY', { version });
  const entitled = !before || committed.length > 0 ? updateKeys : before.updateKeys;
  checkProof(bare, proofs, entitled, version);
  return {
    did,
    state,
    version,
    versionId: versionId as string,
    versionTime: time,
    updateKeys,
    nextKeyHashes,
    deactivated: parameters.deactivated === true,
  };
}

const scidOf = (did: string): string =>
  /^did:webvh:([1-9A-HJ-NP-Za-km-z]{40,60}):[^:/?#]+/.exec(did)?.[1] ?? '';

function timeOf(value: Json, version: number): number {
  try {
    return fromIso(String(value));
  } catch (cause) {
    throw new AppError('DID_MALFORMED', { version, name: 'versionTime' }, { cause });
  }
}

function listOf(value: Json | undefined, version: number, name: string): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw new AppError('DID_MALFORMED', { version, name });
  return value as string[];
}

/** One proof of an entitled key is enough; every one that is there must hold. */
function checkProof(
  entry: Doc,
  proofs: Json | undefined,
  entitled: readonly string[],
  version: number,
): void {
  const list = Array.isArray(proofs) ? proofs : [proofs ?? null];
  if (list.length === 0) throw new AppError('DID_PROOF', { version });
  for (const proof of list) {
    if (typeof proof !== 'object' || proof === null || Array.isArray(proof))
      throw new AppError('DID_PROOF', { version });
    const { proofValue, ...config } = proof as Doc;
    const [did, key = ''] = String(config.verificationMethod).split('#');
    const fits =
      config.type === 'DataIntegrityProof' &&
      config.cryptosuite === 'eddsa-jcs-2022' &&
      config.proofPurpose === 'assertionMethod' &&
      did === `did:key:${key}`;
    const publicKey = fits ? keyOf(key) : null;
    if (!publicKey) throw new AppError('DID_PROOF', { version });
    if (!entitled.includes(key)) throw new AppError('DID_KEY', { version });
    if (!holds(entry, config, String(proofValue), publicKey)) throw new AppError('DID_PROOF', { version });
  }
}

function holds(entry: Doc, config: Doc, proofValue: string, key: Uint8Array): boolean {
  const signature = proofValue.startsWith('z') ? fromBase58(proofValue.slice(1)) : null;
  if (signature?.length !== 64) return false;
  try {
    return ed25519.verify(signature, toSign(entry, config), key);
  } catch {
    // not a point of the curve
    return false;
  }
}
