import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packBadge } from '@zhenmei/identity/core/badge.ts';
import {
  bind,
  ISSUED,
  ISSUER,
  issue,
  issuer,
  LIST,
  NOW,
  statusList,
  stranger,
  TYPE,
  YEAR,
} from '@zhenmei/identity/core/fixtures/maker.ts';
import { SUSPENDED } from '@zhenmei/identity/core/status-list.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './commands/credential.ts';

const AT = String(NOW);
let dir = '';
const at = (name: string) => path.join(dir, name);
const put = (name: string, content: string | Uint8Array): string => {
  fs.writeFileSync(at(name), content);
  return at(name);
};
const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const exit = await command.run(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    stdin: async () => new TextEncoder().encode(await issue()),
  });
  return {
    exit,
    out,
    err,
    json: () =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
  };
}

/** One certificate, as JSON. */
async function check(...args: string[]) {
  const { exit, json } = await run('verify', ...args, '--at', AT, '--json');
  const [answer] = json();
  return { exit, ...answer };
}

const trustOf = (change: object = {}) =>
  JSON.stringify({
    format: 'zhenmei-trust/1',
    issuers: [
      {
        id: ISSUER,
        keys: [issuer.jwk],
        types: [TYPE],
        period: { from: iso(ISSUED - YEAR), until: null },
        withdrawn: [],
        ...change,
      },
    ],
  });

let trust = '';
let good = '';

