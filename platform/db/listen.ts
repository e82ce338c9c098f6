/** LISTEN/NOTIFY: one connection of its own that comes back by itself. */
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Log } from './embedded/log.ts';

export interface Listener {
  /**
   * Calls `fn` with every payload on the channel. After a lost connection it is called once with `null`:
   * something may have been missed, look at the tables. Resolves once the server listens.
   */
  listen(channel: string, fn: (payload: string | null) => void): Promise<() => void>;
  close(): Promise<void>;
}

const RECONNECT_MS = 1_000;

/** Listening is a hint, never the truth: whoever listens must also find its work in the tables. */
export function createListener(url: string, log: Log): Listener {
  const channels = new Map<string, Set<(payload: string | null) => void>>();
  let client: pg.Client | null = null;
  let connecting: Promise<void> | null = null;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'zhenmei listener',
      keepAlive: true,
    });
    let lost = false;
    const onLost = (): void => {
      if (lost) return;
      lost = true;
      if (client === fresh) client = null;
      if (!closed) retry = setTimeout(reconnect, RECONNECT_MS);
    };
    fresh.on('error', (e) => {
      log.warn({ reason: e.message }, 'the listening connection broke');
      onLost();
    });
    fresh.on('end', onLost);
    fresh.on('notification', ({ channel, payload }) => {
      for (const fn of channels.get(channel) ?? []) fn(payload ?? '');
    });
    await fresh.connect();
    for (const channel of channels.keys()) await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    client = fresh;
  };
  const ensure = (): Promise<void> => {
    if (client) return Promise.resolve();
    connecting ??= connect().finally(() => {
      connecting = null;
    });
    return connecting;
  };
  const reconnect = (): void => {
    if (closed) return;
    ensure().then(
      () => {
        for (const fns of channels.values()) for (const fn of fns) fn(null);
      },
      (e: Error) => {
        log.warn({ reason: e.message }, 'cannot listen to the database yet');
        clearTimeout(retry);
        if (!closed) retry = setTimeout(reconnect, RECONNECT_MS);
      },
    );
  };

  return {
    async listen(channel, fn) {
      const fns = channels.get(channel) ?? new Set();
      channels.set(channel, fns.add(fn));
      await ensure();
      await client?.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      return () => void fns.delete(fn);
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      await connecting?.catch(() => undefined);
      await client?.end();
    },
  };
}

/** Sent when the transaction commits; at most 8 000 bytes. */
export async function notify<Schema>(tx: Kysely<Schema>, channel: string, payload = ''): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx);
}
