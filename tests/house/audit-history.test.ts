/** An auditor over time, beside another auditor, beside the ledger, behind the database's back, and from the command line. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditReport } from '@zhenmei/cli/audit/run-audit.ts';
import { readPeer } from '@zhenmei/cli/audit/state.ts';
import type { Anchored } from '@zhenmei/tlog/core/audit-history.ts';
import { formatVerifierKey } from '@zhenmei/tlog/core/keys.ts';
import { ed25519Signer } from '@zhenmei/tlog/core/note.ts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AuditedHouse,
  auditWith,
  before,
  codes,
  flipped,
  forkedAt,
  lying,
  openAuditedHouse,
  overHttp,
} from './audited-house.ts';

let on: AuditedHouse;
let audit: ReturnType<typeof auditWith>;
beforeAll(async () => {
  on = await openAuditedHouse();
  audit = auditWith(on);
});
afterAll(() => on?.close());

describe('two histories', () => {
  const forged = () => forkedAt(on, 40);

  it('an auditor who was here before finds the fork, where it begins, and the two signed proofs of it', async () => {
    const stateFile = path.join(on.folder, 'fork.json');
    expect((await audit(lying(on, {}), { stateFile })).exit).toBe(0);
    for (const onlyNew of [false, true]) {
      const { findings, exit } = await audit(await forged(), { stateFile, onlyNew });
      expect(exit).toBe(1);
      const fork = findings.find(({ code }) => code === 'AUDIT_FORKED')!;
      expect(new Set(fork.notes).size).toBe(2);
      expect(findings.find(({ code }) => code === 'AUDIT_ENTRY_REWRITTEN')).toMatchObject({ index: 40 });
    }
    // and does not forget it when the house goes back to the first one
    expect(codes(await audit(lying(on, {}), { stateFile }))).toEqual(['AUDIT_FORKED']);
  });

  it('two auditors who were told different histories find it when they exchange what they saw', async () => {
    const [one, two, note] = ['one.json', 'two.json', 'two.note'].map((name) =>
      path.join(on.folder, name),
    ) as [string, string, string];
    const first = lying(on, {});
    expect((await audit(first, { stateFile: one })).exit).toBe(0);
    // the second is shown a forged event as well, so that all is of one piece to it
    const second = await forged();
    await audit(second, { stateFile: two });
    fs.writeFileSync(note, (await second.get('log/checkpoint'))!.bytes);
    for (const file of [two, note])
      for (const onlyNew of [false, true]) {
        const peers = readPeer(file, on.trust.logs[0]!);
        expect(codes(await audit(first, { peers }))).toContain('AUDIT_FORKED');
        const copy = path.join(on.folder, 'copy.json');
        fs.copyFileSync(one, copy);
        fs.copyFileSync(`${one}.leaves`, `${copy}.leaves`);
        expect(codes(await audit(first, { stateFile: copy, peers, onlyNew }))).toContain('AUDIT_FORKED');
      }
    // who saw the same has nothing to tell
    expect((await audit(first, { peers: readPeer(one, on.trust.logs[0]!) })).exit).toBe(0);
    fs.writeFileSync(note, fs.readFileSync(note, 'utf8').replace(`\n${on.size}\n`, `\n${on.size + 1}\n`));
    expect(() => readPeer(note, on.trust.logs[0]!)).toThrow('AUDIT_STATE_INVALID');
  });

  it('going back to an earlier checkpoint', async () => {
    const stateFile = path.join(on.folder, 'back.json');
    await audit(lying(on, {}), { stateFile });
    const source = await before(on, 50);
    expect(codes(await audit(source, { stateFile }))).toContain('AUDIT_ROLLED_BACK');
    expect(codes(await audit(lying(on, { 'log/checkpoint': null }), { stateFile }))).toEqual([
      'AUDIT_ROLLED_BACK',
    ]);
  });

  it('the ledger keeps another root', async () => {
    const told = (list: readonly Anchored[]) => ({ anchors: () => Promise.resolve(list) });
    expect(on.anchors.length).toBeGreaterThan(1);
    expect(await audit(lying(on, {}), told(on.anchors))).toMatchObject({
      exit: 0,
      anchors: on.anchors.length,
    });
    for (const [i, anchor] of on.anchors.entries()) {
      const other = { ...anchor, root: flipped(anchor.root, i) };
      expect(codes(await audit(lying(on, {}), told(on.anchors.with(i, other))))).toEqual([
        'AUDIT_ANCHOR_DIFFERS',
      ]);
      expect(
        codes(
          await audit(
            lying(on, {}),
            told([...on.anchors.slice(0, i + 1), other, ...on.anchors.slice(i + 1)]),
          ),
        ),
      ).toEqual(['AUDIT_ANCHOR_TWICE', 'AUDIT_ANCHOR_DIFFERS']);
    }
    expect(codes(await audit(lying(on, {}), told(on.anchors.toReversed())))).toContain('AUDIT_ANCHOR_SHRANK');
    const ahead = { ...on.anchors.at(-1)!, size: on.size + 1 };
    expect(codes(await audit(lying(on, {}), told([...on.anchors, ahead])))).toEqual(['AUDIT_ANCHOR_AHEAD']);
    // even to somebody who was never here before, a fork shows against the ledger
    expect(codes(await audit(await forged(), told(on.anchors)))).toContain('AUDIT_ANCHOR_DIFFERS');
  });
});

describe('from one time to the next', () => {
  it('reads what is new, or everything again, and tells the difference', async () => {
    const stateFile = path.join(on.folder, 'steps.json');
    const seen: number[] = [];
    for (const count of [20, 50, on.size]) {
      const source = count === on.size ? lying(on, {}) : await before(on, count);
      const report = await audit(source, { stateFile, onlyNew: true });
      expect(report).toMatchObject({ exit: 0, checkpoint: { size: count } });
      seen.push(report.entries.from);
    }
    expect(seen).toEqual([0, 20, 50]);
    expect((await audit(lying(on, {}), { stateFile, onlyNew: true })).entries).toMatchObject({
      from: on.size,
      read: 0,
    });
    expect((await audit(lying(on, {}), { stateFile })).entries).toMatchObject({ from: 0, read: on.size });
  });

  it('goes on without its memory, and refuses a state that is not one', async () => {
    const stateFile = path.join(on.folder, 'lost.json');
    await audit(await before(on, 50), { stateFile });
    fs.rmSync(`${stateFile}.leaves`);
    expect(await audit(lying(on, {}), { stateFile, onlyNew: true })).toMatchObject({
      exit: 0,
      entries: { from: 0 },
    });
    const state = fs.readFileSync(stateFile, 'utf8');
    for (const bad of [
      '',
      '{}',
      state.replace('/1"', '/2"'),
      state.replace(/"size":\d+/, '"size":7'),
      state.replace(/"origin":"[^"]*/, '"origin":"x'),
      state.replace(/\\n\d+\\n/, '\\n7\\n'),
    ]) {
      expect(bad).not.toBe(state);
      fs.writeFileSync(stateFile, bad);
      await expect(audit(lying(on, {}), { stateFile })).rejects.toThrow('AUDIT_STATE_INVALID');
    }
  });
});

