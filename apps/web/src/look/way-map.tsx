/** The way of a unit as a schematic and as a list: the list says the same to whoever does not see the picture. */
import type { VerdictView } from '@zhenmei/provenance/api.ts';
import { SITE_GLYPHS, twoLines, WAY, wayOf } from '@zhenmei/provenance/core/way.ts';
import { date, type Key, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

type Trail = VerdictView['trail'];

const nameOf = (site: Trail[number]['site']): string => (site ? say(site) : '?');

export function WayMap({ trail }: { trail: Trail }) {
  const way = wayOf(trail);
  const last = way.stations.length - 1;
  const stations = way.stations.map(({ stops }) => nameOf(stops[0]!.site)).join(' → ');
  return (
    <svg
      role="img"
      aria-label={t('verify.wayMap', { stations })}
      viewBox={`0 0 ${way.width} ${way.height}`}
      className="way-map"
    >
      {way.legs.map(({ path, both }) => (
        <path key={path} d={path} className={both ? 'leg' : 'leg leg-one'} />
      ))}
      {way.stations.map(({ x, y, stops }, i) => {
        const { site, city, kind } = stops[0]!;
        const lines = twoLines(nameOf(site));
        return (
          <g key={`${x} ${y}`} transform={`translate(${x} ${y})`}>
            <circle r={WAY.radius} className={i === last ? 'station station-last' : 'station'} />
            <path
              d={SITE_GLYPHS[kind ?? ''] ?? SITE_GLYPHS.other}
              className={i === last ? 'glyph glyph-last' : 'glyph'}
            />
            {lines.map((line, n) => (
              <text key={line} y={WAY.radius + 16 + n * 15}>
                {line}
              </text>
            ))}
            {city ? (
              <text className="city" y={WAY.radius + 16 + lines.length * 15}>
                {say(city)}
              </text>
            ) : null}
          </g>
        );
      })}
    </svg>
  );
}

export function WayKey() {
  return (
    <p className="m-0 soft text-sm flex flex-wrap gap-x-4 gap-y-1">
      {(['both', 'one'] as const).map((side) => (
        <span key={side} className="inline-flex items-center gap-2">
          <svg aria-hidden="true" viewBox="0 0 28 6" width="28" height="6">
            <path d="M0 3H28" className={side === 'both' ? 'leg' : 'leg leg-one'} />
          </svg>
          {t(`verify.${side}`)}
        </span>
      ))}
    </p>
  );
}

export function Timeline({ trail }: { trail: Trail }) {
  return (
    <ol className="list-none p-0 m-0 border-l border-line ml-2">
      {trail.map((stop) => (
        <li key={stop.event} className="pl-4 pb-3 relative">
          <span aria-hidden="true" className="absolute -left-1.5 top-2 w-3 h-3 rounded-full bg-plum" />
          <span className="font-medium">{t(`step.${stop.step}` as Key)}</span>{' '}
          <span>{nameOf(stop.site)}</span>
          <span className="soft block text-sm">
            {stop.city ? `${say(stop.city)} · ` : ''}
            {date(stop.at, now())}
          </span>
        </li>
      ))}
    </ol>
  );
}
