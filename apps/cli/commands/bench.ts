/** Measures by name, each figure beside a peer or a floor of the same run. */
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: { readonly name: string; readonly value: number };
}

const BENCHES: Record<string, () => Promise<{ run(options: { large: boolean }): Promise<Row[]> }>> = {
  log: () => import('@zhenmei/tests/bench/log.ts'),
  chain: () => import('@zhenmei/tests/bench/chain.ts'),
  start: () => import('@zhenmei/tests/bench/start.ts'),
  escrow: () => import('@zhenmei/tests/bench/escrow.ts'),
  money: () => import('@zhenmei/tests/bench/money.ts'),
  identity: () => import('@zhenmei/tests/bench/identity.ts'),
  gs1: () => import('@zhenmei/tests/bench/gs1.ts'),
  'epcis-hash': () => import('@zhenmei/tests/bench/epcis-hash.ts'),
  vault: () => import('@zhenmei/tests/bench/vault.ts'),
  provenance: () => import('@zhenmei/tests/bench/provenance.ts'),
  verify: () => import('@zhenmei/tests/bench/verify.ts'),
  recall: () => import('@zhenmei/tests/bench/recall.ts'),
  'provenance-clones': () => import('@zhenmei/tests/bench/provenance-clones.ts'),
};

export const command: Command = {
  name: 'bench',
  summary: {
    zh: '测量（每个数字旁边有同一次运行的对照）',
    en: 'Measure, each figure beside a peer or a floor of the same run',
  },
  usage: `zhenmei bench [${Object.keys(BENCHES).join(' ')}] [--large] [--json]\n  --large  also the sizes that take minutes`,
  async run(args, io) {
    const { values, positionals: names } = parseArgs({
      args,
      options: { json: { type: 'boolean' }, large: { type: 'boolean' } },
      allowPositionals: true,
    });
    const unknown = names.find((name) => !BENCHES[name]);
    if (unknown) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const all: Record<string, Row[]> = {};
    for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
      const rows = await (await BENCHES[name]!()).run({ large: values.large ?? false });
      all[name] = rows;
      if (!values.json)
        for (const row of rows)
          io.stdout(
            `${name.padEnd(19)}${row.name.padEnd(74)}${String(row.value).padStart(12)} ${row.unit.padEnd(10)}${row.floor ? `${row.floor.name}: ${row.floor.value}` : ''}\n`,
          );
    }
    if (values.json) io.stdout(`${JSON.stringify(all)}\n`);
    return 0;
  },
};
