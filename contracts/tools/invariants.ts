/**
 * The invariants over long random runs: 100 of 500 calls for each suite of `test/invariant`, all its invariants after
 * every tenth call and at the end of a run (the suite's short runs look after every call); and ten thousand random
 * orders of cancel, refund, default, dispute and claim over escrow, instalments and guarantee together. `--calls N` and
 * `--orders N` change how many. Exit code 0 only if nothing broke and no call of a handler reverted.
 */
import fs from 'node:fs';
import path from 'node:path';
import { forge, ROOT } from './forge.ts';

const DEPTH = 500;
/** A look at all that stands costs up to ten calls; what would heal before the next one is for the suite's short runs. */
const CALLS_A_LOOK = 10;
const numberOf = (flag: string, otherwise: number) =>
  process.argv.includes(flag) ? Number(process.argv[process.argv.indexOf(flag) + 1]) : otherwise;
const calls = numberOf('--calls', 50_000);
const orders = numberOf('--orders', 10_000);

interface Result {
  readonly status: string;
  readonly reason: string | null;
  readonly kind: { Invariant?: { calls: number; reverts: number }; Fuzz?: { runs: number } };
}
type Suites = Record<string, { test_results: Record<string, Result> }>;

function run(args: string[], env: Record<string, string>): Suites {
  const { stdout, stderr } = forge(['test', '--json', ...args], { FOUNDRY_HARDFORK: 'osaka', ...env });
  const at = stdout.indexOf('{');
  if (at < 0) throw new Error((stdout + stderr).trim().slice(-2_000));
  return JSON.parse(stdout.slice(at)) as Suites;
}

/** The invariants of a suite and of the one that it extends, by name. @throws if its long run leaves one out */
function invariantsOf(file: string): string[] {
  const source = fs.readFileSync(path.join(ROOT, file), 'utf8');
  const names = [...source.matchAll(/function (invariant_\w+)\(/g)].map(([, name]) => name!);
  const apart = names.filter((name) => name !== 'invariant_all');
  const missing = apart.filter((name) => !source.includes(`        ${name}();`));
  if (names.length === apart.length || missing.length > 0)
    throw new Error(`${file}: invariant_all leaves out ${missing.join(', ') || 'everything'}`);
  const base = /is \w+Invariants/.test(source)
    ? /Invariants\} from "\.\/(\w+\.t\.sol)"/.exec(source)?.[1]
    : undefined;
  return base ? [...invariantsOf(`test/invariant/${base}`), ...apart] : apart;
}

const started = Date.now();
let failed = 0;
let reverts = 0;
let count = 0;
const suites = run(['--match-path', 'test/invariant/*', '--match-test', 'invariant_all'], {
  FOUNDRY_INVARIANT_RUNS: String(Math.ceil(calls / DEPTH)),
  FOUNDRY_INVARIANT_DEPTH: String(DEPTH),
  FOUNDRY_INVARIANT_CHECK_INTERVAL: String(CALLS_A_LOOK),
});
const files = fs.readdirSync(path.join(ROOT, 'test/invariant')).filter((name) => name.endsWith('.t.sol'));
for (const name of files) {
  const file = `test/invariant/${name}`;
  const invariants = invariantsOf(file);
  const result = Object.entries(suites).find(([suite]) => suite.startsWith(`${file}:`))?.[1].test_results[
    'invariant_all()'
  ];
  const made = result?.kind.Invariant?.calls ?? 0;
  const refused = result?.kind.Invariant?.reverts ?? 0;
  const ok = result?.status === 'Success' && made >= calls && refused === 0 && invariants.length >= 3;
  if (!ok) failed++;
  reverts += refused;
  count += invariants.length;
  console.log(
    `${ok ? 'ok  ' : 'FAIL'} ${name.replace('.t.sol', '').padEnd(12)} ${invariants.length} invariants, ${made} calls, ${refused} reverts${result?.reason ? `: ${result.reason}` : ''}`,
  );
}
const [order] = Object.values(
  run(['--match-contract', 'OrdersTest'], { FOUNDRY_FUZZ_RUNS: String(orders) }),
).flatMap(({ test_results }) => Object.values(test_results));
const lived = order?.status === 'Success' ? (order.kind.Fuzz?.runs ?? 0) : 0;
if (lived < orders) failed++;
console.log(
  `${lived < orders ? 'FAIL' : 'ok  '} orders       ${lived} random orders, no orphan debt, constant sum${order?.reason ? `: ${order.reason}` : ''}`,
);
console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`);
console.log(
  `${count} invariants in ${files.length} suites, at least ${calls} calls each, ${reverts} reverts; ${lived} orders; failed ${failed}`,
);
process.exitCode = failed === 0 ? 0 : 1;
