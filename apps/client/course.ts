/** Courses, deposits and follow-ups: what both sides do beside the steps of every treatment. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { presenceHash } from '@zhenmei/care/core/presence.ts';
import { termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import {
  type Clinic,
  nextStep as deskStep,
  readVisitAtDesk,
  send as sendAtDesk,
  visitSecretOf,
} from './clinic.ts';
import { operate } from './desk.ts';
import { partEvidence } from './part-evidence.ts';
import { nextStep, type PatientIo, type PatientVisit, send } from './patient-steps.ts';

/** The patient chooses a time for the present session. Throws SLOT_TAKEN, SESSION_TIME_LATE. */
export const pickTime = (
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  slot: { readonly id: string; readonly startsAt: string },
): Promise<VisitView> =>
  send(io, visit, nextStep(io, view, 'pick-time', { slot: slot.id, startsAt: slot.startsAt }));

/** The patient came for the follow-up; her device confirms with the six digits. */
export const proposeFollowUp = (clinic: Clinic, view: VisitView, code: string): Promise<VisitView> =>
  sendAtDesk(
    clinic,
    deskStep(clinic, view, 'follow-up', {
      presence: presenceHash(view.id, code),
      evidence: partEvidence(visitSecretOf(clinic, view.id), view),
    }),
    {},
  );

/** The clinic leaves the agreement: everything still held goes back to the patient. One passkey prompt. */
export async function leaveAgreement(clinic: Clinic, view: VisitView): Promise<VisitView> {
  const { contracts } = await clinic.desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({
    abi: CareEscrowAbi,
    functionName: 'providerCancel',
    args: [termsFromJson(view.terms as never) as never],
  });
  await operate(clinic.desk, [{ to: contracts.CareEscrow!, data }]);
  return readVisitAtDesk(clinic, view.id);
}