describe('behind the server’s back', () => {
  /** As somebody who owns the database: no trigger and no key holds. */
  const asOwner = (...statements: string[]) =>
    on.house.house.engines.database.db.transaction().execute(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      for (const statement of statements) await sql.raw(statement).execute(tx);
    });
  const TABLES = ['provenance.event', 'tlog.entry', 'tlog.position', 'tlog.checkpoint', 'care.standard'];
  const kept = (table: string) => `kept_${table.replace('.', '_')}`;
  const atIndex = (i: number) => `seq = (select seq from tlog.position where idx = ${i})`;
  const event = (n: number) =>
    `digest = (select digest from provenance.event order by captured_at, digest offset ${n} limit 1)`;
  const set = (to: string, n: number) => `update provenance.event set ${to} where ${event(n)}`;

  const CASES: readonly (readonly [change: string, code: string, index?: number])[] = [
    [set(`body = jsonb_set(body, '{disposition}', '"recalled"')`, 0), 'AUDIT_EVENT_DIFFERS'],
    [
      set(`body = jsonb_set(body, '{epcList,0}', '"https://id.gs1.org/01/09521234100010/21/FORGED"')`, 3),
      'AUDIT_EVENT_DIFFERS',
    ],
    [set(`body = body - 'readPoint'`, 7), 'AUDIT_EVENT_DIFFERS'],
    [set(`body = jsonb_set(body, '{eventTime}', '"2020-01-01T00:00:00.000Z"')`, 20), 'AUDIT_EVENT_DIFFERS'],
    [set(`body = body || '{"zm:more":1}'`, 30), 'AUDIT_EVENT_DIFFERS'],
    [set(`body = '{}'`, 40), 'AUDIT_EVENT_UNREADABLE'],
    [set(`hash = set_byte(hash, 0, get_byte(hash, 0) # 1)`, 50), 'AUDIT_EVENT_ID_WRONG'],
    [set(`event_id = 'ni:///sha-256;' || repeat('0', 64) || '?ver=CBV2.0'`, 60), 'AUDIT_EVENT_ID_WRONG'],
    [`delete from provenance.event where ${event(70)}`, 'AUDIT_EVENT_WITHHELD'],
    [`delete from provenance.event`, 'AUDIT_EVENT_WITHHELD'],
    [
      `insert into provenance.event select (jsonb_populate_record(e, jsonb_build_object('no', nextval('provenance.event_no'), 'digest', '0x' || repeat('0', 64)))).* from provenance.event e where ${event(80)}`,
      'AUDIT_EVENT_TWICE',
    ],
    [
      `update tlog.entry set leaf = set_byte(leaf, 9, get_byte(leaf, 9) # 1) where ${atIndex(50)}`,
      'AUDIT_ENTRY_CHANGED',
      50,
    ],
    [`update tlog.entry set leaf = set_byte(leaf, 0, 6) where ${atIndex(51)}`, 'AUDIT_ENTRY_CHANGED', 51],
    [
      `update tlog.entry set leaf = (select leaf from tlog.entry where ${atIndex(3)}) where ${atIndex(52)}`,
      'AUDIT_ENTRY_CHANGED',
      52,
    ],
    [
      `update tlog.entry e set leaf = f.leaf from tlog.entry f, tlog.position p, tlog.position q where e.seq = p.seq and f.seq = q.seq and (p.idx, q.idx) in ((10, 11), (11, 10))`,
      'AUDIT_ENTRY_CHANGED',
      10,
    ],
    [
      `update tlog.position set seq = -seq where idx in (10, 11); update tlog.position p set seq = -q.seq, leaf_hash = q.leaf_hash from tlog.position q where p.idx in (10, 11) and q.idx = 21 - p.idx`,
      'AUDIT_ENTRY_REWRITTEN',
      10,
    ],
    [
      `update tlog.position set leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 1) where idx = 60`,
      'AUDIT_TILE_CHANGED',
    ],
    [`delete from tlog.entry where ${atIndex(61)}`, 'AUDIT_ENTRIES_MISSING'],
    [`delete from tlog.position where idx = 62`, 'AUDIT_ENTRIES_MISSING'],
    [
      `update tlog.checkpoint set note = (select note from tlog.checkpoint order by size limit 1)`,
      'AUDIT_ROLLED_BACK',
    ],
    [
      `update tlog.checkpoint set note = replace(note, size || E'\n', (size - 1) || E'\n')`,
      'TLOG_SIGNATURE_INVALID',
    ],
    [`update care.standard set body = jsonb_set(body::jsonb, '{id}', '"x"')`, 'AUDIT_STANDARD_DIFFERS'],
    [`delete from care.standard`, 'AUDIT_STANDARD_DIFFERS'],
  ];

  it('a change made in the database is found, and nothing is once it is undone', async () => {
    const stateFile = path.join(on.folder, 'database.json');
    expect((await audit(overHttp(on), { stateFile })).exit).toBe(0);
    for (const table of TABLES) await asOwner(`create table ${kept(table)} as select * from ${table}`);
    for (const [change, code, index] of CASES) {
      await asOwner(...change.split('; '));
      const report = await audit(overHttp(on), { stateFile });
      expect(report.exit, change).toBe(1);
      const named = report.findings.find((one) => one.code === code);
      expect(named, `${change}: ${codes(report)}`).toBeDefined();
      if (index !== undefined) expect(named!.index).toBe(index);
      for (const table of TABLES)
        await asOwner(
          `delete from ${table}`,
          `insert into ${table} overriding system value select * from ${kept(table)}`,
        );
    }
    expect(await audit(overHttp(on), { stateFile })).toMatchObject({ exit: 0, findings: [] });
  });
});

