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
import { date, isChinese, say, t } from '../shell/words.ts';
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
          [t('logger.range'), `${leg.minC}–${leg.maxC} °C`],
          [t('logger.mean'), `${leg.meanC} °C`],
          [t('logger.kinetic'), `${leg.meanKineticC} °C`],
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

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [640, 200, 44, 24];
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
  const x = (at: number) => LEFT + ((at - from) / Math.max(1, until - from)) * (WIDTH - LEFT - 8);
  const y = (c: number) => 8 + ((high - c) / (high - low)) * (HEIGHT - BOTTOM - 8);
  const d = points.map(
    ({ at, celsius }, i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(celsius).toFixed(1)}`,
  );
  const time = (at: number) =>
    new Intl.DateTimeFormat(isChinese() ? 'zh-CN' : 'en-GB', {
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }).format(at);
  return (
    <svg
      role="img"
      aria-label={t('logger.curve')}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="w-full max-w-2xl text-xs"
      fill="currentColor"
    >
      {range ? (
        <>
          <rect
            x={LEFT}
            y={y(range.maxC)}
            width={WIDTH - LEFT - 8}
            height={y(range.minC) - y(range.maxC)}
            fill="var(--jade)"
            opacity="0.14"
          />
          <text x={LEFT - 6} y={y(range.maxC) + 4} textAnchor="end">
            {range.maxC}°
          </text>
          <text x={LEFT - 6} y={y(range.minC) + 4} textAnchor="end">
            {range.minC}°
          </text>
        </>
      ) : null}
      <path d={d.join('')} fill="none" stroke="var(--plum)" strokeWidth="2" strokeLinejoin="round" />
      <text x={LEFT} y={HEIGHT - 6}>
        {time(from)}
      </text>
      <text x={WIDTH - 8} y={HEIGHT - 6} textAnchor="end">
        {time(until)}
      </text>
    </svg>
  );
}
