/** Plays one whole visit, both sides, and tells how long each step took. */

import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { apiAt, openClinic, openPatient, type Place, VisitPlay } from './visit-play.ts';

export interface PlayOptions extends Place {
  /** Called after each step with its name and how long it took. */
  onStep(name: string, ms: number): void;
  /** Goes on beside each step; the next one begins when both are done. */
  beside?(name: string): Promise<void>;
}

export interface Played {
  readonly receipt: string;
  readonly trust: string;
  readonly visitId: string;
}

export async function playVisit({ onStep, beside, ...place }: PlayOptions): Promise<Played> {
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now();
    const [result] = await Promise.all([work(), beside?.(name)]);
    onStep(name, Math.round(performance.now() - from));
    return result;
  };
  await step('scan', () => scanSample(place));
  const patient = await step('account', () => openPatient(place));
  const clinic = await step('clinic tablet', () => openClinic(place));
  const play = new VisitPlay(place, patient, clinic);
  const choice = await step('choose', () => play.choose());
  await step('book', () => play.book(choice));
  await step('offer', () => play.offer());
  await step('agree', () => play.agree());
  await step('hold', () => play.hold());
  await step('time passes', () => play.passTime());
  await step('ready', () => play.ready());
  await step('check in', () => play.checkIn());
  await step('unseal', () => play.unseal());
  await step('treat', () => play.treat());
  await step('claim', () => play.claim());
  await step('release', () => play.release());
  await step('withdraw', () => play.withdraw());
  const { text, trust } = await step('receipt', () => play.receipt());
  return { receipt: text, trust, visitId: play.visit.id };
}

/** A stranger scans a product, without an account. */
async function scanSample(place: Place): Promise<void> {
  const api = apiAt(place, 'patient');
  const { codes } = await api.call(demoApi.sampleCodes);
  const verdict = await api.call(provenanceApi.verify, {
    query: { code: codes[0]!.code, region: 'CN', route: 'intradermal-injection' },
  });
  if (verdict.level !== 'green')
    throw new Error(`the sample is ${verdict.level}: ${verdict.reasons.map((r) => r.code).join(', ')}`);
}
