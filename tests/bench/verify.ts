/**
 * How long a stranger waits for a verdict and for its proof, how dense the certificate's code is, and how many spoiled
 * pictures are read. `zhenmei bench verify`.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseTrustFile } from '@zhenmei/evidence';
import { canonicalJson, toBase64Url, utf8 } from '@zhenmei/kernel';
import { startHouse } from '@zhenmei/server';
import { readConfig } from '@zhenmei/server/config.ts';
import { seedWorld } from '@zhenmei/server/demo/seed.ts';
import { createLogger } from '@zhenmei/telemetry';
import { certificateText, verifyCertificate } from '@zhenmei/verifier/certificate.ts';
import { LOGS, proofIn } from '@zhenmei/verifier/fixtures.property.ts';
import { verifyUnitProof } from '@zhenmei/verifier/verify-unit.ts';
import { certificateModules, samples } from '@zhenmei/web/src/scan/degraded.property.ts';
import { pixelsOf } from '@zhenmei/web/src/scan/picture.ts';
import { prepareReader, readImage } from '@zhenmei/web/src/scan/read-image.ts';
import type { BenchRow } from './log.ts';

const round = (value: number) => Number(value.toPrecision(3));

async function sorted(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const since = performance.now();
    await work();
    all.push(performance.now() - since);
  }
  return all.sort((a, b) => a - b);
}
const at = (all: readonly number[], share: number) => round(all[Math.floor(all.length * share)]!);

async function overHttp(): Promise<BenchRow[]> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-bench-verify-'));
  const url = 'http://localhost:4898';
  const config = { ...readConfig({ PORT: '4898' }), dataDir, publicUrl: url };
  const house = await startHouse({ config, log: createLogger({ level: 'silent' }) });
  try {
    await seedWorld({
      http: house.http,
      origin: url,
      operatorToken: house.operatorToken,
      dataDir,
      now: () => house.deps.clock.now(),
    });
    const { codes } = (await (await fetch(`${url}/api/demo/codes`)).json()) as { codes: { code: string }[] };
    const unit = codes[0]!.code;
    const page = unit.replace('https://id.gs1.org', '');
    // inject: the server's own time, without the network and the caller's rate
    const get = (address: string, accept: string) =>
      house.http.app.inject({ url: address, headers: { accept }, remoteAddress: `10.0.${calls++ % 250}.1` });
    let calls = 0;
    await sorted(50, () => get(page, 'text/html'));
    const [html, json, floor] = [
      await sorted(300, () => get(page, 'text/html')),
      await sorted(300, () => get(page, 'application/json')),
      await sorted(300, () => get('/livez', '*/*')),
    ];
    const size = (await get(page, 'text/html')).body.length;
    const proofAt = `/api/units/proof?unit=${encodeURIComponent(unit)}`;
    while ((await get(proofAt, '*/*')).statusCode !== 200) await new Promise((done) => setTimeout(done, 500));
    const taken = await sorted(15, () => get(proofAt, '*/*'));
    const bytes = utf8((await get(proofAt, '*/*')).body);
    const trust = parseTrustFile(canonicalJson(JSON.parse((await get('/zhenmei-trust.json', '*/*')).body)));
    const checked = await sorted(15, () => verifyUnitProof({ bytes, trust, now: Date.now() }));
    const livez = { name: 'an empty answer, p50', value: at(floor, 0.5) };
    return [
      { name: 'verdict page, server time p50', value: at(html, 0.5), unit: 'ms', floor: livez },
      { name: 'verdict page, server time p99', value: at(html, 0.99), unit: 'ms', floor: livez },
      { name: 'verdict as JSON, server time p50', value: at(json, 0.5), unit: 'ms', floor: livez },
      { name: 'verdict page, size', value: round(size / 1_000), unit: 'kB' },
      { name: 'proof of a unit, taken p50', value: at(taken, 0.5), unit: 'ms' },
      { name: 'proof of a unit, size', value: round(bytes.length / 1_000), unit: 'kB' },
      { name: 'proof of a unit, checked p50', value: at(checked, 0.5), unit: 'ms' },
    ];
  } finally {
    await house.close();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

async function certificates(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const power of [10, 17, 20, 24]) {
    const text = certificateText(await proofIn(2 ** power, 2 ** power - 12));
    const bytes = (text.length - 5) * (2 / 3);
    rows.push({
      name: `certificate in a log of 2^${power} leaves, ${Math.floor(bytes)} bytes`,
      value: certificateModules(text).size,
      unit: 'modules',
      floor: {
        name: 'the same bytes in base64url',
        value: certificateModules(toBase64Url(new Uint8Array(Math.floor(bytes)).fill(0xa5))).size,
      },
    });
  }
  const text = certificateText(await proofIn(2 ** 24, 7));
  const checked = await sorted(50, () => verifyCertificate(text, { logs: LOGS }));
  return [...rows, { name: 'certificate, checked p50', value: at(checked, 0.5), unit: 'ms' }];
}

async function pictures(): Promise<BenchRow[]> {
  const wasm = fs.readFileSync(
    createRequire(import.meta.resolve('@zhenmei/web/src/scan/read-image.ts')).resolve(
      'zxing-wasm/reader/zxing_reader.wasm',
    ),
  );
  prepareReader(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
  const all = samples();
  const count = async (attempts?: number) => {
    let read = 0;
    for (const { picture } of all) if (await readImage(pixelsOf(picture), attempts)) read++;
    return read;
  };
  const times = await sorted(24, () => readImage(pixelsOf(all[0]!.picture)));
  return [
    {
      name: `spoiled pictures read, of ${all.length}`,
      value: await count(),
      unit: 'pictures',
      floor: { name: 'the reader alone', value: await count(1) },
    },
    { name: 'a clean picture, read p50', value: at(times, 0.5), unit: 'ms' },
  ];
}

export async function run(): Promise<BenchRow[]> {
  return [...(await overHttp()), ...(await certificates()), ...(await pictures())];
}
