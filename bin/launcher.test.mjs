/** The launcher in a checkout of its own, with an npm that only pretends. */
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { contractSum, vitestSum } from './dev-test.mjs';
import { pinnedNode, ROOT } from './run.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'launcher-'));
afterAll(() => rmSync(base, { recursive: true }));

let home;
let count = 0;
const file = (path, text) => {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
};
const lock = (version) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/a': { version }, 'node_modules/win': { version, optional: true } },
  });
/** Writes down how it was called, and installs what the lock says. */
const NPM = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
appendFileSync('calls.txt', process.argv.slice(2).join(' ') + '\\n');
if (existsSync('fail')) { console.error('npm http fetch GET 200'); console.error('npm error code ENETDOWN'); process.exit(1); }
mkdirSync('node_modules', { recursive: true });
const { packages } = existsSync('package-lock.json') ? JSON.parse(readFileSync('package-lock.json', 'utf8')) : { packages: {} };
delete packages['node_modules/win'];
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages }));
`;
const MAIN = `
const [command] = process.argv.slice(2);
if (command === 'wait') {
  process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(7); });
  process.on('disconnect', () => { console.log('orphan'); process.exit(8); });
  console.log('waiting ' + process.pid);
  setInterval(() => undefined, 1000);
} else if (command === 'code') process.exit(5);
else console.log('ran ' + process.argv.slice(2).join(' '));
`;

beforeEach(() => {
  home = join(base, `checkout-${count++}`);
  cpSync(here, join(home, 'bin'), { recursive: true });
  file('npm-cli.js', NPM);
  file('package.json', '{"type":"module"}');
  file('package-lock.json', lock('1.0.0'));
  file('apps/cli/main.ts', MAIN);
});

const env = (more = {}) => ({ ...process.env, npm_execpath: join(home, 'npm-cli.js'), LC_ALL: 'C', ...more });
const run = (args, more) => {
  // The Node that runs the tests can run TypeScript itself.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(home, 'bin', 'zhenmei.mjs'), ...args],
    { encoding: 'utf8', env: env(more), cwd: tmpdir() },
  );
  return { status, stdout, stderr };
};
const calls = () =>
  existsSync(join(home, 'calls.txt')) ? readFileSync(join(home, 'calls.txt'), 'utf8').trim().split('\n') : [];

describe('installing', () => {
  test('the first start installs by the lock, the second does not install', () => {
    const first = run(['hello', 'world']);
    expect(first.stdout).toBe('ran hello world\n');
    expect(first.stderr).toMatch(/^installing packages[^\n]*\npackages installed in \d+ s\n$/);
    expect(run(['again'])).toMatchObject({ status: 0, stdout: 'ran again\n', stderr: '' });
    expect(calls()).toEqual(['ci --no-audit --no-fund --loglevel=http']);
  });

  test('what npm installed by hand is accepted; a changed lock is not', () => {
    file(
      'node_modules/.package-lock.json',
      JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
    );
    run([]);
    expect(calls()).toEqual([]);
    file('package-lock.json', lock('1.0.1'));
    run([]);
    expect(calls()).toHaveLength(1);
  });

  test('without a lock npm install is used', () => {
    rmSync(join(home, 'package-lock.json'));
    expect(run(['x']).stdout).toBe('ran x\n');
    expect(calls()[0]).toMatch(/^install /);
  });

  test('a failure is shown with npm’s reasons only, in the terminal’s language, and runs nothing', () => {
    file('fail', '');
    const { status, stdout, stderr } = run(['x'], { LC_ALL: 'zh_CN.UTF-8' });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('依赖安装失败');
    expect(stderr).toContain('npm error code ENETDOWN');
    expect(stderr).not.toContain('npm http');
  });
});

describe('running', () => {
  test('the exit code is the command’s', () => {
    expect(run(['code']).status).toBe(5);
  });

  const waiting = async () => {
    run([]);
    const child = spawn(process.execPath, [join(home, 'bin', 'zhenmei.mjs'), 'wait'], {
      env: env(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await expect.poll(() => output, { timeout: 10_000 }).toMatch(/waiting \d+/);
    return { child, read: () => output, pid: Number(/waiting (\d+)/.exec(output)[1]) };
  };

  test('a signal reaches the command, and its answer is the exit code', async () => {
    const { child, read } = await waiting();
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(7);
    expect(read()).toContain('asked to stop');
  });

  test('a killed launcher leaves no orphan', async () => {
    const { child, read, pid } = await waiting();
    child.kill('SIGKILL');
    await expect.poll(read, { timeout: 10_000 }).toContain('orphan');
    const alive = () => {
      try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
      } catch {
        return false;
      }
    };
    await expect.poll(alive).toBe(false);
  });

  test('an old Node is told so in both languages, before anything else', () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.18.9'}})`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', old, join(home, 'bin', 'zhenmei.mjs')],
      { encoding: 'utf8', env: env() },
    );
    expect(status).toBe(1);
    expect(stderr).toContain('真美需要 Node.js 20.19 或更高版本，当前是 20.18.9');
    expect(stderr).toContain('Zhenmei needs Node.js 20.19 or later; this is 20.18.9');
    expect(calls()).toEqual([]);
  });

  test('an unknown developer task shows the usage', () => {
    const { status, stderr } = run(['dev', 'nonsense']);
    expect(status).toBe(2);
    expect(stderr).toContain('usage: zhenmei dev');
  });

  test('the pinned Node is found where npm put it', () => {
    expect(existsSync(pinnedNode())).toBe(true);
  });
});

