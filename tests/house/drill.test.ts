/** The operator's breach drill against a running house. */
import fs from 'node:fs';
import path from 'node:path';
import { command } from '@zhenmei/cli/commands/drill.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openTestHouse();
});
afterAll(async () => {
  await house?.close();
});

async function run(...args: string[]) {
  const said: string[] = [];
  const io = {
    stdout: (text: string) => void said.push(text),
    stderr: () => undefined,
    stdin: async () => new Uint8Array(),
  };
  const exit = await command.run([...args, '--url', house.url, '--data', house.dataDir], io);
  return { exit, out: said.join('') };
}
const PERIOD = ['breach', '--from', '2026-01-01', '--to', '2026-02-01'];

describe('zhenmei drill breach', () => {
  it('says first and last that it is a drill, lists the clocks with their rules and tells nobody', async () => {
    const { exit, out } = await run(...PERIOD);
    expect(exit).toBe(0);
    const lines = out.trim().split('\n');
    expect(lines[0]).toMatch(/DRILL|演习/);
    expect(lines.at(-1)).toBe(lines[0]);
    expect(out).toContain('breach-authority');
    expect(out).toContain('个人信息保护法 第五十七条');
    const { out: json } = await run(...PERIOD, '--json');
    expect(JSON.parse(json)).toMatchObject({ drill: true, people: 0, notified: false });
    expect(JSON.parse((await run(...PERIOD, '--real', '--json')).out)).toMatchObject({ drill: false });
  });

  it('refuses wrong times, unknown rules and anybody without the operator’s token', async () => {
    expect((await run('breach', '--from', 'x', '--to', 'y')).exit).toBe(2);
    expect((await run('fire', '--from', '2026-01-01', '--to', '2026-02-01')).exit).toBe(2);
    const refused = async (...args: string[]) => {
      const { exit, out } = await run(...args, '--json');
      expect(exit).toBe(1);
      return (JSON.parse(out) as { error: { code: string } }).error.code;
    };
    expect(await refused(...PERIOD, '--region', 'ZZ')).toBe('ERASURE_REGION');
    expect(await refused('breach', '--from', '2026-02-01', '--to', '2026-01-01')).toBe('BREACH_PERIOD');
    const file = path.join(house.dataDir, 'token.txt');
    fs.writeFileSync(file, 'wrong\n');
    expect(await refused(...PERIOD, '--token-file', file)).toBe('NOT_SIGNED_IN');
  });
});
