/** Minutes a unit spent outside its temperature range, over its whole life, each moment counted once. */

import type { Custody } from './custody.ts';
import {
  type EpcisEvent,
  eventDigest,
  type SensorElement,
  type SensorReport,
  siteOf,
  timeOf,
} from './events.ts';
import type { Master } from './facts.ts';

interface Interval {
  readonly from: number;
  readonly until: number;
  readonly event: EpcisEvent;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const celsius = (value: number, uom: string | undefined): number =>
  uom === 'FAH' ? ((value - 32) * 5) / 9 : uom === 'KEL' ? value - 273.15 : value;

/** By its values; a logger that gives none says it by an alarm. A summary by mean kinetic temperature has its own rule. */
function outside(report: SensorReport, range: { minC: number; maxC: number }): boolean {
  const { type, value, minValue, maxValue, meanValue, exception, uom } = report;
  if (type !== 'Temperature' || report['zm:meanKineticValue'] !== undefined) return false;
  const values = [value, minValue, maxValue, meanValue].filter((v) => v !== undefined);
  if (values.length === 0) return exception === 'ALARM_CONDITION';
  return values.some((v) => celsius(v, uom) < range.minC || celsius(v, uom) > range.maxC);
}

interface Reading {
  readonly at: number;
  readonly out: boolean;
  /** Device, or site, that reads. */
  readonly source: string;
  readonly event: EpcisEvent;
}

type Range = { readonly minC: number; readonly maxC: number };
const temperatures = ({ sensorReport }: SensorElement) =>
  sensorReport.filter(({ type }) => type === 'Temperature');
const isSeries = (element: SensorElement): boolean =>
  temperatures(element).length > 1 && temperatures(element).every((reading) => reading.time !== undefined);

/** A period if the element has one; in a series from each reading to the next, and a minute for the last. */
function periods(element: SensorElement, event: EpcisEvent, range: Range): Interval[] {
  if (isSeries(element)) {
    const series = [...temperatures(element)].sort((a, b) => Date.parse(a.time!) - Date.parse(b.time!));
    return series.flatMap((reading, i) => {
      const from = Date.parse(reading.time!);
      const until = i + 1 < series.length ? Date.parse(series[i + 1]!.time!) : from + MINUTE;
      return outside(reading, range) ? [{ from, until, event }] : [];
    });
  }
  const { startTime, endTime } = element.sensorMetadata ?? {};
  if (endTime === undefined || !temperatures(element).some((reading) => outside(reading, range))) return [];
  return [{ from: Date.parse(startTime ?? readAt(element, event)), until: Date.parse(endTime), event }];
}

const readAt = ({ sensorMetadata, sensorReport }: SensorElement, event: EpcisEvent): string =>
  sensorMetadata?.startTime ?? sensorMetadata?.time ?? sensorReport[0]?.time ?? event.eventTime;

/** Readings that stand alone, one an event, as refrigerators send them. */
function readings(element: SensorElement, event: EpcisEvent, range: Range): Reading[] {
  const found = temperatures(element);
  if (isSeries(element) || element.sensorMetadata?.endTime !== undefined || found.length === 0) return [];
  return [
    {
      at: Date.parse(readAt(element, event)),
      out: found.some((reading) => outside(reading, range)),
      source: element.sensorMetadata?.deviceID ?? siteOf(event) ?? '',
      event,
    },
  ];
}

/** A reading holds until the next of the same source if that comes within an hour, else for a minute. */
function between(all: readonly Reading[]): Interval[] {
  const sorted = [...all].sort((a, b) => a.at - b.at);
  return sorted.flatMap(({ at, out, source, event }, i) => {
    if (!out) return [];
    const next = sorted.slice(i + 1).find((later) => later.source === source && later.at > at);
    return [{ from: at, until: next && next.at - at <= HOUR ? next.at : at + MINUTE, event }];
  });
}

/** The mean kinetic temperature that a report states, and whether the maker allows it. */
function tooWarmOnAverage({ sensorReport }: SensorElement, limit: number | undefined): boolean {
  return sensorReport.some((report) => {
    const stated = report['zm:meanKineticValue'];
    return limit !== undefined && stated !== undefined && celsius(stated, report.uom) > limit;
  });
}

export interface ColdChain {
  /** Over its whole life, each moment once. */
  readonly minutesOut: number;
  /** Events that report a time out of range, or too high a mean kinetic temperature. */
  readonly reports: readonly EpcisEvent[];
  /** The event with which the unit had more than the maker allows; undefined if it never did. */
  readonly exceeded: EpcisEvent | undefined;
}

/**
 * Readings of a site without named units count for what the site held then.
 * @param until when the unit was used up; later readings are not its own
 * @param released digests of events that the maker has judged harmless
 */
export function coldChain(
  own: readonly EpcisEvent[],
  others: readonly EpcisEvent[],
  custody: Custody,
  storage: Master['storage'],
  until: number,
  released: ReadonlySet<string> = new Set(),
): ColdChain {
  const rooms = others.filter(
    (event) =>
      event.sensorElementList &&
      !event.epcList?.length &&
      !event.quantityList?.length &&
      custody.stays.some(
        (s) => s.site === siteOf(event) && s.from <= timeOf(event) && timeOf(event) <= s.until,
      ),
  );
  const measured = [...own, ...rooms].filter(
    (event) => event.sensorElementList && !(released.size > 0 && released.has(eventDigest(event))),
  );
  const elements = measured.flatMap((event) =>
    event.sensorElementList!.map((element) => [element, event] as const),
  );
  const all = [
    ...elements.flatMap(([element, event]) => periods(element, event, storage)),
    ...between(elements.flatMap(([element, event]) => readings(element, event, storage))),
  ]
    .filter(({ from }) => from <= until)
    .sort((a, b) => a.from - b.from || a.until - b.until);
  const average = measured.filter((event) =>
    event.sensorElementList!.some(
      (element) =>
        Date.parse(element.sensorMetadata?.startTime ?? event.eventTime) <= until &&
        tooWarmOnAverage(element, storage.maxMeanKineticC),
    ),
  );
  let total = 0;
  let end = Number.NEGATIVE_INFINITY;
  let exceeded: EpcisEvent | undefined;
  for (const { from, until: stop, event } of all) {
    total += Math.max(0, Math.min(stop, until) - Math.max(from, end));
    end = Math.max(end, stop);
    if (!exceeded && total / MINUTE > storage.maxMinutesOut) exceeded = event;
  }
  return {
    minutesOut: total / MINUTE,
    reports: [...new Set([...all.map(({ event }) => event), ...average])],
    exceeded: exceeded ?? average[0],
  };
}
