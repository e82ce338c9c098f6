/** What the machine must offer: runtime, folder, disk, keys, port, address, clock. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { AppError } from '@zhenmei/kernel';
import { openSecrets } from '@zhenmei/server/compose/secrets.ts';
import { WEB_DIST } from '../web-build.ts';
import type { Check } from './check.ts';
import { fail } from './errors.ts';

const ASK_MS = 2_000;

/** Does the house of this folder answer there? Its fee account is its own and no secret. */
async function isThisHouse(url: string, dataDir: string): Promise<boolean> {
  if (!fs.existsSync(path.join(dataDir, 'secrets.json'))) return false;
  try {
    const answer = await fetch(`${url}/api/config`, { signal: AbortSignal.timeout(ASK_MS) });
    const { feeTo } = (await answer.json()) as { feeTo?: unknown };
    return feeTo === openSecrets(dataDir).accounts.fee.address.toLowerCase();
  } catch {
    // whoever answers otherwise, or not at all, is somebody else
    return false;
  }
}

export const MACHINE: readonly Check[] = [
  {
    name: 'node',
    run: () => {
      const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
      return major > 22 || (major === 22 && minor >= 18)
        ? process.versions.node
        : fail('DOCTOR_NODE', { found: process.versions.node });
    },
  },
  {
    name: 'folder',
    run: ({ dataDir }) => {
      try {
        fs.mkdirSync(dataDir, { recursive: true });
        const probe = path.join(dataDir, `.doctor-${process.pid}`);
        fs.writeFileSync(probe, '');
        fs.rmSync(probe);
        return dataDir;
      } catch {
        return fail('DOCTOR_FOLDER', { folder: dataDir });
      }
    },
  },
  {
    name: 'disk',
    run: ({ dataDir }, { minFreeMb }) => {
      let at = dataDir;
      while (!fs.existsSync(at)) at = path.dirname(at);
      const { bavail, bsize } = fs.statfsSync(at);
      const free = Math.floor((bavail * bsize) / 1_048_576);
      return free >= minFreeMb ? `${free} MB` : fail('DOCTOR_DISK', { free, needed: minFreeMb });
    },
  },
  {
    name: 'secrets',
    run: ({ dataDir }) => {
      const file = path.join(dataDir, 'secrets.json');
      if (!fs.existsSync(file)) return '–';
      try {
        openSecrets(dataDir);
        return '0600';
      } catch (error) {
        if (error instanceof AppError && error.code === 'SECRETS_READABLE') throw error;
        return fail('DOCTOR_SECRETS', { file });
      }
    },
  },
  {
    name: 'port',
    run: async ({ port, host, dataDir }) => {
      const free = await new Promise<boolean>((resolve) => {
        const server = net.createServer();
        server.once('error', () => resolve(false));
        server.listen(port, host, () => server.close(() => resolve(true)));
      });
      if (free) return String(port);
      return (await isThisHouse(`http://${host}:${port}`, dataDir))
        ? `${port} ✓`
        : fail('DOCTOR_PORT', { port });
    },
  },
  {
    name: 'work',
    run: async ({ port, host, dataDir }) => {
      const url = `http://${host}:${port}`;
      if (!(await isThisHouse(url, dataDir))) return '–';
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ASK_MS) });
      const { checks } = (await answer.json()) as {
        checks: { work?: { stuck?: number; codes?: string } };
      };
      const { stuck = 0, codes = '' } = checks.work ?? {};
      return stuck === 0 ? '✓' : fail('DOCTOR_WORK', { stuck, codes, url });
    },
  },
  {
    name: 'public-url',
    run: ({ publicUrl }) => {
      const { hostname, protocol } = new URL(publicUrl);
      if (net.isIP(hostname.replace(/^\[|\]$/g, ''))) fail('DOCTOR_PUBLIC_URL');
      const local = hostname === 'localhost' || hostname.endsWith('.localhost');
      return local || protocol === 'https:' ? publicUrl : fail('DOCTOR_PUBLIC_URL_TLS');
    },
  },
  {
    name: 'clock',
    run: () => {
      const found = new Date().toISOString();
      return found >= '2026' && found < '2100' ? found : fail('DOCTOR_CLOCK', { found });
    },
  },
  {
    name: 'web',
    run: () => (fs.existsSync(path.join(WEB_DIST, 'index.html')) ? '✓' : fail('DOCTOR_WEB')),
  },
];
