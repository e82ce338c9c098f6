/** Handlers of the public addresses, and of the cases that signals opened. */
import { AppError, type Handlers, type RouteInput } from '@zhenmei/kernel';
import type { CaseApi, VerifyApi } from '../api/verify.ts';
import { askedUnit, type VerifyContext } from '../app/ask-unit.ts';
import { closeInvestigation, type Investigation, investigations } from '../app/investigations.ts';
import type { Answer } from '../app/judge-unit.ts';
import { UNIT_PROOF_TYPE } from '../core/unit-proof.ts';
import {
  type Ask,
  answerDescription,
  answerLink,
  answerStyle,
  answerTyped,
  type Reply,
} from './page/answer.ts';

/** What the HTTP layer knows of a request beyond its contract. */
interface Asked {
  readonly url: string;
  readonly accept: string;
}

type Documents = {
  readonly [K in keyof VerifyApi]: (input: RouteInput<VerifyApi[K]>, asked: Asked) => Promise<Reply>;
};

/** @param prove takes the proof of a judged unit: it needs the log and the chain, which the composition knows */
export function verifyDocuments(ctx: VerifyContext, prove: (answer: Answer) => Promise<string>): Documents {
  const ask = (input: Pick<Ask, 'query' | 'network' | 'region' | 'lang'>, { url, accept }: Asked): Ask => ({
    url,
    accept,
    network: input.network,
    region: input.region,
    lang: input.lang,
    query: input.query,
  });
  return {
    // the address is read as it was written: what was decoded already could be read twice
    resolve: (input, asked) => answerLink(ctx, `${ctx.home}${plainPath(asked.url)}`, ask(input, asked)),
    typed: (input, asked) => answerTyped(ctx, input.query.text, ask(input, asked)),
    unitProof: async ({ query, network, region }) => {
      const answer = await askedUnit(ctx, { code: query.unit, network, from: region });
      const body = await prove(answer);
      return {
        status: 200,
        contentType: UNIT_PROOF_TYPE,
        body,
        headers: { 'content-disposition': 'attachment; filename="zhenmei-unit-proof.json"' },
      };
    },
    style: answerStyle,
    description: () => answerDescription(ctx),
  };
}

/** A slash at the end says nothing. */
const plainPath = (url: string): string => url.replace(/\/(?=$|\?)/, '');

export function caseHandlers(ctx: VerifyContext): Handlers<CaseApi> {
  const organisation = (input: Pick<RouteInput<CaseApi['investigations']>, 'caller'>): string => {
    if (!input.caller?.organisationId) throw new AppError('CASE_UNKNOWN');
    return input.caller.organisationId;
  };
  return {
    investigations: async (input) => ({
      cases: (await investigations(ctx, organisation(input))).map(viewOf),
    }),
    closeInvestigation: async (input) => {
      await closeInvestigation(ctx, organisation(input), input.params.id, input.body.outcome);
      return { ok: true };
    },
  };
}

function viewOf({ id, gtin, signal, subject, evidence, opened_at, closed_at, outcome }: Investigation) {
  return {
    id,
    gtin,
    signal,
    subject,
    evidence,
    openedAt: opened_at.toISOString(),
    closedAt: closed_at?.toISOString() ?? null,
    outcome,
  };
}
