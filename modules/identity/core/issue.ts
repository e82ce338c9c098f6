/** Issuing an SD-JWT VC: what is hidden, at any depth, and decoys. Salts are passed in. */
import { AppError, type Json, toBase64Url, utf8 } from '@zhenmei/kernel';
import { ALWAYS_VISIBLE, digestOf, RESERVED } from './disclosure.ts';
import './errors.ts';
import type { PublicJwk } from './jwk.ts';
import { type Es256Signer, signJws } from './jws.ts';

/** A value that the holder may show or keep. */
export class Hidden {
  readonly value: Claim;
  constructor(value: Claim) {
    this.value = value;
  }
}

/** A claim in which any member or element may be hidden. */
export type Claim = Json | Hidden | readonly Claim[] | { readonly [name: string]: Claim };

/** Marks a member of an object or an element of a list as hidden. It may hold hidden values itself. */
export function hide(value: Claim): Hidden {
  return new Hidden(value);
}

export interface IssueInput {
  readonly issuer: string;
  readonly type: string;
  /** `vct#integrity`: digest of the description of the kind. */
  readonly integrity?: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expires: number;
  /** Key of the holder; without it the certificate can be shown by anybody. */
  readonly holder?: PublicJwk;
  readonly status?: { readonly uri: string; readonly index: number };
  /** Shown always, except for parts marked with `hide`. */
  readonly open: Readonly<Record<string, Claim>>;
  /** Shown only if the holder discloses them. */
  readonly selective: Readonly<Record<string, Claim>>;
  /** Digests that stand for nothing, so that the number of hidden claims stays unknown. */
  readonly decoys?: number;
  readonly keyId: string;
}

/**
 * Issues a certificate with all its disclosures.
 * @param salts at least 16 random bytes for each hidden value and each decoy, none of them twice
 * Throws SDJWT_SALTS, SDJWT_CLAIM_RESERVED, SDJWT_CLAIM_NOT_SELECTIVE, SDJWT_CLAIM_COLLISION.
 */
export async function issueSdJwt(
  input: IssueInput,
  salts: Iterable<Uint8Array>,
  sign: Es256Signer,
): Promise<string> {
  const source = salts[Symbol.iterator]();
  const used = new Set<string>();
  const salt = (): string => {
    const next = source.next();
    if (next.done || next.value.length < 16) throw new AppError('SDJWT_SALTS');
    const text = toBase64Url(next.value);
    if (used.has(text)) throw new AppError('SDJWT_SALTS');
    used.add(text);
    return text;
  };
  const disclosures: string[] = [];
  const conceal = (parts: Json[]): string => {
    const text = toBase64Url(utf8(JSON.stringify([salt(), ...parts])));
    disclosures.push(text);
    return digestOf(text);
  };
  const veil = (value: Claim): Json => {
    if (value instanceof Hidden) throw new AppError('SDJWT_VALUE');
    if (Array.isArray(value))
      return value.map((item: Claim) =>
        item instanceof Hidden ? { '...': conceal([veil(item.value)]) } : veil(item),
      );
    return typeof value === 'object' && value !== null
      ? members(value as Record<string, Claim>)
      : (value as Json);
  };
  const members = (object: Record<string, Claim>, decoys = 0): { [name: string]: Json } => {
    const out: { [name: string]: Json } = {};
    const digests: string[] = [];
    for (const [name, value] of Object.entries(object)) {
      if (RESERVED.has(name)) throw new AppError('SDJWT_CLAIM_RESERVED', { name });
      if (value instanceof Hidden) digests.push(conceal([name, veil(value.value)]));
      else out[name] = veil(value);
    }
    for (let i = 0; i < decoys; i++) digests.push(digestOf(salt()));
    return digests.length > 0 ? { ...out, _sd: digests.sort() } : out;
  };

  for (const name of [...Object.keys(input.open), ...Object.keys(input.selective)]) {
    if (name === 'iat' || ALWAYS_VISIBLE.has(name)) throw new AppError('SDJWT_CLAIM_NOT_SELECTIVE', { name });
    if (Object.hasOwn(input.open, name) && Object.hasOwn(input.selective, name))
      throw new AppError('SDJWT_CLAIM_COLLISION', { name });
  }
  const hidden = Object.entries(input.selective).map(([name, value]) => [name, hide(value)] as const);
  const payload = {
    iss: input.issuer,
    vct: input.type,
    ...(input.integrity === undefined ? {} : { 'vct#integrity': input.integrity }),
    iat: input.issuedAt,
    nbf: input.issuedAt,
    exp: input.expires,
    ...(input.holder ? { cnf: { jwk: publicPart(input.holder) } } : {}),
    ...(input.status ? { status: { status_list: { idx: input.status.index, uri: input.status.uri } } } : {}),
    _sd_alg: 'sha-256',
    ...members({ ...input.open, ...Object.fromEntries(hidden) }, input.decoys),
  };
  const jwt = await signJws({ alg: 'ES256', typ: 'dc+sd-jwt', kid: input.keyId }, payload, sign);
  return `${[jwt, ...disclosures].join('~')}~`;
}

function publicPart({ kty, crv, x, y }: PublicJwk): PublicJwk {
  return { kty, crv, x, y };
}
