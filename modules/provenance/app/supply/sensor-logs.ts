/** Raw logger files: kept as they came, under the name of their bytes (RFC 6920), and compared with what events say. */
import { AppError, fromBase64Url, fromUtf8, sha256, toBase64Url, toHex, utf8 } from '@zhenmei/kernel';
import { withContents } from '../../adapters/items.ts';
import { coldChain } from '../../core/cold-chain.ts';
import type { EpcisEvent, SensorElement } from '../../core/events.ts';
import { type LegSummary, minutesOut, summarise } from '../../core/sensor-leg.ts';
import '../../core/supply-errors.ts';
import { readTemperatureLog } from '../../core/temperature-log.ts';
import type { SupplyContext } from './context.ts';
import { makersOf } from './makers.ts';

/** `ni:///sha-256;…`: the address is the digest. */
export const niOf = (bytes: Uint8Array): string => `ni:///sha-256;${toBase64Url(sha256(bytes))}`;

function digestIn(uri: string): string | null {
  const value = /^ni:\/\/\/sha-256;([A-Za-z0-9_-]{43})$/.exec(uri)?.[1];
  return value ? toHex(fromBase64Url(value)) : null;
}

/** Throws the reader's SENSOR_LOG_ errors. The same file again changes nothing. */
export async function storeSensorLog(
  ctx: SupplyContext,
  organisationId: string,
  { text, offsetMinutes }: { readonly text: string; readonly offsetMinutes: number },
): Promise<{ uri: string; summary: LegSummary; missing: number; unitAssumed: boolean }> {
  const log = readTemperatureLog(text, offsetMinutes);
  const bytes = utf8(text);
  const key = await ctx.files.put(bytes);
  await ctx.db
    .insertInto('provenance.sensor_log')
    .values({
      sha256: key,
      organisation_id: organisationId,
      offset_minutes: offsetMinutes,
      readings: log.readings.length,
      stored_at: new Date(ctx.clock.now()),
    })
    .onConflict((c) => c.doNothing())
    .execute();
  const { missing, unitAssumed } = log;
  return { uri: niOf(bytes), summary: summarise(log.readings), missing, unitAssumed };
}

/** @param value base64url of the SHA-256. Throws SENSOR_LOG_UNKNOWN. */
export async function readSensorLog(ctx: SupplyContext, value: string): Promise<string> {
  const key = digestIn(`ni:///sha-256;${value}`);
  const row = key
    ? await ctx.db
        .selectFrom('provenance.sensor_log')
        .select('sha256')
        .where('sha256', '=', key)
        .executeTakeFirst()
    : undefined;
  if (!row) throw new AppError('SENSOR_LOG_UNKNOWN');
  return fromUtf8(await ctx.files.get(row.sha256));
}

const NEARLY = 0.005;

/**
 * An event that names a raw file must say what the file says: its period, its extremes, its mean kinetic temperature,
 * and no shorter time out of the range of anything on board. Throws SENSOR_LOG_UNKNOWN, SENSOR_LOG_DIFFERS.
 */
export async function assertSensorsMatch(ctx: SupplyContext, event: EpcisEvent): Promise<void> {
  const named = (event.sensorElementList ?? []).filter(({ sensorMetadata }) => sensorMetadata?.rawData);
  const byFile = Map.groupBy(named, ({ sensorMetadata }) => sensorMetadata!.rawData!);
  for (const [uri, elements] of byFile) {
    const key = digestIn(uri);
    // a file that lies elsewhere is somebody else's to check
    if (!key) continue;
    const row = await ctx.db
      .selectFrom('provenance.sensor_log')
      .select('offset_minutes')
      .where('sha256', '=', key)
      .executeTakeFirst();
    if (!row) throw new AppError('SENSOR_LOG_UNKNOWN');
    const { readings } = readTemperatureLog(fromUtf8(await ctx.files.get(key)), row.offset_minutes);
    mustSay(elements, summarise(readings));
    const makers = await makersOf(ctx, await withContents(ctx.db, event.epcList ?? []));
    for (const storage of makers.ranges()) {
      const told = coldChain(
        [{ ...event, sensorElementList: elements }],
        [],
        NOWHERE,
        storage,
        Number.POSITIVE_INFINITY,
      );
      if (told.minutesOut + NEARLY < minutesOut(readings, storage))
        throw new AppError('SENSOR_LOG_DIFFERS', { what: 'minutes' });
    }
  }
}

const NOWHERE = {
  stays: [],
  bound: [],
  shippedOpenly: false,
  handovers: { signed: 0, total: 0 },
  gaps: [],
  elsewhere: [],
};

function mustSay(elements: readonly SensorElement[], summary: LegSummary): void {
  const reports = elements.flatMap(({ sensorReport }) => sensorReport);
  const all = (name: 'minValue' | 'maxValue' | 'zm:meanKineticValue') =>
    reports.flatMap((report) => report[name] ?? []);
  const times = elements
    .flatMap(({ sensorMetadata: m }) => [m?.startTime, m?.endTime])
    .flatMap((t) => t ?? []);
  const near = (a: number, b: number) => Math.abs(a - b) <= NEARLY;
  const wrong =
    !near(Math.min(...all('minValue')), summary.minC) ||
    !near(Math.max(...all('maxValue')), summary.maxC) ||
    !all('zm:meanKineticValue').every((value) => near(value, summary.meanKineticC)) ||
    Math.min(...times.map((time) => Date.parse(time))) !== summary.from ||
    Math.max(...times.map((time) => Date.parse(time))) !== summary.until;
  if (wrong) throw new AppError('SENSOR_LOG_DIFFERS', { what: 'values' });
}
