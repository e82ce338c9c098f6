/** What a doctor decided about the gate, as the patient's device checks it and keeps it with her records. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { OVERRIDE_AUDIENCE, overrideNonce } from '@zhenmei/care/core/gate.ts';
import { AppError, canonicalJson, fromUtf8, strictJson, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { Decision } from '../gate-notes.ts';
import { judgeDoctor } from './trust.ts';
import type { Vault } from './vault.ts';

const Kept = z
  .strictObject({
    version: z.literal(1),
    visit: z.uuid(),
    report: z.string(),
    level: z.enum(['asked', 'second']),
    doctor: z.uuid(),
    decision: Decision,
    /** The licence as it was shown for this decision. */
    presentation: z.string(),
  })
  .meta({ phi: true });
export type KeptDecision = z.infer<typeof Kept>;

/** Throws VAULT_DAMAGED. */
export function readKeptDecision(bytes: Uint8Array): KeptDecision {
  const parsed = Kept.safeParse(strictJson(fromUtf8(bytes)));
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}

/** Code of what is wrong with the deciding doctor's licence, or null: it is proven, and another's than the treating one's. */
export async function faultOf(vault: Vault, view: VisitView): Promise<string | null> {
  const { report, override } = view.gate ?? {};
  if (!report || !override) return 'NOTHING_DECIDED';
  const { level, doctor, decision, presentation } = override;
  const nonce = overrideNonce(view.id, { report, level, decision });
  const { proven, code, person } = await judgeDoctor(vault, presentation, {
    audience: OVERRIDE_AUDIENCE,
    nonce,
  });
  if (!proven) return code;
  const second = level === 'asked' || person !== view.doctor.id;
  return person === doctor && second ? null : 'OTHER_SUBJECT';
}

/** Keeps it once. @param title what the person reads in the list of her vault */
export async function keepDecision(
  vault: Vault,
  view: VisitView,
  decision: Decision,
  title: string,
): Promise<void> {
  const { report, override } = view.gate ?? {};
  if (!report || !override) return;
  const source = `decision:${report}`;
  if (vault.contents.items.some((item) => item.source === source)) return;
  const { level, doctor, presentation } = override;
  const kept: KeptDecision = { version: 1, visit: view.id, report, level, doctor, decision, presentation };
  const facts = {
    compartment: 'treatments',
    kind: 'decision',
    title,
    at: override.at,
    mime: 'application/json',
    source,
  } as const;
  await vault.put(facts, utf8(canonicalJson(kept)));
}
