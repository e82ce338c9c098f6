/**
 * Tells subscribers of new events. What was delivered counts only once the receiver has said so: each event arrives at
 * least once, also over crashes and with several servers. A receiver that stays away is tried again and again, ever more
 * rarely, and then no more.
 */
import { createHmac } from 'node:crypto';
import { linkToUrn } from '@zhenmei/gs1';
import { AppError, HOUR, SECOND, toIso, utf8 } from '@zhenmei/kernel';
import {
  claimDue,
  hold,
  moment,
  newEvents,
  release,
  type SubscriptionRow,
  type Window,
} from '../adapters/deliveries.ts';
import { Presenter, type StoredEvent } from '../core/present.ts';
import { nextRun } from '../core/schedule.ts';
import type { EpcisContext } from './context.ts';
import { readNamedQuery } from './named-queries.ts';
import { patiently, storedEvent, understand } from './query-events.ts';

/** Events and bytes of one message at most. */
const PORTION = 200;
const MOST_BYTES = 2_000_000;
/** Messages to one receiver before others have their turn. */
const TURN = 5;
/** How soon a stream is looked at again. */
const STREAM_EVERY = SECOND;
const MOST_FAILURES = 12;
/** 2, 4, 8 … seconds, up to an hour: twelve failures take about three hours. */
const backoff = (failures: number): number => Math.min(2 ** failures * SECOND, HOUR);

/** Delivers to one subscriber that is due. @returns false if none is */
export async function deliverNext(ctx: EpcisContext): Promise<boolean> {
  const row = await claimDue(ctx.db, ctx.clock.now());
  if (!row) return false;
  try {
    await deliver(ctx, row);
  } catch (error) {
    await fail(ctx, row, error);
  }
  return true;
}

async function deliver(ctx: EpcisContext, claimed: SubscriptionRow): Promise<void> {
  const { query } = await readNamedQuery(ctx, claimed.organisation_id, claimed.query_name);
  const { '@context': context, ...parameters } = query;
  const understood = understand(parameters, context);
  let row = claimed;
  for (let turn = 0; turn < TURN; turn++) {
    const opened = await openWindow(ctx, row);
    if (!opened) return;
    row = opened.row;
    const found = await patiently(ctx.db, (tx) => newEvents(tx, understood, row, opened.window, PORTION));
    const events = fitting(found.map(storedEvent));
    if (events.length > 0 || (row.schedule && row.report_if_empty && !row.window_sent))
      await send(ctx, row, events);
    if (events.length === found.length && found.length < PORTION) {
      await closeWindow(ctx, row, opened.window, events.length > 0);
      return;
    }
    const advanced = await advance(ctx, row, found[events.length - 1]!.no);
    if (!advanced) return;
    row = advanced;
  }
  await release(ctx.db, row, { due_at: new Date(ctx.clock.now()) });
}

/** As many as one message holds, but at least one. */
function fitting(events: readonly StoredEvent[]): StoredEvent[] {
  let bytes = 0;
  const end = events.findIndex((one, i) => {
    bytes += utf8(JSON.stringify(one.event)).length;
    return i > 0 && bytes > MOST_BYTES;
  });
  return end < 0 ? [...events] : events.slice(0, end);
}

/** The window that an earlier try left open, or a new one; null if there is nothing new, or somebody else goes on. */
async function openWindow(
  ctx: EpcisContext,
  row: SubscriptionRow,
): Promise<{ row: SubscriptionRow; window: Window } | null> {
  if (row.window_until !== null && row.window_era !== null)
    return { row, window: { era: row.window_era, until: row.window_until } };
  const now = await moment(ctx.db);
  const idle =
    row.delivered !== null && row.era === now.era && row.seen_no > 0n && row.seen_no === now.lastNo;
  if (idle && !(row.schedule && row.report_if_empty)) {
    await release(ctx.db, row, { due_at: new Date(nextDue(ctx, row)) });
    return null;
  }
  const opened = {
    window_era: now.era,
    window_until: now.until,
    after_no: 0n,
    window_sent: false,
    seen_no: now.lastNo,
  };
  return (await hold(ctx.db, row, opened)) ? { row: { ...row, ...opened }, window: now } : null;
}

const nextDue = (ctx: EpcisContext, row: SubscriptionRow): number => {
  const now = ctx.clock.now();
  return row.schedule ? nextRun(row.schedule, now) : now + STREAM_EVERY;
};

/** What this message held has arrived. Null if somebody else goes on. */
async function advance(ctx: EpcisContext, row: SubscriptionRow, no: bigint): Promise<SubscriptionRow | null> {
  const arrived = {
    after_no: no,
    window_sent: true,
    last_notified_at: new Date(ctx.clock.now()),
    attempts: 0,
    last_error: null,
  };
  return (await hold(ctx.db, row, arrived)) ? { ...row, ...arrived } : null;
}

async function closeWindow(
  ctx: EpcisContext,
  row: SubscriptionRow,
  window: Window,
  sent: boolean,
): Promise<void> {
  const now = ctx.clock.now();
  const told = sent || (row.schedule !== null && row.report_if_empty && !row.window_sent);
  await release(ctx.db, row, {
    era: window.era,
    delivered: window.until,
    window_era: null,
    window_until: null,
    after_no: 0n,
    window_sent: false,
    min_record_time: new Date(now),
    attempts: 0,
    last_error: null,
    due_at: new Date(nextDue(ctx, row)),
    ...(told ? { last_notified_at: new Date(now) } : {}),
  });
}

async function send(ctx: EpcisContext, row: SubscriptionRow, events: readonly StoredEvent[]): Promise<void> {
  const presenter = new Presenter(row.epc_format, linkToUrn);
  const eventList = events.map((event) => presenter.event(event));
  const body = utf8(
    JSON.stringify({
      '@context': presenter.context(),
      type: 'EPCISQueryDocument',
      schemaVersion: '2.0',
      creationDate: toIso(ctx.clock.now()),
      epcisBody: {
        queryResults: {
          subscriptionID: row.id,
          queryName: row.query_name,
          resultsBody: { eventList },
        },
      },
    }),
  );
  const status = await ctx.webhooks.post(row.dest, body, {
    'content-type': 'application/json',
    'gs1-epcis-version': '2.0.0',
    'gs1-cbv-version': '2.0.0',
    ...signature(ctx, row, body),
  });
  if (status < 200 || status > 299) throw new Error(`answered ${status}`);
}

/** HMAC-SHA-256 over the bytes of the message, in hexadecimal; its key is the receiver's token. */
function signature(ctx: EpcisContext, { token }: SubscriptionRow, body: Uint8Array): Record<string, string> {
  if (token === null) return {};
  const key = ctx.seal.open(token);
  if (key === null) throw new AppError('SUBSCRIPTION_TOKEN_LOST');
  return { 'gs1-signature': createHmac('sha256', key).update(body).digest('hex') };
}

async function fail(ctx: EpcisContext, row: SubscriptionRow, error: unknown): Promise<void> {
  const failures = row.attempts + 1;
  const final = error instanceof AppError && !error.retryable;
  const code = error instanceof AppError ? error.code : 'SUBSCRIBER_AWAY';
  const now = ctx.clock.now();
  const stops = final || failures >= MOST_FAILURES;
  await release(ctx.db, row, {
    attempts: failures,
    last_error: (error instanceof Error ? error.message : String(error)).slice(0, 300),
    ...(stops
      ? { stopped_at: new Date(now), stopped_code: code }
      : { due_at: new Date(now + backoff(failures)) }),
  });
}
