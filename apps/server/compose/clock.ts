/** The clock of the house. In the demo it can be moved forward; the offset survives a restart. */
import fs from 'node:fs';
import path from 'node:path';
import type { Clock } from '@zhenmei/kernel';

export interface HouseClock extends Clock {
  /** Milliseconds ahead of the machine. */
  readonly offset: () => number;
  advance(ms: number): void;
}

export const wallClock: Clock = { now: () => Date.now() };

export function openClock(dataDir: string): HouseClock {
  const file = path.join(dataDir, 'demo-clock.json');
  let offset = fs.existsSync(file)
    ? (JSON.parse(fs.readFileSync(file, 'utf8')) as { offset: number }).offset
    : 0;
  return {
    now: () => Date.now() + offset,
    offset: () => offset,
    advance(ms) {
      // what could not be kept did not happen: after a restart time would go back
      fs.writeFileSync(`${file}.tmp`, JSON.stringify({ offset: offset + ms }));
      fs.renameSync(`${file}.tmp`, file);
      offset += ms;
    },
  };
}
