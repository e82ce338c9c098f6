/**
 * The contracts' own suite: generated files are current, every tree leaf has a test, all tests pass under three
 * hard forks, gas stays within 2 % of `gas.json` and below what is asked for. `--write-gas` accepts the present gas. `--json FILE` also writes how
 * many passed and failed. Long runs of the invariants are `invariants.ts`.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { forge, ROOT } from './forge.ts';
import { checkTrees } from './trees.ts';

const HARD_FORKS = ['cancun', 'prague', 'osaka'] as const;
const TOLERANCE = 0.02;
/** What an act may cost at most, whatever is accepted. */
const CEILINGS: Readonly<Record<string, number>> = { 'escrow.open 3 milestones': 100_000 };
let passed = 0;
let failed = 0;

function report(name: string, ok: boolean, detail = ''): void {
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${detail ? `: ${detail}` : ''}`);
}

const build = spawnSync(process.execPath, [path.join(ROOT, 'tools/build.ts'), '--compare'], {
  encoding: 'utf8',
});
report('generated files are current', build.status === 0, build.stderr.trim());

const trees = checkTrees();
report(
  `${trees.leaves} leaves of the trees have their test`,
  trees.problems.length === 0,
  trees.problems.join('; '),
);

type Suites = Record<string, { test_results: Record<string, { status: string; reason: string | null }> }>;

function run(name: string, args: string[], env: Record<string, string>): void {
  const started = Date.now();
  const { stdout, stderr } = forge(['test', '--json', ...args], env);
  const at = stdout.indexOf('{');
  if (at < 0) {
    report(name, false, (stdout + stderr).trim().slice(-2_000));
    return;
  }
  const suites = JSON.parse(stdout.slice(at)) as Suites;
  const results = Object.values(suites).flatMap((suite) => Object.entries(suite.test_results));
  const broken = results.filter(([, { status }]) => status !== 'Success');
  passed += results.length - broken.length;
  failed += broken.length;
  for (const [test, { reason }] of broken) console.log(`FAIL ${name} ${test}: ${reason ?? 'failed'}`);
  console.log(
    `${broken.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${results.length - broken.length} of ${results.length} tests, ${Date.now() - started} ms`,
  );
}

HARD_FORKS.forEach((fork, i) => {
  // fuzzing and invariants do not depend on the fork: run them once in full, the rest lightly
  const light: Record<string, string> =
    i === 0 ? {} : { FOUNDRY_FUZZ_RUNS: '32', FOUNDRY_INVARIANT_RUNS: '4' };
  run(fork, ['--no-match-contract', 'GasTest|MutantsRun', '--no-match-test', 'invariant_all'], {
    FOUNDRY_HARDFORK: fork,
    ...light,
  });
});

// forge writes its gas figures only without --json
const gas = forge(['test', '--isolate', '--match-contract', 'GasTest'], { FOUNDRY_HARDFORK: 'osaka' });
report('gas was measured', gas.code === 0, gas.code === 0 ? '' : (gas.stdout + gas.stderr).slice(-2_000));
const read = (file: string) =>
  JSON.parse(fs.readFileSync(path.join(ROOT, file), 'utf8')) as Record<string, string>;
const measured = Object.fromEntries(
  Object.entries(read('cache/snapshots/gas.json')).map(([k, v]) => [k, Number(v)]),
);
if (process.argv.includes('--write-gas')) {
  fs.writeFileSync(path.join(ROOT, 'gas.json'), `${JSON.stringify(measured, null, 2)}\n`);
} else {
  const known = read('gas.json');
  let changed = 0;
  for (const name of new Set([...Object.keys(known), ...Object.keys(measured)])) {
    const now = measured[name] ?? 0;
    const then = Number(known[name] ?? 0);
    if (Math.abs(now - then) <= then * TOLERANCE) continue;
    report(`gas of ${name}`, false, `${then} before, ${now} now`);
    changed++;
  }
  if (changed === 0) report(`gas of ${Object.keys(measured).length} acts within 2 % of gas.json`, true);
}

for (const [name, ceiling] of Object.entries(CEILINGS)) {
  const now = measured[name] ?? Number.POSITIVE_INFINITY;
  report(`gas of ${name} is ${ceiling} at most`, now <= ceiling, `${now}`);
}

const summary = process.argv.indexOf('--json');
if (summary > 0) fs.writeFileSync(process.argv[summary + 1]!, JSON.stringify({ passed, failed }));
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
