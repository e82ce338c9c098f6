/** A first start that is broken off while the demo world is made. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '@zhenmei/kernel';
import { readConfig, type ServerConfig } from '@zhenmei/server/config.ts';
import { isNew, isUnfinished, markBegun, putAside } from '@zhenmei/server/demo/unfinished.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { family, type ServerProcess, up } from './server-process.ts';
import { freePort } from './test-house.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-unfinished-'));
let house: ServerProcess | undefined;
afterAll(async () => {
  house?.child.kill('SIGTERM');
  await house?.ended;
  fs.rmSync(root, { recursive: true, force: true });
});

const folder = (name: string, alone = true): ServerConfig => {
  const dataDir = path.join(root, name);
  fs.mkdirSync(dataDir);
  fs.writeFileSync(path.join(dataDir, 'secrets.json'), '{}');
  markBegun(dataDir, alone);
  return { ...readConfig({}), dataDir };
};

describe('an unfinished demo world', () => {
  it('is put aside whole, and nothing else is', () => {
    const config = folder('whole');
    expect([isNew(config.dataDir), isUnfinished(config.dataDir)]).toEqual([false, true]);
    fs.mkdirSync(path.join(config.dataDir, 'unfinished-before'));
    const aside = putAside(config, Date.UTC(2026, 10, 26));
    expect(fs.readdirSync(aside).sort()).toEqual(['demo', 'secrets.json']);
    expect(fs.readdirSync(config.dataDir).sort()).toEqual([
      'unfinished-2026-11-26T000000000Z',
      'unfinished-before',
    ]);
    expect([isNew(config.dataDir), isUnfinished(config.dataDir)]).toEqual([true, false]);
  });

  it.each([
    ['beside other data', folder('other', false)],
    ['in a database elsewhere', { ...folder('database'), databaseUrl: 'postgres://x/y' }],
    ['on a ledger elsewhere', { ...folder('ledger'), chainRpcUrl: 'http://x' }],
    ['with a store elsewhere', { ...folder('store'), blobUrl: 's3://x' }],
  ])('is left alone %s, and said so', (_what, config) => {
    const before = fs.readdirSync(config.dataDir);
    let said: unknown;
    try {
      putAside(config, 0);
    } catch (error) {
      said = error;
    }
    expect(said instanceof AppError && said.code).toBe('DEMO_UNFINISHED');
    expect(fs.readdirSync(config.dataDir)).toEqual(before);
  });

  it('does not keep the next start from making one', async () => {
    const place = { folder: path.join(root, 'killed'), port: await freePort(), demo: true };
    await expect(
      up({
        ...place,
        hear: (text, child) => {
          // in the middle: organisations are there, licences are not
          if (text.includes('licences')) for (const pid of family(child.pid!)) process.kill(pid, 'SIGKILL');
        },
      }),
    ).rejects.toThrow('ended with');
    expect(isUnfinished(place.folder)).toBe(true);
    const said: string[] = [];
    house = await up({ ...place, hear: (text) => said.push(text) });
    expect(said.join('')).toContain('moved to unfinished-');
    const samples = await fetch(`${house.url}/api/demo/codes`);
    expect(samples.status).toBe(200);
    expect(fs.readdirSync(place.folder).filter((name) => name.startsWith('unfinished-'))).toHaveLength(1);
  });
});
