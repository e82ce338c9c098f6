/** A temperature logger's file: read on this device first, shown as a curve with the range, then kept as it is. */
import { useMutation } from '@tanstack/react-query';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { SensorElement } from '@zhenmei/provenance/core/events.ts';
import { minutesOut, type Range, sensorElements, summarise } from '@zhenmei/provenance/core/sensor-leg.ts';
import {
  type Reading,
  readTemperatureLog,
  type TemperatureLog,
} from '@zhenmei/provenance/core/temperature-log.ts';
import { Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, shortMoment, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export interface Leg {
  readonly log: TemperatureLog;
  readonly elements: readonly SensorElement[];
}

export interface StoredProduct {
  readonly name: { readonly zh: string; readonly en: string };
  readonly storage: Range & { readonly maxMinutesOut: number; readonly maxMeanKineticC?: number | undefined };
}

export function Logger({
  products,
  leg,
  onLeg,
}: {
  products: readonly StoredProduct[];
  leg: Leg | null;
  onLeg(leg: Leg | null): void;
}) {
  const take = useMutation({
    mutationFn: async (file: File): Promise<Leg> => {
      const text = await file.text();
      const offsetMinutes = -new Date().getTimezoneOffset();
      // what cannot be read is said at once, without a server
      const log = readTemperatureLog(text, offsetMinutes);
      const { uri } = await deskApi.call(provenanceApi.storeSensorLog, { body: { text, offsetMinutes } });
      const ranges = products.map(({ storage }) => storage);
      return { log, elements: sensorElements(log.readings, ranges, { rawData: uri }) };
    },
    onMutate: () => onLeg(null),
    onSuccess: onLeg,
  });
  return (
    <div className="flex flex-col gap-3">
      <label className="btn self-start no-print">
        {t(leg ? 'logger.other' : 'logger.pick')}
        <input
          type="file"
          accept=".csv,.txt,text/csv,text/plain"
          className="sr-only"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) take.mutate(file);
            event.target.value = '';
          }}
        />
      </label>
      {take.isPending ? <Waiting what={t('logger.reading')} /> : null}
      {take.error ? <Refusal error={take.error} /> : null}
      {leg ? <Preview log={leg.log} products={products} /> : null}
    </div>
  );
}

const tenth = (celsius: number): number => Math.round(celsius * 10) / 10;

function Preview({ log, products }: { log: TemperatureLog; products: readonly StoredProduct[] }) {
  const { readings, missing, unitAssumed } = log;
  const leg = summarise(readings);
  return (
    <>
      <Curve readings={readings} range={products[0]?.storage} />
      <Facts
        rows={[
          [
            t('logger.period'),
            `${date(new Date(leg.from).toISOString(), now(), true)} – ${date(new Date(leg.until).toISOString(), now(), true)}`,
          ],
          [t('logger.readings'), t('logger.count', { n: leg.readings, gap: leg.longestGap })],
          [t('logger.range'), `${tenth(leg.minC)}–${tenth(leg.maxC)} °C`],
          [t('logger.mean'), `${tenth(leg.meanC)} °C`],
          [t('logger.kinetic'), `${tenth(leg.meanKineticC)} °C`],
        ]}
      />
      {unitAssumed ? <Pill tone="amber">{t('logger.unitAssumed')}</Pill> : null}
      {missing > 0 ? <Pill tone="amber">{t('logger.missing', { n: missing })}</Pill> : null}
      {products.map(({ name, storage }) => {
        const out = minutesOut(readings, storage);
        const warm = storage.maxMeanKineticC !== undefined && leg.meanKineticC > storage.maxMeanKineticC;
        const bad = out > storage.maxMinutesOut || warm;
        return (
          <div key={say(name)}>
            <Pill tone={bad ? 'cinnabar' : 'jade'}>
              {t(bad ? 'logger.bad' : 'logger.good', { name: say(name) })}
            </Pill>
            <span className="soft block text-sm">
              {t('logger.out', {
                out: Math.round(out),
                allowed: storage.maxMinutesOut,
                min: storage.minC,
                max: storage.maxC,
              })}
            </span>
          </div>
        );
      })}
    </>
  );
}

const [WIDTH, HEIGHT] = [640, 200];
const POINTS = 400;

/** A curve keeps its extremes however many readings there are. */
function thinned(readings: readonly Reading[]): Reading[] {
  const size = Math.ceil(readings.length / POINTS);
  if (size <= 1) return [...readings];
  return Array.from({ length: Math.ceil(readings.length / size) }, (_, i) => {
    const some = readings.slice(i * size, (i + 1) * size);
    const low = some.reduce((a, b) => (b.celsius < a.celsius ? b : a));
    const high = some.reduce((a, b) => (b.celsius > a.celsius ? b : a));
    return low.at < high.at ? [low, high] : [high, low];
  }).flat();
}

function Curve({ readings, range }: { readings: readonly Reading[]; range: Range | undefined }) {
  const points = thinned(readings);
  const values = [...points.map(({ celsius }) => celsius), ...(range ? [range.minC, range.maxC] : [])];
  const [low, high] = [Math.floor(Math.min(...values) - 1), Math.ceil(Math.max(...values) + 1)];
  const [from, until] = [points[0]!.at, points.at(-1)!.at];
  const x = (at: number) => ((at - from) / Math.max(1, until - from)) * WIDTH;
  const y = (c: number) => ((high - c) / (high - low)) * HEIGHT;
  const d = points.map(
    ({ at, celsius }, i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(celsius).toFixed(1)}`,
  );
  return (
    <figure className="m-0 max-w-2xl grid grid-cols-[auto_1fr] gap-x-2 text-xs soft">
      <div className="relative w-8" aria-hidden="true">
        {range
          ? [range.minC, range.maxC].map((c) => (
              <span
                key={c}
                className="absolute right-0 -translate-y-1/2"
                style={{ top: `${(y(c) / HEIGHT) * 100}%` }}
              >
                {c}°
              </span>
            ))
          : null}
      </div>
      <svg
        role="img"
        aria-label={t('logger.curve')}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="w-full h-40"
      >
        {range ? (
          <rect
            y={y(range.maxC)}
            width={WIDTH}
            height={y(range.minC) - y(range.maxC)}
            fill="var(--jade)"
            opacity="0.14"
          />
        ) : null}
        <path
          d={d.join('')}
          fill="none"
          stroke="var(--plum)"
          strokeWidth="2"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="col-start-2 flex justify-between pt-1">
        <span>{shortMoment(from)}</span>
        <span>{shortMoment(until)}</span>
      </figcaption>
    </figure>
  );
}
