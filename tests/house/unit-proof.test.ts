/** The proof of a unit as a stranger gets it: downloaded from a running house, checked without it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, type Json, strictJson, utf8 } from '@zhenmei/kernel';
import { unitProofDigest } from '@zhenmei/provenance/core/unit-proof.ts';
import { UNIT_PARTS, type UnitVerification, verifyUnitProof } from '@zhenmei/verifier/verify-unit.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openTestHouse, type TestHouse } from './test-house.ts';

const MAIN = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));
let house: TestHouse;
let trust: TrustFile;
let folder: string;
const proofs: Record<string, string> = {};

/** What waits for its anchor is there in a moment. */
const fetchProof = (unit: string): Promise<string> =>
  vi.waitFor(
    async () => {
      const reply = await fetch(`${house.url}/api/units/proof?unit=${encodeURIComponent(unit)}`);
      expect(reply.status).toBe(200);
      return reply.text();
    },
    { interval: 500 },
  );

beforeAll(async () => {
  house = await openTestHouse();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'zm-unit-'));
  const { codes } = (await (await fetch(`${house.url}/api/demo/codes`)).json()) as {
    codes: { key: string; code: string }[];
  };
  for (const key of ['filler', 'recalled', 'broken-trail', 'expired'])
    proofs[key] = await fetchProof(codes.find((one) => one.key === key)!.code);
  const text = await (await fetch(`${house.url}/zhenmei-trust.json`)).text();
  fs.writeFileSync(path.join(folder, 'zhenmei-trust.json'), canonicalJson(JSON.parse(text)));
  trust = parseTrustFile(canonicalJson(JSON.parse(text)));
});
afterAll(async () => {
  await house?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const check = (text: string, by = trust): Promise<UnitVerification> =>
  verifyUnitProof({ bytes: utf8(text), trust: by, now: Date.now() });
const codes = ({ proofs: found }: UnitVerification) =>
  UNIT_PARTS.filter((part) => found[part].verdict !== 'proven').map((part) => `${part} ${found[part].code}`);
/** Changes the file and makes it whole again, as a forger would. */
const forged = (text: string, change: (proof: Record<string, Json>) => void): string => {
  const proof = strictJson(text) as Record<string, Json>;
  change(proof);
  return canonicalJson({ ...proof, digest: unitProofDigest(proof as never) });
};

describe('a proof', () => {
  it('of a sound unit is proven in all parts and green', async () => {
    const result = await check(proofs.filler!);
    expect(codes(result)).toEqual([]);
    expect(result).toMatchObject({ exit: 0, verdict: { level: 'green' } });
    expect(result.proofs.log.grade).toBe('operator-only');
  });

  it.each([
    ['recalled', 'red', 'RECALLED_LOT', 1],
    ['expired', 'red', 'EXPIRED', 1],
    ['broken-trail', 'amber', 'CUSTODY_GAP', 2],
  ])('of a unit that is %s is proven, and says so', async (key, level, code, exit) => {
    const result = await check(proofs[key]!);
    expect(codes(result)).toEqual([]);
    expect([result.exit, result.verdict?.level]).toEqual([exit, level]);
    expect(result.verdict?.reasons.map((reason) => reason.code)).toContain(code);
  });

  it('of a unit that nobody made does not exist', async () => {
    const unknown = `${(strictJson(proofs.filler!) as { unit: string }).unit.slice(0, -3)}ZZZ`;
    const reply = await fetch(`${house.url}/api/units/proof?unit=${encodeURIComponent(unknown)}`);
    expect(reply.status).toBe(404);
    expect(((await reply.json()) as { code: string }).code).toBe('UNIT_UNKNOWN');
  });
});

describe('a changed proof', () => {
  it('is false with any value changed, and the place is named', async () => {
    const places: string[] = [];
    const visit = (value: Json, place: string, set: (next: Json) => void): (() => string)[] => {
      if (typeof value === 'object' && value !== null)
        return Object.entries(value).flatMap(([key, inner]) =>
          visit(inner as Json, `${place}/${key}`, (next) => {
            (value as Record<string, Json>)[key] = next;
          }),
        );
      return [
        () => {
          const changed =
            typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : bent(value);
          set(changed);
          const text = canonicalJson(proof);
          set(value);
          places.push(place);
          return text;
        },
      ];
    };
    const proof = strictJson(proofs.filler!) as Json;
    const all = visit(proof, '', () => undefined);
    // every event has the same members: the first and the last stand for all
    const some = all.filter((_, i) => i < 60 || i % 7 === 0);
    for (const make of some) {
      const { exit, proofs: found } = await check(make());
      const place = places.at(-1);
      const wrong = UNIT_PARTS.filter((part) => found[part].verdict === 'false');
      expect([exit, wrong.length > 0], place).toEqual([1, true]);
      expect(
        wrong.some((part) => found[part].place !== undefined),
        place,
      ).toBe(true);
    }
    expect(some.length).toBeGreaterThan(100);
  });

  it('is false with any byte changed', async () => {
    const bytes = utf8(proofs.filler!);
    for (let n = 0; n < 400; n++) {
      const at = Math.floor((n * 7_919 * 31) % bytes.length);
      const changed = bytes.slice();
      changed[at] = changed[at]! === 0x31 ? 0x32 : 0x31;
      const result = await verifyUnitProof({ bytes: changed, trust, now: Date.now() });
      // may begin or end within a character
      const around = new TextDecoder().decode(bytes.slice(Math.max(0, at - 20), at + 20));
      expect(result.exit, `byte ${at}: ${around}`).toBe(1);
      expect(Object.values(result.proofs).some(({ verdict }) => verdict === 'false')).toBe(true);
    }
  });

  it.each<[string, (proof: Record<string, Json>) => void, string]>([
    [
      'an event left out: a gap, or a log that does not fit',
      (p) => void (p.events as Json[]).splice(1, 1),
      'none',
    ],
    [
      'an event of another story',
      (p) =>
        void Object.assign((p.events as { event: object }[])[0]!.event, {
          eventTime: '2026-01-01T00:00:00.000Z',
        }),
      'events TLOG_ROOT_MISMATCH /events/0',
    ],
    [
      'the same event twice',
      (p) => void (p.events as Json[]).push((p.events as Json[])[0]!),
      'events EVENT_REPEATED',
    ],
    ['no events', (p) => void Object.assign(p, { events: [] }), 'events EVENT_OF_ANOTHER'],
    [
      'another unit of the same lot',
      (p) => void Object.assign(p, { unit: bent(p.unit!) }),
      'events EVENT_OF_ANOTHER',
    ],
    ['another lot', (p) => void Object.assign(p, { lot: `${String(p.lot)}B` }), 'lot'],
    ['no way to the lot’s root', (p) => void Object.assign(p, { lotPath: [] }), 'lot UNIT_NOT_IN_LOT'],
    [
      'no approval',
      (p) => void Object.assign(p, { authorisation: null, statusList: null }),
      'approval APPROVAL_MISSING',
    ],
    [
      'no status list',
      (p) => void Object.assign(p, { statusList: null }),
      'approval STATUS_LIST_OTHER /statusList',
    ],
    [
      'the list of another address',
      (p) => void Object.assign(p.statusList as object, { uri: 'https://example.com/list' }),
      'approval STATUS_LIST_OTHER /statusList',
    ],
    [
      'another log',
      (p) => void Object.assign(p.log as object, { origin: 'example.com/log' }),
      'log LOG_NOT_TRUSTED /log/checkpoint',
    ],
    ['another chain', (p) => void Object.assign(p, { chainId: 1 }), 'file PROOF_OTHER_CHAIN /chainId'],
    ['no chain', (p) => void Object.assign(p, { chain: {} }), 'log EVIDENCE_FORMAT'],
    ['a word too many', (p) => void Object.assign(p, { note: 'x' }), 'file PROOF_FORMAT'],
  ])('made whole again, with %s', async (what, change, expected) => {
    const result = await check(forged(proofs.filler!, change));
    if (expected === 'none') {
      // a forger may leave something out, never change it: then the story has a hole
      expect([1, 2], what).toContain(result.exit);
      return;
    }
    expect(result.exit).not.toBe(0);
    const [part, code, place] = expected.split(' ');
    const found = result.proofs[part as 'log'];
    expect(found.verdict).not.toBe('proven');
    if (code) expect(found.code).toBe(code);
    if (place) expect(found.place).toBe(place);
  });

  it('cannot be judged with a trust file whose witnesses did not sign', async () => {
    const others = {
      ...trust,
      witnesses: { k: 1, keys: [{ ...trust.witnesses.keys[0]!, key: `0x${'11'.repeat(32)}` as const }] },
    };
    const result = await check(proofs.filler!, others);
    expect(result).toMatchObject({ exit: 2, verdict: null });
    expect(result.proofs.log.code).toBe('CHAIN_NOT_VOUCHED');
  });

  it.each([
    ['white space', (t: string) => ` ${t}`, 'PROOF_NOT_CANONICAL'],
    ['nothing', () => '', 'PROOF_UNREADABLE'],
    ['half of it', (t: string) => t.slice(0, t.length / 2), 'PROOF_UNREADABLE'],
  ])('with %s is named', async (_what, change, code) => {
    const result = await check(change(proofs.filler!));
    expect(result).toMatchObject({ exit: 1, proofs: { file: { verdict: 'false', code } } });
  });
});

describe('zhenmei verify', () => {
  const verify = (...args: string[]) =>
    spawnSync(process.execPath, [MAIN, 'verify', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'en_US.UTF-8', LANG: 'en_US.UTF-8' },
    });

  it('knows the file by its content, needs no server, and answers by its exit code', async () => {
    for (const key of ['filler', 'recalled', 'broken-trail'])
      fs.writeFileSync(path.join(folder, `${key}.txt`), proofs[key]!);
    const sound = verify('filler.txt', '--json');
    expect(sound.status).toBe(0);
    expect(JSON.parse(sound.stdout)).toMatchObject({ kind: 'unit-proof', verdict: { level: 'green' } });
    const red = verify('recalled.txt');
    expect(red.status).toBe(1);
    expect(red.stdout).toMatch(/do not use it \(RECALLED_LOT\)/);
    expect(verify('broken-trail.txt').status).toBe(2);
    fs.writeFileSync(path.join(folder, 'bent.json'), proofs.filler!.replace('"shipping"', '"storing"'));
    const bent = verify('bent.json');
    expect(bent.status).toBe(1);
    expect(bent.stdout).toMatch(/false.*\[\/events\/\d+\]/);
  });
});

function bent(value: Json): Json {
  const text = String(value);
  const last = text.at(-1);
  return text.slice(0, -1) + (last === '0' ? '1' : '0');
}
