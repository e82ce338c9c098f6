/** The verdict as a page for people: first the word, then why, then everything it rests on. Needs no script. */
import type { Lang } from '@zhenmei/kernel';
import type { VerdictView } from '../../api.ts';
import type { Site } from '../../ports.ts';
import { type Html, html } from './html.ts';
import { blossom, mark, TONES, wayKey, wayMap } from './signs.ts';
import { STYLE_VERSION } from './style.ts';
import { dayOf, type Key, momentOf, routeWord, sayIn, stepWord, word } from './words.ts';

export interface PageInput {
  readonly lang: Lang;
  readonly large: boolean;
  /** Path and query of this page as it was asked for. */
  readonly url: string;
  /** Public origin. */
  readonly home: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface VerdictInput extends PageInput {
  readonly view: VerdictView;
  /** Clinics that a person may say to be at. */
  readonly clinics: readonly Site[];
  /** What the person read on the label, to be shown again. */
  readonly label: { readonly dose: string; readonly ingredient: string; readonly at: string };
}

/** The same address with some parameters changed; null removes one. */
export function withQuery(url: string, changes: Readonly<Record<string, string | null>>): string {
  const [path = '/', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes))
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/** Everything around the content. */
export function page(
  input: PageInput,
  title: string,
  level: VerdictView['level'] | null,
  content: Html,
): string {
  const { lang, large, url, now } = input;
  const t = (key: Key, values = {}) => word(lang, key, values);
  const other = lang === 'en' ? 'zh' : 'en';
  return html`<!doctype html>
<html lang="${lang}"${large ? html` data-elder=""` : null}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${title} · ${t('brand')}</title><link rel="stylesheet" href="/verify.css?v=${STYLE_VERSION}"><link rel="icon" href="/blossom.svg" type="image/svg+xml"></head>
<body><div class="page">
<header class="top"><a class="skip" href="#result">${t('skip')}</a><a class="brand" href="/">${blossom(lang, level)}<span>${t('brand')}</span></a><nav aria-label="${t('brand')}"><a class="quiet" href="${withQuery(url, { large: large ? null : '1' })}">${t(large ? 'normal' : 'large')}</a><a class="quiet" hreflang="${other}" lang="${other === 'zh' ? 'zh-CN' : 'en'}" href="${withQuery(url, { lang: other })}">${t('other')}</a></nav></header>
<main id="result">${content}</main>
<footer class="soft small"><p>${t('checkedAt', { at: momentOf(lang, now) })} · ${t('noAccount')}</p><p class="mono">${input.home}${url.split('?', 1)[0]!}</p></footer>
</div></body></html>
`.text;
}

export function verdictPage(input: VerdictInput): string {
  const { lang, view } = input;
  const say = sayIn(lang);
  const title = `${word(lang, view.level)}${view.product ? ` · ${say(view.product.name)}` : ''}`;
  return page(
    input,
    title,
    view.level,
    html`${verdictCard(input)}${reasonsCard(input)}${view.product ? productCard(input) : null}${view.trail.length > 0 ? wayCard(input) : null}${view.unit && view.trail.length > 0 ? proofCard(input) : null}${view.product ? labelCard(input) : null}${codeCard(lang)}`,
  );
}

function verdictCard({ lang, view }: VerdictInput): Html {
  const say = sayIn(lang);
  const [first] = view.reasons;
  // green needs no reason first, but what to do with it
  const sentence = first && say(view.level === 'green' ? first.doNow : first.text);
  return html`<section class="card verdict ${TONES[view.level]}"><h1 class="${TONES[view.level]}">${mark(view.level)}<span>${word(lang, view.level)}</span></h1><p class="sentence">${sentence ?? null}</p>${view.product ? html`<p>${say(view.product.name)}</p>` : null}</section>`;
}

function reasonsCard({ lang, view }: VerdictInput): Html {
  const say = sayIn(lang);
  const t = (key: Key, values = {}) => word(lang, key, values);
  return html`<section class="card"><h2>${t('why')}</h2><ol class="reasons">${view.reasons.map((reason) => {
    const { by, at, event, notice } = reason;
    return html`<li><p>${say(reason.text)}</p>${notice ? html`<p class="soft">${say(notice.reason)}</p>` : null}<p class="do">${say(notice?.doNow ?? reason.doNow)}</p>${
      by
        ? html`<p class="soft small">${t('saidBy', { by: say(by) })}${at ? html` · <time datetime="${at}">${dayOf(lang, at)}</time>` : null}</p>`
        : null
    }<details><summary>${t('checkIt')}</summary><p class="small">${say(reason.check)}</p>${event ? html`<p class="mono">${t('record')} ${event}</p>` : null}${notice ? html`<p class="mono">${t('notice')} <a href="/api/notices/${notice.id}">${notice.digest}</a></p>` : null}</details></li>`;
  })}</ol>${view.reasons.some(({ code }) => code === 'NOT_ONBOARDED') ? authorities(lang) : null}</section>`;
}

function authorities(lang: Lang): Html {
  return html`<p>${word(lang, 'authority')}</p><ul class="reasons"><li class="said"><a href="https://udi.nmpa.gov.cn/" rel="noreferrer">${word(lang, 'udi')}</a></li><li class="said"><a href="https://fuwu.nhsa.gov.cn/" rel="noreferrer">${word(lang, 'trace')}</a></li></ul>`;
}

function productCard({ lang, view }: VerdictInput): Html {
  const say = sayIn(lang);
  const product = view.product!;
  const serial = view.unit ? decodeURIComponent(view.unit.slice(view.unit.lastIndexOf('/') + 1)) : null;
  const rows: [Key, string | null][] = [
    ['maker', say(product.maker)],
    ['approved', product.approvedRoutes.map((route) => routeWord(lang, route)).join(' · ')],
    ['registration', product.registration],
    ['lot', view.lot],
    ['expiry', view.expiry && dayOf(lang, `${view.expiry.slice(0, 10)}T12:00:00Z`)],
    ['serial', serial],
    ['gtin', product.gtin],
  ];
  return html`<section class="card"><h2>${word(lang, 'product')}</h2><dl class="facts">${rows.map(
    ([key, value]) => (value ? html`<dt>${word(lang, key)}</dt><dd>${value}</dd>` : null),
  )}</dl></section>`;
}

function wayCard({ lang, view }: VerdictInput): Html {
  const say = sayIn(lang);
  return html`<section class="card"><h2>${word(lang, 'way')}</h2>${
    view.handovers.total > 0 ? html`<p class="soft">${word(lang, 'handovers', view.handovers)}</p>` : null
  }${wayMap(lang, view.trail)}${wayKey(lang)}<ol class="timeline">${view.trail.map(
    ({ step, site, city, at }) =>
      html`<li><b>${stepWord(lang, step)}</b>${site ? say(site) : '?'}<span class="soft small"> · ${city ? `${say(city)} · ` : ''}<time datetime="${at}">${dayOf(lang, at)}</time></span></li>`,
  )}</ol></section>`;
}

function proofCard({ lang, view }: VerdictInput): Html {
  const t = (key: Key) => word(lang, key);
  return html`<section class="card no-print"><h2>${t('yourself')}</h2><p class="soft">${t('yourselfLead')}</p><div class="row"><a class="btn" href="/api/units/proof?unit=${encodeURIComponent(view.unit!)}" download>${t('download')}</a><a class="btn" href="/check">${t('checkHere')}</a></div><p class="small soft">${t('commandLine')} <code>zhenmei verify zhenmei-unit-proof.json</code></p></section>`;
}

/** Hidden fields keep what the code itself said, and how the page is read. */
function kept(url: string): Html[] {
  const parameters = new URLSearchParams(url.split('?', 2)[1] ?? '');
  return [...parameters]
    .filter(([name]) => !['dose', 'ingredient', 'at'].includes(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
}

function labelCard({ lang, url, clinics, label }: VerdictInput): Html {
  const t = (key: Key) => word(lang, key);
  const say = sayIn(lang);
  return html`<section class="card no-print"><h2>${t('label')}</h2><p class="soft">${t('labelLead')}</p><form method="get" action="${url.split('?', 1)[0]!}">${kept(url)}<label>${t('dose')}<input class="input" name="dose" maxlength="60" autocomplete="off" value="${label.dose}"></label><label>${t('ingredient')}<input class="input" name="ingredient" maxlength="200" autocomplete="off" value="${label.ingredient}"></label><label>${t('place')}<input class="input" name="at" list="clinics" maxlength="200" autocomplete="off" value="${label.at}"></label><datalist id="clinics">${clinics.map(({ name }) => html`<option value="${say(name)}">`)}</datalist><button class="btn">${t('compare')}</button></form></section>`;
}

/** Any code, typed or sent by a scanner that acts as a keyboard. */
export function codeCard(lang: Lang, first = false): Html {
  const t = (key: Key) => word(lang, key);
  const heading = first ? html`<h1>${t('verify')}</h1>` : html`<h2>${t('another')}</h2>`;
  return html`<section class="card no-print">${heading}<form method="get" action="/code"><label>${t('code')}<input class="input" name="text" maxlength="400" autocomplete="off" required></label><p class="small soft">${t('codeHint')}</p><input type="hidden" name="lang" value="${lang === 'en' ? 'en' : 'zh'}"><div class="row"><button class="btn btn-main">${t('verify')}</button><a class="btn" href="/verify">${t('scan')}</a></div></form></section>`;
}

/** A refusal, in the same dress. */
export function refusalPage(input: PageInput, text: string): string {
  const { lang } = input;
  return page(
    input,
    word(lang, 'slow'),
    null,
    html`<section class="card verdict slate"><h1 class="slate">${mark('grey')}<span>${word(lang, 'slow')}</span></h1><p class="sentence">${text}</p></section>`,
  );
}

export const codePage = (input: PageInput): string =>
  page(input, word(input.lang, 'verify'), null, codeCard(input.lang, true));
