/** One thing that must be true before the house can stand. */
import type { ServerConfig } from '@zhenmei/server/config.ts';

export interface Limits {
  readonly minFreeMb: number;
}

export interface Check {
  readonly name: string;
  /** Throws AppError when it fails; returns what was found. */
  run(config: ServerConfig, limits: Limits): Promise<string> | string;
}
