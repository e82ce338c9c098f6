/** One side of an appointment that was not kept: saying so, and objecting. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { AbsencePledgeAbi, CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import { type AbsenceView, absenceApi } from '@zhenmei/money/absence-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import type { z } from 'zod';
import type { Api } from './api.ts';
import type { Clinic } from './clinic.ts';
import { operate } from './desk.ts';
import { relayCall } from './patient.ts';
import { bearerOf, type PatientIo, type PatientVisit } from './patient-steps.ts';

export type Absence = z.infer<typeof AbsenceView>;
type Act = 'clinicAbsent' | 'patientAbsent' | 'dispute';
const STANDS: readonly string[] = ['standing', 'reported'];

export interface AbsenceSeat {
  readonly you: 'patient' | 'clinic';
  readonly api: Api;
  readonly agreement: Hex;
  readonly bearer?: string;
  /** Signs and sends: relayed for a patient, one confirmation of the passkey for a clinic. */
  act(name: Act): Promise<unknown>;
}

const encoded = (functionName: Act, view: VisitView): Hex =>
  encodeFunctionData({
    abi: CareEscrowAbi,
    functionName,
    args: [termsFromJson(view.terms as never) as never],
  });

const witnessed = (view: VisitView): Hex =>
  encodeFunctionData({
    abi: AbsencePledgeAbi,
    functionName: 'witness',
    args: [termsFromJson(view.terms as never) as never],
  });

export const patientAbsenceSeat = (io: PatientIo, visit: PatientVisit, view: VisitView): AbsenceSeat => ({
  you: 'patient',
  api: io.api,
  agreement: view.agreementId!,
  bearer: bearerOf(visit),
  act: (name) => relayCall(io, visit, 'CareEscrow', encoded(name, view)),
});

export const clinicAbsenceSeat = ({ desk }: Clinic, view: VisitView): AbsenceSeat => ({
  you: 'clinic',
  api: desk.api,
  agreement: view.agreementId!,
  async act(name) {
    const { contracts } = await desk.api.call(houseApi.readConfig);
    const calls = [{ to: contracts.CareEscrow!, data: encoded(name, view) }];
    const { pledge } = await desk.api.call(absenceApi.readAbsence, { params: { id: view.agreementId! } });
    // an objection is seen in the same act, so that nothing of the report is left
    if (name === 'dispute' && pledge && STANDS.includes(pledge.state))
      calls.push({ to: contracts.AbsencePledge!, data: witnessed(view) });
    return operate(desk, calls);
  },
});

const given = ({ agreement, bearer }: AbsenceSeat) => ({
  params: { id: agreement },
  ...(bearer ? { bearer } : {}),
});

export const readAbsence = (seat: AbsenceSeat): Promise<Absence> =>
  seat.api.call(absenceApi.readAbsence, given(seat));

/** Says that the other side was absent. Throws ABSENCE_NOT_KNOWN, ABSENCE_NOT_OPEN or ABSENCE_TOO_EARLY. */
export async function reportAbsence(seat: AbsenceSeat): Promise<void> {
  const { act } = await seat.api.call(absenceApi.prepareReport, { ...given(seat), body: {} });
  await seat.act(act);
}

/** Says that the report is wrong: the agreement is in dispute from then on. */
export const objectToAbsence = (seat: AbsenceSeat): Promise<unknown> => seat.act('dispute');
