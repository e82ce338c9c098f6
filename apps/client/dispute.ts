/** Both sides of a dispute: settling by a split that both sign, calling the panel, taking part in its draw. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { forwardTypedData, splitTypedData, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AssessorPanelAbi, CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { derive, type Hex, toHex0x, utf8 } from '@zhenmei/kernel';
import { moneyApi } from '@zhenmei/money/api.ts';
import { drawSecret, panelNumber, secretCommitment } from '@zhenmei/money/core/panel-words.ts';
import { type DisputeView, disputeApi } from '@zhenmei/money/dispute-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { sealTo } from '@zhenmei/vault/core/seal.ts';
import { encodeAbiParameters, encodeFunctionData, getAbiItem } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { z } from 'zod';
import type { Api } from './api.ts';
import type { Clinic } from './clinic.ts';
import { scaleOfTerms } from './coin-frame.ts';
import { operate, signForAccount } from './desk.ts';
import { bearerOf, keyOf, type PatientIo, type PatientVisit } from './patient-steps.ts';

export type Dispute = z.infer<typeof DisputeView>;
export interface PanelCall {
  readonly functionName: 'createDispute' | 'commitSecret' | 'appeal' | 'join';
  readonly args: readonly unknown[];
}

/** Which contract decides: about milestones, or about claims on promises. */
export type PanelContract = 'AssessorPanel' | 'GuaranteePanel';

/** One side of a dispute, as its device acts. */
export interface DisputeSeat {
  readonly you: 'patient' | 'clinic';
  readonly api: Api;
  readonly agreement: Hex;
  /** Sent with every call of a patient. */
  readonly bearer?: string;
  /** The terms, ABI-encoded. */
  readonly terms: Hex;
  /** 32 secret bytes of this side for this agreement: its numbers for draws follow from them. */
  readonly secret: Uint8Array;
  random(length: number): Uint8Array<ArrayBuffer>;
  /** Calls on the panel, in order: relayed for a patient, one confirmation of the passkey for a clinic. */
  call(calls: readonly PanelCall[]): Promise<unknown>;
  signSplit(milestone: number, refund: bigint): Promise<Hex>;
}

const encoded = (view: VisitView): Hex =>
  encodeAbiParameters(getAbiItem({ abi: CareEscrowAbi, name: 'agreementId' }).inputs, [
    termsFromJson(view.terms as never) as never,
  ]);
const panelData = ({ functionName, args }: PanelCall): Hex =>
  encodeFunctionData({ abi: AssessorPanelAbi, functionName, args: args as never });

export function patientSeat(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  random: DisputeSeat['random'],
  contract: PanelContract = 'AssessorPanel',
): DisputeSeat {
  const { address, privateKey } = keyOf(visit);
  const account = privateKeyToAccount(toHex0x(privateKey));
  const agreement = view.agreementId!;
  return {
    you: 'patient',
    api: io.api,
    agreement,
    bearer: bearerOf(visit),
    terms: encoded(view),
    secret: derive(privateKey, 'zhenmei/dispute'),
    random,
    async call(calls) {
      const config = await io.api.call(houseApi.readConfig);
      for (const one of calls) {
        const { nonce } = await io.api.call(moneyApi.forwardNonce, { params: { address } });
        const message = {
          from: address,
          to: config.contracts[contract]!,
          value: 0n,
          gas: 1_900_000n,
          nonce: BigInt(nonce),
          deadline: Math.floor(io.now() / 1000) + 600,
          data: panelData(one),
        };
        const signature = await account.signTypedData(
          forwardTypedData(config.chainId, config.contracts.ERC2771Forwarder!, message),
        );
        const request = { ...message, value: '0' as const, gas: message.gas.toString(), nonce };
        await io.api.call(moneyApi.relay, { body: { request, signature } });
      }
    },
    async signSplit(milestone, refund) {
      const { chainId, contracts, coins } = await io.api.call(houseApi.readConfig);
      return account.signTypedData(
        splitTypedData(chainId, contracts.CareEscrow!, {
          agreement,
          milestone,
          refund: refund * scaleOfTerms({ coins, contracts }, view.terms as never),
        }),
      );
    },
  };
}

