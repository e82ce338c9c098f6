/**
 * What the server knows of the health gate: outcomes and who decided, never a reason. The patient's device computes and
 * reports; a step that treats is only taken while the last report is clear, or a doctor has decided about that report.
 */
import { AppError, canonicalJson, type Hex, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import './errors.ts';

/** Visits of version 1 were signed without the gate in their later steps. */
export const GATE_VERSION = 2;

export interface GateState {
  readonly outcome: 'clear' | 'unknown' | 'blocked';
  readonly override: object | null;
}

export type Passed = 'clear' | 'overridden';

/** What a step that treats has to state now. Throws GATE_BLOCKS, GATE_ASKS. */
export function passes(gate: GateState | null): Passed {
  if (gate === null || gate.outcome === 'clear') return 'clear';
  if (gate.override) return 'overridden';
  throw new AppError(gate.outcome === 'blocked' ? 'GATE_BLOCKS' : 'GATE_ASKS');
}

/** Throws GATE_NOT_STATED too, if the step says something else. */
export function assertPasses(version: number, gate: GateState | null, stated: Passed | undefined): void {
  const now = passes(gate);
  if (version < GATE_VERSION && stated === undefined) return;
  if (stated !== now) throw new AppError('GATE_NOT_STATED');
}

export const OVERRIDE_AUDIENCE = 'zhenmei:override';

/** Nonce of the deciding doctor's licence: it is shown for this decision about this report, and for no other. */
export function overrideNonce(
  visit: string,
  { report, level, decision }: { readonly report: Hex; readonly level: string; readonly decision: Hex },
): string {
  return toBase64Url(
    sha256(utf8(canonicalJson({ use: 'zhenmei/override/1', visit, report, level, decision }))),
  );
}

/**
 * A block needs a second doctor with a licence of their own; what only had to be looked at may be the treating one's.
 * Throws OVERRIDE_SAME_DOCTOR.
 * @param decides who shows which licence @param treats who showed which licence with the offer
 */
export function assertMayDecide(
  outcome: GateState['outcome'],
  decides: { readonly doctor: string; readonly licence: string },
  treats: { readonly doctor: string; readonly licence: string },
): void {
  if (outcome !== 'blocked') return;
  if (decides.doctor === treats.doctor || decides.licence === treats.licence)
    throw new AppError('OVERRIDE_SAME_DOCTOR');
}

/** The signed licence inside a presentation: what stays the same whenever it is shown. */
export const licenceIn = (presentation: string): string => presentation.split('~', 1)[0]!;