describe('the command', () => {
  const MAIN = fileURLToPath(new URL('../../apps/cli/main.ts', import.meta.url));
  const start = (...args: string[]) => spawn(process.execPath, [MAIN, 'audit', ...args], { cwd: on.folder });

  /** Not synchronous, because the server that answers lives in this process. */
  async function run(...args: string[]): Promise<{ code: number | null; text: string; complaint: string }> {
    const child = start(...args);
    let text = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += String(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += String(chunk);
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, text, complaint };
  }

  it('says that all is right, with a node of one’s own', async () => {
    const { code, text } = await run(
      on.house.url,
      '--rpc',
      on.house.house.engines.embedded!.url,
      '--state',
      's.json',
      '--json',
    );
    expect(code).toBe(0);
    const report = JSON.parse(text) as AuditReport;
    expect(report).toMatchObject({
      exit: 0,
      checkpoint: { size: on.size },
      anchors: on.anchors.length,
      findings: [],
      unjudged: [],
    });
    const again = await run(on.house.url, '--state', 's.json', '--new', '--peer', 's.json');
    expect(again.code).toBe(0);
    expect(again.text).toContain(on.trust.logs[0]!.origin);
  });

  it('follows until it is told to stop', async () => {
    const child = start(on.house.url, '--follow', '--every', '1', '--state', 'f.json', '--json');
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      lines += String(chunk).split('\n').length - 1;
      if (lines >= 2) child.kill('SIGTERM');
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  });

  it('says what is false with 1, and what it cannot judge with 2', async () => {
    const text = fs.readFileSync(path.join(on.folder, 'zhenmei-trust.json'), 'utf8');
    const { origin } = on.trust.logs[0]!;
    const stranger = formatVerifierKey(ed25519Signer(origin, new Uint8Array(32).fill(9)).key);
    fs.writeFileSync(
      path.join(on.folder, 'other.json'),
      text.replaceAll(on.trust.logs[0]!.keys[0]!, stranger),
    );
    fs.writeFileSync(path.join(on.folder, 'bad.json'), '{}');
    const runs: [number, string, string[]][] = [
      [1, 'TLOG_NOTE_UNTRUSTED', [on.house.url, '--trust', 'other.json']],
      [1, 'TLOG_WITNESSES_TOO_FEW', [on.house.url, '--witnesses', '1']],
      [2, 'AUDIT_UNREACHABLE', ['http://127.0.0.1:9/']],
      [2, 'AUDIT_UNREACHABLE', [`${on.house.url}/nothing/`]],
      [2, 'AUDIT_LOG_UNNAMED', [on.house.url, '--origin', 'x']],
      [2, 'AUDIT_STATE_INVALID', [on.house.url, '--state', 'bad.json']],
      [2, 'AUDIT_STATE_INVALID', [on.house.url, '--peer', 'bad.json']],
      [2, 'FILE_UNREADABLE', [on.house.url, '--peer', 'none.json']],
      [2, 'FILE_UNREADABLE', [on.house.url, '--trust', 'none.json']],
      [2, 'TRUST_FILE_INVALID', [on.house.url, '--trust', 'bad.json']],
      [2, 'CHAIN_UNAVAILABLE', [on.house.url, '--rpc', 'http://127.0.0.1:9/']],
    ];
    await Promise.all(
      runs.map(async ([code, name, args]) => {
        const outcome = await run(...args, '--json');
        expect([outcome.code, args], outcome.text).toEqual([code, args]);
        expect(outcome.text).toContain(`"code":"${name}"`);
      }),
    );
  });

  it('refuses what it does not understand', async () => {
    const wrong = [
      [],
      ['x'],
      ['ftp://x'],
      [on.house.url, on.house.url],
      [on.house.url, '--witnesses', 'x'],
      [on.house.url, '--grace', '-1'],
      [on.house.url, '--every', '0'],
      [on.house.url, '--nothing'],
    ];
    await Promise.all(
      wrong.map(async (args) => {
        const { code, complaint } = await run(...args);
        expect([code, args]).toEqual([2, args]);
        expect(complaint).toContain('zhenmei audit URL');
      }),
    );
  });
});
