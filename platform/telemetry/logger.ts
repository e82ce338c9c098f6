/** Logs as JSON lines (pino). Marked fields cannot get through: they are known by name, wherever they stand. */
import pino, { type DestinationStream } from 'pino';
import type { z } from 'zod';
import { type MarkedPath, markedPaths, REDACTED } from './marked.ts';

export interface LoggerOptions {
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Schemas whose marked fields never appear. */
  readonly schemas?: readonly z.core.$ZodType[];
  /** Standard output by default. */
  readonly destination?: DestinationStream;
  readonly name?: string;
}

/** Never useful in a log, whatever the schemas say. */
const SECRETS = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  'set-cookie',
  'privateKey',
  'visitSecret',
  'bearer',
];

/** Levels of nesting looked into; what lies deeper is cut off. */
const DEPTH = 12;

/** What may be said: fields and a plain sentence. The fields of a child stand in each of its lines. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

/**
 * A logger that redacts by the last named step of every marked path: a marked `phone` is redacted under any parent,
 * because what is logged is seldom the whole object of the schema. There is no way to the writer around it.
 */
export function createLogger({ level = 'info', schemas = [], destination, name }: LoggerOptions = {}): Log {
  const names = redactedNames(schemas);
  const options: pino.LoggerOptions = {
    level,
    base: name ? { name } : null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const writer = destination ? pino(options, destination) : pino(options);
  const over = (held: Record<string, unknown>): Log => {
    const say = (at: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
      if (writer.isLevelEnabled(at)) writer[at]({ ...held, ...tidy(fields, names) }, message);
    };
    return {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      child: (fields) => over({ ...held, ...tidy(fields, names) }),
    };
  };
  return over({});
}

/** A log that is made when something is first said; what is said until it is there is written then. */
export function lateLog(make: () => Promise<Log>): Log {
  let there: Log | null = null;
  const held: ((log: Log) => void)[] = [];
  const hold = (line: (log: Log) => void): void => {
    if (held.push(line) > 1) return;
    void make().then((log) => {
      there = log;
      for (const each of held.splice(0)) each(log);
    });
  };
  const over = (part: (log: Log) => Log): Log => {
    const say = (at: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
      const line = (log: Log) => part(log)[at](fields, message);
      if (there) line(there);
      else hold(line);
    };
    return {
      debug: say('debug'),
      info: say('info'),
      warn: say('warn'),
      error: say('error'),
      child: (fields) => over((log) => part(log).child(fields)),
    };
  };
  return over((log) => log);
}

function tidy(fields: object, names: ReadonlySet<string>): Record<string, unknown> {
  const given = fields instanceof Error ? { err: fields } : fields;
  return clean(given, names, DEPTH) as Record<string, unknown>;
}

/** Names under which something marked may stand. */
export function redactedNames(schemas: readonly z.core.$ZodType[]): ReadonlySet<string> {
  const names = new Set(SECRETS.map((each) => each.toLowerCase()));
  for (const schema of schemas) {
    for (const path of markedPaths(schema)) {
      const last = lastName(path);
      if (last !== null) names.add(last.toLowerCase());
    }
  }
  return names;
}

function lastName(path: MarkedPath): string | null {
  return path.findLast((step) => step !== '*') ?? null;
}

function clean(value: unknown, names: ReadonlySet<string>, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth === 0) return '[deeper]';
  if (value instanceof Error) return clean(errorFields(value), names, depth - 1);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof Map || value instanceof Set) return `[${value.size} entries]`;
  if (Array.isArray(value)) return value.map((each) => clean(each, names, depth - 1));
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value))
    out[key] = names.has(key.toLowerCase()) ? REDACTED : clean(inner, names, depth - 1);
  return out;
}

function errorFields(e: Error): Record<string, unknown> {
  const { code } = e as { code?: unknown };
  return { name: e.name, message: e.message, stack: e.stack, ...(code === undefined ? {} : { code }) };
}
