/** `zhenmei money`: price tables computed again from public events; the guarantee simulated, also on its bytecode. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { type Assumptions, seeded, simulate } from '@zhenmei/money/core/guarantee-simulation.ts';
import type { Command, Io } from '../command.ts';
import { houseConfig, openHouse } from '../house.ts';
import { terminalLanguage } from '../language.ts';
import { postTable, recomputeTables } from '../money/recompute.ts';
import { RETURN_USAGE, sendReturns } from '../money/return.ts';

export const command: Command = {
  name: 'money',
  summary: {
    zh: '重算公布的价目表，模拟效果保障',
    en: 'Compute posted price tables again, and simulate the guarantee',
  },
  usage: [
    'zhenmei money recompute [--post] [--data FOLDER] [--json]',
    '  every posted price table from public events; --post first posts the table of this quarter, if there is none',
    'zhenmei money simulate [--seed N] [--years N] [--out FILE.html] [--json]',
    RETURN_USAGE,
    'Exit code: 0 everything as it must be, 1 a table differs or a claim was not paid in full, 2 wrong usage.',
  ].join('\n'),
  async run([verb, ...args], io) {
    if (verb === 'recompute') return recompute(args, io);
    if (verb === 'simulate') return simulateAll(args, io);
    if (verb === 'return') return sendReturns(args, io);
    io.stderr(`${command.usage}\n`);
    return 2;
  },
};

async function recompute(args: string[], io: Io): Promise<number> {
  const post = args.includes('--post');
  const rest = args.filter((one) => one !== '--post');
  const { config } = houseConfig(rest);
  const house = await openHouse({ config: { ...config, port: 0 }, io, seed: false, quiet: true });
  try {
    if (post) await postTable(house);
    const all = await recomputeTables(house);
    const same = all.every((one) => one.same);
    const zh = terminalLanguage() === 'zh-CN';
    if (rest.includes('--json')) io.stdout(`${JSON.stringify({ same, tables: all })}\n`);
    else if (all.length === 0) io.stdout(zh ? '还没有公布过价目表。\n' : 'No price table was posted yet.\n');
    else
      for (const { posted, table, same: ok } of all)
        io.stdout(
          `${ok ? '✓' : '✗'} ${posted.epoch} ${posted.hash} ${zh ? '行' : 'lines'} ${table.lines.length}\n`,
        );
    return same ? 0 : 1;
  } finally {
    await house.close();
  }
}

const YEAR = { sum: 520_000, claimRate: 0.04, badYear: 0.05, badFactor: 3 };
const SIZES = [
  { covers: 200, clinics: 5 },
  { covers: 1_000, clinics: 20 },
  { covers: 5_000, clinics: 60 },
];

async function simulateAll(args: string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      years: { type: 'string', default: '2000' },
      out: { type: 'string', default: 'zhenmei-guarantee.html' },
      json: { type: 'boolean' },
    },
  });
  const [seed, years] = [Number(values.seed), Number(values.years)];
  if (!Number.isInteger(seed) || !Number.isInteger(years) || years < 200 || years > 100_000) {
    io.stderr(`${command.usage}\n`);
    return 2;
  }
  const random = seeded(seed);
  const runs = SIZES.map((size) => {
    const assumptions: Assumptions = { ...YEAR, ...size, years };
    return { assumptions, outcome: simulate(assumptions, random) };
  });
  const { stressPool } = await import('../money/pool-stress.ts');
  const { simulationPage } = await import('../money/simulation-page.ts');
  const stress = await stressPool(20_000_000n, 20, runs[1]!.outcome.var995);
  fs.writeFileSync(values.out, simulationPage(runs, stress, seed));
  const view = {
    seed,
    runs: runs.map(({ assumptions, outcome: { mean, var995, ruin, premium, minimum } }) => ({
      ...assumptions,
      mean,
      var995,
      ruin,
      premium,
      minimum,
    })),
    stress: {
      covers: stress.covers,
      exposure: stress.exposure.toString(),
      minimum: stress.minimum.toString(),
      claims: stress.claims,
      paidInFull: stress.paidInFull,
      left: stress.left.toString(),
    },
    page: values.out,
  };
  const text = JSON.stringify(view, null, values.json ? 0 : 2);
  io.stdout(`${text}\n`);
  return stress.paidInFull === stress.claims ? 0 : 1;
}
