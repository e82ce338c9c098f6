/** A stranger asks about a code: limited where serial numbers are guessed, judged, and counted without the stranger. */
import { read } from '@zhenmei/gs1';
import { AppError } from '@zhenmei/kernel';
import type { GuessWatch } from '../core/guessing.ts';
import { type Answer, judgeUnit } from './judge-unit.ts';
import { noteScan, type SignalContext } from './note-scan.ts';

export interface VerifyContext extends SignalContext {
  /** Public origin, e.g. `https://zhenmei.example`. */
  readonly home: string;
  readonly guesses: GuessWatch;
}

export interface Asking {
  readonly code: string;
  /** A name of the caller's part of the network. */
  readonly network: string;
  /** Region that the caller's address lies in, if the operator's proxy tells; nothing finer. */
  readonly from: string | null;
  /** Region and route of use. */
  readonly region?: string | undefined;
  readonly route?: string | undefined;
  readonly dose?: string | undefined;
  readonly ingredient?: string | undefined;
  /** GLN of the clinic where it is about to be used. */
  readonly place?: string | undefined;
}

/** @returns minutes to wait; nothing is looked up, so it is the same for serials that exist and that do not */
export function mayAsk(ctx: VerifyContext, code: string, network: string): number {
  const now = ctx.clock.now();
  const result = read(code, { year: new Date(now).getUTCFullYear() });
  if (!result.ok) return 0;
  const value = (ai: string) => result.reading.elements.find((element) => element.ai === ai)?.value;
  const gtin = value('01');
  return gtin === undefined || value('21') === undefined ? 0 : ctx.guesses.wait(network, gtin, now);
}

/** Throws SERIALS_GUESSED. */
export async function askedUnit(ctx: VerifyContext, asking: Asking): Promise<Answer> {
  const { code, network, from, region, route, dose, ingredient, place } = asking;
  const minutes = mayAsk(ctx, code, network);
  if (minutes > 0) throw new AppError('SERIALS_GUESSED', { minutes });
  const purpose = place === undefined ? 'public' : 'before-use';
  const answer = await judgeUnit(ctx, {
    code,
    purpose,
    region,
    route,
    dose,
    ingredient,
    ...(place === undefined ? {} : { place }),
  });
  const { product, reasons } = answer.view;
  if (product && reasons.some((reason) => reason.code === 'UNKNOWN_SERIAL'))
    ctx.guesses.unknown(network, product.gtin, ctx.clock.now());
  await noteScan(ctx, { answer, purpose: 'public', region: from, claimed: place !== undefined });
  return answer;
}
