/** HTTP: routes from contracts, problems in two languages, sessions, limits, the web app's files. */
export type { KeyFinder } from './admit.ts';
export type { Asked, Document, DocumentHandler } from './documents.ts';
export type { Csp } from './headers.ts';
export type { ReadyCheck } from './health.ts';
export { type HttpSchema, httpMigrations } from './schema.ts';
export {
  createHttpServer,
  type EventHandler,
  type HttpLog,
  type HttpServer,
  type HttpServerOptions,
} from './server.ts';
export type { Seat, SessionRules, Sessions } from './sessions.ts';
export type { ServerEvent } from './sse.ts';
export { createWebhooks, type WebhookOptions, type Webhooks } from './webhook.ts';
