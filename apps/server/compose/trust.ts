/** The trust file of this installation, as it stands now. */

import { ed25519 } from '@noble/curves/ed25519.js';
import type { TrustFile } from '@zhenmei/evidence';
import { TRUST_FORMAT } from '@zhenmei/evidence';
import { issuersNow } from '@zhenmei/identity';
import { toHex0x, toIso } from '@zhenmei/kernel';
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
    issuers: issuers.map((issuer) => ({
      id: issuer.id,
      keys: issuer.keys.map(({ jwk }) => ({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y })),
      types: issuer.types.map(({ vct }) => vct),
      period: { from: toIso(Math.min(...issuer.types.map(({ from }) => from)) * 1000), until: null },
      withdrawn: [],
    })),
  };
}
