import { ed25519 } from '@noble/curves/ed25519.js';
import { AppError, fromBase64, sha256, toBase64, toHex, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointText, parseCheckpoint } from './checkpoint.ts';
import { leafHash } from './hash.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey } from './keys.ts';
import { decodeLeaf, encodeLeaf, LEAF_TYPES, type LeafType } from './leaf.ts';
import { type LogProof, toLogProof, verifyLogProof } from './log-proof.ts';
import { cosignNote, ed25519Signer, openNote, signNote, splitNote } from './note.ts';
import { inclusionProof, MerkleTree } from './tree.ts';

async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

/** Key and note printed in the documentation of golang.org/x/mod/sumdb/note. */
const NEUMANN_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const NEUMANN_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NEUMANN_NOTE = `${NEUMANN_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
/** Printed in C2SP tlog-cosignature. */
const C2SP_CHECKPOINT = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

const ORIGIN = 'zhenmei.test/log';
const logSigner = ed25519Signer(ORIGIN, sha256(utf8('log')));
const logKey = formatVerifierKey(logSigner.key);
const witness = (n: number) => ed25519Signer(`witness.test/${n}`, sha256(utf8(`witness ${n}`)), 4);
const witnessKeys = [1, 2, 3].map((n) => formatVerifierKey(witness(n).key));

const tree = new MerkleTree();
const leafBytes = Array.from({ length: 9 }, (_, n) => encodeLeaf('custody-event', `{"n":${n}}`));
for (const leaf of leafBytes) tree.append(leafHash(leaf));
const checkpoint = await signNote(
  checkpointText({ origin: ORIGIN, size: tree.size, root: tree.root() }),
  logSigner,
);
const proof = toLogProof(ORIGIN, 4, leafBytes[4]!, inclusionProof(4, tree.size, tree.node), checkpoint);
const trust = { origin: ORIGIN, keys: [logKey] };

describe('signed notes', () => {
  test('the published key and note of the Go implementation', async () => {
    const key = parseVerifierKey(NEUMANN_KEY);
    expect(formatVerifierKey(key)).toBe(NEUMANN_KEY);
    expect(openNote(NEUMANN_NOTE, [key]).text).toBe(NEUMANN_TEXT);
    // PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz, printed beside it.
    const seed = fromBase64('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz').subarray(1);
    expect(await signNote(NEUMANN_TEXT, ed25519Signer('PeterNeumann', seed))).toBe(NEUMANN_NOTE);
  });

  test('the published checkpoint with its cosignature has the printed shape', () => {
    const { text, signatures } = splitNote(C2SP_CHECKPOINT);
    expect(parseCheckpoint(text)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 });
    expect(checkpointText(parseCheckpoint(text))).toBe(text);
    expect(signatures.map(({ name, bytes }) => [name, bytes.length])).toEqual([
      ['example.com/behind-the-sofa', 64],
      ['witness.example.com/w1', 72],
    ]);
    const time = new DataView(signatures[1]!.bytes.buffer, signatures[1]!.bytes.byteOffset).getBigUint64(0);
    expect(time).toBe(1_679_315_147n);
  });

  test('a text may hold empty lines: the published example of the note format', async () => {
    const poem =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n';
    const line =
      '— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=';
    const { text, signatures } = splitNote(`${poem}\n${line}\n`);
    expect(text).toBe(poem);
    expect(signatures).toMatchObject([{ name: 'quasimodo.example/salvatore', id: '367ba04b' }]);
    expect(openNote(await signNote(poem, logSigner), [logSigner.key]).text).toBe(poem);
  });

  test('verifier keys that are not exactly right', async () => {
    const [name, id, body] = [NEUMANN_KEY.slice(0, 12), NEUMANN_KEY.slice(13, 21), NEUMANN_KEY.slice(22)];
    const wrong = [
      '',
      name,
      `${name}+${id}`,
      `${name}+${id}+`,
      `+${id}+${body}`,
      `${name}x+${id}+${body}`,
      `${name}+c74f20a4+${body}`,
      `${name}+C74F20A3+${body}`,
      `${name}+${id}+${body.slice(0, -4)}`,
      `${name}+${id}+A${body}`,
      `Peter Neumann+${id}+${body}`,
      `${name}+${id}+${toBase64(new Uint8Array([2, ...fromBase64(body).subarray(1)]))}`,
    ];
    for (const text of wrong)
      expect(await codeOf(() => parseVerifierKey(text)), text).toBe('TLOG_KEY_FORMAT');
    expect(await codeOf(() => verifierKey('a b', new Uint8Array(32)))).toBe('TLOG_KEY_FORMAT');
    expect(await codeOf(() => verifierKey('a', new Uint8Array(31)))).toBe('TLOG_KEY_FORMAT');
  });

  test('notes that are not notes', async () => {
    const key = [parseVerifierKey(NEUMANN_KEY)];
    const line = NEUMANN_NOTE.slice(NEUMANN_TEXT.length + 1);
    const wrong = [
      '',
      'text\n',
      NEUMANN_TEXT,
      NEUMANN_NOTE.slice(0, -1),
      `${NEUMANN_NOTE}\n`,
      `${NEUMANN_TEXT}\n`,
      `${NEUMANN_TEXT}\n${line.replace('—', '-')}`,
      `${NEUMANN_TEXT}\n${line.replace('— ', '—  ')}`,
      `${NEUMANN_TEXT}\n${line.replace('=\n', '\n')}`,
      `${NEUMANN_TEXT}\n— PeterNeumann AAAA\n`,
      `${NEUMANN_TEXT}\n${line.repeat(101)}`,
      NEUMANN_NOTE.replace('\n', '\r\n'),
      `\u0000${NEUMANN_NOTE}`,
      `\ud800${NEUMANN_NOTE}`,
      `${NEUMANN_TEXT}\n— Peter+Neumann x08gowAA\n`,
    ];
    for (const text of wrong)
      expect(await codeOf(() => openNote(text, key)), JSON.stringify(text)).toBe('TLOG_NOTE_FORMAT');
    expect(await codeOf(() => signNote('no newline', logSigner))).toBe('TLOG_NOTE_FORMAT');
  });

  test('unknown keys are ignored, a wrong signature of a known key refuses the note', async () => {
    const key = parseVerifierKey(NEUMANN_KEY);
    expect(await codeOf(() => openNote(NEUMANN_NOTE, []))).toBe('TLOG_NOTE_UNTRUSTED');
    expect(await codeOf(() => openNote(NEUMANN_NOTE, [logSigner.key]))).toBe('TLOG_NOTE_UNTRUSTED');
    expect(await codeOf(() => openNote(NEUMANN_NOTE.replace('If you', 'If we'), [key]))).toBe(
      'TLOG_SIGNATURE_INVALID',
    );
    const both = `${NEUMANN_NOTE}— stranger.test/x AAAAAAAA\n`;
    expect(openNote(both, [key]).signedBy).toHaveLength(1);
    const doubled = NEUMANN_NOTE + NEUMANN_NOTE.slice(NEUMANN_TEXT.length + 1);
    expect(openNote(doubled, [key]).signedBy).toHaveLength(1);
    const short = `${NEUMANN_TEXT}\n— PeterNeumann x08gowAA\n`;
    expect(await codeOf(() => openNote(short, [key]))).toBe('TLOG_SIGNATURE_INVALID');
  });
});

test('checkpoints that are not exactly right', async () => {
  const root = toBase64(new Uint8Array(32));
  const wrong = [
    '',
    'o\n1\n',
    `o\n1\n${root}`,
    `\n1\n${root}\n`,
    `o\n01\n${root}\n`,
    `o\n-1\n${root}\n`,
    `o\n1.0\n${root}\n`,
    `o\n\n${root}\n`,
    `o\n9007199254740992\n${root}\n`,
    `o\n1\n${toBase64(new Uint8Array(31))}\n`,
    `o\n1\n${root.slice(0, -1)}\n`,
    `o\n1\n${root}\nextension\n`,
    `o\n1\n${root}\n\n`,
    `o\n1\n\n`,
  ];
  for (const text of wrong)
    expect(await codeOf(() => parseCheckpoint(text)), JSON.stringify(text)).toBe('TLOG_CHECKPOINT_FORMAT');
  expect(await codeOf(() => checkpointText({ origin: 'a\nb', size: 1, root: new Uint8Array(32) }))).toBe(
    'TLOG_CHECKPOINT_FORMAT',
  );
  expect(parseCheckpoint(`o\n0\n${root}\n`).size).toBe(0);
});

describe('leaves', () => {
  test('all ten types of the spine, by their numbers', () => {
    expect(Object.values(LEAF_TYPES)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const type of Object.keys(LEAF_TYPES) as LeafType[])
      expect(decodeLeaf(encodeLeaf(type, '{"a":1}'))).toMatchObject({ type, text: '{"a":1}' });
  });
  test('refuses unknown types, text that is not canonical, and leaves over 65,535 bytes', async () => {
    expect(await codeOf(() => encodeLeaf('gossip' as LeafType, '{}'))).toBe('TLOG_LEAF_TYPE_UNKNOWN');
    expect(encodeLeaf(5, '{}')).toEqual(encodeLeaf('recall', '{}'));
    for (const byte of [0, 11, 1.5])
      expect(await codeOf(() => encodeLeaf(byte, '{}'))).toBe('TLOG_LEAF_TYPE_UNKNOWN');
    expect(await codeOf(() => encodeLeaf('toString' as LeafType, '{}'))).toBe('TLOG_LEAF_TYPE_UNKNOWN');
    for (const bytes of [[], [0], [11], [255, 123, 125]])
      expect(await codeOf(() => decodeLeaf(Uint8Array.from(bytes)))).toBe('TLOG_LEAF_TYPE_UNKNOWN');
    for (const text of [
      '',
      '{"b":1,"a":2}',
      '{ }',
      '{"a":1.0}',
      '{"a":1,"a":1}',
      '-0',
      '{"a":1}\n',
      '"\\u0041"',
    ])
      expect(await codeOf(() => encodeLeaf('recall', text)), text).toBe('TLOG_LEAF_FORMAT');
    expect(await codeOf(() => encodeLeaf('recall', JSON.stringify('x'.repeat(65_533))))).toBe(
      'TLOG_LEAF_TOO_LARGE',
    );
    expect(encodeLeaf('recall', JSON.stringify('x'.repeat(65_532))).length).toBe(65_535);
    expect(await codeOf(() => decodeLeaf(Uint8Array.of(1, 0xff)))).toBe('BYTES_NOT_UTF8');
  });
});

describe('log proofs', () => {
  test('a good one says where the leaf stands', () => {
    expect(verifyLogProof(proof, trust)).toEqual({
      index: 4,
      size: 9,
      leaf: leafBytes[4],
      root: tree.root(),
      witnessed: [],
    });
    expect(verifyLogProof(JSON.parse(JSON.stringify(proof)), trust).index).toBe(4);
  });

  test('each way of being wrong has its own code', async () => {
    const other = ed25519Signer(ORIGIN, sha256(utf8('other')));
    const renamed = ed25519Signer('zhenmei.test/other', sha256(utf8('log')));
    const text = splitNote(checkpoint).text;
    const cases: [string, unknown, typeof trust?][] = [
      ['TLOG_PROOF_FORMAT', null],
      ['TLOG_PROOF_FORMAT', []],
      ['TLOG_PROOF_FORMAT', { ...proof, extra: 1 }],
      ['TLOG_PROOF_FORMAT', { ...proof, index: '4' }],
      ['TLOG_PROOF_FORMAT', { ...proof, index: -0 }],
      ['TLOG_PROOF_FORMAT', { ...proof, path: 'AAAA' }],
      ['TLOG_PROOF_FORMAT', { ...proof, path: Array(65).fill(proof.path[0]) }],
      ['TLOG_PROOF_FORMAT', { ...proof, leaf: '' }],
      ['TLOG_PROOF_FORMAT', { ...proof, leaf: '_-' }],
      ['TLOG_PROOF_FORMAT', { ...proof, origin: undefined }],
      ['TLOG_PROOF_FORMAT', { ...proof, checkpoint: 5 }],
      ['TLOG_PROOF_FORMAT', { ...proof, leaf: 5 }],
      ['TLOG_ORIGIN_MISMATCH', { ...proof, origin: 'zhenmei.test/other' }],
      [
        'TLOG_ORIGIN_MISMATCH',
        { ...proof, checkpoint: await signNote(text.replace(ORIGIN, 'zhenmei.test/two'), logSigner) },
      ],
      [
        'TLOG_ORIGIN_MISMATCH',
        { ...proof, checkpoint: await signNote(text, renamed) },
        { origin: ORIGIN, keys: [formatVerifierKey(renamed.key)] },
      ],
      [
        'TLOG_ORIGIN_MISMATCH',
        {
          ...proof,
          origin: renamed.key.name,
          checkpoint: await signNote(text.replace(ORIGIN, renamed.key.name), renamed),
        },
        { origin: ORIGIN, keys: [formatVerifierKey(renamed.key)] },
      ],
      ['TLOG_NOTE_UNTRUSTED', { ...proof, checkpoint: await signNote(text, other) }],
      ['TLOG_NOTE_UNTRUSTED', proof, { origin: ORIGIN, keys: [] }],
      ['TLOG_NOTE_UNTRUSTED', proof, { origin: ORIGIN, keys: witnessKeys }],
      ['TLOG_KEY_FORMAT', proof, { origin: ORIGIN, keys: ['nonsense'] }],
      ['TLOG_SIGNATURE_INVALID', { ...proof, checkpoint: checkpoint.replace('\n9\n', '\n8\n') }],
      ['TLOG_CHECKPOINT_FORMAT', { ...proof, checkpoint: await signNote('hello\n', logSigner) }],
      ['TLOG_NOTE_FORMAT', { ...proof, checkpoint: text }],
      ['TLOG_INDEX_OUT_OF_RANGE', { ...proof, index: 9 }],
      ['TLOG_PATH_LENGTH', { ...proof, path: proof.path.slice(1) }],
      ['TLOG_PATH_LENGTH', { ...proof, path: [] }],
      ['TLOG_HASH_LENGTH', { ...proof, path: ['', ...proof.path.slice(1)] }],
      ['TLOG_ROOT_MISMATCH', { ...proof, index: 5 }],
      ['TLOG_ROOT_MISMATCH', { ...proof, leaf: toBase64(leafBytes[5]!) }],
    ];
    for (const [code, bad, under] of cases)
      expect(await codeOf(() => verifyLogProof(bad, under ?? trust)), JSON.stringify(bad)).toBe(code);
  });

  test('every single changed character, anywhere, is noticed', async () => {
    const swap = (text: string, at: number) =>
      text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    const mutants: LogProof[] = [];
    for (const field of ['origin', 'leaf', 'checkpoint'] as const)
      for (let at = 0; at < proof[field].length; at++)
        mutants.push({ ...proof, [field]: swap(proof[field], at) });
    proof.path.forEach((node, p) => {
      for (let at = 0; at < node.length; at++)
        mutants.push({ ...proof, path: proof.path.map((n, i) => (i === p ? swap(n, at) : n)) });
    });
    for (let index = 0; index < 12; index++) if (index !== 4) mutants.push({ ...proof, index });
    for (const mutant of mutants)
      expect(await codeOf(() => verifyLogProof(mutant, trust)), JSON.stringify(mutant)).not.toBe('accepted');
    expect(mutants.length).toBeGreaterThan(380);
  });

  test('whatever a stranger sends, the answer is one of the known codes', async () => {
    const near = fc.record({
      origin: fc.constant(ORIGIN),
      index: fc.nat(12),
      leaf: fc.base64String(),
      path: fc.array(fc.base64String()),
      checkpoint: fc.constantFrom(checkpoint, '', 'x\n\n'),
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), near), async (sent) => {
        expect(await codeOf(() => verifyLogProof(sent, trust))).toMatch(/^TLOG_/);
      }),
      { numRuns: 300 },
    );
  });

  test('witnesses: k of n, distinct keys, time told', async () => {
    let note = checkpoint;
    for (const n of [1, 2]) note = await cosignNote(note, witness(n), 1_800_000_000 + n);
    const seen = { ...proof, checkpoint: note };
    const under = (k: number, keys = witnessKeys) => ({ ...trust, witnesses: { keys, k } });
    expect(verifyLogProof(seen, under(2)).witnessed).toEqual([
      { name: 'witness.test/1', time: 1_800_000_001 },
      { name: 'witness.test/2', time: 1_800_000_002 },
    ]);
    expect(await codeOf(() => verifyLogProof(seen, under(3)))).toBe('TLOG_WITNESSES_TOO_FEW');
    expect(await codeOf(() => verifyLogProof(proof, under(1)))).toBe('TLOG_WITNESSES_TOO_FEW');
    expect(
      await codeOf(() =>
        verifyLogProof({ ...proof, checkpoint: `${note}${note.split('\n').at(-2)}\n` }, under(3)),
      ),
    ).toBe('TLOG_WITNESSES_TOO_FEW');
    const alias = ed25519Signer('witness.test/alias', sha256(utf8('witness 1')), 4);
    const aliased = {
      ...proof,
      checkpoint: await cosignNote(await cosignNote(checkpoint, witness(1), 7), alias, 7),
    };
    expect(
      await codeOf(() => verifyLogProof(aliased, under(2, [...witnessKeys, formatVerifierKey(alias.key)]))),
    ).toBe('TLOG_WITNESSES_TOO_FEW');
    const at = note.indexOf('witness.test/2 ') + 22;
    const broken = note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1);
    expect(await codeOf(() => verifyLogProof({ ...proof, checkpoint: broken }, under(1)))).toBe(
      'TLOG_SIGNATURE_INVALID',
    );
  });

  test('a cosignature dated past 2^63 is refused', async () => {
    const signer = witness(1);
    const late = { key: signer.key, sign: () => new Uint8Array(64) };
    const note = await cosignNote(checkpoint, late, 2 ** 63);
    expect(await codeOf(() => openNote(note, [signer.key]))).toBe('TLOG_SIGNATURE_INVALID');
    expect(toHex(ed25519.getPublicKey(sha256(utf8('witness 1'))))).toBe(toHex(signer.key.publicKey));
  });
});
