/** What a stranger does to a paper without the key of the house is seen, wherever it is done. */
import { PAPER_LIMIT } from '@zhenmei/evidence';
import { verifyPaper } from '@zhenmei/verifier/paper/verify-paper.ts';
import { describe, expect, it } from 'vitest';
import { drawPaper } from './paper.ts';
import {
  bytesOf,
  edited,
  flipped,
  partsOf,
  text,
  updated,
  withCms,
  withHex,
} from './seal-attacks.property.ts';
import { sealedPaper, testSeal } from './signed-paper.property.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const certificates = [...testSeal().certificates];
const check = (bytes: Bytes) => verifyPaper({ bytes, certificates, issued: () => false, print: drawPaper });
const said = async (bytes: Bytes) => {
  const { exit, proofs } = await check(bytes);
  return [exit, Object.values(proofs).find(({ verdict }) => verdict !== 'proven')?.code];
};
const paper = await sealedPaper();
const { from, until, hex } = partsOf(paper);
const all = text(paper);
/** Of the signature's own place in the file. */
const [begin, end] = [all.indexOf('/Type /Sig') - 11, all.indexOf('endobj', until) + 6];

describe('a sealed paper', () => {
  it('is proven as it is, part by part', async () => {
    const { exit, kind, proofs, signer, address } = await check(paper);
    expect(Object.fromEntries(Object.entries(proofs).map(([name, { code }]) => [name, code]))).toEqual({
      seal: 'SEAL_PROVEN',
      certificate: 'SEAL_OWNER_PROVEN',
      agreement: 'PAPER_AGREEMENT_PROVEN',
      patient: 'PAPER_PATIENT_PROVEN',
      clinic: 'PAPER_CLINIC_PROVEN',
      printed: 'PAPER_PRINT_PROVEN',
    });
    expect([exit, kind, signer?.selfIssued, address]).toEqual([
      0,
      'agreement',
      true,
      'https://zhenmei.example',
    ]);
  });

  it.each([
    ['the header', 0, 15],
    ['the signature’s dictionary', begin, from],
    ['the signature’s digits', from, until],
    ['what follows them', until, end],
    ['the table and the trailer', all.lastIndexOf('\nxref\n'), paper.length],
  ])('shows every changed byte of %s', async (_, first, last) => {
    for (let at = first; at < last; at++) {
      const found = await check(flipped(paper, at));
      expect(found.exit, `byte ${at}`).not.toBe(0);
    }
  });
  it('shows changed bytes in pages, font and attachment, every bit of them', async () => {
    let tried = 0;
    for (let at = end; at < all.lastIndexOf('\nxref\n'); at += 131)
      expect(await said(flipped(paper, at, 1 << (tried++ % 8))), `byte ${at}`).toEqual([
        1,
        'SEAL_DIGEST_WRONG',
      ]);
    expect(tried).toBeGreaterThan(300);
  });

  it.each<[string, Bytes, string]>([
    ['bytes after it', edited(paper, (a) => `${a}\n`), 'SEAL_ADDED_TO'],
    ['an update after it', updated(paper, '<<\n/Type /Annot\n>>'), 'SEAL_ADDED_TO'],
    [
      'a second signature after it',
      updated(paper, '<<\n/Type /Sig\n/ByteRange [0 1 2 3]\n>>'),
      'SEAL_DOUBLED',
    ],
    [
      'a second range',
      edited(paper, (a) => a.replace('/Name (', '/ByteRange [0 1 2 3] /Name (')),
      'SEAL_DOUBLED',
    ],
    ['an end that is cut off', paper.slice(0, -7), 'SEAL_RANGE_WRONG'],
    ['a range that begins later', edited(paper, (a) => a.replace('[0 ', '[9 ')), 'SEAL_RANGE_WRONG'],
    [
      'a range that leaves out more than its digits',
      edited(paper, (a) => a.replace(` ${until} `, ` ${until + 40} `)),
      'SEAL_RANGE_WRONG',
    ],
    [
      'a hole that is somewhere else',
      edited(paper, (a) => a.replace(`[0 ${from} `, `[0 ${from + 2} `)),
      'SEAL_RANGE_WRONG',
    ],
    [
      'other content inside the hole',
      edited(paper, (a) => `${a.slice(0, from + 1)}${'/JS (x)'.padEnd(20)}${a.slice(from + 21)}`),
      'SEAL_FORM_WRONG',
    ],
    ['digits in capitals', withHex(paper, hex.toUpperCase()), 'SEAL_FORM_WRONG'],
    ['digits that end with something', withHex(paper, `${hex.slice(0, -2)}01`), 'SEAL_FORM_WRONG'],
    ['digits that are no CMS', withHex(paper, 'ff'), 'SEAL_FORM_WRONG'],
    ['digits that are none at all', withHex(paper, ''), 'SEAL_FORM_WRONG'],
  ])('is not believed with %s', async (_, bytes, code) => {
    expect(await said(bytes)).toEqual([1, code]);
  });

  it('is not believed with the seal of another paper', async () => {
    const other = await sealedPaper((file) => ({ ...file, absences: false }));
    expect(await said(withHex(paper, partsOf(other).hex))).toEqual([1, 'SEAL_DIGEST_WRONG']);
  });
  it('is not believed with a digest put right and the old signature', async () => {
    const bytes = flipped(paper, end + 4_000);
    const { createHash } = await import('node:crypto');
    const covered = Buffer.concat([bytes.subarray(0, from), bytes.subarray(until)]);
    const digest = new Uint8Array(createHash('sha256').update(covered).digest());
    expect(await said(withCms(bytes, { digest }))).toEqual([1, 'SEAL_SIGNATURE_WRONG']);
  });
  it('is not believed with another certificate in the old seal', async () => {
    expect(await said(withCms(paper, { certificates: testSeal(21).certificates }))).toEqual([
      1,
      'SEAL_SIGNATURE_WRONG',
    ]);
  });
  it('is another’s when another key sealed it', async () => {
    expect(await said(await sealedPaper(undefined, testSeal(21)))).toEqual([1, 'SEAL_OWNER_OTHER']);
  });
  it('is nobody’s as long as nobody is named', async () => {
    const found = await verifyPaper({ bytes: paper, certificates: [], issued: () => true, print: drawPaper });
    expect([found.exit, found.proofs.certificate?.code]).toEqual([2, 'SEAL_OWNER_UNNAMED']);
  });

  it.each<[string, Bytes, string]>([
    ['no PDF', bytesOf('{"a": 1}'), 'PAPER_UNREADABLE'],
    ['nothing', bytesOf(''), 'PAPER_UNREADABLE'],
    ['a PDF without a seal', bytesOf(all.slice(0, begin)), 'PAPER_NOT_SEALED'],
    ['a file larger than any paper', new Uint8Array(PAPER_LIMIT + 1), 'PAPER_TOO_LARGE'],
  ])('cannot be judged if it is %s', async (_, bytes, code) => {
    expect(await said(bytes)).toEqual([2, code]);
  });
});
