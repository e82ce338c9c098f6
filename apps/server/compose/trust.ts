/** The trust file of this installation, as it stands now. */

import { ed25519 } from '@noble/curves/ed25519.js';
import type { TrustFile } from '@zhenmei/evidence';
import { TRUST_FORMAT } from '@zhenmei/evidence';
import { type IssuerTrust, issuersNow, thumbprint } from '@zhenmei/identity';
import { toBase64Url, toHex0x, toIso } from '@zhenmei/kernel';
import type { ModuleDeps } from './deps.ts';
import type { Modules } from './modules.ts';
import { feedVerifierKey } from './recall-feed.ts';

/** Contracts that evidence is read from. */
const EVIDENCE = ['CareEscrow', 'IssuerRegistry', 'LogAnchor', 'UnitRegistry', 'ReviewGroups'] as const;

export async function trustFile(deps: ModuleDeps, modules: Modules): Promise<TrustFile> {
  const { contracts, chainId } = deps.protocol;
  const entries = await Promise.all(
    EVIDENCE.map(
      async (name) =>
        [
          name,
          { address: contracts[name], codeHash: await deps.protocol.codeHash(contracts[name]) },
        ] as const,
    ),
  );
  const issuers = await issuersNow(modules.identity);
  return {
    format: TRUST_FORMAT,
    chain: { id: chainId, contracts: Object.fromEntries(entries) },
    logs: [
      { origin: modules.log.origin, keys: [modules.log.verifierKey] },
      // the feed of notices is a log of its own
      {
        origin: modules.provenance.feed.origin,
        keys: [feedVerifierKey(modules.log.origin, deps.secrets.logSeed)],
      },
    ],
    witnesses: {
      k: 1,
      keys: [
        { name: 'operator', key: toHex0x(ed25519.getPublicKey(deps.secrets.witnessSeed)), operator: true },
      ],
    },
    issuers: issuers.map(trusted),
  };
}

const iso = (seconds: number) => toIso(seconds * 1000);
const end = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? null : iso(seconds);

/** The issuer with the periods of its types and keys and what was withdrawn, as the registry on chain has them. */
function trusted({ id, keys, types }: IssuerTrust): TrustFile['issuers'][number] {
  return {
    id,
    keys: keys.map(({ jwk: { kty, crv, x, y }, from, until }) => ({
      jwk: { kty, crv, x, y },
      period: { from: iso(from ?? 0), until: end(until) },
    })),
    // a withdrawal before the beginning leaves nothing to state
    types: types.flatMap(({ vct, scope, from, until: planned, withdrawnAt }) => {
      const until = earlier(planned, withdrawnAt);
      return until !== null && until <= from
        ? []
        : [
            {
              vct,
              ...(scope === undefined ? {} : { scope }),
              period: { from: iso(from), until: end(until) },
            },
          ];
    }),
    period: {
      from: iso(Math.min(...types.map(({ from }) => from), ...keys.map(({ from }) => from ?? 0))),
      until: null,
    },
    withdrawn: keys.flatMap(({ jwk, withdrawnAt }) =>
      typeof withdrawnAt === 'number'
        ? [{ thumbprint: toBase64Url(thumbprint(jwk)), at: iso(withdrawnAt) }]
        : [],
    ),
  };
}

function earlier(until: number | null, withdrawnAt: number | null | undefined): number | null {
  if (withdrawnAt === null || withdrawnAt === undefined) return until;
  return until === null ? withdrawnAt : Math.min(until, withdrawnAt);
}
