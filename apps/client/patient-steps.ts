/** How a patient's device signs and sends one step of a visit. */
import { careApi, type VisitView } from '@zhenmei/care/api.ts';
import { signAsPatient, stepAfter, type VisitStep } from '@zhenmei/care/core/steps.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { agreementKey, agreementSealKeys, readSecret } from '@zhenmei/vault/core/derive.ts';
import { openSealed } from '@zhenmei/vault/core/seal.ts';
import type { Api } from './api.ts';

/** One visit as the patient's device holds it. `index` finds all its keys again from the root. */
export interface PatientVisit {
  readonly id: string;
  readonly index: number;
  readonly root: Uint8Array<ArrayBuffer>;
}

export interface PatientIo {
  readonly api: Api;
  /** Milliseconds since the epoch. */
  now(): number;
  newId(): string;
}

export const keyOf = (visit: PatientVisit) => agreementKey(visit.root, visit.index);
export const bearerOf = (visit: PatientVisit) => readSecret(visit.root, visit.index).token;

/** The secret that the clinic shared when it made its offer. */
export async function visitSecret(visit: PatientVisit, view: VisitView): Promise<Uint8Array<ArrayBuffer>> {
  if (!view.sealedSecret) throw new AppError('STEP_NOT_ALLOWED');
  return openSealed(
    agreementSealKeys(visit.root, visit.index).secretKey,
    view.sealedSecret,
    `visit/${visit.id}`,
  );
}

function signed(visit: PatientVisit, step: VisitStep): Hex {
  return signAsPatient(step, keyOf(visit).privateKey);
}

export function nextStep(
  io: PatientIo,
  view: VisitView,
  type: VisitStep['type'],
  data: VisitStep['data'],
): VisitStep {
  return stepAfter(view, type, data, io.now());
}

export async function send(
  io: PatientIo,
  visit: PatientVisit,
  step: VisitStep,
  more: { code?: string; attachments?: object } = {},
): Promise<VisitView> {
  return io.api.call(careApi.takeStep, {
    params: { id: visit.id },
    bearer: bearerOf(visit),
    body: { step, signature: signed(visit, step), by: 'patient', ...more } as never,
  });
}

export const readVisit = (io: PatientIo, visit: PatientVisit): Promise<VisitView> =>
  io.api.call(careApi.readVisit, { params: { id: visit.id }, bearer: bearerOf(visit) });
