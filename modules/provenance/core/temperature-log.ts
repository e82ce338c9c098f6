/** The file of a temperature logger (CSV as common loggers export it): readings, and what could not be read. */
import { AppError } from '@zhenmei/kernel';
import './supply-errors.ts';

export interface Reading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly celsius: number;
}

export interface TemperatureLog {
  /** By time. */
  readonly readings: readonly Reading[];
  /** Lines where the logger itself noted that it had no value. */
  readonly missing: number;
  /** The header names no unit, so degrees Celsius were taken. */
  readonly unitAssumed: boolean;
}

export const MOST_READINGS = 100_000;

const TIME_NAME = /^(?:date|time|日期|时间|记录时间|测量时间|timestamp|zeit|datum)|(?:date|time)$|时间$/i;
const TEMPERATURE_NAME = /temp|温度|t\s*[([]\s*(?:°|º|℃|℉|c|f)|^ch(?:annel)?\s*1\b|^(?:°c|℃|℉|°f)$/i;
const NOT_TEMPERATURE = /humid|湿度|rh|alarm|报警|limit|上限|下限|set|high|low/i;
const FAHRENHEIT = /℉|°\s*f|º\s*f|\bf(?:ahrenheit)?\b|华氏/i;
const CELSIUS = /℃|°\s*c|º\s*c|\bc(?:elsius)?\b|摄氏/i;
/** What loggers write where a value is missing. */
const NO_VALUE = /^(?:|-+|—+|err(?:or)?|n\/?a|nc|nan|null|\*+|无|断线)$/i;

/**
 * @param offsetMinutes zone of times that name none, minutes east of UTC
 * Throws SENSOR_LOG_NO_TABLE, _TIME_WRONG, _DATE_AMBIGUOUS, _VALUE_WRONG, _ORDER, _TOO_SHORT, _TOO_LONG.
 */
export function readTemperatureLog(text: string, offsetMinutes: number): TemperatureLog {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const table = findTable(lines);
  if (!table) throw new AppError('SENSOR_LOG_NO_TABLE');
  const { separator, times, temperature, first, fahrenheit, unitAssumed } = table;
  const found = new Map<number, Reading>();
  let missing = 0;
  for (let i = first; i < lines.length; i++) {
    const cells = split(lines[i]!, separator);
    if (cells.every((cell) => cell === '')) continue;
    const line = i + 1;
    const at = readTime(times.map((column) => cells[column] ?? '').join(' '), offsetMinutes, line);
    const written = cells[temperature] ?? '';
    if (NO_VALUE.test(written)) {
      missing++;
      continue;
    }
    const celsius = readValue(written, separator, fahrenheit, line);
    const known = found.get(at);
    if (known && known.celsius !== celsius) throw new AppError('SENSOR_LOG_ORDER', { line });
    found.set(at, { at, celsius });
    if (found.size > MOST_READINGS) throw new AppError('SENSOR_LOG_TOO_LONG', { limit: MOST_READINGS });
  }
  if (found.size < 2) throw new AppError('SENSOR_LOG_TOO_SHORT');
  return { readings: [...found.values()].sort((a, b) => a.at - b.at), missing, unitAssumed };
}

interface Table {
  readonly separator: string;
  /** Columns of the time: one, or date and time. */
  readonly times: readonly number[];
  readonly temperature: number;
  /** Index of the first line of readings. */
  readonly first: number;
  readonly fahrenheit: boolean;
  readonly unitAssumed: boolean;
}

/** The header is the first line that names both; what loggers write above it does not matter. */
function findTable(lines: readonly string[]): Table | null {
  for (const [i, line] of lines.slice(0, 200).entries())
    for (const separator of [';', '\t', ',']) {
      const names = split(line, separator);
      if (names.length < 2) continue;
      const times = names.flatMap((name, column) => (TIME_NAME.test(name) ? [column] : [])).slice(0, 2);
      const temperature = names.findIndex(
        (name) => TEMPERATURE_NAME.test(name) && !NOT_TEMPERATURE.test(name),
      );
      if (times.length === 0 || temperature < 0 || times.includes(temperature)) continue;
      const heading = names[temperature]!;
      const fahrenheit = FAHRENHEIT.test(heading);
      return {
        separator,
        times: times.length === 2 && times[1] === times[0]! + 1 ? times : times.slice(0, 1),
        temperature,
        first: i + 1,
        fahrenheit,
        unitAssumed: !fahrenheit && !CELSIUS.test(heading),
      };
    }
  return null;
}

/** Cells of a line; quotes keep a separator, two quotes are one. */
function split(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '"' && quoted && line[i + 1] === '"') {
      cell += '"';
      i++;
    } else if (c === '"') quoted = !quoted;
    else if (c === separator && !quoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += c;
  }
  return [...cells, cell.trim()];
}

const YEAR_FIRST =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:时](\d{2})(?:[:分](\d{2})(?:[.,]\d+)?)?秒?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const DAY_FIRST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

function readTime(text: string, offsetMinutes: number, line: number): number {
  const wrong = (): never => {
    throw new AppError('SENSOR_LOG_TIME_WRONG', { line, text: text.slice(0, 40) });
  };
  const written = text.trim().replace(/\s+/g, ' ');
  const iso = YEAR_FIRST.exec(written);
  if (iso) {
    const [, y, mo, d, h, mi, s, zone] = iso;
    return moment([y, mo, d, h, mi, s], zone ? zoneMinutes(zone) : offsetMinutes) ?? wrong();
  }
  const other = DAY_FIRST.exec(written);
  if (!other) return wrong();
  const [, a, mark, b, y, h, mi, s] = other;
  // with dots it is day.month; with slashes only a day beyond twelve tells
  if (mark !== '.' && Number(a) <= 12 && Number(b) <= 12 && a !== b)
    throw new AppError('SENSOR_LOG_DATE_AMBIGUOUS', { line, text: written });
  const [d, mo] = mark === '.' || Number(a) > 12 ? [a, b] : [b, a];
  return moment([y, mo, d, h, mi, s], offsetMinutes) ?? wrong();
}

function zoneMinutes(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}

/** Null for a day or time that does not exist. */
function moment(parts: readonly (string | undefined)[], offsetMinutes: number): number | null {
  const [y, mo, d, h, mi, s] = parts.map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Date.UTC(y, mo - 1, d, h, mi, s);
  const back = new Date(ms);
  const exists =
    back.getUTCMonth() === mo - 1 && back.getUTCDate() === d && h < 24 && mi < 60 && s < 60 && mo <= 12;
  return exists ? ms - offsetMinutes * 60_000 : null;
}

/** No place that goods go through is colder or hotter. */
const COLDEST = -200;
const HOTTEST = 150;

function readValue(text: string, separator: string, fahrenheit: boolean, line: number): number {
  const plain = text.replace(/\s*(?:℃|℉|°\s*[CF]|[CF])$/i, '').replace('−', '-');
  const number = separator === ',' ? plain : plain.replace(',', '.');
  const value = /^[+-]?\d+(?:\.\d+)?$/.test(number) ? Number(number) : Number.NaN;
  const celsius = fahrenheit || /(?:℉|F)$/i.test(text) ? ((value - 32) * 5) / 9 : value;
  if (!(celsius >= COLDEST && celsius <= HOTTEST))
    throw new AppError('SENSOR_LOG_VALUE_WRONG', { line, text: text.slice(0, 40) });
  return Math.round(celsius * 1000) / 1000;
}
