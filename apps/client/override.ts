/** On the clinic's device: what stops a visit, and a doctor's decision about it under that doctor's own licence. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { OVERRIDE_AUDIENCE, overrideNonce } from '@zhenmei/care/core/gate.ts';
import { presentSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import {
  AppError,
  canonicalJson,
  commit,
  fromBase64Url,
  fromUtf8,
  sha256,
  strictJson,
  toBase64Url,
  toHex0x,
  toIso,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import { visitValue } from '@zhenmei/vault/core/derive.ts';
import { openBox, sealBox } from '@zhenmei/vault/core/secret-box.ts';
import { type Clinic, nextStep, send, visitSecretOf } from './clinic.ts';
import { type Decision, type DecisionReason, GateNote } from './gate-notes.ts';

/** Why the patient's device stops or asks; null if nothing was sealed. Throws VAULT_DAMAGED. */
export async function readGate(clinic: Clinic, view: VisitView): Promise<GateNote | null> {
  const sealed = view.gate?.sealed;
  if (!sealed) return null;
  const key = visitValue.gateKey(visitSecretOf(clinic, view.id));
  const parsed = GateNote.safeParse(
    strictJson(fromUtf8(await openBox(key, fromBase64Url(sealed), `gate/${view.id}`))),
  );
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}

/**
 * Decides that the visit may go on. Against a block this has to be another doctor than the one who treats, whose licence
 * is on this device. Throws OVERRIDE_SAME_DOCTOR, OVERRIDE_OTHER_REPORT, LICENCE_NOT_PROVEN.
 */
export async function decideGate(
  clinic: Clinic,
  view: VisitView,
  by: {
    readonly doctor: { readonly id: string; readonly name: string };
    readonly reason: DecisionReason;
    readonly note: string;
  },
): Promise<VisitView> {
  if (!view.gate) throw new AppError('STEP_NOT_ALLOWED');
  const secret = visitSecretOf(clinic, view.id);
  const said: Decision = {
    reason: by.reason,
    note: by.note,
    doctor: by.doctor.name,
    at: toIso(clinic.now()),
  };
  const about = {
    report: view.gate.report,
    level: view.gate.outcome === 'blocked' ? ('second' as const) : ('asked' as const),
    decision: toHex0x(commit(visitValue.gateSalt(secret), said)),
  };
  const presentation = await presentSdJwt(
    clinic.doctorLicences[by.doctor.id] ?? '',
    ['practisesAt'],
    { audience: OVERRIDE_AUDIENCE, nonce: overrideNonce(view.id, about), at: toSeconds(clinic.now()) },
    clinic.desk.device.sign,
  );
  const sealed = await sealBox(
    visitValue.gateKey(secret),
    clinic.random(12),
    utf8(canonicalJson(said)),
    `override/${view.id}`,
  );
  const data = { ...about, doctor: by.doctor.id, presentation: toHex0x(sha256(utf8(presentation))) };
  return send(clinic, nextStep(clinic, view, 'override', data), {
    doctorPresentation: presentation,
    sealedGate: toBase64Url(sealed),
  });
}
