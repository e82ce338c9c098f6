/** Time is passed in (law 4). Instants are milliseconds since the epoch; on the wire RFC 3339 in UTC. */
import { AppError } from './errors.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Random {
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

const RFC3339 = /^\d{4}-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads RFC 3339 and refuses dates that do not exist (30 February). Throws TIME_INVALID. */
export function fromIso(text: string): number {
  const match = RFC3339.exec(text);
  const ms = match ? Date.parse(text) : Number.NaN;
  const days = match ? new Date(Date.UTC(Number(text.slice(0, 4)), Number(match[1]), 0)).getUTCDate() : 0;
  if (!match || Number.isNaN(ms) || Number(match[2]) > days)
    throw new AppError('TIME_INVALID', { value: text.slice(0, 40) });
  return ms;
}

/** Seconds since the epoch, as chains, JWTs and checkpoints count. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
