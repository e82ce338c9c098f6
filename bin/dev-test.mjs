/** `zhenmei dev test`: contracts beside every vitest project; ends with one line that sums both. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureChromium } from './chromium.mjs';
import { memoryFolder } from './memory-folder.mjs';
import { environment, ROOT, requireNode, runInTerminal, runQuietly } from './run.mjs';

const ARTIFACTS = join(ROOT, 'tests', '.artifacts');

/** @param args paths or vitest options; without any, everything runs. @returns the exit code */
export async function devTest(args) {
  const paths = args.filter((arg) => !arg.startsWith('-'));
  const everything = paths.length === 0;
  const node = requireNode();
  mkdirSync(ARTIFACTS, { recursive: true });
  fresh('seen.txt');
  const browser = everything || paths.some((path) => /^tests(?!\/conformance)/.test(path));
  const chrome = browser ? await ensureChromium() : null;
  if (browser && !chrome) return 1;
  const memory = memoryFolder();
  const env = environment({
    ...(chrome ? { CHROME_PATH: chrome } : {}),
    ...(memory ? { TMPDIR: memory } : {}),
  });
  const contracts = everything || paths.some((path) => path.startsWith('contracts'));
  // compiling the contracts takes one core for minutes: the other is for the rest, whose output is the one on screen
  const beside = contracts && existsSync(join(ROOT, 'contracts', 'tools', 'test.ts'));
  const contractSums = beside ? testContracts(node, env) : null;
  const sums = [await testVitest(node, env, args, contracts && !everything)];
  if (contractSums) {
    const { output, ...sum } = await contractSums;
    process.stdout.write(`\n${output}`);
    sums.push(sum);
  }
  if (sums.some((sum) => sum.interrupted)) return 130;
  const passed = sums.reduce((n, sum) => n + sum.passed, 0);
  const failed = sums.reduce((n, sum) => n + sum.failed, 0);
  const skipped = sums.reduce((n, sum) => n + (sum.skipped ?? 0), 0);
  const summary = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  writeFileSync(join(ARTIFACTS, 'summary.txt'), `${summary}\n`);
  const names = sums.flatMap((sum) => sum.names ?? []);
  writeFileSync(join(ARTIFACTS, 'failed.txt'), names.map((name) => `${name}\n`).join(''));
  process.stdout.write(`\n${names.map((name) => `✗ ${name}\n`).join('')}${summary}\n`);
  return failed === 0 ? 0 : 1;
}

/** A run that ended badly without naming a failed test counts as one failure. */
function settle(sum, code, name) {
  if (code > 128) return { ...sum, interrupted: true };
  if (code === 0 || sum.failed > 0) return sum;
  process.stderr.write(`${name} exited with ${code}\n`);
  return { ...sum, failed: 1 };
}

function fresh(name) {
  const path = join(ARTIFACTS, name);
  rmSync(path, { force: true });
  return path;
}

async function testContracts(node, env) {
  const report = fresh('contracts.json');
  const program = [join(ROOT, 'contracts', 'tools', 'test.ts'), '--json', report];
  const { code, output } = await runQuietly(node, program, { env });
  const sum = existsSync(report)
    ? contractSum(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0 };
  return { ...settle(sum, code, 'contracts'), output };
}

export function contractSum(report) {
  return { passed: Number(report.passed ?? 0), failed: Number(report.failed ?? 0) };
}

async function testVitest(node, env, args, emptyIsFine) {
  const report = fresh('vitest.json');
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const options = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  if (emptyIsFine) options.push('--passWithNoTests');
  const code = await runInTerminal(node, [vitest, ...options, ...args], { env, cwd: ROOT });
  return settle(
    existsSync(report) ? vitestSum(JSON.parse(readFileSync(report, 'utf8'))) : { passed: 0, failed: 0 },
    code,
    'vitest',
  );
}

/**
 * A file that could not even be loaded has no failed test in it; it counts as one.
 * @returns the counts, and a line for each failure: file, test, first line of what it said, and what it waited for
 */
export function vitestSum(report) {
  const failures = (report.testResults ?? [])
    .filter((file) => file.status === 'failed')
    .map((file) => ({ file, tests: file.assertionResults.filter((test) => test.status === 'failed') }));
  const broken = failures.filter(({ tests }) => tests.length === 0);
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + broken.length,
    skipped: report.numPendingTests ?? 0,
    names: failures.flatMap(({ file, tests }) =>
      tests.length === 0
        ? [failure(file.name, 'cannot be loaded', file.message)]
        : tests.map((test) => failure(file.name, test.fullName, test.failureMessages?.[0])),
    ),
  };
}

function failure(file, what, message) {
  const [first = '', ...more] = stripVTControlCharacters(message ?? '').split('\n');
  const awaited = more.find((line) => line.includes('waiting for'))?.trim();
  return `${relative(ROOT, file ?? '')} > ${what}: ${[first, awaited].filter(Boolean).join(' ').slice(0, 500)}`;
}
