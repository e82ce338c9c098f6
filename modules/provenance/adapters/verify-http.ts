/** Handlers of the public addresses, and of the cases that signals opened. */
import { AppError, type Handlers, type RouteInput } from '@zhenmei/kernel';
import type { CaseApi, VerifyApi } from '../api/verify.ts';
import type { VerifyContext } from '../app/ask-unit.ts';
import { closeInvestigation, type Investigation, investigations } from '../app/investigations.ts';
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

export function verifyDocuments(ctx: VerifyContext): Documents {
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
