/** Clients for tests on a throw-away chain. */
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  type Hex,
  http,
  type PrivateKeyAccount,
} from 'viem';
import type { DeployIo } from '../deploy/plan.ts';

/** Reads and writes for one sender. `send` waits for the receipt and throws if the transaction reverted. */
export function connect(url: string, chainId: number, sender: PrivateKeyAccount) {
  const chain = defineChain({
    id: chainId,
    name: 'test',
    nativeCurrency: { name: 'gas', symbol: 'GAS', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  });
  const reader = createPublicClient({ chain, transport: http(), pollingInterval: 20 });
  const writer = createWalletClient({ chain, transport: http(), account: sender });
  async function send(to: Hex | null, data: Hex) {
    const hash = await writer.sendTransaction({ to, data, gasPrice: 0n });
    const receipt = await reader.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error('the transaction reverted');
    return receipt;
  }
  const io: DeployIo = {
    code: (address) => reader.getCode({ address }),
    call: async (to, data) => (await reader.call({ to, data })).data,
    send: async ({ to, data }) => {
      await send(to, data);
    },
  };
  const slot = async (address: Hex, at: Hex) =>
    BigInt((await reader.getStorageAt({ address, slot: at })) ?? '0x0');
  return { reader, send, io, slot };
}
