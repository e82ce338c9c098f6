/** Reads what `zhenmei credential verify` is given and judges it. Every trouble with an input is "cannot judge". */
import fs from 'node:fs';
import { parseTrustedIssuers, parseTrustFile, TRUST_FORMAT } from '@zhenmei/evidence/core/trust-file.ts';
import { BADGE_PREFIX, unpackBadge } from '@zhenmei/identity/core/badge.ts';
import { LIMITS } from '@zhenmei/identity/core/sd-jwt.ts';
import {
  type CredentialResult,
  type IssuerTrust,
  verifyCredential,
} from '@zhenmei/identity/core/verify-credential.ts';
import { AppError, defineErrors, fromIso, fromUtf8, type Json, strictJson, toSeconds } from '@zhenmei/kernel';
import { trustedIssuers } from '@zhenmei/verifier/issuers.ts';

const unreadable = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

defineErrors({
  INPUT_UNREADABLE: unreadable('读不到文件：{file}', 'This file cannot be read: {file}'),
  STATUS_FILE_INVALID: unreadable(
    '状态列表文件不正确：应为“地址 → 已签名的列表”。',
    'The file of status lists is wrong: it maps an address to a signed list.',
  ),
  BATCH_INVALID: unreadable('批量文件不正确（{path}）。', 'The batch file is wrong ({path}).'),
  KEY_BINDING_UNASKED: unreadable(
    '核对持有人证明需要同时给出 --aud 和 --nonce。',
    'To check possession, give both --aud and --nonce.',
  ),
});

export interface Options {
  readonly trust?: string | undefined;
  /** A file, or the lists themselves. */
  readonly status?: string | Readonly<Record<string, string>> | undefined;
  readonly type?: string | undefined;
  readonly requireKeyBinding?: boolean | undefined;
  readonly aud?: string | undefined;
  readonly nonce?: string | undefined;
  readonly at?: string | number | undefined;
}

export type Entry = Options & ({ readonly file: string } | { readonly token: string });

const text = (value: Json) => typeof value === 'string';
/** Members of a batch entry, and what each may be. */
const MEMBERS: Readonly<Record<string, (value: Json) => boolean>> = {
  file: text,
  token: text,
  trust: text,
  status: (value) => text(value) || isTexts(value),
  type: text,
  requireKeyBinding: (value) => typeof value === 'boolean',
  aud: text,
  nonce: text,
  at: (value) => text(value) || (Number.isSafeInteger(value) && (value as number) >= 0),
};

function isTexts(value: Json): value is Record<string, string> {
  return isObject(value) && Object.values(value).every(text);
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_LIST_FILE = 64 * 1024 * 1024;
const MAX_TRUST_FILE = 4 * 1024 * 1024;

/** Throws INPUT_UNREADABLE, JSON_INVALID, BATCH_INVALID with the place. */
export function readBatch(file: string): Entry[] {
  const list = readJsonFile(file, MAX_LIST_FILE);
  if (!Array.isArray(list) || list.length === 0) throw new AppError('BATCH_INVALID', { path: '/' });
  return list.map((entry, i) => {
    if (!isObject(entry) || 'file' in entry === 'token' in entry)
      throw new AppError('BATCH_INVALID', { path: `/${i}` });
    for (const [name, value] of Object.entries(entry))
      if (!Object.hasOwn(MEMBERS, name) || !MEMBERS[name]!(value))
        throw new AppError('BATCH_INVALID', { path: `/${i}/${name}` });
    return entry as unknown as Entry;
  });
}

/** Trust files and status lists read once in a run. */
export interface Inputs {
  readonly trust: Map<string, IssuerTrust[]>;
  readonly status: Map<string, Readonly<Record<string, string>>>;
  stdin(): Promise<Uint8Array>;
}

/** Judges one; throws nothing that its input can cause. */
export async function checkOne(
  entry: Entry,
  defaults: Options,
  inputs: Inputs,
): Promise<Pick<CredentialResult, 'verdict' | 'code' | 'message'> & Partial<CredentialResult>> {
  const options: Options = { ...defaults, ...entry };
  const where = 'file' in entry ? { file: entry.file } : {};
  const { aud, nonce, requireKeyBinding, type } = options;
  try {
    const possession = requireKeyBinding || aud !== undefined || nonce !== undefined;
    if (possession && (!aud || !nonce)) throw new AppError('KEY_BINDING_UNASKED');
    const at = timeOf(options.at);
    const issuers = readTrust(options.trust ?? 'zhenmei-trust.json', inputs);
    const statusLists = readStatus(options.status, inputs);
    const text = 'token' in entry ? entry.token : tokenText(await readBytes(entry.file, inputs));
    const token = text?.startsWith(BADGE_PREFIX) ? await unpackBadge(text) : text;
    const result = await verifyCredential(token ?? '', {
      at,
      issuers,
      statusLists,
      ...(type === undefined ? {} : { type }),
      ...(possession ? { keyBinding: { audience: aud!, nonce: nonce! } } : {}),
    });
    return { ...where, ...result };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const message = { zh: error.text('zh-CN'), en: error.text('en') };
    return { ...where, verdict: 'cannot-judge', code: error.code, message };
  }
}

/** One LF or CRLF at the end, as editors leave it, is not part of the token; null if the bytes are no text. */
function tokenText(bytes: Uint8Array): string | null {
  try {
    return fromUtf8(bytes).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

async function readBytes(file: string, inputs: Inputs): Promise<Uint8Array> {
  // a longer file is cut: it is refused for its size all the same
  return file === '-' ? inputs.stdin() : read(file, LIMITS.bytes + 3);
}

function read(file: string, most: number): Uint8Array {
  let handle: number | undefined;
  try {
    handle = fs.openSync(file, 'r');
    const stat = fs.fstatSync(handle);
    if (!stat.isFile()) return fs.readFileSync(handle).subarray(0, most);
    const size = Math.min(stat.size, most);
    const bytes = new Uint8Array(size);
    return bytes.subarray(0, fs.readSync(handle, bytes, 0, size, 0));
  } catch (cause) {
    throw new AppError('INPUT_UNREADABLE', { file }, { cause });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

function readJsonFile(file: string, most: number): Json {
  return strictJson(fromUtf8(read(file, most)));
}

function timeOf(at: string | number | undefined): number {
  if (at === undefined) return toSeconds(Date.now());
  if (typeof at === 'number') return at;
  return /^\d{1,12}$/.test(at) ? Number(at) : toSeconds(fromIso(at));
}

/** A whole trust file, or only its format and issuers. */
function readTrust(file: string, { trust }: Inputs): IssuerTrust[] {
  const known = trust.get(file);
  if (known) return known;
  const text = fromUtf8(read(file, MAX_TRUST_FILE));
  const root = strictJson(text);
  const alone = isObject(root) && Object.keys(root).length === 2 && root.format === TRUST_FORMAT;
  const issuers = trustedIssuers({
    issuers: alone ? parseTrustedIssuers(root.issuers) : parseTrustFile(text).issuers,
  });
  trust.set(file, issuers);
  return issuers;
}

function readStatus(status: Options['status'], inputs: Inputs): Readonly<Record<string, string>> {
  if (status === undefined) return {};
  if (typeof status !== 'string') return status;
  const known = inputs.status.get(status);
  if (known) return known;
  const lists = readJsonFile(status, MAX_LIST_FILE);
  if (!isTexts(lists)) throw new AppError('STATUS_FILE_INVALID');
  inputs.status.set(status, lists);
  return lists;
}
