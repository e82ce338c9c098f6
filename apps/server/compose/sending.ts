/** What goes to the chain, and only what may: anchors, mintings, and the patient's relayed steps. */
import type { ChainReader } from '@zhenmei/chain';
import { forwardTypedData } from '@zhenmei/contracts/deploy/typed-data.ts';
import {
  AssessorPanelAbi,
  CareEscrowAbi,
  ERC2771ForwarderAbi,
  GuaranteeBookAbi,
  InstalmentBookAbi,
  LogAnchorAbi,
  ProviderVerificationAbi,
  SettlementUnitAbi,
} from '@zhenmei/contracts/generated/abis.ts';
import { AppError, derive, type Hex, toHex, toHex0x } from '@zhenmei/kernel';
import type { RelayPort, SettlementPort } from '@zhenmei/money';
import type { Anchor } from '@zhenmei/tlog';
import { encodeFunctionData, keccak256, recoverTypedDataAddress, toFunctionSelector } from 'viem';
import type { ModuleDeps } from './deps.ts';
import { carriedBy } from './pledge-work.ts';
import type { Protocol } from './protocol.ts';

export function anchorPort(chain: ChainReader, { contracts, logOperator }: Protocol): Anchor {
  return {
    async anchor(originHash, size, root) {
      const origin = toHex0x(originHash);
      const known = await chain.viem.readContract({
        address: contracts.LogAnchor,
        abi: LogAnchorAbi,
        functionName: 'latest',
        args: [origin],
      });
      if (known.size === BigInt(size) && known.root === toHex0x(root)) return;
      const data = encodeFunctionData({
        abi: LogAnchorAbi,
        functionName: 'anchor',
        args: [origin, BigInt(size), toHex0x(root)],
      });
      await logOperator.send({
        key: `anchor/${toHex(originHash).slice(0, 16)}/${size}/${toHex(root).slice(0, 16)}`,
        to: contracts.LogAnchor,
        data,
        gas: 200_000n,
      });
    },
  };
}

/** The number on the ledger of the payment for an order. */
export const paymentRefOf = (seed: Uint8Array, reference: string): Hex =>
  toHex0x(derive(seed, `zhenmei/payment/${reference}`));

/** @param seed whoever reads a bank statement cannot find its payment on chain */
export function settlementPort({ contracts, custodian }: Protocol, seed: Uint8Array): SettlementPort {
  return {
    async mint(tx, { reference, to, amount }) {
      const data = encodeFunctionData({
        abi: SettlementUnitAbi,
        functionName: 'mint',
        args: [to, amount, paymentRefOf(seed, reference)],
      });
      await custodian.enqueue(tx, {
        key: `mint/${reference}`,
        to: contracts.SettlementUnit,
        data,
        gas: 300_000n,
      });
    },
  };
}

const selectors = (abi: readonly { type: string; name?: string }[], names: readonly string[]) =>
  new Set(
    abi
      .filter((f) => f.type === 'function' && names.includes(f.name ?? ''))
      .map((f) => toFunctionSelector(f as never)),
  );
/** Steps that a patient may have relayed, by contract. Nothing else is sponsored. */
const PATIENT_STEPS = {
  CareEscrow: selectors(CareEscrowAbi, ['open', 'openWith', 'cancel', 'accept', 'dispute', 'clinicAbsent']),
  InstalmentBook: selectors(InstalmentBookAbi, ['accept', 'revoke', 'pay']),
  GuaranteeBook: selectors(GuaranteeBookAbi, ['claim']),
  AssessorPanel: selectors(AssessorPanelAbi, ['createDispute', 'commitSecret', 'appeal', 'submitEvidence']),
  GuaranteePanel: selectors(AssessorPanelAbi, ['createDispute', 'commitSecret', 'appeal', 'submitEvidence']),
  ProviderVerification: selectors(ProviderVerificationAbi, ['challenge']),
  SettlementUnit: selectors(SettlementUnitAbi, ['giveBack']),
} as const;

/** @param allowed throws where a step may not be sent yet; asked once for each, not when it is sent again */
export function relayPort(
  deps: ModuleDeps,
  allowed: (call: { to: Hex; data: Hex; from: Hex }) => Promise<void>,
): RelayPort {
  const { protocol, engines } = deps;
  const { contracts, relayer, chainId } = protocol;
  return {
    async forward(request, signature) {
      const steps = Object.entries(PATIENT_STEPS).find(
        ([name]) => contracts[name as keyof typeof PATIENT_STEPS] === request.to,
      )?.[1];
      if (!steps?.has(request.data.slice(0, 10) as Hex) || BigInt(request.gas) > 2_000_000n)
        throw new AppError('RELAY_REFUSED');
      const message = { ...request, value: 0n, gas: BigInt(request.gas), nonce: BigInt(request.nonce) };
      const signer = await recoverTypedDataAddress({
        ...forwardTypedData(chainId, contracts.ERC2771Forwarder, message),
        signature,
      }).catch(() => null);
      const nonce = await engines.chain.viem.readContract({
        address: contracts.ERC2771Forwarder,
        abi: ERC2771ForwarderAbi,
        functionName: 'nonces',
        args: [request.from],
      });
      if (signer?.toLowerCase() !== request.from) throw new AppError('RELAY_REFUSED');
      const step = `forward/${request.from}/${request.nonce}/${keccak256(request.data)}`;
      // what came too late to be done has left its nonce free: signed anew it is sent anew
      const key = (await relayer.failed(step)) ? `${step}/${request.deadline}` : step;
      // a nonce that was used belongs to a step that is on its way or done: the same key finds it again
      if (nonce === message.nonce) {
        const { nonce: _, ...data } = message;
        const signed = { ...data, signature };
        const call = (await carriedBy(deps, request, signed)) ?? {
          to: contracts.ERC2771Forwarder,
          data: encodeFunctionData({ abi: ERC2771ForwarderAbi, functionName: 'execute', args: [signed] }),
        };
        await relayer.attempt({ key, ...call, gas: BigInt(request.gas) + 300_000n }, async () => {
          await allowed(request);
          await relayer.simulate({
            to: request.to,
            data: request.data.concat(request.from.slice(2)) as Hex,
            from: contracts.ERC2771Forwarder,
          });
          await relayer.simulate(call);
        });
      }
      return { key };
    },
    settled: (key) => relayer.settled(key),
  };
}