beforeAll(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'zhenmei-credential-'));
  trust = put('trust.json', trustOf());
  good = put('good', await issue());
});
afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('credential verify', () => {
  it('proves one with issuers alone in the trust file, and says what it says', async () => {
    const answer = await check(good, '--trust', trust);
    expect(answer).toMatchObject({
      exit: 0,
      verdict: 'proven',
      code: 'CREDENTIAL_PROVEN',
      issuer: ISSUER,
      type: TYPE,
      issuerEntitledNow: true,
      possession: false,
      file: good,
    });
    expect(answer.message.zh).toBe('凭证有效。');
    expect(answer.claims).toMatchObject({ name: '林晓', subject: 'a doctor' });
    const { exit, out } = await run('verify', good, '--trust', trust, '--at', iso(NOW));
    expect(exit).toBe(0);
    expect(out).toContain('[CREDENTIAL_PROVEN]');
    expect(out).toContain(ISSUER);
  });

  it('reads a whole trust file too, and standard input', async () => {
    const whole = {
      ...JSON.parse(trustOf()),
      chain: { id: 1, contracts: {} },
      logs: [],
      witnesses: { k: 1, keys: [{ name: 'w', key: `0x${'11'.repeat(32)}`, operator: false }] },
    };
    expect(await check('-', '--trust', put('whole.json', JSON.stringify(whole)))).toMatchObject({ exit: 0 });
  });

  it('leaves off one line end, and nothing else', async () => {
    const token = await issue();
    for (const end of ['', '\n', '\r\n'])
      expect(await check(put('lined', token + end), '--trust', trust)).toMatchObject({ exit: 0 });
    for (const wrong of [`${token}\n\n`, `${token} `, `${token}\r`, ` ${token}`, `\ufeff${token}`])
      expect(await check(put('spaced', wrong), '--trust', trust)).toMatchObject({
        exit: 1,
        verdict: 'false',
      });
    expect(await check(put('bytes', Uint8Array.of(0xff, 0xfe)), '--trust', trust)).toMatchObject({ exit: 1 });
    expect(await check(put('large', 'a'.repeat(100_000)), '--trust', trust)).toMatchObject({
      exit: 1,
      code: 'SDJWT_TOO_LARGE',
    });
  });

  it('believes the trust file on types, periods and withdrawn keys', async () => {
    const judged = async (change: object) => {
      const { exit, code } = await check(good, '--trust', put('other.json', trustOf(change)));
      return [exit, code];
    };
    const withdrawn = (seconds: number) => ({ withdrawn: [{ thumbprint: issuer.keyId, at: iso(seconds) }] });
    expect(await judged({ types: [] })).toEqual([1, 'ISSUER_NOT_FOR_TYPE']);
    expect(await judged({ id: 'https://else.example' })).toEqual([2, 'ISSUER_UNKNOWN']);
    expect(await judged({ keys: [stranger.jwk] })).toEqual([1, 'ISSUER_KEY_UNKNOWN']);
    expect(await judged({ period: { from: iso(ISSUED + 1), until: null } })).toEqual([1, 'ISSUER_NOT_THEN']);
    expect(await judged(withdrawn(ISSUED))).toEqual([1, 'ISSUER_KEY_WITHDRAWN']);
    expect(await judged(withdrawn(NOW))).toEqual([2, 'ISSUER_KEY_WITHDRAWN_SINCE']);
    expect(await judged(withdrawn(NOW + 1))).toEqual([0, 'CREDENTIAL_PROVEN']);
    const own = (from: number, until: number | null) => ({ from: iso(from), until: until && iso(until) });
    const typed = (from: number, until: number | null) => ({
      types: [{ vct: TYPE, period: own(from, until) }],
    });
    const keyed = (from: number, until: number | null) => ({
      keys: [{ jwk: { ...issuer.jwk, kid: 'k', alg: 'ES256', use: 'sig' }, period: own(from, until) }],
    });
    expect(await judged(typed(ISSUED, ISSUED + 1))).toEqual([0, 'CREDENTIAL_PROVEN']);
    expect(await judged(typed(ISSUED + 1, null))).toEqual([1, 'ISSUER_NOT_THEN']);
    expect(await judged(keyed(ISSUED, null))).toEqual([0, 'CREDENTIAL_PROVEN']);
    expect(await judged(keyed(ISSUED - 9, ISSUED))).toEqual([1, 'ISSUER_KEY_NOT_THEN']);
    expect(await judged({ ...keyed(ISSUED, null), ...withdrawn(NOW) })).toEqual([
      2,
      'ISSUER_KEY_WITHDRAWN_SINCE',
    ]);
    const ended = { period: { from: iso(ISSUED - 1), until: iso(ISSUED + 1) } };
    expect(await judged(ended)).toEqual([0, 'CREDENTIAL_PROVEN']);
    const { out } = await run('verify', good, '--trust', put('ended.json', trustOf(ended)), '--at', AT);
    expect(out).toMatch(/no longer entitled|已没有资格/);
  });

  it('asks the status lists it is given, and cannot judge without', async () => {
    const token = put('status-bound', await issue({ status: { uri: LIST, index: 5 } }));
    const judged = async (lists: unknown) => {
      const { exit, code } = await check(
        token,
        '--trust',
        trust,
        '--status',
        put('lists', JSON.stringify(lists)),
      );
      return [exit, code];
    };
    expect(await check(token, '--trust', trust)).toMatchObject({ exit: 2, code: 'STATUS_MISSING' });
    expect(await judged({})).toEqual([2, 'STATUS_MISSING']);
    expect(await judged({ [LIST]: await statusList() })).toEqual([0, 'CREDENTIAL_PROVEN']);
    expect(await judged({ [LIST]: await statusList({ 5: SUSPENDED }) })).toEqual([1, 'CREDENTIAL_SUSPENDED']);
    expect(await judged({ [LIST]: await statusList({}, { ttl: 1 }) })).toEqual([2, 'STATUS_STALE']);
    expect(await judged({ [LIST]: 7 })).toEqual([2, 'STATUS_FILE_INVALID']);
    expect(await judged([])).toEqual([2, 'STATUS_FILE_INVALID']);
  });

  it('asks for possession by what is asked, not by what is there', async () => {
    const shown = put('shown', await bind(await issue()));
    const asked = ['--trust', trust, '--require-key-binding', '--aud', 'zhenmei:visit'];
    const nonce = ['--nonce', 'n-0S6_WzA2Mj'];
    expect(await check(shown, ...asked, ...nonce)).toMatchObject({ exit: 0, possession: true });
    expect(await check(good, ...asked, ...nonce)).toMatchObject({ exit: 1, code: 'KB_MISSING' });
    expect(await check(shown, ...asked, '--nonce', 'x')).toMatchObject({ exit: 1, code: 'KB_NONCE' });
    expect(await check(shown, ...asked)).toMatchObject({ exit: 2, code: 'KEY_BINDING_UNASKED' });
    expect(await check(good, '--trust', trust, '--aud', 'a')).toMatchObject({
      exit: 2,
      code: 'KEY_BINDING_UNASKED',
    });
    expect(await check(good, '--trust', trust, ...nonce, '--aud', 'a')).toMatchObject({
      exit: 1,
      code: 'KB_MISSING',
    });
  });

  it('reads what a badge’s QR code says', async () => {
    const badge = await packBadge(await bind(await issue()));
    expect(await check(put('badge', badge), '--trust', trust)).toMatchObject({ exit: 0, verdict: 'proven' });
    expect(await check(put('badge', badge.slice(0, -3)), '--trust', trust)).toMatchObject({
      exit: 2,
      code: 'BADGE_MALFORMED',
    });
  });

  it('asks about any time, and for one kind', async () => {
    const at_ = async (time: string) => {
      const { exit, json } = await run('verify', good, '--trust', trust, '--at', time, '--json');
      return [exit, json()[0].code];
    };
    expect(await at_(iso(ISSUED + YEAR - 1))).toEqual([0, 'CREDENTIAL_PROVEN']);
    expect(await at_(String(ISSUED + YEAR))).toEqual([1, 'CREDENTIAL_EXPIRED']);
    expect(await at_('yesterday')).toEqual([2, 'TIME_INVALID']);
    expect(await check(good, '--trust', trust, '--type', 'urn:x')).toMatchObject({
      code: 'CREDENTIAL_TYPE_OTHER',
    });
  });

  it('what it cannot read it cannot judge', async () => {
    expect(await check(at('absent'), '--trust', trust)).toMatchObject({ exit: 2, code: 'INPUT_UNREADABLE' });
    expect(await check(good, '--trust', at('absent'))).toMatchObject({ exit: 2, code: 'INPUT_UNREADABLE' });
    expect(await check(good, '--trust', good)).toMatchObject({ exit: 2, code: 'JSON_INVALID' });
    expect(await check(good, '--trust', put('t', '{"format":"x"}'))).toMatchObject({
      exit: 2,
      code: 'TRUST_FILE_INVALID',
    });
    const off = trustOf({ keys: [{ ...issuer.jwk, y: issuer.jwk.x }] });
    expect(await check(good, '--trust', put('off', off))).toMatchObject({ exit: 2, code: 'SDJWT_KEY' });
    expect(await check(good, '--trust', trust, '--status', good)).toMatchObject({
      exit: 2,
      code: 'JSON_INVALID',
    });
  });

  it.each([
    [[]],
    [['verify']],
    [['check', 'x']],
    [['verify', 'a', 'b']],
    [['verify', 'a', '--batch', 'b']],
    [['verify', 'a', '--online']],
    [['verify', 'a', '--at']],
  ])('explains itself: %j', async (args) => {
    const { exit, err } = await run(...args);
    expect(exit).toBe(2);
    expect(err).toContain('zhenmei credential verify FILE');
  });
});

