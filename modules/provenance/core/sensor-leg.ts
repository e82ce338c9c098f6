/**
 * A leg as an event states it: standard sensor elements, cut wherever a temperature range was left or entered, so that
 * minutes out of range follow from the event alone; and the mean kinetic temperature of the whole leg.
 */
import { toIso } from '@zhenmei/kernel';
import type { SensorElement } from './events.ts';
import { meanKinetic } from './mean-kinetic.ts';
import type { Reading } from './temperature-log.ts';

export interface Range {
  readonly minC: number;
  readonly maxC: number;
}

export interface LegSummary {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  readonly readings: number;
  readonly minC: number;
  readonly maxC: number;
  readonly meanC: number;
  readonly meanKineticC: number;
  /** Longest time between two readings, minutes. */
  readonly longestGap: number;
}

const MINUTE = 60_000;
/** The last reading holds for a minute. */
const LAST = MINUTE;
const round = (value: number): number => Math.round(value * 1000) / 1000;

interface Span extends Reading {
  readonly until: number;
}

const spansOf = (readings: readonly Reading[]): Span[] =>
  readings.map((reading, i) => ({ ...reading, until: readings[i + 1]?.at ?? reading.at + LAST }));

/** @param readings at least one, by time */
export function summarise(readings: readonly Reading[]): LegSummary {
  const spans = spansOf(readings);
  const held = spans.map(({ celsius, at, until }) => ({ celsius, weight: until - at }));
  const total = held.reduce((sum, { weight }) => sum + weight, 0);
  const values = readings.map(({ celsius }) => celsius);
  return {
    from: readings[0]!.at,
    until: spans.at(-1)!.until,
    readings: readings.length,
    minC: values.reduce((a, b) => Math.min(a, b)),
    maxC: values.reduce((a, b) => Math.max(a, b)),
    meanC: round(held.reduce((sum, { celsius, weight }) => sum + celsius * weight, 0) / total),
    meanKineticC: round(meanKinetic(held)!),
    longestGap: round(
      spans.slice(0, -1).reduce((most, { at, until }) => Math.max(most, until - at), 0) / MINUTE,
    ),
  };
}

const outOf = (celsius: number, { minC, maxC }: Range): boolean => celsius < minC || celsius > maxC;

export function minutesOut(readings: readonly Reading[], range: Range): number {
  return round(
    spansOf(readings).reduce(
      (sum, { celsius, at, until }) => sum + (outOf(celsius, range) ? until - at : 0),
      0,
    ) / MINUTE,
  );
}

export interface LegSource {
  /** URI of the logger, e.g. a GIAI Digital Link. */
  readonly deviceID?: string | undefined;
  /** URI of the raw file, which is the name of its bytes. */
  readonly rawData?: string | undefined;
}

/** Pieces of one event; beyond this, short returns into the range count as out of it. */
export const MOST_PIECES = 500;

/** @param ranges of the products on board */
export function sensorElements(
  readings: readonly Reading[],
  ranges: readonly Range[],
  source: LegSource = {},
): SensorElement[] {
  const { from, until, meanC, meanKineticC } = summarise(readings);
  const meta = (start: number, end: number) => ({
    startTime: toIso(start),
    endTime: toIso(end),
    ...(source.deviceID ? { deviceID: source.deviceID } : {}),
    ...(source.rawData ? { rawData: source.rawData } : {}),
  });
  const whole = {
    sensorMetadata: meta(from, until),
    sensorReport: [
      { type: 'Temperature', meanValue: meanC, 'zm:meanKineticValue': meanKineticC, uom: 'CEL' },
    ],
  };
  const pieces = piecesOf(spansOf(readings), ranges).map(({ spans, out }) => {
    const { minC, maxC, meanC: mean } = summarise(spans);
    return {
      sensorMetadata: meta(spans[0]!.at, spans.at(-1)!.until),
      sensorReport: [
        {
          type: 'Temperature',
          minValue: minC,
          maxValue: maxC,
          meanValue: spans.length === 1 ? minC : mean,
          uom: 'CEL',
          ...(out ? { exception: 'ALARM_CONDITION' } : {}),
        },
      ],
    };
  });
  return [whole, ...pieces];
}

interface Piece {
  readonly spans: Span[];
  readonly out: boolean;
}

function piecesOf(spans: readonly Span[], ranges: readonly Range[]): Piece[] {
  const stateOf = ({ celsius }: Span) => ranges.map((range) => (outOf(celsius, range) ? '1' : '0')).join('');
  const pieces: { spans: Span[]; state: string }[] = [];
  for (const span of spans) {
    const state = stateOf(span);
    const last = pieces.at(-1);
    if (last?.state === state) last.spans.push(span);
    else pieces.push({ spans: [span], state });
  }
  return fewer(pieces.map((piece) => ({ spans: piece.spans, out: piece.state.includes('1') })));
}

/** Joins the shortest pieces to their neighbours, which makes the time out of range longer, never shorter. */
function fewer(pieces: Piece[]): Piece[] {
  const length = ({ spans }: Piece) => spans.at(-1)!.until - spans[0]!.at;
  while (pieces.length > MOST_PIECES) {
    let at = 1;
    for (let i = 1; i < pieces.length - 1; i++) if (length(pieces[i]!) < length(pieces[at]!)) at = i;
    const joined = pieces.slice(at - 1, at + 2);
    pieces.splice(at - 1, joined.length, {
      spans: joined.flatMap(({ spans }) => spans),
      out: joined.some(({ out }) => out),
    });
  }
  return pieces;
}
