/** One visit without a browser: played, receipt written, server stopped, receipt verified offline and tampered with. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PARTS } from '@zhenmei/care/core/receipt.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, type Json, utf8 } from '@zhenmei/kernel';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import type { Command } from '../command.ts';
import { houseConfig, openHouse } from '../house.ts';
import { terminalLanguage } from '../language.ts';
import { playVisit } from '../play-visit.ts';
import { changeOneByte } from '../tamper.ts';

const STEPS_ZH: Readonly<Record<string, string>> = {
  scan: '扫码验真',
  account: '建立账号',
  'clinic tablet': '诊室平板',
  choose: '选择机构',
  book: '预约',
  offer: '报价',
  agree: '签署同意',
  hold: '托管款项',
  'time passes': '时间前进',
  ready: '就绪',
  'check in': '到诊',
  unseal: '当面开封',
  treat: '治疗',
  claim: '申请收款',
  release: '放款',
  withdraw: '提取',
  receipt: '收据',
};

export const command: Command = {
  name: 'demo',
  summary: {
    zh: '不用浏览器走完一次就诊，并离线核对收据',
    en: 'Play one visit without a browser and verify its receipt offline',
  },
  usage:
    'zhenmei demo [--data FOLDER] [--keep] [--json FILE]\n  --data   use this folder; otherwise a fresh one is made and removed\n  --json   also write what happened to FILE',
  async run(args, io) {
    const zh = terminalLanguage() === 'zh-CN';
    const { config: base, values } = houseConfig(args, 'with a file');
    const fresh = typeof values.data !== 'string';
    const dataDir = fresh ? fs.mkdtempSync(path.join(os.tmpdir(), 'zhenmei-demo-')) : base.dataDir;
    const config = {
      ...base,
      // a world that is thrown away afterwards touches no database, ledger or store of anybody
      ...(fresh ? { databaseUrl: undefined, chainRpcUrl: undefined, blobUrl: undefined } : {}),
      dataDir,
      port: typeof values.port === 'string' ? base.port : await freePort(),
    };
    const at = { ...config, publicUrl: `http://localhost:${config.port}` };
    const steps: { name: string; ms: number }[] = [];
    const house = await openHouse({ config: at, io });
    let played: Awaited<ReturnType<typeof playVisit>>;
    try {
      played = await playVisit({
        baseUrl: `http://localhost:${config.port}`,
        origin: at.publicUrl,
        onStep: (name, ms) => {
          steps.push({ name, ms });
          const label = zh ? (STEPS_ZH[name] ?? name).padEnd(8, '\u3000') : name.padEnd(16);
          io.stdout(`${label}${String(ms).padStart(7)} ms\n`);
        },
      });
    } finally {
      await house.close();
    }
    const receiptFile = path.resolve(`zhenmei-receipt-${played.visitId.slice(0, 8)}.json`);
    const trustFile = path.resolve('zhenmei-trust.json');
    const folder = fresh && !values.keep ? dataDir : null;
    fs.writeFileSync(path.join(dataDir, 'receipt.json'), played.receipt);
    if (values.keep) {
      fs.writeFileSync(receiptFile, played.receipt);
      fs.writeFileSync(trustFile, played.trust);
    }
    io.stdout(
      zh
        ? '\n服务已停止，以下全部离线核对。\n'
        : '\nThe server is stopped; everything below is verified offline.\n',
    );

    const trust = parseTrustFile(played.trust);
    const now = Date.now();
    const { proofs } = await verifyReceipt({ bytes: utf8(played.receipt), trust, now });
    for (const name of PARTS)
      io.stdout(
        `${name.padEnd(10)}${proofs[name].verdict.padEnd(14)}${zh ? proofs[name].message.zh : proofs[name].message.en}\n`,
      );

    let tried = 0;
    let rejected = 0;
    for (const change of changeOneByte(JSON.parse(played.receipt) as Json)) {
      tried++;
      const result = await verifyReceipt({ bytes: utf8(canonicalJson(change.receipt)), trust, now });
      const caught = result.exit === 1 && result.proofs[change.part].verdict === 'false';
      if (caught) rejected++;
      io.stdout(
        `${caught ? '✓' : '✗'} ${change.part.padEnd(10)}${change.path.slice(0, 60).padEnd(62)}${result.proofs[change.part].code}\n`,
      );
    }
    const proven = PARTS.every((name) => proofs[name].verdict === 'proven');
    io.stdout(
      zh
        ? `\n五个证明${proven ? '全部成立' : '未全部成立'}；改动 ${tried} 处，识破 ${rejected} 处。\n`
        : `\n${proven ? 'All five proofs hold' : 'Not all five proofs hold'}; ${tried} changes tried, ${rejected} rejected.\n`,
    );
    if (typeof values.json === 'string')
      fs.writeFileSync(
        values.json,
        `${JSON.stringify({ steps, proofs: Object.fromEntries(PARTS.map((name) => [name, proofs[name].verdict])), tampered: { tried, rejected }, offline: true }, null, 2)}\n`,
      );
    if (folder) fs.rmSync(folder, { recursive: true, force: true });
    return proven && tried === rejected ? 0 : 1;
  },
};

async function freePort(): Promise<number> {
  const net = await import('node:net');
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
