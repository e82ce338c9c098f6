/** Finds the binaries of forge and anvil inside their npm platform packages (install scripts are not needed). */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PLATFORM: Record<string, string> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-amd64',
  'win32-x64': 'win32-amd64',
};

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** @param tool forge or anvil; @throws if npm has no binary for this machine */
export function binaryPath(tool: 'forge' | 'anvil'): string {
  const platform = PLATFORM[`${process.platform}-${process.arch}`];
  if (!platform) throw new Error(`no ${tool} for ${process.platform}-${process.arch} on npm`);
  const require = createRequire(import.meta.url);
  const main = path.dirname(require.resolve(`@foundry-rs/${tool}/package.json`));
  const manifest = require.resolve(`@foundry-rs/${tool}-${platform}/package.json`, { paths: [main] });
  return path.join(path.dirname(manifest), 'bin', process.platform === 'win32' ? `${tool}.exe` : tool);
}

/** Runs forge in the contracts folder, or in a copy of it. @returns exit code and output */
export function forge(
  args: string[],
  env: Record<string, string> = {},
  cwd = ROOT,
): { code: number; stdout: string; stderr: string } {
  const child = spawnSync(binaryPath('forge'), [...args, '--root', '.'], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  return { code: child.status ?? 1, stdout: child.stdout ?? '', stderr: child.stderr ?? '' };
}
