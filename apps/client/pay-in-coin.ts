/** The patient gives what lies at her agreement's address to the escrow: one signature for the coin, one for the step. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { agreementId, type Terms, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, defineErrors, type Hex, toHex0x } from '@zhenmei/kernel';
import { tokenApi } from '@zhenmei/money/token-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeAbiParameters, encodeFunctionData, parseSignature } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { type Coin, coinOfRegion } from './coin-frame.ts';
import { checkOffer, relayCall } from './patient.ts';
import { bearerOf, keyOf, type PatientIo, type PatientVisit } from './patient-steps.ts';

defineErrors({
  COIN_NOT_COMPLETE: {
    status: 409,
    retryable: false,
    zh: '这个地址上还没有足够、可以动用的稳定币，没有放入托管。请看付款页面上写的状态。',
    en: 'Not enough of the coin lies at this address yet, or it cannot be moved; nothing was put into the held account. See the state on the payment page.',
  },
});

/** Seconds for which the coin's permission is good. */
const GOOD_FOR = 600;
/** `FundingBy` and `Ground` of the escrow. */
const BY = { permit: 1, authorization: 2 } as const;
const NO_GROUND = 0;

/** Exactly the price goes into the escrow, and nothing else moves. Throws OFFER_NOT_AS_QUOTED, COIN_NOT_COMPLETE. */
export async function openInCoin(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
): Promise<{ transaction: Hex; block: number }> {
  const terms = termsFromJson((await checkOffer(io, visit, view)) as never);
  const config = await io.api.call(houseApi.readConfig);
  const coin = coinOfRegion(config.coins, view.clinic.region);
  const asked = { params: { id: agreementId(terms) }, bearer: bearerOf(visit) };
  const deposit = await io.api.call(tokenApi.readDeposit, asked);
  if (!coin || deposit.state !== 'complete') throw new AppError('COIN_NOT_COMPLETE');
  const authorization = await permission(visit, coin, terms, {
    chainId: config.chainId,
    escrow: config.contracts.CareEscrow!,
    nonce: BigInt(deposit.permits),
    until: BigInt(Math.floor(io.now() / 1000) + GOOD_FOR),
  });
  const how = { agreed: '0x', ground: NO_GROUND, waiver: '0x', by: BY[coin.by], authorization } as const;
  const data = encodeFunctionData({
    abi: CareEscrowAbi,
    functionName: 'openWith',
    args: [terms as never, view.offerSignature!, how],
  });
  return relayCall(io, visit, 'CareEscrow', data);
}

interface About {
  readonly chainId: number;
  readonly escrow: Hex;
  /** Permits that the address has given of this coin. */
  readonly nonce: bigint;
  /** Seconds since the epoch. */
  readonly until: bigint;
}

/** ERC-3009 where the coin has it: good for this agreement alone; ERC-2612 otherwise: over exactly the price. */
async function permission(visit: PatientVisit, coin: Coin, terms: Terms, about: About): Promise<Hex> {
  const { chainId, escrow: to, nonce, until } = about;
  const account = privateKeyToAccount(toHex0x(keyOf(visit).privateKey));
  const domain = { ...coin.domain, chainId, verifyingContract: coin.token };
  const value = terms.milestones.reduce((sum, { amount }) => sum + amount, 0n);
  const uint = (name: string) => ({ name, type: 'uint256' }) as const;
  const address = (name: string) => ({ name, type: 'address' }) as const;
  if (coin.by === 'permit') {
    const { r, s, v } = parseSignature(
      await account.signTypedData({
        domain,
        types: {
          Permit: [address('owner'), address('spender'), uint('value'), uint('nonce'), uint('deadline')],
        },
        primaryType: 'Permit',
        message: { owner: terms.patient, spender: to, value, nonce, deadline: until },
      }),
    );
    return encodeAbiParameters(
      [uint('deadline'), { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }],
      [until, Number(v), r, s],
    );
  }
  const { r, s, v } = parseSignature(
    await account.signTypedData({
      domain,
      types: {
        ReceiveWithAuthorization: [
          address('from'),
          address('to'),
          uint('value'),
          uint('validAfter'),
          uint('validBefore'),
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'ReceiveWithAuthorization',
      message: {
        from: terms.patient,
        to,
        value,
        validAfter: 0n,
        validBefore: until,
        nonce: `${agreementId(terms).slice(0, 50)}${'0'.repeat(16)}` as Hex,
      },
    }),
  );
  return encodeAbiParameters(
    [uint('after'), uint('before'), { type: 'uint8' }, { type: 'bytes32' }, { type: 'bytes32' }],
    [0n, until, Number(v), r, s],
  );
}
