/** The tables of this package (schema `jobs`). */
import type { Generated } from 'kysely';

export interface JobsSchema {
  'jobs.job': {
    id: Generated<string>;
    kind: string;
    key: string;
    payload: unknown;
    due_at: Date;
    attempts: Generated<number>;
    locked_until: Date | null;
    done_at: Date | null;
    dead_at: Date | null;
    last_error: string | null;
  };
}

/** For `migrate`. */
export const jobsMigrations: { module: string; dir: URL } = {
  module: 'jobs',
  dir: new URL('./migrations/', import.meta.url),
};

/** Notified when something was put in. */
export const CHANNEL = 'zhenmei_jobs';
