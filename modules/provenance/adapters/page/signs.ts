/** What is drawn on the page: the mark of a verdict, the blossom, and the way of the unit. */
import type { Lang } from '@zhenmei/kernel';
import type { VerdictView } from '../../api.ts';
import { SITE_GLYPHS, twoLines, WAY, wayOf } from '../../core/way.ts';
import { type Html, html } from './html.ts';
import { sayIn, stepWord, word } from './words.ts';

export type Level = VerdictView['level'];

export const TONES = { green: 'jade', amber: 'amber', red: 'cinnabar', grey: 'slate' } as const;

const MARKS: Readonly<Record<Level, string>> = {
  green: 'm6 12.5 4 4L18 8',
  amber: 'M12 6.5v7M12 17v.5',
  red: 'm7.5 7.5 9 9M16.5 7.5l-9 9',
  grey: 'M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.1-1.5 2.4M12 17.5v.5',
};

export const mark = (level: Level): Html =>
  html`<svg aria-hidden="true" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="10.5"/><path d="${MARKS[level]}"/></svg>`;

const PETAL = 'M0 -6 C 17 -14, 22 -38, 0 -46 C -22 -38, -17 -14, 0 -6 Z';

/** The sign. The second of its five petals is the product's; the others have nothing to show here. */
export function blossom(lang: Lang, level: Level | null): Html {
  const state = level === 'green' ? 'proven' : level === 'red' ? 'false' : 'none';
  return html`<svg role="img" aria-label="${word(lang, 'petal')}" viewBox="-50 -50 100 100" width="36" height="36">${[
    0, 1, 2, 3, 4,
  ].map(
    (i) =>
      html`<path class="petal${i === 1 ? ` petal-${state}` : ''}" d="${PETAL}" transform="rotate(${i * 72})"/>`,
  )}<circle class="heart" r="4"/></svg>`;
}

export function wayMap(lang: Lang, trail: VerdictView['trail']): Html {
  const say = sayIn(lang);
  const way = wayOf(trail);
  const name = (site: { zh: string; en: string } | null) => (site ? say(site) : '?');
  const last = way.stations.length - 1;
  const label = word(lang, 'wayMap', {
    stations: way.stations.map(({ stops }) => name(stops[0]!.site)).join(' → '),
  });
  return html`<svg class="map" role="img" aria-label="${label}" viewBox="0 0 ${way.width} ${way.height}">${way.legs.map(
    ({ path, both }) => html`<path class="leg${both ? '' : ' leg-one'}" d="${path}"/>`,
  )}${way.stations.map(({ x, y, stops }, i) => {
    const { site, city, kind } = stops[0]!;
    const lines = twoLines(name(site));
    const end = i === last;
    return html`<g transform="translate(${x} ${y})"><circle class="station${end ? ' station-last' : ''}" r="${WAY.radius}"/><path class="glyph${end ? ' glyph-last' : ''}" d="${SITE_GLYPHS[kind ?? ''] ?? SITE_GLYPHS.other!}"/>${lines.map(
      (line, n) => html`<text y="${WAY.radius + 16 + n * 15}">${line}</text>`,
    )}${city ? html`<text class="city" y="${WAY.radius + 16 + lines.length * 15}">${say(city)}</text>` : null}<title>${stops.map(({ step }) => stepWord(lang, step)).join(', ')}</title></g>`;
  })}</svg>`;
}

/** What the two kinds of lines mean. */
export function wayKey(lang: Lang): Html {
  return html`<p class="key small soft"><span><svg aria-hidden="true" viewBox="0 0 28 6"><path class="leg" d="M0 3H28"/></svg>${word(lang, 'both')}</span><span><svg aria-hidden="true" viewBox="0 0 28 6"><path class="leg leg-one" d="M0 3H28"/></svg>${word(lang, 'one')}</span></p>`;
}
