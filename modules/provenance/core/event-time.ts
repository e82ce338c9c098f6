/** Times in events: RFC 3339 in any zone and precision, to UTC at milliseconds as the event hash asks. */

const TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:[.,](\d+))?(?:([Zz])|([+-])(\d{2}):?(\d{2}))?$/;

/** @param half what happens to exactly half a millisecond: to the even neighbour (as the reference does) or up */
export function normaliseTime(text: string, half: 'even' | 'up' = 'even'): string {
  const match = TIME.exec(text.trim());
  if (!match) return text;
  const [, year, month, day, hour, minute, second, fraction = '', , sign, zoneHour, zoneMinute] = match;
  const offset = sign ? (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1) : 0;
  const ms = milliseconds(fraction, half);
  const at = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute) - offset,
    Number(second),
    ms,
  );
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

/** Precision beyond microseconds is cut off, then rounded. May give 1000: the second is carried. */
function milliseconds(fraction: string, half: 'even' | 'up'): number {
  if (fraction.length <= 3) return Number(fraction.padEnd(3, '0'));
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'));
  const whole = Math.floor(micros / 1000);
  const rest = micros % 1000;
  const up = rest > 500 || (rest === 500 && (half === 'up' || whole % 2 === 1));
  return up ? whole + 1 : whole;
}

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Is it a time that exists, with a zone (RFC 3339)? */
export function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  if (!match) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = /^[+-](\d{2}):(\d{2})$/.exec(match[8]!);
  if (zone && (Number(zone[1]) > 23 || Number(zone[2]) > 59)) return false;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(year, month, 0)).getUTCDate() &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60
  );
}
