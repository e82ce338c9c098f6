/** Whether an organisation's account says that a signature is its own. */
import { type ChainReader, unreachable } from '@zhenmei/chain';
import { PasskeyAccountAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex } from '@zhenmei/kernel';

/** ERC-1271: what `isValidSignature` answers for a good one. */
const GOOD = '0x1626ba7e';

/**
 * An account that is not deployed, or a signature it cannot read, signs nothing.
 * Throws CHAIN_UNAVAILABLE if the account could not be asked: then nobody knows.
 */
export async function accountSigned(
  { viem }: Pick<ChainReader, 'viem'>,
  account: Hex,
  hash: Hex,
  signature: Hex,
): Promise<boolean> {
  try {
    const answer = await viem.readContract({
      address: account,
      abi: PasskeyAccountAbi,
      functionName: 'isValidSignature',
      args: [hash, signature],
    });
    return answer === GOOD;
  } catch (error) {
    if (unreachable(error)) throw new AppError('CHAIN_UNAVAILABLE', {}, { cause: error });
    return false;
  }
}
