import type { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_READINGS, readTemperatureLog } from './temperature-log.ts';

const SHANGHAI = 480;
const read = (text: string, offset = SHANGHAI) => readTemperatureLog(text, offset);
const first = (text: string) => read(text).readings[0];
const code = (text: string) => {
  try {
    read(text);
    return 'none';
  } catch (error) {
    return `${(error as AppError).code} ${(error as AppError).params.line ?? ''}`.trim();
  }
};
const AT = Date.parse('2026-03-01T00:00:00Z');

describe('a logger’s file', () => {
  it.each([
    ['plain', 'Time,Temperature (°C)\n2026-03-01 08:00,5.1\n2026-03-01 08:10,5.2\n'],
    [
      'Chinese, with number and humidity',
      [
        ['序号', '时间', '温度(℃)', '湿度(%RH)'],
        ['1', '2026/3/1 8:00:00', '5.1', '40'],
        ['2', '2026/3/1 8:10:00', '5.2', '41'],
      ]
        .map((cells) => cells.join(','))
        .join('\r\n'),
    ],
    [
      'with a byte order mark and lines above the table',
      '\ufeffDevice,TL-1\nInterval,600 s\n\nNo.,Date/Time,Temp.[℃]\n1,2026-03-01 08:00:00,5.1\n2,2026-03-01 08:10:00,5.2',
    ],
    [
      'with semicolons, decimal commas and dots in dates',
      'Datum;Zeit;Temperatur [°C]\n01.03.2026;08:00:00;5,1\n01.03.2026;08:10:00;5,2',
    ],
    [
      'with tabs, and units beside the values',
      'Date\tTime\tTemperature\n2026-03-01\t08:00\t5.1 °C\n2026-03-01\t08:10\t5.2 °C',
    ],
    ['with zones', 'timestamp,temperature_c (C)\n2026-03-01T00:00:00Z,5.1\n2026-03-01T01:10:00+01:00,5.2'],
    ['in degrees Fahrenheit', 'Time,Temperature (°F)\n2026-03-01 08:00,41.18\n2026-03-01 08:10,41.36'],
    ['with quotes', '"Time","Temperature, °C"\n"2026-03-01 08:00","5.1"\n"2026-03-01 08:10","5.2"'],
    [
      'written the Chinese way',
      [
        ['时间', '温度℃'],
        ['2026年3月1日 08时00分00秒', '5.1'],
        ['2026年3月1日 08时10分00秒', '5.2'],
      ]
        .map((cells) => cells.join(','))
        .join('\n'),
    ],
    ['backwards', 'Time,Temperature (°C)\n2026-03-01 08:10,5.2\n2026-03-01 08:00,5.1'],
  ])('%s', (_name, text) => {
    expect(read(text).readings).toEqual([
      { at: AT, celsius: 5.1 },
      { at: AT + 600_000, celsius: 5.2 },
    ]);
  });

  it('tells day and month by a day beyond twelve', () => {
    expect(first('Time,Temp °C\n13/03/2026 08:00,5\n14/03/2026 08:00,5')!.at).toBe(AT + 12 * 86_400_000);
    expect(first('Time,Temp °C\n03/13/2026 08:00,5\n03/14/2026 08:00,5')!.at).toBe(AT + 12 * 86_400_000);
  });

  it('counts what the logger itself could not measure, and says when it took the unit for granted', () => {
    const log = read(
      'Time,Temperature\n2026-03-01 08:00,5\n2026-03-01 08:10,---\n2026-03-01 08:20,ERR\n2026-03-01 08:30,-1.5',
    );
    expect(log).toMatchObject({ missing: 2, unitAssumed: true });
    expect(log.readings.map(({ celsius }) => celsius)).toEqual([5, -1.5]);
    expect(read('Time,Temp (°C)\n2026-03-01 08:00,5\n2026-03-01 09:00,5').unitAssumed).toBe(false);
  });

  it('may repeat a line', () => {
    expect(
      read('Time,Temp °C\n2026-03-01 08:00,5\n2026-03-01 08:00,5\n2026-03-01 08:01,6').readings,
    ).toHaveLength(2);
  });

  it('gives back every reading that was written', () => {
    const at = fc.integer({ min: 0, max: 500_000 }).map((minutes) => AT + minutes * 60_000);
    const celsius = fc.integer({ min: -30_000, max: 60_000 }).map((n) => n / 1000);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ at, celsius }), { minLength: 2, selector: (r) => r.at }),
        fc.constantFrom(-300, 0, 345, 480),
        (readings, offset) => {
          const lines = readings.map(
            (r) =>
              `${new Date(r.at + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ')},${r.celsius}`,
          );
          expect(read(['Time,Temperature (°C)', ...lines].join('\n'), offset).readings).toEqual(
            readings.toSorted((a, b) => a.at - b.at),
          );
        },
      ),
    );
  });
});

describe('a file that cannot be read', () => {
  const table = (line: string) => `Time,Temp °C\n2026-03-01 08:00,5\n${line}\n2026-03-01 09:00,5`;
  it.each([
    ['no table', 'a,b\n1,2', 'SENSOR_LOG_NO_TABLE'],
    ['nothing', '', 'SENSOR_LOG_NO_TABLE'],
    ['humidity only', 'Time,Humidity (%RH)\n2026-03-01 08:00,40', 'SENSOR_LOG_NO_TABLE'],
    ['one reading', 'Time,Temp °C\n2026-03-01 08:00,5', 'SENSOR_LOG_TOO_SHORT'],
    ['no day 30 in February', table('2026-02-30 08:00,5'), 'SENSOR_LOG_TIME_WRONG 3'],
    ['an hour 24', table('2026-03-01 24:00,5'), 'SENSOR_LOG_TIME_WRONG 3'],
    ['a month 13', table('2026-13-01 08:00,5'), 'SENSOR_LOG_TIME_WRONG 3'],
    ['words for a time', table('yesterday,5'), 'SENSOR_LOG_TIME_WRONG 3'],
    ['day or month', table('02/03/2026 08:00,5'), 'SENSOR_LOG_DATE_AMBIGUOUS 3'],
    ['words for a temperature', table('2026-03-01 08:10,warm'), 'SENSOR_LOG_VALUE_WRONG 3'],
    ['a temperature that cannot be', table('2026-03-01 08:10,900'), 'SENSOR_LOG_VALUE_WRONG 3'],
    ['two decimal points', table('2026-03-01 08:10,5.1.2'), 'SENSOR_LOG_VALUE_WRONG 3'],
    ['a formula', table('2026-03-01 08:10,=1+1'), 'SENSOR_LOG_VALUE_WRONG 3'],
    ['two values for one moment', table('2026-03-01 08:00,6'), 'SENSOR_LOG_ORDER 3'],
  ])('has %s', (_name, text, wanted) => {
    expect(code(text)).toBe(wanted);
  });

  it('is too long', () => {
    const lines = Array.from(
      { length: MOST_READINGS + 1 },
      (_, i) => `${new Date(AT + i * 1000).toISOString()},5`,
    );
    expect(code(['Time,Temp °C', ...lines].join('\n'))).toBe('SENSOR_LOG_TOO_LONG');
  });

  it('never breaks the reader, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(code(`Time,Temp °C\n${text}`)).toMatch(/^(none|SENSOR_LOG_)/);
      }),
    );
  });
});
