/** No part of a key leaves before its reading is committed, whatever dies when. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { toBase64Url } from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEGINNING, checkEntries } from '../core/access/audit.ts';
import { gatekeeperPart } from '../core/grants/release.ts';
import { asking, give, keep, makeGrant, newPerson, type Person, registerClinic } from './giving.property.ts';
import { codeOf, idOf, openRig, type Rig } from './rig.property.ts';

/** What the gatekeeper saw in the database, through another connection, each time it was asked for a part. */
const seen: { committed: number; leaves: number }[] = [];
let rig: Rig;
let ann: Person;
let id: string;
beforeAll(async () => {
  rig = await openRig({
    gatekeeper: {
      async part(share, object, version) {
        seen.push(await committed());
        return gatekeeperPart(share, object, version);
      },
    },
  });
  await registerClinic(rig);
  ann = await newPerson(rig, 'ann');
  id = await give(rig, ann, await makeGrant(rig, ann, [await keep(rig, ann, 'a')]));
});
afterAll(async () => {
  await rig?.close();
});

async function committed(): Promise<{ committed: number; leaves: number }> {
  const { rows } = await sql<{ committed: number; leaves: number }>`
    SELECT (SELECT count(*)::int FROM vault.access) AS committed,
      (SELECT count(*)::int FROM tlog.entry WHERE get_byte(leaf, 0) = 7) AS leaves`.execute(rig.database.db);
  return rows[0]!;
}

function die(
  moment: string,
): Promise<{ signal: string | null; code: number | null; out: string; err: string }> {
  const script = fileURLToPath(new URL('./die-releasing.property.ts', import.meta.url));
  const args = [script, rig.database.url, moment, idOf('clinic'), idOf('desk:clinic'), id, 'a'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ signal, code, out, err }));
  });
}

const readings = async () => {
  const { entries } = await rig.as('readAccess', 'ann');
  return checkEntries(BEGINNING, entries).entries.filter(({ entry }) => entry.kind === 'view').length;
};

describe('a release', () => {
  it('finds its own entry and leaf committed, every time, also when many are asked for at once', async () => {
    const before = await committed();
    const ask = () => rig.as('release', 'desk:clinic', { params: { id }, body: asking('a') });
    for (let i = 0; i < 5; i++) await ask();
    expect(seen.map((s) => s.committed)).toEqual([1, 2, 3, 4, 5].map((n) => before.committed + n));
    expect(seen.map((s) => s.leaves)).toEqual([1, 2, 3, 4, 5].map((n) => before.leaves + n));
    seen.length = 0;
    await Promise.all(Array.from({ length: 12 }, ask));
    for (const [i, s] of [...seen].sort((a, b) => a.committed - b.committed).entries())
      expect(s.committed).toBeGreaterThanOrEqual(before.committed + 6 + i);
  });

  it.each([
    ['before the commit', 0],
    ['before the release', 1],
    ['before the answer', 1],
  ])('that dies %s leaves %i entries and no key, and the log goes on without a gap', async (moment, left) => {
    const before = await readings();
    const { signal, out, err } = await die(moment);
    expect([signal, out, err]).toEqual(['SIGKILL', '', '']);
    await expect.poll(readings).toBe(before + left);
    const { leaves, committed: rows } = await committed();
    expect(leaves).toBe(rows);
    expect(await codeOf(rig.as('release', 'desk:clinic', { params: { id }, body: asking('a') }))).toBe(
      'none',
    );
    expect(await readings()).toBe(before + left + 1);
    await rig.log.tick({ force: true });
    const { entries } = await rig.as('readAccess', 'ann');
    expect(entries.every(({ proof }) => proof !== null)).toBe(true);
  });

  it('that lives gives the part that the grant needs', async () => {
    const { code, out } = await die('never');
    expect(code).toBe(0);
    const { rows } = await sql<{
      share: Uint8Array;
    }>`SELECT share FROM vault.permission WHERE id = ${id}`.execute(rig.database.db);
    expect(out).toBe(toBase64Url(gatekeeperPart(new Uint8Array(rows[0]!.share), 'a', 1)));
  });
});
