/** Measures by name, each figure beside a peer or a floor of the same run. */
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: { readonly name: string; readonly value: number };
}

const BENCHES: Record<string, () => Promise<{ run(): Promise<Row[]> }>> = {
  log: () => import('@zhenmei/tests/bench/log.ts'),
  chain: () => import('@zhenmei/tests/bench/chain.ts'),
  start: () => import('@zhenmei/tests/bench/start.ts'),
  escrow: () => import('@zhenmei/tests/bench/escrow.ts'),
  identity: () => import('@zhenmei/tests/bench/identity.ts'),
  vault: () => import('@zhenmei/tests/bench/vault.ts'),
};

export const command: Command = {
  name: 'bench',
  summary: {
    zh: '测量（每个数字旁边有同一次运行的对照）',
    en: 'Measure, each figure beside a peer or a floor of the same run',
  },
  usage: `zhenmei bench [${Object.keys(BENCHES).join(' ')}] [--json]`,
  async run(args, io) {
    const { values, positionals: names } = parseArgs({
      args,
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const unknown = names.find((name) => !BENCHES[name]);
    if (unknown) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const all: Record<string, Row[]> = {};
    for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
      const rows = await (await BENCHES[name]!()).run();
      all[name] = rows;
      if (!values.json)
        for (const row of rows)
          io.stdout(
            `${name.padEnd(8)}${row.name.padEnd(56)}${String(row.value).padStart(12)} ${row.unit.padEnd(10)}${row.floor ? `${row.floor.name}: ${row.floor.value}` : ''}\n`,
          );
    }
    if (values.json) io.stdout(`${JSON.stringify(all)}\n`);
    return 0;
  },
};
