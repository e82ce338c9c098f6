/** The same house on a database, a ledger and a store that somebody else runs: only addresses differ. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { apiAt, openClinic, openPatient, type Place, VisitPlay } from '@zhenmei/cli/visit-play.ts';
import { relayEscrow } from '@zhenmei/client/patient.ts';
import { startAnvil, type TestChain } from '@zhenmei/contracts/tools/anvil.ts';
import { type TestDatabase, testDatabase } from '@zhenmei/db/testing.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { type House, startHouse } from '@zhenmei/server';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { readConfig } from '@zhenmei/server/config.ts';
import { seedWorld } from '@zhenmei/server/demo/seed.ts';
import { createLogger } from '@zhenmei/telemetry';
import S3rver from 's3rver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from './test-house.ts';

const CHAIN_ID = 952_481;
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-engines-'));
let database: TestDatabase;
let chain: TestChain;
let store: S3rver;
let house: House;
let place: Place;
/** Where the demo world's organisations joined from. */
const joined: string[] = [];

beforeAll(async () => {
  database = await testDatabase();
  // a block a second, as on a public chain: nothing is mined when the node has taken it
  chain = await startAnvil(CHAIN_ID, 1);
  store = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: path.join(root, 's3'),
    configureBuckets: [{ name: 'zhenmei' }],
  });
  const s3 = `http://127.0.0.1:${(await store.run()).port}`;
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER';
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
  const port = await freePort();
  const dataDir = path.join(root, 'data');
  const url = `http://localhost:${port}`;
  const config = readConfig({
    ZHENMEI_DATA: dataDir,
    PORT: String(port),
    PUBLIC_URL: url,
    DATABASE_URL: database.url,
    CHAIN_RPC_URL: chain.url,
    CHAIN_ID: String(CHAIN_ID),
    BLOB_URL: `s3://zhenmei?endpoint=${encodeURIComponent(s3)}`,
  });
  house = await startHouse({ config, log: createLogger({ level: 'silent' }) });
  place = { baseUrl: url, origin: url, patience: 30 };
  const { operatorToken } = house;
  const inject = (request: { remoteAddress: string; url: string }) => {
    if (new URL(request.url).pathname === identityApi.joinDevice.path) joined.push(request.remoteAddress);
    return house.http.app.inject(request);
  };
  const http = { ...house.http, app: { inject } as never };
  await seedWorld({ http, origin: url, operatorToken, dataDir, now: () => house.deps.clock.now() });
});
afterAll(async () => {
  await house?.close();
  await store?.close();
  await chain?.stop();
  await database?.close();
  fs.rmSync(root, { recursive: true, force: true });
});

it('makes the demo world from networks that no visitor has, one for each organisation', () => {
  expect(joined.length).toBeGreaterThan(20);
  expect(joined.filter((address) => !address.startsWith('2001:db8:'))).toEqual([]);
  expect(new Set(joined.map((address) => address.split('::')[0])).size).toBe(joined.length);
});

it('holds a patient’s money and gives it back within the cooling-off period', async () => {
  const play = new VisitPlay(place, await openPatient(place), await openClinic(place));
  await play.book(await play.choose());
  await play.offer();
  await play.agree();
  await play.hold();
  const held = (await play.atPhone()).money;
  expect(BigInt(held!.held)).toBeGreaterThan(0n);
  expect(held).toMatchObject({ paid: '0', refunded: '0' });
  await relayEscrow(play.patient.io, play.visit, 'cancel', await play.atPhone());
  await play.reached('cancelled');
  const after = (await play.atPhone()).money;
  expect(after).toMatchObject({ held: '0', paid: '0', refunded: held!.held });
});

it('keeps nothing of its engines in its own folder', () => {
  expect(fs.readdirSync(path.join(root, 'data')).filter((name) => /postgres|chain|blobs/.test(name))).toEqual(
    [],
  );
});

it('does not pretend to move the time of a ledger that runs elsewhere', async () => {
  const to = new Date(Date.now() + 86_400_000).toISOString();
  await expect(apiAt(place, 'patient').call(demoApi.advanceTime, { body: { to } })).rejects.toMatchObject({
    code: 'TIME_NOT_OURS',
  });
});
