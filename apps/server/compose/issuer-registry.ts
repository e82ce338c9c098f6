/** Reads the registry of issuers on chain. What one block says is asked once, however many profiles are read meanwhile. */
import type { ChainReader } from '@zhenmei/chain';
import { IssuerRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import {
  type IdentityContext,
  type IssuerTrust,
  type PublicJwk,
  thumbprint,
  typeSubject,
} from '@zhenmei/identity';
import { type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { REGIONS } from '@zhenmei/policy';

/** undefined: everywhere. */
const SCOPES = [undefined, ...REGIONS];

const id = (text: string): Hex => toHex0x(keccak256(utf8(text)));

export function issuerRegistry(chain: ChainReader, registry: Hex): IdentityContext['registry'] {
  let block = -1;
  let known = new Map<string, Promise<IssuerTrust | null>>();
  return {
    async read(issuer, keys, types) {
      const { number } = await chain.head();
      if (number !== block) {
        block = number;
        known = new Map();
      }
      const asked = JSON.stringify([issuer, keys, types]);
      let answer = known.get(asked);
      if (!answer) {
        answer = readIssuer(chain, registry, issuer, keys, types);
        answer.catch(() => known.delete(asked));
        known.set(asked, answer);
      }
      return answer;
    },
  };
}

/** null if the issuer was never entered. */
async function readIssuer(
  chain: ChainReader,
  registry: Hex,
  issuer: string,
  keys: readonly PublicJwk[],
  types: readonly string[],
): Promise<IssuerTrust | null> {
  const entry = async (subject: Hex) => {
    const e = await chain.viem.readContract({
      address: registry,
      abi: IssuerRegistryAbi,
      functionName: 'entry',
      args: [id(issuer), subject],
    });
    return {
      from: Number(e.validFrom),
      until: e.validTo === 0n ? null : Number(e.validTo),
      withdrawnAt: e.withdrawnAt === 0n ? null : Number(e.withdrawnAt),
    };
  };
  const entered = await Promise.all(
    keys.map(async (jwk) => ({ jwk, ...(await entry(toHex0x(thumbprint(jwk)))) })),
  );
  const known = entered.filter(({ from }) => from !== 0);
  if (known.length === 0) return null;
  const asked = types.flatMap((vct) => SCOPES.map((scope) => ({ vct, scope })));
  const stated = await Promise.all(
    asked.map(async ({ vct, scope }) => ({
      vct,
      ...(scope === undefined ? {} : { scope }),
      ...(await entry(id(typeSubject(vct, scope)))),
    })),
  );
  return { id: issuer, keys: known, types: stated.filter(({ from }) => from !== 0) };
}
