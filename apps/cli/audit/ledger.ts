/** What a node of the auditor's own choice says that the ledger keeps of a log. */
import { connectChain } from '@zhenmei/chain';
import { LogAnchorAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, defineErrors, fromHex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import type { Anchored } from '@zhenmei/tlog/core/audit-history.ts';
import { decodeEventLog, toEventSelector } from 'viem';

defineErrors({
  AUDIT_CONTRACT_WRONG: {
    status: 422,
    retryable: false,
    zh: '账本上的 LogAnchor 合约与信任文件不符。',
    en: 'The contract LogAnchor on the ledger is not the one in the trust file.',
  },
});

const ANCHORED = LogAnchorAbi.find((part) => part.type === 'event' && part.name === 'Anchored')!;

/**
 * The anchors of a log since a block, oldest first.
 * Throws CHAIN_ID_WRONG, CHAIN_UNAVAILABLE, AUDIT_CONTRACT_WRONG.
 */
export async function anchorsOf(
  rpc: string,
  trust: TrustFile,
  origin: string,
  fromBlock: number,
): Promise<Anchored[]> {
  const chain = await connectChain({ url: rpc, chainId: trust.chain.id });
  const contract = trust.chain.contracts.LogAnchor;
  const code = contract && (await chain.viem.getCode({ address: contract.address }));
  if (!contract || !code || toHex0x(keccak256(fromHex(code.slice(2)))) !== contract.codeHash)
    throw new AppError('AUDIT_CONTRACT_WRONG');
  const name = toHex0x(keccak256(utf8(origin)));
  const selector = toEventSelector(ANCHORED as never);
  const logs = await chain.logs(fromBlock, (await chain.head()).number, [contract.address]);
  return logs
    .filter(({ topics }) => topics[0] === selector && topics[1] === name)
    .map(({ topics, data, blockNumber }) => {
      const { args } = decodeEventLog({ abi: LogAnchorAbi, topics: topics as never, data }) as unknown as {
        args: { size: bigint; root: `0x${string}` };
      };
      return { size: Number(args.size), root: fromHex(args.root.slice(2)), block: Number(blockNumber) };
    });
}