describe('a batch', () => {
  const batch = async (entries: unknown, ...args: string[]) => {
    const file = put('batch.json', JSON.stringify(entries));
    const { exit, json } = await run(
      'verify',
      '--batch',
      file,
      '--trust',
      trust,
      '--at',
      AT,
      '--json',
      ...args,
    );
    return { exit, codes: json().map(({ code }: { code: string }) => code), answers: json() };
  };

  it('judges each with its own options over the shared ones; any false counts most', async () => {
    const shown = await bind(await issue());
    const possession = { aud: 'zhenmei:visit', nonce: 'n-0S6_WzA2Mj', requireKeyBinding: true };
    expect(await batch([{ file: good }, { token: shown, ...possession }])).toMatchObject({ exit: 0 });
    const mixed = await batch([
      { file: good },
      { file: at('absent') },
      { token: shown, ...possession, nonce: 'other' },
      { token: await issue({ status: { uri: LIST, index: 1 } }), status: { [LIST]: await statusList() } },
      { file: good, at: ISSUED + YEAR },
    ]);
    expect(mixed.exit).toBe(1);
    expect(mixed.codes).toEqual([
      'CREDENTIAL_PROVEN',
      'INPUT_UNREADABLE',
      'KB_NONCE',
      'CREDENTIAL_PROVEN',
      'CREDENTIAL_EXPIRED',
    ]);
    expect(mixed.answers.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect((await batch([{ file: good }, { file: at('absent') }])).exit).toBe(2);
  });

  it.each<[unknown, string]>([
    [{}, '/'],
    [[], '/'],
    [['x'], '/0'],
    [[{}], '/0'],
    [[{ file: 'a', token: 'b' }], '/0'],
    [[{ file: 'a' }, { file: 1 }], '/1/file'],
    [[{ file: 'a', online: true }], '/0/online'],
    [[{ file: 'a', status: { u: 1 } }], '/0/status'],
    [[{ file: 'a', at: 1.5 }], '/0/at'],
  ])('refuses %j', async (entries, place) => {
    const { exit, answers } = await batch(entries);
    expect(exit).toBe(2);
    expect(answers[0]).toMatchObject({ code: 'BATCH_INVALID' });
    expect(answers[0].message.en).toContain(`(${place})`);
  });
});
