/** Answers a GS1 Digital Link address: a page for people; JSON, the set of links or a redirect for machines. */
import { buildDigitalLink, type Element, productLink, read, unitLink } from '@zhenmei/gs1';
import { AppError, type Lang, MINUTE, preferred } from '@zhenmei/kernel';
import type { VerdictView } from '../../api.ts';
import { askedUnit, mayAsk, type VerifyContext } from '../../app/ask-unit.ts';
import type { Answer } from '../../app/judge-unit.ts';
import {
  LINKSET_TYPE,
  type LinkedLevel,
  linkHeader,
  linkSet,
  linksOf,
  linkTypeOf,
  passedOn,
} from '../../core/link-set.ts';
import { PAGE_STYLE } from './style.ts';
import { codePage, type PageInput, refusalPage, verdictPage } from './verdict-page.ts';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was asked, beyond the code. */
export interface Ask {
  /** Path and query as they were written. */
  readonly url: string;
  readonly accept: string;
  readonly network: string;
  readonly region: string | null;
  readonly lang: Lang;
  readonly query: {
    readonly lang?: string | undefined;
    readonly large?: string | undefined;
    readonly linkType?: string | undefined;
    readonly region?: string | undefined;
    readonly dose?: string | undefined;
    readonly ingredient?: string | undefined;
    /** GLN or name of the clinic where the person is. */
    readonly at?: string | undefined;
  };
}

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';
const FORMS = ['text/html', 'application/json', LINKSET_TYPE] as const;
const CSP =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'";
const HEADERS = { 'content-security-policy': CSP, vary: 'accept, accept-language, cookie' };

/** @param code the address, on any host. Throws LINK_TYPE_UNKNOWN. */
export async function answerLink(ctx: VerifyContext, code: string, ask: Ask): Promise<Reply> {
  const form = preferred(ask.accept, FORMS);
  const levels = levelsOf(code, new Date(ctx.clock.now()).getUTCFullYear());
  const headers = { ...HEADERS, ...(levels ? { link: linkHeader(ctx.home, levels.all[0]!.path) } : {}) };
  const { linkType } = ask.query;
  const wantsSet =
    linkType === 'linkset' || linkType === 'all' || (linkType === undefined && form === LINKSET_TYPE);
  if (levels && (wantsSet || linkType !== undefined)) {
    const name = await nameOf(ctx, levels.gtin, ask.lang);
    if (wantsSet)
      return {
        status: 200,
        contentType: LINKSET_TYPE,
        body: JSON.stringify(linkSet(ctx.home, levels.all, levels.gtin, name)),
        headers,
      };
    const type = linkTypeOf(linkType!);
    const links = linksOf(ctx.home, levels.all[0]!, levels.gtin, name);
    const target = type !== null && Object.hasOwn(links, type) ? links[type]![0] : undefined;
    if (!target) throw new AppError('LINK_TYPE_UNKNOWN', { type: linkType!.slice(0, 60) });
    const location = passedOn(target.href, ask.url.split('?', 2)[1] ?? '');
    return {
      status: 307,
      contentType: 'text/plain; charset=utf-8',
      body: '',
      headers: { ...headers, location },
    };
  }
  return answerCode(ctx, code, { ...ask, accept: form }, headers);
}

/** Any code: the verdict as a page or as JSON. */
export async function answerCode(
  ctx: VerifyContext,
  code: string,
  ask: Ask,
  headers: Readonly<Record<string, string>> = HEADERS,
): Promise<Reply> {
  const asPage = preferred(ask.accept, FORMS) !== 'application/json';
  const input = pageInput(ctx, ask);
  const wait = mayAsk(ctx, code, ask.network);
  if (wait > 0) {
    const error = new AppError('SERIALS_GUESSED', { minutes: wait });
    if (!asPage) throw error;
    const more = { ...headers, 'retry-after': String((wait * MINUTE) / 1000) };
    return {
      status: 429,
      contentType: HTML,
      body: refusalPage(input, error.text(input.lang)),
      headers: more,
    };
  }
  const clinics = (await ctx.parties.all()).filter(({ kind }) => kind === 'clinic');
  const { at = '', dose = '', ingredient = '' } = ask.query;
  const place = clinics.find(({ gln, name }) => [gln, name.zh, name.en].includes(at.trim()))?.gln;
  const answer = await askedUnit(ctx, {
    code,
    network: ask.network,
    from: ask.region,
    ...(ask.query.region ? { region: ask.query.region } : {}),
    ...(dose.trim() ? { dose: dose.trim() } : {}),
    ...(ingredient.trim() ? { ingredient: ingredient.trim() } : {}),
    ...(place ? { place } : {}),
  });
  const status = isMalformed(answer) ? 400 : 200;
  if (!asPage) return { status, contentType: JSON_TYPE, body: JSON.stringify(answer.view), headers };
  const body = verdictPage({
    ...input,
    view: answer.view,
    clinics: clinics.slice(0, 200),
    label: { dose, ingredient, at },
  });
  return { status, contentType: HTML, body, headers };
}

