/** Dates and times in GS1 element strings (General Specifications 7.12). */

/** The century of a two-digit year: never 51 or more years ahead or 50 or more behind the present one. */
export function yearOf(yy: number, thisYear: number): number {
  const gap = yy - (thisYear % 100);
  const century = Math.floor(thisYear / 100) + (gap >= 51 ? -1 : gap <= -50 ? 1 : 0);
  return century * 100 + yy;
}

export function lastDay(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Which part of a date does not exist; null if it does. */
export function dateFault(
  year: number,
  month: number,
  day: number,
  dayOptional: boolean,
): 'month' | 'day' | null {
  if (month < 1 || month > 12) return 'month';
  if (day > lastDay(year, month) || (day === 0 && !dayOptional)) return 'day';
  return null;
}

/** `h` is two digits of hours, `m` two of minutes or seconds. Index of the fault or -1. */
export function timeFault(text: string, start: number, parts: 'h' | 'hm' | 'm'): number {
  for (let i = 0; i < parts.length; i++) {
    const at = start + 2 * i;
    const value = Number(text.slice(at, at + 2));
    if (value > (parts[i] === 'h' ? 23 : 59)) return at;
  }
  return -1;
}

/** YYMMDD as an RFC 3339 full date; a day of 00 is the last of the month. Only after it was checked. */
export function isoDate(yymmdd: string, thisYear: number): string {
  const [year, month, day] = [
    yearOf(Number(yymmdd.slice(0, 2)), thisYear),
    Number(yymmdd.slice(2, 4)),
    Number(yymmdd.slice(4, 6)),
  ];
  return `${year}-${yymmdd.slice(2, 4)}-${String(day || lastDay(year, month)).padStart(2, '0')}`;
}
