/** One consent, one run: over a real PostgreSQL, with a real worker and real records. */
import {
  canonicalJson,
  fromBase64Url,
  MINUTE,
  newId,
  sha256,
  toBase64Url,
  toHex,
  toIso,
  utf8,
} from '@zhenmei/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEGINNING, checkEntries } from '../core/access/audit.ts';
import { accessLogKey } from '../core/access/entry.ts';
import {
  boundOf,
  type ComputeGrant,
  computeInbox,
  computeSubject,
  digestOf,
  readComputeGrant,
  sealToWorker,
  signComputeGrant,
  wrapForRun,
} from '../core/compute/grant.ts';
import { assertKnown, type ComputeOffer } from '../core/compute/offer.ts';
import { assertWithinShape, MOST_VALUES } from '../core/compute/output.ts';
import type { Program } from '../core/compute/program.ts';
import { treatmentTotals } from '../core/compute/programs/treatment-totals.ts';
import { openResult, runJob } from '../core/compute/run-job.ts';
import { sealContainer } from '../core/container.ts';
import { gatekeeperPart } from '../core/grants/release.ts';
import { drugRecord, treatmentRecord } from '../core/record.ts';
import { sealKeys } from '../core/seal.ts';
import { codeOf, idOf, openRig, type Rig, random } from './rig.property.ts';
import { codeDigest, OFFER_LIFE, softwareWorker } from './software-worker.ts';

let rig: Rig;
/** Entries that were committed each time the gatekeeper was asked. */
const seen: number[] = [];
beforeAll(async () => {
  rig = await openRig({
    gatekeeper: {
      async part(share, object, version) {
        const { rows } = await sql<{ n: number }>`
          SELECT count(*)::int AS n FROM vault.access WHERE body LIKE '%"compute"%'`.execute(rig.database.db);
        seen.push(rows[0]!.n);
        return gatekeeperPart(share, object, version);
      },
    },
  });
});
afterAll(async () => {
  await rig?.close();
});

const root = random(32);
const input = {
  at: '2026-11-24T08:00:00.000Z',
  procedure: { code: 'filler', name: '填充' },
  doctor: '林书宁',
  zones: [
    { zone: 'chin', amount: 300 },
    { zone: 'nose', amount: 200 },
  ],
  amountUnit: 'uL',
  product: { gtin: '09521234100010', serial: 'A1', lot: 'L1', name: '澄润' },
};
const records = [
  treatmentRecord(input),
  treatmentRecord({ ...input, at: '2026-05-01T08:00:00.000Z', product: { ...input.product, serial: 'A2' } }),
  drugRecord({
    ...input,
    zones: [{ zone: 'forehead', amount: 20 }],
    amountUnit: 'U',
    product: { ...input.product, gtin: '09521234100027', name: '白鹭' },
  }),
].map((record) => utf8(canonicalJson(record)));

