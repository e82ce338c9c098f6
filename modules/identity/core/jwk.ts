/** P-256 public keys as JWK (RFC 7517) and their thumbprints (RFC 7638). */
import { p256 } from '@noble/curves/nist.js';
import { AppError, canonicalJson, concat, fromBase64Url, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import './errors.ts';

export const PublicJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  y: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type PublicJwk = z.infer<typeof PublicJwk>;

/**
 * Reads a key and checks that it is a point of the curve. Private parts and keys meant for something else are refused;
 * other members are dropped. Throws SDJWT_KEY.
 */
export function parseJwk(value: unknown): PublicJwk {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new AppError('SDJWT_KEY', { reason }, { cause });
  };
  const parsed = PublicJwk.safeParse(value);
  if (!parsed.success) return refuse('form');
  const given = value as Record<string, unknown>;
  if ('d' in given || 'k' in given) return refuse('private key given');
  if (given.use !== undefined && given.use !== 'sig') return refuse('not for signatures');
  if (given.alg !== undefined && given.alg !== 'ES256') return refuse('not for ES256');
  try {
    p256.Point.fromBytes(jwkPoint(parsed.data)).assertValidity();
  } catch (cause) {
    return refuse('not on the curve', cause);
  }
  return parsed.data;
}

/** Uncompressed point: 0x04 ‖ x ‖ y. */
export function jwkPoint(jwk: PublicJwk): Uint8Array<ArrayBuffer> {
  return concat(Uint8Array.of(4), fromBase64Url(jwk.x), fromBase64Url(jwk.y));
}

/** Throws SDJWT_KEY. */
export function pointJwk(point: Uint8Array): PublicJwk {
  if (point.length !== 65 || point[0] !== 4)
    throw new AppError('SDJWT_KEY', { reason: 'not an uncompressed point' });
  return {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(point.subarray(1, 33)),
    y: toBase64Url(point.subarray(33)),
  };
}

/** 32 bytes. */
export function thumbprint(jwk: PublicJwk): Uint8Array<ArrayBuffer> {
  return sha256(utf8(canonicalJson({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y })));
}

/** Trusted keys are asked for their names at every certificate. */
const names = new WeakMap<PublicJwk, string>();

/** The thumbprint in base64url, as a `kid` states it. `jwk` must not change afterwards. */
export function keyName(jwk: PublicJwk): string {
  const known = names.get(jwk);
  if (known !== undefined) return known;
  const name = toBase64Url(thumbprint(jwk));
  names.set(jwk, name);
  return name;
}
