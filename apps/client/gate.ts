/**
 * The health gate on the patient's device: computed from what her vault holds against the product and the procedure,
 * reported when it changes, and asked again before each signature that lets the treatment go on.
 */
import type { VisitView } from '@zhenmei/care/api.ts';
import { passes } from '@zhenmei/care/core/gate.ts';
import {
  AppError,
  canonicalJson,
  commit,
  fromBase64Url,
  fromUtf8,
  type Hex,
  noneFor,
  strictJson,
  toBase64Url,
  toHex0x,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { visitValue } from '@zhenmei/vault/core/derive.ts';
import { isCondition } from '@zhenmei/vault/core/health/conditions.ts';
import type { Treatment } from '@zhenmei/vault/core/health/contraindications.ts';
import { type HealthAnswer, healthGate, type KnownHealth } from '@zhenmei/vault/core/health/gate.ts';
import { openBox, sealBox } from '@zhenmei/vault/core/secret-box.ts';
import { Decision, type GateNote } from './gate-notes.ts';
import {
  nextStep,
  type PatientIo,
  type PatientVisit,
  readVisit,
  send,
  visitSecret,
} from './patient-steps.ts';

type Service = VisitView['service'];

/** What the gate compares with, asked anew each time: a maker may declare more later. */
export async function treatmentOf({ api }: Pick<PatientIo, 'api'>, service: Service): Promise<Treatment> {
  const { procedure, gtin } = service;
  const ingredients = gtin
    ? (await api.call(provenanceApi.readProduct, { params: { gtin } })).product.ingredients
    : procedure.usesProduct
      ? null
      : [];
  const named = procedure.contraindications ?? [];
  return {
    // what the clinic names and nobody here can compare makes the kind of treatment unknown
    route: named.every(({ condition }) => isCondition(condition)) ? procedure.route : undefined,
    deviceClass: procedure.deviceClass,
    zones: procedure.zones,
    ingredients,
    named: named.flatMap(({ condition, level }) => (isCondition(condition) ? [{ condition, level }] : [])),
  };
}

export async function judgeService(
  io: Pick<PatientIo, 'api' | 'now'>,
  service: Service,
  known: KnownHealth,
): Promise<HealthAnswer> {
  return healthGate(known, await treatmentOf(io, service), toIso(io.now()).slice(0, 10));
}

/** Equal for equal reasons of one visit; without the visit's secret it says nothing. */
const commitmentOf = (secret: Uint8Array, { outcome, reasons }: HealthAnswer): Hex =>
  toHex0x(commit(visitValue.gateSalt(secret), { outcome, reasons }));

/** Tells the clinic what stops the treatment, sealed; says nothing if it has been said, or if nothing ever stopped it. */
export async function syncGate(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  answer: HealthAnswer,
): Promise<VisitView> {
  if (!view.sealedSecret || (view.gate === null && answer.outcome === 'clear')) return view;
  const secret = await visitSecret(visit, view);
  const reasons = commitmentOf(secret, answer);
  if (view.gate?.reasons === reasons) return view;
  const note: GateNote = { outcome: answer.outcome, reasons: [...answer.reasons] };
  const sealedGate = toBase64Url(
    await sealBox(
      visitValue.gateKey(secret),
      crypto.getRandomValues(new Uint8Array(12)),
      utf8(canonicalJson(note)),
      `gate/${view.id}`,
    ),
  );
  const step = nextStep(io, view, 'report-gate', { outcome: answer.outcome, reasons });
  return send(io, visit, step, { attachments: { sealedGate } });
}

/** States of a visit in which a fact may still stop something. */
const OPEN: readonly string[] = ['offered', 'agreed', 'held', 'ready', 'checked-in'];

/**
 * A fact that becomes known late is told wherever it may still stop something. One visit that cannot be told keeps it
 * from no other: the first error is thrown after all were tried. A visit that the clinic's house does not know is none.
 * @returns how many visits it stops or asks
 */
export async function tellVisits(
  io: PatientIo,
  visits: readonly PatientVisit[],
  known: KnownHealth,
): Promise<number> {
  const tell = async (visit: PatientVisit): Promise<boolean> => {
    const view = await readVisit(io, visit).catch(noneFor('VISIT_UNKNOWN'));
    if (!view || !OPEN.includes(view.state)) return false;
    const { gate } = await syncGate(io, visit, view, await judgeService(io, view.service, known));
    return gate !== null && gate.outcome !== 'clear' && !gate.override;
  };
  let stopped = 0;
  const failed: unknown[] = [];
  for (const visit of visits)
    try {
      if (await tell(visit)) stopped++;
    } catch (error) {
      failed.push(error);
    }
  if (failed.length > 0) throw failed[0];
  return stopped;
}

/** Before a signature: computes, reports, and lets it pass only if it may. Throws GATE_BLOCKS, GATE_ASKS. */
export async function assertGate(
  io: PatientIo,
  visit: PatientVisit,
  view: VisitView,
  known: KnownHealth,
): Promise<VisitView> {
  const told = await syncGate(io, visit, view, await judgeService(io, view.service, known));
  passes(told.gate);
  return told;
}

/** What the doctor decided, as the patient's device opens and checks it; null if there is nothing. Throws VAULT_DAMAGED. */
export async function readDecision(visit: PatientVisit, view: VisitView): Promise<Decision | null> {
  const override = view.gate?.override;
  if (!override) return null;
  const secret = await visitSecret(visit, view);
  const text = await openBox(
    visitValue.gateKey(secret),
    fromBase64Url(override.sealed),
    `override/${view.id}`,
  );
  const decision = Decision.parse(strictJson(fromUtf8(text)));
  if (toHex0x(commit(visitValue.gateSalt(secret), decision)) !== override.decision)
    throw new AppError('VAULT_DAMAGED');
  return decision;
}