interface Kept {
  readonly object: string;
  readonly version: number;
  readonly contentKey: Uint8Array<ArrayBuffer>;
  readonly digest: string;
}
async function keep(who: string, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Kept> {
  const [object, version, contentKey] = [`${who}-${name}`, 1, random(32)];
  const cipher = toBase64Url(await sealContainer(contentKey, { object, version }, bytes));
  await rig.as('writeObject', who, { params: { name: object }, body: { revision: 1, cipher } });
  return { object, version, contentKey, digest: toHex(sha256(bytes)) };
}

async function consentTo(offer: ComputeOffer, files: readonly Kept[], change: Partial<ComputeGrant> = {}) {
  const salt = random(16);
  const inputs = files.map(({ object, version, digest }) => ({
    object,
    version,
    kind: 'record' as const,
    digest,
  }));
  const grant = readComputeGrant({
    version: 1,
    id: newId(rig.clock.at, random(10)),
    subject: computeSubject(root, offer.job),
    action: 'compute',
    ...boundOf(offer),
    objects: files.map(({ object, version }) => ({ object, version })),
    input: digestOf(salt, inputs),
    inbox: computeInbox(root, offer.job).publicKey,
    runs: 1,
    notBefore: toIso(rig.clock.at),
    notAfter: offer.validUntil,
    ...change,
  });
  const shares = { worker: random(32), gatekeeper: random(32) };
  const body = {
    grant,
    signature: signComputeGrant(root, grant),
    share: toBase64Url(shares.gatekeeper),
    sealed: await sealToWorker(grant, offer.publicKey, { share: shares.worker, salt, inputs }, random),
    files: await Promise.all(
      files.map(async (file) => ({
        object: file.object,
        version: file.version,
        wrapped: await wrapForRun(grant, shares, file, random),
      })),
    ),
  };
  return { grant, salt, body };
}

const ask = (who: string) => rig.as('offerRun', who, { body: { program: 'treatment-totals' } });
const agree = (who: string, { job }: ComputeOffer, body: object) =>
  rig.as('agreeToRun', who, { params: { id: job }, body });
const run = (who: string, { job }: ComputeOffer) => rig.as('runOnce', who, { params: { id: job } });
const openLog = (who: string) =>
  rig.as('openAccessLog', who, { body: { key: toBase64Url(accessLogKey(random(32))) } });
let n = 0;
async function ready(
  change: Partial<ComputeGrant> = {},
  bytes: readonly Uint8Array<ArrayBuffer>[] = records,
) {
  const who = `u${++n}`;
  await openLog(who);
  const files = [];
  for (const [i, one] of bytes.entries()) files.push(await keep(who, `r${i}`, one));
  const offer = await ask(who);
  return { who, offer, files, ...(await consentTo(offer, files, change)) };
}

describe('a run', () => {
  it('opens what was chosen once, gives back what was agreed, and stands in the log with salted digests', async () => {
    const { who, offer, files, grant, salt, body } = await ready();
    assertKnown(offer, treatmentTotals.info);
    await agree(who, offer, body);
    await agree(who, offer, body);
    const given = await run(who, offer);
    const result = await openResult(root, grant, offer.output, salt, given);
    expect(result).toEqual({
      treatments: 3,
      totals: [
        {
          gtin: '09521234100010',
          unit: 'uL',
          amount: 1_000,
          treatments: 2,
          first: '2026-05-01',
          last: '2026-11-24',
        },
        {
          gtin: '09521234100027',
          unit: 'U',
          amount: 20,
          treatments: 1,
          first: '2026-11-24',
          last: '2026-11-24',
        },
      ],
    });
    expect(seen.slice(-3)).toEqual([1, 1, 1]);
    const { entries } = await rig.as('readAccess', who);
    const [began, ended] = checkEntries(BEGINNING, entries).entries.map(({ entry }) => entry);
    expect(began).toMatchObject({ kind: 'compute', grant: grant.id, purpose: 'PATRQT', digest: grant.input });
    expect(ended).toMatchObject({ kind: 'computed', grant: grant.id, digest: digestOf(salt, result) });
    expect(await codeOf(run(who, offer))).toBe('COMPUTE_USED_UP');
    const anew = await consentTo(offer, files);
    expect(await codeOf(agree(who, offer, anew.body))).toBe('COMPUTE_USED_UP');
    const { runs } = await rig.as('ownRuns', who);
    expect(runs).toMatchObject([
      { job: offer.job, state: 'done', sealed: given.sealed, output: given.output },
    ]);
    const { rows } = await sql<{ share: unknown; sealed: unknown; files: unknown }>`
      SELECT share, sealed, files FROM vault.compute_job WHERE id = ${offer.job}`.execute(rig.database.db);
    expect(rows).toEqual([{ share: null, sealed: null, files: null }]);
  });

  it('begins once, also if it is asked for many times at once', async () => {
    const { who, offer, body } = await ready();
    await agree(who, offer, body);
    const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(run(who, offer))));
    expect(codes.sort()).toEqual([
      'COMPUTE_USED_UP',
      'COMPUTE_USED_UP',
      'COMPUTE_USED_UP',
      'COMPUTE_USED_UP',
      'COMPUTE_USED_UP',
      'none',
    ]);
  });

  it('needs a consent that was given, is not taken back, and has not expired', async () => {
    const { who, offer, files, body } = await ready();
    expect(await codeOf(run(who, offer))).toBe('COMPUTE_NOT_GRANTED');
    await agree(who, offer, body);
    await rig.as('withdrawRun', who, { params: { id: offer.job } });
    expect(await codeOf(run(who, offer))).toBe('COMPUTE_NOT_GRANTED');
    const late = await ask(who);
    await agree(who, late, (await consentTo(late, files)).body);
    rig.clock.at += OFFER_LIFE;
    expect(await codeOf(run(who, late))).toBe('COMPUTE_EXPIRED');
    const soon = await ask(who);
    const short = await consentTo(soon, files, { notAfter: toIso(rig.clock.at + MINUTE) });
    await agree(who, soon, short.body);
    rig.clock.at += MINUTE;
    expect(await codeOf(run(who, soon))).toBe('COMPUTE_EXPIRED');
    expect((await rig.as('readAccess', who)).entries).toEqual([]);
  });

  it('is nobody else’s, nor over anybody else’s files', async () => {
    const { who, offer, body } = await ready();
    await openLog('eve');
    expect(await codeOf(agree('eve', offer, body))).toBe('COMPUTE_JOB_UNKNOWN');
    await agree(who, offer, body);
    expect(await codeOf(run('eve', offer))).toBe('COMPUTE_JOB_UNKNOWN');
    const stolen = await ask('eve');
    const files = [await keep(who, 'x', records[0]!)];
    expect(await codeOf(agree('eve', stolen, (await consentTo(stolen, files)).body))).toBe(
      'COMPUTE_GRANT_INVALID',
    );
    expect(await codeOf(rig.as('offerRun', 'eve', { body: { program: 'diagnosis' } }))).toBe(
      'COMPUTE_PROGRAM_UNKNOWN',
    );
  });

  it('is refused if one thing that was agreed to is another', async () => {
    const hash = toBase64Url(random(32));
    for (const change of [
      { model: hash },
      { code: hash },
      { output: hash },
      { key: hash },
      { program: { id: 'treatment-totals', version: '2.0.0' } },
      { job: newId(rig.clock.at, random(10)) },
    ] satisfies Partial<ComputeGrant>[]) {
      const { who, offer, body } = await ready();
      const { grant } = body;
      const altered = { ...grant, ...change };
      const signed = { ...body, grant: altered, signature: signComputeGrant(root, altered) };
      // another job has another signing key, so that change shows in the signature already
      expect(await codeOf(agree(who, offer, signed))).toMatch(
        'job' in change ? /COMPUTE_GRANT_INVALID/ : /COMPUTE_OTHER_PROGRAM/,
      );
      expect(await codeOf(agree(who, offer, { ...body, grant: altered }))).toBe('COMPUTE_GRANT_INVALID');
    }
  });

  it('is refused by a worker whose code or model changed since', async () => {
    const { who, offer, body } = await ready();
    await agree(who, offer, body);
    const { worker } = rig.ctx;
    const current = worker.current;
    for (const change of [
      { code: toBase64Url(random(32)) },
      { model: { ...offer.model, digest: toBase64Url(random(32)) } },
    ]) {
      worker.current = () => ({ ...offer, ...change });
      expect(await codeOf(run(who, offer))).toBe('COMPUTE_OTHER_PROGRAM');
    }
    worker.current = () => null;
    expect(await codeOf(run(who, offer))).toBe('COMPUTE_KEY_GONE');
    worker.current = current;
    expect(await codeOf(run(who, offer))).toBe('none');
    const changed: Program = { ...treatmentTotals, info: { ...treatmentTotals.info, version: '1.0.1' } };
    const other = softwareWorker({ clock: rig.ctx.clock, random: rig.ctx.random }, [changed], 'x');
    const offered = await other.offer('treatment-totals', newId(rig.clock.at, random(10)));
    expect(await codeOf((async () => assertKnown(offered, treatmentTotals.info))())).toBe(
      'COMPUTE_OTHER_PROGRAM',
    );
  });

  it('over what the program cannot read gives nothing, and uses the consent up', async () => {
    const { who, offer, body } = await ready({}, [utf8('{"resourceType":"Observation"}')]);
    await agree(who, offer, body);
    expect(await codeOf(run(who, offer))).toBe('COMPUTE_INPUT');
    expect(await codeOf(run(who, offer))).toBe('COMPUTE_USED_UP');
    const { runs } = await rig.as('ownRuns', who);
    expect(runs).toMatchObject([{ state: 'failed', failed: 'COMPUTE_INPUT', sealed: null }]);
    expect((await rig.as('readAccess', who)).entries).toHaveLength(1);
  });

  it('waits for so many at most', async () => {
    await openLog('max');
    for (let i = 0; i < 5; i++) await ask('max');
    expect(await codeOf(ask('max'))).toBe('COMPUTE_BUSY');
  });
});