/** The form for a typed code; with a code, its address here if it has one, otherwise the verdict. */
export async function answerTyped(ctx: VerifyContext, text: string | undefined, ask: Ask): Promise<Reply> {
  if (text === undefined || text.trim() === '')
    return { status: 200, contentType: HTML, body: codePage(pageInput(ctx, ask)), headers: HEADERS };
  const levels = levelsOf(text, new Date(ctx.clock.now()).getUTCFullYear());
  if (!levels) return answerCode(ctx, text, ask);
  const { lang, large } = ask.query;
  const more = new URLSearchParams({ ...(lang ? { lang } : {}), ...(large ? { large } : {}) }).toString();
  const location = more ? `${levels.link}${levels.link.includes('?') ? '&' : '?'}${more}` : levels.link;
  return { status: 303, contentType: HTML, body: '', headers: { ...HEADERS, location } };
}

export const answerStyle = async (): Promise<Reply> => ({
  status: 200,
  contentType: 'text/css; charset=utf-8',
  body: PAGE_STYLE,
  headers: { 'cache-control': 'public, max-age=31536000, immutable' },
});

/** The resolver description file. */
export async function answerDescription(ctx: VerifyContext): Promise<Reply> {
  const body = JSON.stringify({
    name: '真美 Zhenmei',
    resolverRoot: ctx.home,
    supportedPrimaryKeys: ['01'],
    supportedLinkType: [{ namespace: 'https://ref.gs1.org/voc/', prefix: 'gs1:' }],
    linkTypeDefaultCanBeLinkset: false,
  });
  return { status: 200, contentType: JSON_TYPE, body };
}

function pageInput(ctx: VerifyContext, { query, url, lang }: Ask): PageInput {
  const chosen: Lang = query.lang === undefined ? lang : /^en/i.test(query.lang) ? 'en' : 'zh-CN';
  return { lang: chosen, large: query.large !== undefined, url, home: ctx.home, now: ctx.clock.now() };
}

const isMalformed = ({ view }: Pick<Answer, 'view'>): boolean =>
  view.reasons.some(({ code }: VerdictView['reasons'][number]) => code === 'MALFORMED_CODE');

async function nameOf(ctx: VerifyContext, gtin: string, lang: Lang): Promise<string> {
  const row = await ctx.db
    .selectFrom('provenance.product')
    .select('body')
    .where('gtin', '=', gtin)
    .executeTakeFirst();
  return row ? (lang === 'en' ? row.body.name.en : row.body.name.zh) : gtin;
}

interface Levels {
  readonly gtin: string;
  /** Path and query of the code here. */
  readonly link: string;
  /** The finest first. */
  readonly all: readonly LinkedLevel[];
}

/** A product's code with its levels; null for anything else, also for a code that breaks a rule. */
function levelsOf(code: string, year: number): Levels | null {
  const result = read(code, { year });
  if (!result.ok) return null;
  const { elements } = result.reading;
  const value = (ai: string) => elements.find((element) => element.ai === ai)?.value;
  const gtin = value('01');
  const whole = gtin === undefined ? null : buildDigitalLink(elements, '');
  if (gtin === undefined || whole === null) return null;
  const serial = value('21');
  const unit = serial === undefined ? null : unitLink(gtin, serial);
  const path = (kept: readonly string[]) =>
    buildDigitalLink(
      elements.filter(({ ai }: Element) => kept.includes(ai)),
      '',
    ) ?? productLink(gtin);
  const all = [
    { path: path(['01', '22', '10', '21']), unit },
    { path: path(['01', '22', '10']), unit: null },
    { path: path(['01']), unit: null },
  ];
  return { gtin, link: whole, all: all.filter((one, i) => all.findIndex((o) => o.path === one.path) === i) };
}
