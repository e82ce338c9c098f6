/** Builds the web app when its sources are newer than what was built. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WEB = path.join(ROOT, 'apps/web');
/** What the build makes. */
export const WEB_DIST = path.join(WEB, 'dist');
const SOURCES = [
  'apps/web/src',
  'apps/web/public',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'apps/client',
  'apps/verifier',
  'apps/server/api',
  'modules',
  'contracts/deploy',
  'contracts/generated',
  'package-lock.json',
];

function* filesOf(at: string): Generator<string> {
  const stat = fs.statSync(at, { throwIfNoEntry: false });
  if (stat?.isFile()) yield at;
  else if (stat?.isDirectory())
    for (const name of fs.readdirSync(at).sort())
      if (name !== 'node_modules') yield* filesOf(path.join(at, name));
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of filesOf(path.join(ROOT, source))) {
      const { mtimeMs, size } = fs.statSync(file);
      hash.update(`${path.relative(ROOT, file)}\0${size}\0${Math.floor(mtimeMs)}\n`);
    }
  return hash.digest('hex');
}

/**
 * @param building called before it builds
 * @returns true if it had to build. Throws with the builder's words if that fails.
 */
export function ensureWeb(building?: () => void): boolean {
  const stamp = path.join(WEB_DIST, '.fingerprint');
  const wanted = fingerprint();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return false;
  building?.();
  const manifest = createRequire(path.join(WEB, 'package.json')).resolve('vite/package.json');
  const built = spawnSync(
    process.execPath,
    [path.join(path.dirname(manifest), 'bin/vite.js'), 'build', '--logLevel', 'error'],
    // biome-ignore lint/style/noProcessEnv: a test's build too is what people get; the rest is the environment's
    { cwd: WEB, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
  );
  if (built.status !== 0) throw new Error(built.stderr || built.stdout);
  // the verifier as one file that works from a disk
  const page = spawnSync(
    process.execPath,
    [path.join(ROOT, 'apps/verifier/page/build.ts'), path.join(WEB_DIST, 'zhenmei-verify.html')],
    { cwd: ROOT, encoding: 'utf8' },
  );
  if (page.status !== 0) throw new Error(page.stderr || page.stdout);
  fs.writeFileSync(stamp, wanted);
  return true;
}
