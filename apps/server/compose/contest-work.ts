/** What people get who objected to a check: none of it waits for a click. */
import { ProviderVerificationAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type AnyTx, enqueue, type JobHandler } from '@zhenmei/jobs';
import type { Hex } from '@zhenmei/kernel';
import { isContester } from '@zhenmei/money';
import type { ModuleDeps } from './deps.ts';
import { checkCall } from './verification.ts';

export const PAY_CONTESTER = 'pay-contester';

/** What somebody gets who objected under a key of her own is paid out at once; who has an account takes it out. */
export async function payContester(tx: AnyTx, who: string, cause: string, dueAt: number): Promise<void> {
  if (await isContester({ db: tx as never }, `0x${who.slice(26)}`))
    await enqueue(tx, { kind: PAY_CONTESTER, key: `${PAY_CONTESTER}/${cause}`, payload: { who }, dueAt });
}

export const payContesterJob =
  ({ protocol: { contracts, relayer }, engines: { chain } }: ModuleDeps): JobHandler =>
  async ({ key, payload }) => {
    const { who } = payload as { who: Hex };
    const to = contracts.ProviderVerification;
    const book = { address: to, abi: ProviderVerificationAbi } as const;
    // another cause may have taken both amounts along
    const nothing = async () =>
      (await chain.viem.readContract({ ...book, functionName: 'credit', args: [who] })) === 0n;
    if (!(await relayer.knows(`check/${key}`)) && (await nothing())) return;
    await relayer.send({ key: `check/${key}`, to, data: checkCall('payOut', [who]), gas: 500_000n });
  };
