/** What a certificate's status list says of it, with lists kept at hand once read. */
import { AppError } from '@zhenmei/kernel';
import { SKEW } from './claims.ts';
import './errors.ts';
import type { JsonObject } from './jws.ts';
import {
  REVOKED,
  readStatusList,
  type StatusBits,
  type StatusList,
  SUSPENDED,
  statusListSigned,
  unpackStatusList,
  VALID,
} from './status-list.ts';
import { type IssuerTrust, withdrawnBy, within } from './trust.ts';

export interface StatusReference {
  readonly uri: string;
  readonly index: number;
}

/** With a scheme and without spaces (RFC 3986). */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/;

/** Where a certificate's status stands; null if it has none. Throws CREDENTIAL_STATUS, CREDENTIAL_STATUS_METHOD. */
export function statusReference(claims: JsonObject): StatusReference | null {
  const { status } = claims;
  if (status === undefined) return null;
  if (typeof status !== 'object' || status === null || Array.isArray(status))
    throw new AppError('CREDENTIAL_STATUS');
  const reference = status.status_list;
  if (reference === undefined)
    throw new AppError(Object.keys(status).length > 0 ? 'CREDENTIAL_STATUS_METHOD' : 'CREDENTIAL_STATUS');
  if (typeof reference !== 'object' || reference === null || Array.isArray(reference))
    throw new AppError('CREDENTIAL_STATUS');
  const { uri, idx } = reference;
  if (typeof uri !== 'string' || !URI.test(uri) || !Number.isSafeInteger(idx) || (idx as number) < 0)
    throw new AppError('CREDENTIAL_STATUS');
  return { uri, index: idx as number };
}

/**
 * Throws unless the certificate stands as valid in a fresh list of its issuer.
 * @returns when that list was made, or null if the certificate has no status
 */
export async function checkStatus(
  claims: JsonObject,
  issuer: IssuerTrust,
  { statusLists, at }: { readonly statusLists: Readonly<Record<string, string>>; readonly at: number },
): Promise<number | null> {
  const reference = statusReference(claims);
  if (!reference) return null;
  const token = Object.hasOwn(statusLists, reference.uri) ? statusLists[reference.uri] : undefined;
  if (token === undefined) throw new AppError('STATUS_MISSING');
  const known = remembered.get(token) ?? read(token);
  const { list, signedBy, unpack } = known;
  if (list.uri !== reference.uri) throw new AppError('STATUS_OTHER_LIST');
  if (list.issuer !== null && list.issuer !== issuer.id) throw new AppError('STATUS_ISSUER');
  await mustBeSigned(signedBy, list, issuer, at);
  remember(token, known);
  if (at + SKEW < list.begins) throw new AppError('STATUS_NOT_YET');
  if (at >= list.freshUntil) throw new AppError('STATUS_STALE');
  const value = (await unpack()).get(reference.index);
  if (value === REVOKED) throw new AppError('CREDENTIAL_REVOKED');
  if (value === SUSPENDED) throw new AppError('CREDENTIAL_SUSPENDED');
  if (value !== VALID) throw new AppError('STATUS_VALUE');
  return list.issuedAt;
}

type SignedBy = (key: IssuerTrust['keys'][number]) => Promise<boolean>;

/** By a key of the issuer that was in use when the list was made and is not withdrawn now. Throws STATUS_SIGNATURE. */
async function mustBeSigned(
  signedBy: SignedBy,
  list: StatusList,
  issuer: IssuerTrust,
  at: number,
): Promise<void> {
  for (const key of issuer.keys)
    if (within(key, list.issuedAt) && !withdrawnBy(key, Math.max(at, list.issuedAt)) && (await signedBy(key)))
      return;
  throw new AppError('STATUS_SIGNATURE');
}

interface Remembered {
  readonly list: StatusList;
  readonly signedBy: SignedBy;
  unpack(): Promise<StatusBits>;
}

/** Unpacking a list costs far more than reading one entry, so the last ones that held stay at hand, by their text. */
const remembered = new Map<string, Remembered>();
const KEPT = 16;

function remember(token: string, one: Remembered): void {
  if (remembered.has(token)) return;
  if (remembered.size >= KEPT) remembered.delete(remembered.keys().next().value!);
  remembered.set(token, one);
}

function read(token: string): Remembered {
  const list = readStatusList(token);
  const signatures = new Map<string, Promise<boolean>>();
  let bits: Promise<StatusBits> | undefined;
  return {
    list,
    signedBy: ({ jwk }) => {
      const name = `${jwk.x}.${jwk.y}`;
      const held = signatures.get(name) ?? statusListSigned(list, jwk);
      signatures.set(name, held);
      return held;
    },
    unpack: () => {
      bits ??= unpackStatusList(list);
      return bits;
    },
  };
}
