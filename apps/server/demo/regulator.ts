/** The demo's regulator: signs licences, authorisations and its status list with its own key. */
import { p256 } from '@noble/curves/nist.js';
import { CREDENTIAL_TYPES, SELECTIVE } from '@zhenmei/identity/core/catalogue.ts';
import { issueSdJwt } from '@zhenmei/identity/core/issue.ts';
import { type PublicJwk, pointJwk, thumbprint } from '@zhenmei/identity/core/jwk.ts';
import type { Es256Signer } from '@zhenmei/identity/core/jws.ts';
import { StatusBits, SUSPENDED, signStatusList } from '@zhenmei/identity/core/status-list.ts';
import { DAY, derive, type Hex, type Json, toBase64Url, toSeconds } from '@zhenmei/kernel';
import { random } from '../compose/random.ts';
import { type DemoActors, secretBytes } from './actors.ts';

export const ISSUER = 'https://regulator.zhenmei.example';
export const STATUS_URI = `${ISSUER}/status/1`;
const ENTRIES = 4_096;

export interface Regulator {
  readonly jwk: PublicJwk;
  /** @param now milliseconds since the epoch */
  issue(
    type: keyof typeof CREDENTIAL_TYPES,
    claims: Record<string, Json>,
    holder: PublicJwk,
    statusIndex: number,
    now: number,
  ): Promise<string>;
  statusList(suspended: readonly number[], now: number): Promise<string>;
}

export function regulatorOf(secret: Hex): Regulator {
  const key = derive(secretBytes(secret), 'zhenmei/demo/issuer-key');
  const jwk = pointJwk(p256.getPublicKey(key, false));
  const keyId = toBase64Url(thumbprint(jwk));
  const sign: Es256Signer = async (message) => p256.sign(message, key, { prehash: true });
  return {
    jwk,
    issue: (name, claims, holder, statusIndex, now) => {
      const type = CREDENTIAL_TYPES[name];
      const hidden = SELECTIVE[type] ?? [];
      const pick = (selective: boolean) =>
        Object.fromEntries(Object.entries(claims).filter(([k]) => hidden.includes(k) === selective));
      const issuedAt = toSeconds(now);
      return issueSdJwt(
        {
          issuer: ISSUER,
          type,
          issuedAt,
          expires: issuedAt + toSeconds(730 * DAY),
          holder,
          status: { uri: STATUS_URI, index: statusIndex },
          open: pick(false),
          selective: pick(true),
          keyId,
        },
        hidden.map(() => random.bytes(16)),
        sign,
      );
    },
    statusList: (suspended, now) => {
      const bits = StatusBits.empty(ENTRIES);
      for (const index of suspended) bits.set(index, SUSPENDED);
      const issuedAt = toSeconds(now);
      return signStatusList(
        {
          uri: STATUS_URI,
          bits,
          issuedAt,
          ttl: toSeconds(2 * DAY),
          expires: issuedAt + toSeconds(7 * DAY),
          issuer: ISSUER,
          keyId,
        },
        sign,
      );
    },
  };
}

/** Next free position of the status list. */
export function nextStatusIndex(actors: DemoActors): number {
  const used = [
    ...Object.values(actors.clinicStatus),
    ...Object.values(actors.doctors).map((d) => d.statusIndex),
  ];
  return Math.max(9, ...used) + 1;
}