describe('the sum of all tests', () => {
  const VITEST = (report, code) => `
import { writeFileSync } from 'node:fs';
const out = process.argv.find((a) => a.startsWith('--outputFile.json=')).slice('--outputFile.json='.length);
writeFileSync(out, ${JSON.stringify(JSON.stringify(report))});
process.exit(${code});`;
  const pass = { numPassedTests: 3, numFailedTests: 0, testResults: [] };

  test('ends with one line that adds contracts and everything else', () => {
    file(
      'contracts/tools/test.ts',
      `import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[3], JSON.stringify({ passed: 4, failed: 1 })); process.exit(1);`,
    );
    file('node_modules/vitest/vitest.mjs', VITEST(pass, 0));
    symlinkSync(process.execPath, join(home, 'chrome'));
    run([]);
    const { status, stdout } = run(['dev', 'test'], { CHROME_PATH: join(home, 'chrome') });
    expect(status).toBe(1);
    expect(stdout.trim().split('\n').at(-1)).toBe('7 passed, 1 failed');
    expect(readFileSync(join(home, 'tests/.artifacts/summary.txt'), 'utf8')).toBe('7 passed, 1 failed\n');
  });

  test('chosen tests need neither contracts nor browser', () => {
    file('node_modules/vitest/vitest.mjs', VITEST(pass, 0));
    run([]);
    const { status, stdout } = run(['dev', 'test', 'modules/care'], { CHROME_PATH: '/nowhere' });
    expect(status).toBe(0);
    expect(stdout.trim().split('\n').at(-1)).toBe('3 passed, 0 failed');
  });

  test('a run that breaks without a failed test is one failure', () => {
    file('node_modules/vitest/vitest.mjs', VITEST(pass, 1));
    run([]);
    expect(run(['dev', 'test', 'modules']).stdout).toContain('3 passed, 1 failed');
  });

  test('without a browser all tests are refused with what to do', () => {
    run([]);
    const { status, stderr } = run(['dev', 'test'], { CHROME_PATH: '/nowhere' });
    expect(status).toBe(1);
    expect(stderr).toContain('CHROME_PATH names no program that can be run: /nowhere');
  });

  test('a file that cannot be loaded counts', () => {
    const broken = {
      name: join(ROOT, 'a.test.ts'),
      status: 'failed',
      assertionResults: [],
      message: 'no such file\nat',
    };
    const fails = {
      status: 'failed',
      fullName: 'a sum is right',
      failureMessages: ['expected 1 to be 2\nat line 3'],
    };
    const waits = {
      status: 'failed',
      fullName: 'a button comes',
      failureMessages: ['click: 90 s\nCall log:\n\u001B[2m  - waiting for the button\u001B[22m\nat line 4'],
    };
    const failing = {
      name: join(ROOT, 'b.test.ts'),
      status: 'failed',
      assertionResults: [{ status: 'passed', fullName: 'fine' }, fails, waits],
    };
    const report = { numPassedTests: 2, numFailedTests: 2, numPendingTests: 4 };
    expect(vitestSum({ ...report, testResults: [broken, failing] })).toEqual({
      passed: 2,
      failed: 3,
      skipped: 4,
      names: [
        'a.test.ts > cannot be loaded: no such file',
        'b.test.ts > a sum is right: expected 1 to be 2',
        'b.test.ts > a button comes: click: 90 s - waiting for the button',
      ],
    });
    expect(contractSum({})).toEqual({ passed: 0, failed: 0 });
  });
});

describe('the static checks', () => {
  test('run all that are there; the exit code is the number that fail', () => {
    file('node_modules/knip/bin/knip.js', 'console.log("unused export"); process.exit(1)');
    file('node_modules/oxlint/bin/oxlint', 'process.exit(0)');
    file(
      'contracts/tools/build.ts',
      'if (process.argv[2] !== "--check") process.exit(0); console.log("stale"); process.exit(3)',
    );
    run([]);
    const { status, stdout } = run(['dev', 'check']);
    expect(status).toBe(2);
    expect(stdout).toMatch(/✗ unused[^\n]*\nunused export/);
    expect(stdout).toMatch(/✗ contracts[^\n]*\nstale/);
    expect(stdout).toMatch(/✓ types/);
    expect(stdout).toContain('2 checks failed');
    expect(run(['dev', 'check', 'types']).status).toBe(0);
  });
});
