/** Who signs for an organisation's account, as the account itself says. */
import type { ChainReader } from '@zhenmei/chain';
import { PasskeyAccountAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import { decodeFunctionData, parseEventLogs } from 'viem';

/** More than any organisation has devices. */
const ALL = 2n ** 64n - 1n;

/** Null before the account's first operation: it is not there yet. */
export async function accountAuthority(
  { viem }: ChainReader,
  account: Hex,
): Promise<{ signers: Hex[]; threshold: number } | null> {
  const code = await viem.getCode({ address: account });
  if (!code || code === '0x') return null;
  const own = { address: account, abi: PasskeyAccountAbi } as const;
  const [signers, threshold] = await Promise.all([
    viem.readContract({ ...own, functionName: 'getSigners', args: [0n, ALL] }),
    viem.readContract({ ...own, functionName: 'threshold' }),
  ]);
  return { signers: signers.map((one) => one.toLowerCase() as Hex), threshold: Number(threshold) };
}

/** What calls of an account to itself change. */
export function signerChange(calls: readonly { readonly data: Hex }[]): { add: Hex[]; remove: Hex[] } {
  const add: Hex[] = [];
  const remove: Hex[] = [];
  for (const { data } of calls) {
    const { functionName, args } = decodeFunctionData({ abi: PasskeyAccountAbi, data });
    if (functionName === 'addSigners') add.push(...lower(args[0]));
    if (functionName === 'removeSigners') remove.push(...lower(args[0]));
  }
  return { add, remove };
}

/** keccak256 of the signers that came and left by a transaction. */
export function signersMoved(
  account: Hex,
  logs: Parameters<typeof parseEventLogs>[0]['logs'],
): { added: Hex[]; removed: Hex[] } {
  const own = logs.filter(({ address }) => address.toLowerCase() === account);
  const named = (eventName: 'ERC7913SignerAdded' | 'ERC7913SignerRemoved') =>
    parseEventLogs({ abi: PasskeyAccountAbi, eventName, logs: own }).map(({ args }) => args.signers);
  return { added: named('ERC7913SignerAdded'), removed: named('ERC7913SignerRemoved') };
}

const lower = (signers: readonly Hex[]): Hex[] => signers.map((one) => one.toLowerCase() as Hex);
