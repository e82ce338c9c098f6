/** `zhenmei dev check`: every static check, side by side where it helps. The exit code is the number of failures. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { environment, ROOT, requireNode, runQuietly } from './run.mjs';
import { pick } from './say.mjs';

const at = (...path) => join(ROOT, 'node_modules', ...path);

/** Go's collector at its default takes a fifth of the time that the types take, and saves a tenth of their memory. */
const COLLECTS_LESS = { GOGC: '400' };

/** The longest first, so that the short ones fill the gaps. */
function steps() {
  const contracts = (name, ...args) => [join(ROOT, 'contracts', 'tools', name), ...args];
  return [
    // one pass over the types for both: the compiler's errors and the rules that need types
    [
      'types',
      [
        at('oxlint', 'bin', 'oxlint'),
        '--type-aware',
        '--type-check',
        '-c',
        '.oxlintrc.json',
        '--deny-warnings',
      ],
    ],
    [
      'boundaries',
      [
        at('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
        '--config',
        'dependency-cruiser.config.cjs',
        '--output-type',
        'err-long',
        ...boundaryFolders(),
      ],
    ],
    ['unused', [at('knip', 'bin', 'knip.js'), '--no-progress', '--no-config-hints']],
    ['contracts', contracts('build.ts', '--check')],
    ['format and lint', [at('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']],
  ].filter(([, [program]]) => existsSync(program));
}

function boundaryFolders() {
  return ['apps', 'modules', 'platform', 'contracts/deploy', 'tests'].filter((folder) =>
    existsSync(join(ROOT, folder)),
  );
}

/** @param only names of steps; all by default */
export async function devCheck(only = []) {
  const node = requireNode();
  const env = environment(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' });
  const since = performance.now();
  const queue = steps().filter(([name]) => only.length === 0 || only.includes(name));
  let failures = 0;
  const work = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) {
      const [name, command] = step;
      const { code, output, ms } = await runQuietly(node, command, { env: { ...COLLECTS_LESS, ...env } });
      const time = `${(ms / 1000).toFixed(1)} s`;
      if (code === 0) process.stdout.write(`✓ ${name.padEnd(16)} ${time}\n`);
      else {
        failures++;
        process.stdout.write(`✗ ${name.padEnd(16)} ${time}\n${output.trimEnd()}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, Math.max(2, availableParallelism())) }, work));
  const total = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(
    failures === 0
      ? pick(`全部检查通过，${total} s\n`, `all checks passed in ${total} s\n`)
      : pick(`${failures} 项检查未通过，${total} s\n`, `${failures} checks failed in ${total} s\n`),
  );
  return failures;
}
