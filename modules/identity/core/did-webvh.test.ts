/** Identifiers whose history anybody can check: ours, another implementation's, and every way to forge one. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { derive, type Json, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase58, toBase58 } from './base58.ts';
import {
  createLog,
  type DidSigner,
  didTemplate,
  keyHash,
  multikey,
  parallelDidWeb,
  resolveLog,
  updateLog,
} from './did-webvh.ts';
import { FOREIGN_LOG } from './fixtures/did-webvh.ts';

const signer = (name: string): DidSigner => {
  const secret = derive(utf8(`did signer ${name}`), 'zhenmei/test');
  return { publicKey: ed25519.getPublicKey(secret), sign: (message) => ed25519.sign(message, secret) };
};
const [a, b, c] = [signer('a'), signer('b'), signer('c')];
const key = (one: DidSigner) => multikey(one.publicKey);
const T = Date.parse('2026-01-01T00:00:00Z');
const state = (id: string, more: Record<string, Json> = {}) => ({
  '@context': ['https://www.w3.org/ns/did/v1'],
  id,
  ...more,
});
const made = createLog({ state: state(didTemplate('house.example:4800', ['organisations', 'x'])), at: T }, a);
const { did } = resolveLog(made, T);
const changed = updateLog(made, { state: state(did, { alsoKnownAs: ['did:web:x'] }), at: T + 60_000 }, a);

describe('a log', () => {
  it('made by another implementation resolves', () => {
    const late = Date.parse('2027-01-01T00:00:00Z');
    const end = resolveLog(FOREIGN_LOG, late);
    expect(end).toMatchObject({ version: 3, deactivated: true });
    expect(end.did).toMatch(/^did:webvh:Qm\w{44}:example\.com$/);
    expect(resolveLog(FOREIGN_LOG, late, end.did, T).version).toBe(1);
    expect(() => updateLog(FOREIGN_LOG, { state: state(end.did), at: late }, a)).toThrow('DID_DEACTIVATED');
  });

  it('is made, changed, read at any time and ended', () => {
    expect(did).toMatch(/^did:webvh:Qm\w{44}:house\.example%3A4800:organisations:x$/);
    expect(resolveLog(changed, T + 60_000, did)).toMatchObject({
      version: 2,
      state: { alsoKnownAs: ['did:web:x'] },
    });
    expect(resolveLog(changed, T + 60_000, did, T + 59_999).version).toBe(1);
    const ended = updateLog(changed, { state: state(did), at: T + 120_000, deactivated: true }, a);
    expect(resolveLog(ended, T + 120_000).deactivated).toBe(true);
    expect(() => updateLog(ended, { state: state(did), at: T + 180_000 }, a)).toThrow('DID_DEACTIVATED');
  });

  it('changes hands only to keys that were committed to', () => {
    const first = createLog(
      { state: state(didTemplate('h.example', [])), at: T, nextKeyHashes: [keyHash(key(b))] },
      a,
    );
    const { did: id } = resolveLog(first, T);
    const next = (by: DidSigner, more: object = {}) =>
      updateLog(first, { state: state(id), at: T + 1_000, updateKeys: [key(by)], ...more }, by);
    expect(resolveLog(next(b, { nextKeyHashes: [keyHash(key(c))] }), T + 1_000)).toMatchObject({
      updateKeys: [key(b)],
      version: 2,
    });
    expect(() => resolveLog(next(c), T + 1_000)).toThrow('DID_KEY');
    expect(() => resolveLog(next(a), T + 1_000)).toThrow('DID_KEY');
    expect(() => updateLog(made, { state: state(did), at: T + 1_000 }, b)).toThrow('DID_KEY');
    const handed = updateLog(made, { state: state(did), at: T + 1_000, updateKeys: [key(b)] }, a);
    expect(() => updateLog(handed, { state: state(did), at: T + 2_000 }, a)).toThrow('DID_KEY');
    expect(resolveLog(updateLog(handed, { state: state(did), at: T + 2_000 }, b), T + 2_000).version).toBe(3);
  });

  it('has the same document for readers of did:web', () => {
    expect(
      parallelDidWeb(
        state(did, { controller: did, alsoKnownAs: ['did:web:house.example%3A4800:organisations:x'] }),
      ),
    ).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1'],
      id: 'did:web:house.example%3A4800:organisations:x',
      controller: 'did:web:house.example%3A4800:organisations:x',
      alsoKnownAs: [did],
    });
  });
});

describe('a forged log', () => {
  const lines = changed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, Json>);
  const write = (...entries: object[]) => entries.map((entry) => JSON.stringify(entry)).join('\n');
  const [one, two] = [lines[0]!, lines[1]!];
  const proof = (one.proof as Record<string, Json>[])[0]!;
  const first = (change: object) => write({ ...one, ...change });
  const proved = (change: object) => first({ proof: [{ ...proof, ...change }] });

  it.each<[string, string, string]>([
    ['nothing', '', 'DID_MALFORMED'],
    ['no JSON', '{', 'DID_MALFORMED'],
    ['a list', '[]', 'DID_MALFORMED'],
    ['a member twice', '{"state":1,"state":1}', 'DID_MALFORMED'],
    ['a member that is unknown', first({ more: 1 }), 'DID_MALFORMED'],
    ['no proof', write({ ...one, proof: undefined }), 'DID_MALFORMED'],
    [
      'a parameter that is unknown',
      first({ parameters: { ...(one.parameters as object), x: 1 } }),
      'DID_MALFORMED',
    ],
    [
      'another method',
      first({ parameters: { ...(one.parameters as object), method: 'did:webvh:9' } }),
      'DID_UNSUPPORTED',
    ],
    [
      'witnesses',
      first({ parameters: { ...(one.parameters as object), witness: { threshold: 1 } } }),
      'DID_UNSUPPORTED',
    ],
    [
      'a portable identifier',
      first({ parameters: { ...(one.parameters as object), portable: true } }),
      'DID_UNSUPPORTED',
    ],
    [
      'another key from the start',
      first({ parameters: { ...(one.parameters as object), updateKeys: [key(c)] } }),
      'DID_SCID',
    ],
    ['another document from the start', first({ state: state(did, { x: 1 }) }), 'DID_SCID'],
    ['another number', first({ versionId: String(one.versionId).replace('1-', '2-') }), 'DID_MALFORMED'],
    ['another hash', first({ versionId: '1-QmXXXX' }), 'DID_CHAIN'],
    ['no time', first({ versionTime: 'now' }), 'DID_SCID'],
    ['a list of no proofs', first({ proof: [] }), 'DID_PROOF'],
    ['another signature', proved({ proofValue: `z${toBase58(new Uint8Array(64).fill(1))}` }), 'DID_PROOF'],
    ['a signature cut short', proved({ proofValue: 'z11' }), 'DID_PROOF'],
    ['another suite', proved({ cryptosuite: 'eddsa-rdfc-2022' }), 'DID_PROOF'],
    ['another purpose', proved({ proofPurpose: 'authentication' }), 'DID_PROOF'],
    ['another time of the proof', proved({ created: '2026-01-02T00:00:00Z' }), 'DID_PROOF'],
    ['a proof by a stranger', proved({ verificationMethod: `did:key:${key(c)}#${key(c)}` }), 'DID_KEY'],
    ['a key under another name', proved({ verificationMethod: `did:key:${key(c)}#${key(a)}` }), 'DID_PROOF'],
    ['a version left out', write(two), 'DID_UNSUPPORTED'],
    ['versions exchanged', write(two, one), 'DID_UNSUPPORTED'],
    ['a version twice', write(one, two, two), 'DID_MALFORMED'],
    ['a later document changed', write(one, { ...two, state: state(did, { x: 1 }) }), 'DID_CHAIN'],
    ['a later time changed', write(one, { ...two, versionTime: '2026-01-01T00:00:30Z' }), 'DID_CHAIN'],
  ])('with %s', (_, log, code) => {
    expect(() => resolveLog(log, T + 3_600_000)).toThrow(code);
  });

  it('from the future, out of order, or of another identifier', () => {
    expect(() => resolveLog(made, T - 60_001)).toThrow('DID_TIME');
    expect(() => resolveLog(updateLog(made, { state: state(did), at: T }, a), T)).toThrow('DID_TIME');
    expect(() => resolveLog(made, T, did.replace('Qm', 'QX'))).toThrow('DID_SCID');
    expect(() => resolveLog(made, T, did, T - 1)).toThrow('DID_TIME');
    const moved = updateLog(made, { state: state(did.replace('house', 'other')), at: T + 1_000 }, a);
    expect(() => resolveLog(moved, T + 1_000)).toThrow('DID_UNSUPPORTED');
  });

  it('in any letter', () => {
    fc.assert(
      fc.property(
        fc.nat(changed.trim().length - 1),
        fc.constantFrom('a', 'Z', '0', '"', '}', ' '),
        (at, letter) => {
          fc.pre(changed[at] !== letter && !/\s/.test(changed[at]!) && letter.trim() !== '');
          const forged = changed.slice(0, at) + letter + changed.slice(at + 1);
          expect(() => resolveLog(forged, T + 3_600_000, did)).toThrow();
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('base58', () => {
  it('comes back, zeros in front included', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect([...fromBase58(toBase58(bytes))!]).toEqual([...bytes]);
      }),
    );
    expect(toBase58(utf8('Hello World!'))).toBe('2NEpo7TZRRrLZSi2U');
  });
  it.each(['0', 'O', 'I', 'l', ' ', '1'.repeat(257)])('has no %s', (text) => {
    expect(fromBase58(text)).toBeNull();
  });
});
