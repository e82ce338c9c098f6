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

const celsius = (value: number, uom: string | undefined): number =>
  uom === 'FAH' ? ((value - 32) * 5) / 9 : uom === 'KEL' ? value - 273.15 : value;

function outside(
  { type, value, minValue, maxValue, uom }: SensorReport,
  range: { minC: number; maxC: number },
): boolean {
  if (type !== 'Temperature') return false;
  return [value, minValue, maxValue].some(
    (v) => v !== undefined && (celsius(v, uom) < range.minC || celsius(v, uom) > range.maxC),
  );
}

/** A period if the element has one; otherwise from each reading to the next, and a minute for the last. */
function intervals(
  element: SensorElement,
  event: EpcisEvent,
  range: { minC: number; maxC: number },
): Interval[] {
  const { startTime, endTime, time } = element.sensorMetadata ?? {};
  const readings = element.sensorReport.filter(({ type }) => type === 'Temperature');
  const timed = readings.every((reading) => reading.time !== undefined) && readings.length > 1;
  if (timed) {
    const series = [...readings].sort((a, b) => Date.parse(a.time!) - Date.parse(b.time!));
    return series.flatMap((reading, i) => {
      const from = Date.parse(reading.time!);
      const until = i + 1 < series.length ? Date.parse(series[i + 1]!.time!) : from + MINUTE;
      return outside(reading, range) ? [{ from, until, event }] : [];
    });
  }
  if (!readings.some((reading) => outside(reading, range))) return [];
  const from = Date.parse(startTime ?? time ?? readings[0]!.time ?? event.eventTime);
  return [{ from, until: endTime ? Date.parse(endTime) : from + MINUTE, event }];
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
  const all = measured
    .flatMap((event) => event.sensorElementList!.flatMap((element) => intervals(element, event, storage)))
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
