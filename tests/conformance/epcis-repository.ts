/** The EPCIS binding served over a fresh database, with a party for every site and a key for every party. */
import { randomBytes } from 'node:crypto';
import { testDatabase } from '@zhenmei/db/testing.ts';
import { createHttpServer, type HttpSchema, httpMigrations } from '@zhenmei/http';
import type { Json } from '@zhenmei/kernel';
import {
  deliverNext,
  type EpcisContext,
  type EpcisEvent,
  GuessWatch,
  normalisedEvents,
  provenanceApi,
  provenanceHandlers,
  runCaptureJob,
} from '@zhenmei/provenance';

const folder = new URL('../../modules/provenance/adapters/migrations/', import.meta.url);

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | undefined>;
  readonly text: string;
  json<T = Json>(): T;
}

export interface Binding {
  readonly ctx: EpcisContext;
  /** A key that speaks for the site of an event. @param scope the only one it has; without it, both */
  keyFor(event: EpcisEvent | string, scope?: 'capture' | 'query'): string;
  call(
    method: string,
    url: string,
    given?: { key?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Reply>;
  /** Does the capture jobs that wait. */
  work(): Promise<void>;
  /** Captures one event by the party of its site. @returns its eventID */
  tell(document: Json, event: Json): Promise<string>;
  close(): Promise<void>;
}

const siteOf = (event: EpcisEvent): string =>
  (event.bizLocation?.id ?? event.readPoint?.id ?? 'urn:x:nowhere').replace(
    /^https:\/\/id\.gs1\.org\/414\/(\d{13})(?:\/254\/.+)?$/,
    '$1',
  );

export async function openBinding(): Promise<Binding> {
  const database = await testDatabase([httpMigrations, { module: 'provenance', dir: folder }]);
  const clock = { now: () => Date.now() };
  const name = { zh: '', en: '' };
  const ids = new Map<string, string>();
  const idOf = (site: string): string => {
    const id = ids.get(site) ?? `00000000-0000-7000-8000-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(site, id);
    return id;
  };
  const party = (id: string) => {
    const gln = [...ids].find(([, known]) => known === id)?.[0];
    return gln === undefined ? null : { id, gln, kind: 'maker', name, city: name, licensedForToxin: true };
  };
  const queued: string[] = [];
  const ctx: EpcisContext = {
    db: database.as(),
    clock,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    log: { append: async () => undefined, appendMany: async () => undefined },
    parties: { byId: async (id) => party(id), all: async () => [] },
    jobs: { captureLater: async (_tx, id) => void queued.push(id) },
    webhooks: { objection: () => null, post: async () => 204 },
    seal: { seal: (text) => text, open: (text) => text },
  };
  const server = await createHttpServer({
    log: { info: () => undefined, error: (fields) => console.error(fields) },
    clock,
    publicUrl: 'http://localhost:4800',
    db: database.as<HttpSchema>(),
    limits: { perMinute: 100_000 },
    keyOf: async (secret) => {
      const [, site = '', scope] = /^key-([^~]+)(?:~(.+))?$/.exec(secret) ?? [];
      const id = ids.get(decodeURIComponent(site));
      return id === undefined
        ? null
        : {
            caller: { seat: 'desk', accountId: id, organisationId: id, sessionId: `key/${id}` },
            scopes: scope === undefined ? ['capture', 'query'] : [scope],
          };
    },
  });
  const handlers = provenanceHandlers({ ...ctx, home: 'http://localhost:4800', guesses: new GuessWatch() });
  // what moves goods has handlers of its own
  const routes = Object.fromEntries(Object.entries(provenanceApi).filter(([name]) => name in handlers));
  server.mountAll(routes, handlers as never);
  const keyFor: Binding['keyFor'] = (event, scope) => {
    const site = typeof event === 'string' ? event : siteOf(event);
    idOf(site);
    return `key-${encodeURIComponent(site)}${scope ? `~${scope}` : ''}`;
  };
  const binding: Binding = {
    ctx,
    keyFor,
    async call(method, url, { key, body, headers = {} } = {}) {
      const reply = await server.app.inject({
        method: method as 'GET',
        url,
        headers: {
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return {
        status: reply.statusCode,
        headers: reply.headers as Record<string, string>,
        text: reply.body,
        json: <T>() => reply.json() as T,
      };
    },
    async work() {
      for (const id of queued.splice(0)) await runCaptureJob(ctx, id);
      while (await deliverNext(ctx));
    },
    async tell(document, event) {
      const context = (document as { '@context': Json })['@context'];
      const body = { '@context': context, ...(event as object) };
      const [normal] = normalisedEvents(body as Json);
      const reply = await binding.call('POST', '/events', { key: keyFor(normal!), body });
      if (reply.status !== 201) throw new Error(reply.text);
      return reply.json<{ eventID: string }>().eventID;
    },
    close: async () => {
      await server.close();
      await database.close();
    },
  };
  return binding;
}
