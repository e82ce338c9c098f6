/**
 * A server that dies while it releases part of a key: started by a test, killed by itself.
 * Arguments: database address, moment, organisation, device, grant, object.
 */
import { createDatabase } from '@zhenmei/db';
import { release } from '../app/read-grant.ts';
import { gatekeeperPart } from '../core/grants/release.ts';
import type { VaultContext } from '../index.ts';
import { logOver, logPort, random } from './rig.property.ts';

const [url, moment, organisation, device, grant, object] = process.argv.slice(2) as string[];
const die = () => process.kill(process.pid, 'SIGKILL');
const database = await createDatabase(url!, { max: 3 });
const clock = { now: () => Date.UTC(2026, 10, 24, 9, 41, 13) };
const log = logPort(logOver(database, clock));

const ctx = {
  db: database.as(),
  clock,
  random: { bytes: random },
  log: {
    ...log,
    append: async (...args: Parameters<typeof log.append>) => {
      await log.append(...args);
      if (moment === 'before the commit') die();
    },
  },
  organisations: { employs: async () => true },
  gatekeeper: {
    part: async (share: Uint8Array, name: string, version: number) => {
      if (moment === 'before the release') die();
      const part = gatekeeperPart(share, name, version);
      if (moment === 'before the answer') die();
      return part;
    },
  },
} as unknown as VaultContext;

const released = await release(ctx, { organisation: organisation!, device: device! }, grant!, {
  object: object!,
  action: 'view',
  purpose: 'TREAT',
  reason: 'visit',
  person: null,
});
process.stdout.write(released.part);
await database.close();
