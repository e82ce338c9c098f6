import { toIso } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coldChain } from './cold-chain.ts';
import type { Custody } from './custody.ts';
import type { EpcisEvent } from './events.ts';
import { MOST_PIECES, minutesOut, sensorElements, summarise } from './sensor-leg.ts';
import type { Reading } from './temperature-log.ts';
import { validateEvent } from './validate.ts';

const AT = Date.parse('2026-03-01T00:00:00Z');
const MINUTE = 60_000;
const NOBODY: Custody = {
  stays: [],
  bound: [],
  shippedOpenly: false,
  handovers: { signed: 0, total: 0 },
  gaps: [],
  elsewhere: [],
};
const every = (minutes: number, ...values: number[]): Reading[] =>
  values.map((celsius, i) => ({ at: AT + i * minutes * MINUTE, celsius }));
const eventOf = (readings: Reading[], ranges = [COLD]): EpcisEvent => ({
  type: 'ObjectEvent',
  eventTime: toIso(readings.at(-1)!.at + MINUTE),
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  epcList: ['https://id.gs1.org/01/09521000000018/21/S1'],
  bizStep: 'receiving',
  sensorElementList: sensorElements(readings, ranges),
});
const COLD = { minC: 2, maxC: 8 };
const ROOM = { minC: 2, maxC: 25 };
const outBy = (event: EpcisEvent, range: { minC: number; maxC: number }, limit = {}) =>
  coldChain([event], [], NOBODY, { ...range, maxMinutesOut: 0, ...limit }, Number.POSITIVE_INFINITY);
const log = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: -5_000, max: 30_000 })), {
    minLength: 2,
    maxLength: 60,
  })
  .map((steps) => {
    let at = AT;
    return steps.map(([minutes, milli]) => {
      at += minutes * MINUTE;
      return { at, celsius: milli / 1000 };
    });
  });

describe('the pieces of a leg', () => {
  it('say exactly how long each product was out of its range', () => {
    fc.assert(
      fc.property(log, (readings) => {
        const event = eventOf(readings, [COLD, ROOM]);
        for (const range of [COLD, ROOM])
          expect(outBy(event, range).minutesOut).toBeCloseTo(minutesOut(readings, range), 6);
      }),
    );
  });

  it('are EPCIS', () => {
    fc.assert(
      fc.property(log, (readings) => {
        expect(validateEvent(JSON.parse(JSON.stringify(eventOf(readings))))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('cover the whole leg without overlap', () => {
    fc.assert(
      fc.property(log, (readings) => {
        const [whole, ...pieces] = sensorElements(readings, [COLD]);
        const edges = pieces.map(({ sensorMetadata: m }) => [m!.startTime!, m!.endTime!] as const);
        expect(edges[0]![0]).toBe(whole!.sensorMetadata!.startTime);
        expect(edges.at(-1)![1]).toBe(whole!.sensorMetadata!.endTime);
        for (let i = 1; i < edges.length; i++) expect(edges[i]![0]).toBe(edges[i - 1]![1]);
      }),
    );
  });

  it('stay few when a logger hovers at the limit, and then say rather too much than too little', () => {
    const readings = every(1, ...Array.from({ length: 3_000 }, (_, i) => (i % 2 === 0 ? 7.9 : 8.1)));
    const event = eventOf(readings);
    expect(event.sensorElementList!.length).toBeLessThanOrEqual(MOST_PIECES + 1);
    expect(outBy(event, COLD).minutesOut).toBeGreaterThanOrEqual(minutesOut(readings, COLD));
  });

  it('name the logger and the file', () => {
    const source = { deviceID: 'https://id.gs1.org/8004/9521000001', rawData: 'ni:///sha-256;abc' };
    for (const { sensorMetadata } of sensorElements(every(10, 5, 9, 5), [COLD], source))
      expect(sensorMetadata).toMatchObject(source);
    expect(sensorElements(every(10, 5, 9, 5), [COLD])[1]!.sensorMetadata).not.toHaveProperty('rawData');
  });

  it('mark what is out of range', () => {
    const marks = sensorElements(every(10, 5, 9, 5), [COLD]).map(
      ({ sensorReport }) => sensorReport[0]!.exception,
    );
    expect(marks).toEqual([undefined, undefined, 'ALARM_CONDITION', undefined]);
  });
});

describe('a leg', () => {
  it('is summed up', () => {
    expect(summarise(every(10, 4, 6, 8))).toMatchObject({
      from: AT,
      until: AT + 21 * MINUTE,
      readings: 3,
      minC: 4,
      maxC: 8,
      meanC: 5.143,
      longestGap: 10,
    });
  });

  it('may be in range all the time and yet too warm on average', () => {
    const event = eventOf(every(60, 7.5, 7.5, 7.5));
    expect(outBy(event, COLD).exceeded).toBeUndefined();
    expect(outBy(event, COLD, { maxMeanKineticC: 7 }).exceeded).toBe(event);
    expect(outBy(event, COLD, { maxMeanKineticC: 7.5 }).exceeded).toBeUndefined();
  });

  it('counts once where two loggers rode along', () => {
    const readings = every(10, 5, 9, 9, 5);
    const event = eventOf(readings);
    const both = { ...event, sensorElementList: [...event.sensorElementList!, ...event.sensorElementList!] };
    expect(outBy(both, COLD).minutesOut).toBe(20);
  });
});
