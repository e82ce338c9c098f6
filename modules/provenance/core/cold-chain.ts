/** Minutes a unit spent outside its temperature range, over its whole life, each moment counted once. */

import type { Custody } from './custody.ts';
import { type EpcisEvent, type SensorElement, type SensorReport, siteOf, timeOf } from './events.ts';

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

/**
 * The event with which the unit exceeded `maxMinutesOut`, if it did.
 * Readings of a site without named units count for what the site held then.
 * @param until when the unit was used up; later readings are not its own
 */
export function excursion(
  own: readonly EpcisEvent[],
  others: readonly EpcisEvent[],
  custody: Custody,
  storage: { readonly minC: number; readonly maxC: number; readonly maxMinutesOut: number },
  until: number,
): EpcisEvent | undefined {
  const rooms = others.filter(
    (event) =>
      event.sensorElementList &&
      !event.epcList?.length &&
      !event.quantityList?.length &&
      custody.stays.some(
        (s) => s.site === siteOf(event) && s.from <= timeOf(event) && timeOf(event) <= s.until,
      ),
  );
  const all = [...own, ...rooms]
    .flatMap((event) =>
      (event.sensorElementList ?? []).flatMap((element) => intervals(element, event, storage)),
    )
    .filter(({ from }) => from <= until)
    .sort((a, b) => a.from - b.from || a.until - b.until);
  let total = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { from, until: stop, event } of all) {
    total += Math.max(0, Math.min(stop, until) - Math.max(from, end));
    end = Math.max(end, stop);
    if (total / MINUTE > storage.maxMinutesOut) return event;
  }
  return undefined;
}