describe('the worker', () => {
  const clock = { now: () => rig.clock.at };
  const job = () => newId(rig.clock.at, random(10));
  async function alone(program: Program = treatmentTotals) {
    const worker = softwareWorker({ clock, random: { bytes: random } }, [program]);
    const offer = await worker.offer(program.info.id, job());
    const bytes = records[0]!;
    const file = { object: 'f', version: 1, contentKey: random(32), digest: toHex(sha256(bytes)) };
    const container = await sealContainer(file.contentKey, file, bytes);
    const { grant, body, salt } = await consentTo(offer, [file]);
    const part = gatekeeperPart(fromBase64Url(body.share), 'f', 1);
    const files = [{ ...body.files[0]!, part, container }];
    return {
      worker,
      offer,
      salt,
      grant,
      files,
      given: { grant, signature: body.signature, sealed: body.sealed, files },
    };
  }

  it('destroys the key with the run, and refuses what does not fit by itself', async () => {
    const { worker, offer, given } = await alone();
    expect(await codeOf(worker.run(offer.job, given))).toBe('none');
    expect(worker.current(offer.job)).toBeNull();
    expect(await codeOf(worker.run(offer.job, given))).toBe('COMPUTE_KEY_GONE');
    for (const spoil of [
      (g: typeof given) => ({ ...g, signature: toBase64Url(random(64)) }),
      (g: typeof given) => ({ ...g, files: [{ ...g.files[0]!, part: random(32) }] }),
      (g: typeof given) => ({ ...g, files: [] }),
      (g: typeof given) => ({ ...g, sealed: g.sealed.replace(/.{4}$/, 'AAAA') }),
    ]) {
      const next = await alone();
      expect(await codeOf(next.worker.run(next.offer.job, spoil(next.given)))).toMatch(
        /^(COMPUTE_GRANT_INVALID|VAULT_DAMAGED)$/,
      );
      expect(await codeOf(next.worker.run(next.offer.job, next.given))).toBe('COMPUTE_KEY_GONE');
    }
    const gone = await alone();
    gone.worker.forget(gone.offer.job);
    expect(await codeOf(gone.worker.run(gone.offer.job, gone.given))).toBe('COMPUTE_KEY_GONE');
  });

  it.each([
    ['a sentence', { treatments: 1, totals: [], note: '面部有感染' }, '.*'],
    ['a picture as numbers', { treatments: 1, totals: Array.from({ length: 300 }, () => ({})) }, 'totals'],
    ['words in place of a code', { treatments: 1, totals: [{ gtin: '林书宁' }] }, 'totals[0].gtin'],
    ['a number beyond its bounds', { treatments: 51, totals: [] }, 'treatments'],
    ['something that is no number', { treatments: Number.NaN, totals: [] }, 'treatments'],
    ['a list in place of an object', [1, 2, 3], '(root)'],
    ['nothing', null, '(root)'],
  ])('throws away a result with %s', async (_, result, path) => {
    const rogue: Program = { ...treatmentTotals, run: () => result };
    const { offer, given } = await alone(rogue);
    const keys = sealKeys(random(32));
    await expect(
      runJob({ ...offer, publicKey: keys.publicKey }, keys, rogue, given, rig.clock.at, random),
    ).rejects.toMatchObject({ code: 'COMPUTE_OTHER_PROGRAM' });
    const again = await alone(rogue);
    await expect(again.worker.run(again.offer.job, again.given)).rejects.toMatchObject({
      code: 'COMPUTE_RESULT_OUTSIDE',
      params: { path },
    });
  });

  it('counts every value, whatever the shape allows', () => {
    const wide = {
      type: 'list',
      most: 200,
      of: { type: 'list', most: 200, of: { type: 'number', min: 0, max: 1 } },
    } as const;
    const rows = (count: number) => Array.from({ length: count }, () => Array.from({ length: 100 }, () => 0));
    expect(() => assertWithinShape(wide, rows(9))).not.toThrow();
    expect(() => assertWithinShape(wide, rows(10))).toThrow('COMPUTE_RESULT_OUTSIDE');
    expect(MOST_VALUES).toBe(1_000);
  });

  it('says what it is: the digest of its own source, and no hardware', async () => {
    const { offer } = await alone();
    expect(offer.code).toBe(codeDigest());
    expect(offer.attestation).toBe('software');
    expect(idOf('x')).toHaveLength(36);
  });
});
