/**
 * How fast the event hash of CBV 2.0 is, beside bare SHA-256 over the very text that is hashed in the end.
 * `node tests/bench/epcis-hash.ts` prints the rows.
 */
import { createHash } from 'node:crypto';
import type { Json } from '@zhenmei/kernel';
import { normalised } from '@zhenmei/provenance/app/epcis.ts';
import type { JsonObject } from '@zhenmei/provenance/core/checks.ts';
import { HOUSE } from '@zhenmei/provenance/core/document.ts';
import { eventHash, preHash } from '@zhenmei/provenance/core/event-hash.ts';
import { eventDigest } from '@zhenmei/provenance/core/events.ts';
import type { BenchRow } from './log.ts';

const COUNT = 2_000;
const unit = (n: number) => `https://id.gs1.org/01/09521234100010/21/1MG${n}`;
const place = { id: 'https://id.gs1.org/414/9521234000013' };
const common = (n: number): JsonObject => ({
  eventTime: `2026-03-04T05:06:${String(n % 60).padStart(2, '0')}.000Z`,
  eventTimeZoneOffset: '+08:00',
  readPoint: place,
  bizLocation: place,
});

const EVENTS: Readonly<Record<string, (n: number) => JsonObject>> = {
  'a unit received': (n) => ({
    ...common(n),
    type: 'ObjectEvent',
    action: 'OBSERVE',
    bizStep: 'receiving',
    disposition: 'in_progress',
    epcList: [unit(n)],
    sourceList: [{ type: 'owning_party', source: 'https://id.gs1.org/417/9521234000006' }],
    destinationList: [{ type: 'owning_party', destination: 'https://id.gs1.org/417/9521234000020' }],
  }),
  'a reading of the cold chain': (n) => ({
    ...common(n),
    type: 'ObjectEvent',
    action: 'OBSERVE',
    bizStep: 'sensor_reporting',
    epcList: [unit(n)],
    sensorElementList: [
      {
        sensorMetadata: { time: '2026-03-04T05:00:00.000Z', deviceID: 'https://id.gs1.org/8004/95212341234' },
        sensorReport: [
          { type: 'Temperature', minValue: 2.1, maxValue: 7.4 + (n % 10) / 10, uom: 'CEL' },
          { type: 'RelativeHumidity', minValue: 41.5, maxValue: 43, uom: 'A93' },
        ],
      },
    ],
  }),
  'forty units of a lot made': (n) => ({
    ...common(n),
    type: 'ObjectEvent',
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    epcList: Array.from({ length: 40 }, (_, i) => unit(n * 40 + i)),
    ilmd: { 'cbvmda:lotNumber': `L${n}A`, 'cbvmda:itemExpirationDate': '2028-09-25' },
  }),
};

/** How many a second, in the fastest of some runs: the least disturbed by other processes. */
function rate<T>(items: readonly T[], work: (item: T) => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 7; i++) {
    const started = performance.now();
    for (const item of items) work(item);
    best = Math.min(best, performance.now() - started);
  }
  return Number(((items.length / best) * 1000).toPrecision(3));
}

export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, write] of Object.entries(EVENTS)) {
    const written = Array.from({ length: COUNT }, (_, n) => write(n));
    const events = written.map((event) => normalised(event, HOUSE) as unknown as { [name: string]: Json });
    const texts = events.map((event) => preHash(event));
    const floor = {
      name: 'bare SHA-256',
      value: rate(texts, (text) => createHash('sha256').update(text).digest('hex')),
    };
    rows.push({
      name: `${name}: event hash`,
      value: rate(events, (event) => eventHash(event)),
      unit: 'events/s',
      floor,
    });
    rows.push({
      name: `${name}: brought into its one form, hash and digest`,
      value: rate(written, (event) => {
        const own = normalised(event, HOUSE);
        return [eventHash(own as unknown as JsonObject), eventDigest(own)];
      }),
      unit: 'events/s',
      floor,
    });
  }
  return rows;
}

if (import.meta.main)
  console.table(
    (await run()).map(({ floor, ...row }) => ({ ...row, floor: floor && `${floor.value} (${floor.name})` })),
  );
