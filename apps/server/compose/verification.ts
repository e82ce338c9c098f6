/** Paid checks: what the contract says, and whose signature is good. */
import type { Indexer } from '@zhenmei/chain';
import { answerCommitment, attestationTypedData } from '@zhenmei/contracts/deploy/verification.ts';
import { ProviderVerificationAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import type { VerificationPort } from '@zhenmei/money';
import { encodeFunctionData, hashTypedData, pad, recoverMessageAddress } from 'viem';
import { accountSigned } from './account-signature.ts';
import type { ModuleDeps } from './deps.ts';
import { paymentRefOf } from './sending.ts';

/** Calldata of the contract of paid checks. */
export const checkCall = (functionName: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: ProviderVerificationAbi, functionName, args } as never);

export function verificationPort(
  { protocol, engines, clock, secrets }: ModuleDeps,
  indexer: () => Indexer,
): VerificationPort {
  const { contracts, chainId, relayer, admin } = protocol;
  const address = contracts.ProviderVerification;
  const read = (functionName: string, args: readonly unknown[] = []): Promise<unknown> =>
    engines.chain.viem.readContract({ address, abi: ProviderVerificationAbi, functionName, args } as never);
  return {
    units: (account) =>
      engines.chain.viem.readContract({
        address: contracts.SettlementUnit,
        abi: SettlementUnitAbi,
        functionName: 'balanceOf',
        args: [account],
      }),
    bond: async (verifier) => ((await read('verifierOf', [verifier])) as { bond: bigint }).bond,
    credit: async (account) => (await read('credit', [pad(account, { size: 32 })])) as bigint,
    paymentRef: (reference) => paymentRefOf(secrets.paymentSeed, reference),
    async returnable(payment, account) {
      const { holder, amount } = await engines.chain.viem.readContract({
        address: contracts.SettlementUnit,
        abi: SettlementUnitAbi,
        functionName: 'payment',
        args: [payment],
      });
      return holder.toLowerCase() === account ? amount : 0n;
    },
    async signedBy(message, by, signature) {
      const signer = await recoverMessageAddress({ message, signature }).catch(() => null);
      return signer?.toLowerCase() === by;
    },
    lost: async () => (await read('lost')) as bigint,
    async openSecret(id, secret) {
      const call = { to: address, data: checkCall('openSecret', [BigInt(id), secret]) };
      const key = `check/open/${id}/${secret}`;
      await relayer.attempt({ key, ...call, gas: 1_000_000n });
      await indexer().catchUp();
    },
    async signed(said, salt, signature) {
      const message = { ...said, task: BigInt(said.task) };
      const typed = attestationTypedData(chainId, address, message);
      const good = await accountSigned(engines.chain, said.verifier, hashTypedData(typed), signature);
      return good ? answerCommitment(message, salt) : null;
    },
    async setPay(pay) {
      const call = { to: address, data: checkCall('setPay', [pay]) };
      await admin.send({ key: `check/pay/${pay}/${clock.now()}`, ...call, gas: 200_000n });
      await indexer().catchUp();
    },
  };
}