export function clinicSeat(
  clinic: Clinic,
  view: VisitView,
  contract: PanelContract = 'AssessorPanel',
): DisputeSeat {
  const { desk } = clinic;
  const agreement = view.agreementId!;
  return {
    you: 'clinic',
    api: desk.api,
    agreement,
    terms: encoded(view),
    secret: derive(clinic.secret, `zhenmei/dispute/${view.id}`),
    random: clinic.random,
    async call(calls) {
      const { contracts } = await desk.api.call(houseApi.readConfig);
      await operate(
        desk,
        calls.map((one) => ({ to: contracts[contract]!, data: panelData(one) })),
      );
    },
    async signSplit(milestone, refund) {
      const { chainId, contracts, coins } = await desk.api.call(houseApi.readConfig);
      return signForAccount(
        desk,
        splitTypedData(chainId, contracts.CareEscrow!, {
          agreement,
          milestone,
          refund: refund * scaleOfTerms({ coins, contracts }, view.terms as never),
        }) as never,
      );
    },
  };
}

const given = (seat: DisputeSeat) => ({
  params: { id: seat.agreement },
  ...(seat.bearer ? { bearer: seat.bearer } : {}),
});

export const readDispute = (seat: DisputeSeat): Promise<Dispute> =>
  seat.api.call(disputeApi.readDispute, given(seat));

export const endStage = (seat: DisputeSeat, stage: 'talk' | 'mediation'): Promise<Dispute> =>
  seat.api.call(disputeApi.endStage, { ...given(seat), body: { stage } });

/** Signs a split of what is held; if the other side signed the same, it is done. */
export async function offerSplit(seat: DisputeSeat, dispute: Dispute, refund: bigint): Promise<Dispute> {
  const signature = await seat.signSplit(dispute.milestone, refund);
  return seat.api.call(disputeApi.signSplit, {
    ...given(seat),
    body: { refund: refund.toString(), signature },
  });
}

export const CHOICES = 10_001n;

/** Calls the panel, and seals this side's number for its draw. */
export async function callPanel(seat: DisputeSeat): Promise<Dispute> {
  await seat.call([{ functionName: 'createDispute', args: [CHOICES, seat.terms] }]);
  return joinDraw(seat, await readDispute(seat));
}

export async function appeal(seat: DisputeSeat, dispute: Dispute): Promise<Dispute> {
  await seat.call([{ functionName: 'appeal', args: [panelNumber(dispute.panel!.id), '0x'] }]);
  return joinDraw(seat, await readDispute(seat));
}

const placeOf = ({ panel }: Dispute) => ({ panel: panel!.id, round: panel!.round, beacon: panel!.beacon });

/** Seals this side's number for the draw. */
export async function joinDraw(seat: DisputeSeat, dispute: Dispute): Promise<Dispute> {
  const place = placeOf(dispute);
  const commitment = secretCommitment({ ...place, side: seat.you }, drawSecret(seat.secret, place));
  await seat.call([
    { functionName: 'commitSecret', args: [panelNumber(place.panel), place.beacon, commitment] },
  ]);
  return readDispute(seat);
}

/** What the device does by itself: opens its number, and leaves its papers for everybody who was drawn. */
export async function keepUp(seat: DisputeSeat, dispute: Dispute, statement: string): Promise<void> {
  const { panel } = dispute;
  if (panel?.phase === 'opening' && panel.committed.includes(seat.you) && !panel.opened.includes(seat.you)) {
    const secret = drawSecret(seat.secret, placeOf(dispute));
    await seat.api.call(disputeApi.openSecret, { ...given(seat), body: { secret } });
  }
  if (panel?.phase !== 'voting' || statement === '') return;
  for (const { assessor, sealKey, sealed } of panel.seats)
    if (sealKey && !sealed) {
      const text = utf8(JSON.stringify({ statement }));
      const paper = await sealTo(sealKey, text, paperPurpose(panel, assessor), seat.random(64));
      const body = { assessor, sealedFor: sealKey, sealed: paper };
      await seat.api.call(disputeApi.leavePapers, { ...given(seat), body });
    }
}

/** What a paper is sealed for: it opens for this assessor in this round alone. */
export const paperPurpose = (panel: { id: string; round: number }, assessor: Hex): string =>
  `zhenmei/dispute/paper/${panel.id}/${panel.round}/${assessor}`;
