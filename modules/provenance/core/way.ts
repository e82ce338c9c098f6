/** The way of a unit as a schematic: stations in order of time, legs between them. Drawn by the page and by the app alike. */
export interface WayStop {
  readonly step: string;
  readonly at: string;
  readonly gln: string | null;
}

export interface Station<S extends WayStop> {
  /** What was stated there, by time. */
  readonly stops: readonly S[];
  readonly x: number;
  readonly y: number;
}

export interface Leg {
  /** SVG path data. */
  readonly path: string;
  /** Stated by both sides: shipped from there, received here. */
  readonly both: boolean;
}

export interface Way<S extends WayStop> {
  readonly width: number;
  readonly height: number;
  readonly stations: readonly Station<S>[];
  readonly legs: readonly Leg[];
}

export const WAY = { width: 360, columns: [92, 268], top: 44, row: 128, radius: 22 } as const;

/** Stops in order of time. Two stops in a row at one site are one station. */
export function wayOf<S extends WayStop>(stops: readonly S[]): Way<S> {
  const groups: S[][] = [];
  for (const stop of stops) {
    const last = groups.at(-1);
    if (last && stop.gln !== null && last[0]!.gln === stop.gln) last.push(stop);
    else groups.push([stop]);
  }
  const stations = groups.map((group, i) => ({ stops: group, ...place(i) }));
  const legs = stations.slice(1).map((to, i) => {
    const from = stations[i]!;
    return {
      path: legPath(i),
      both:
        from.stops.some(({ step }) => step === 'shipping') &&
        to.stops.some(({ step }) => step === 'receiving'),
    };
  });
  const rows = Math.ceil(stations.length / WAY.columns.length);
  return { width: WAY.width, height: WAY.top + Math.max(1, rows) * WAY.row - 36, stations, legs };
}

/** From left to right, then back, so that each leg is short. */
function place(i: number): { x: number; y: number } {
  const row = Math.floor(i / 2);
  const column = row % 2 === 0 ? i % 2 : 1 - (i % 2);
  return { x: WAY.columns[column]!, y: WAY.top + row * WAY.row };
}

/** The leg from station `i` to the next. */
function legPath(i: number): string {
  const [from, to] = [place(i), place(i + 1)];
  const { radius } = WAY;
  if (from.y === to.y) {
    const side = to.x > from.x ? radius : -radius;
    return `M${from.x + side} ${from.y}H${to.x - side}`;
  }
  // around the outside, past the names below the station
  const side = from.x > WAY.width / 2 ? 1 : -1;
  const edge = from.x + side * (radius + 62);
  return `M${from.x + side * radius} ${from.y}C${edge} ${from.y} ${edge} ${to.y} ${to.x + side * radius} ${to.y}`;
}

/** A name on two lines at most, by what fits under a station. */
export function twoLines(name: string, most = 11): readonly string[] {
  const wide = (text: string) =>
    [...text].reduce((sum, c) => sum + (/\p{Script=Han}/u.test(c) ? 1 : 0.55), 0);
  if (wide(name) <= most) return [name];
  const parts = /\s/.test(name) ? name.split(/(?<=\s)/) : [...name];
  let first = '';
  while (parts.length > 0 && wide(first + parts[0]) <= most) first += parts.shift()!;
  let rest = parts.join('');
  if (wide(rest) > most) {
    while (wide(`${rest}…`) > most) rest = [...rest].slice(0, -1).join('');
    rest += '…';
  }
  return [first.trim(), rest.trim()].filter((line) => line !== '');
}

/** Small drawings by kind of site, around the centre of a station. */
export const SITE_GLYPHS: Readonly<Record<string, string>> = {
  maker: 'M-9 8V-3l5 4v-4l5 4v-4l5 4V8zM9 8V-9h-3v7',
  distributor:
    'M-10 5V-6h11V5zM1 5h9V0l-3-4H1M-6 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4',
  clinic: 'M0-8V8M-8 0H8',
  regulator: 'M0-9 8-6V0c0 5-4 8-8 9-4-1-8-4-8-9V-6z',
  other: 'M0-8a6 6 0 0 1 6 6c0 4-6 10-6 10s-6-6-6-10a6 6 0 0 1 6-6z',
};
