/** Builds the web app when its sources are newer than what was built. */
import { type SpawnOptions, spawn } from 'node:child_process';
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
 * @param signal   breaks the build off
 * @returns true if it had to build. Throws with the builder's words if that fails.
 */
export async function ensureWeb(building?: () => void, signal?: AbortSignal): Promise<boolean> {
  const stamp = path.join(WEB_DIST, '.fingerprint');
  const wanted = fingerprint();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return false;
  building?.();
  const manifest = createRequire(path.join(WEB, 'package.json')).resolve('vite/package.json');
  const vite = path.join(path.dirname(manifest), 'bin/vite.js');
  // biome-ignore lint/style/noProcessEnv: a test's build too is what people get; the rest is the environment's
  const env = { ...process.env, NODE_ENV: 'production' };
  await build([vite, 'build', '--logLevel', 'error'], { cwd: WEB, env, signal });
  // the verifier as one file that works from a disk
  const page = path.join(ROOT, 'apps/verifier/page/build.ts');
  await build([page, path.join(WEB_DIST, 'zhenmei-verify.html')], { cwd: ROOT, signal });
  fs.writeFileSync(stamp, wanted);
  return true;
}

const build = (args: readonly string[], options: SpawnOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream!.on('data', (chunk: Buffer) => {
        said += chunk.toString();
      });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(said))));
  });
