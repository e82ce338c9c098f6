import { createHash } from 'node:crypto';
import { firstDifference } from '@zhenmei/evidence/core/seal/pdf-again.ts';
import { openPdf, unpack } from '@zhenmei/evidence/core/seal/pdf-file.ts';
import { readSeal } from '@zhenmei/evidence/core/seal/seal.ts';
import { describe, expect, it } from 'vitest';
import { agreementPaper } from '../api/agreement-paper.ts';
import { drawPaper, printPaper } from './paper.ts';
import { MADE, sealedPaper, signedFile, testSeal } from './signed-paper.property.ts';

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('agreement and consent on paper', () => {
  it('say everything in both languages, with both signatures, and carry what was signed', async () => {
    const file = await signedFile();
    const paper = agreementPaper(file);
    const text = JSON.stringify(paper.blocks);
    for (const part of [
      '梅园医疗美容 / Plum Garden',
      '¥3980.00',
      '付款后7天之内',
      'Within 7 days of paying',
      '机构没有准备好',
      'If you do not come',
      '最严重的风险是？ / What is the gravest risk? — 堵塞血管 / A blocked vessel',
      file.offerSignature,
      file.steps[0]!.signatures.clinic!,
      file.steps[1]!.signatures.patient!,
    ])
      expect(text).toContain(part);
    const without = agreementPaper({ ...file, absences: false });
    expect(JSON.stringify(without.blocks)).not.toContain('If you do not come');
    expect(text).not.toContain('机构的价目表承诺');
    expect(JSON.parse(paper.attachment!.text)).toEqual(file);
    const promised = { ...file, quote: { ...file.quote, pledgeBps: 2_550 } };
    for (const part of ['另付 ¥1014.90', '¥1014.90 more than what comes back'])
      expect(JSON.stringify(agreementPaper(promised).blocks)).toContain(part);
  });
  it('are one file, the same for the same moment and seal', async () => {
    const one = await sealedPaper();
    const text = latin1(one);
    expect(text.slice(0, 5)).toBe('%PDF-');
    expect(text).toContain('NotoSansSC');
    expect(text).toContain('zhenmei-agreement.json');
    expect(latin1(await sealedPaper())).toBe(text);
    expect(latin1(await sealedPaper(undefined, testSeal(21)))).not.toBe(text);
  });
  it('are printed again from the second that they name', async () => {
    const made = MADE + 789;
    const paper = agreementPaper(await signedFile());
    const [sealed, again] = await Promise.all([
      printPaper(paper, made, testSeal()),
      drawPaper(paper, MADE, testSeal()),
    ]);
    expect(await firstDifference(readSeal(sealed).pdf, openPdf(again))).toBeNull();
    const later = await drawPaper(paper, MADE + 1_000, testSeal());
    expect(await firstDifference(readSeal(sealed).pdf, openPdf(later))).not.toBeNull();
  });
  it('are drawn as before: another drawing would need another version of the attached file', async () => {
    const { objects } = openPdf(await drawPaper(agreementPaper(await signedFile()), MADE, testSeal()));
    const hash = createHash('sha256');
    for (const object of objects.values()) if (object.stream) hash.update(await unpack(object, 16_000_000));
    expect(hash.digest('hex')).toBe('55a5ac65d28719bc192ec79585f697ce4c0d5c50670af4765b847b3d28a18992');
  });
  it('go on to another page', async () => {
    const rows = Array.from({ length: 120 }, () => ['c', '1']);
    const long = { title: 'x', blocks: [{ kind: 'table' as const, head: ['a', 'b'], rows }] };
    expect(
      latin1(await printPaper(long, MADE, testSeal())).match(/\/Type \/Page\b/g)?.length,
    ).toBeGreaterThan(2);
  });
  it('does not leave the house without a seal that is valid then', async () => {
    await expect(printPaper({ title: 'x', blocks: [] }, 0, testSeal())).rejects.toMatchObject({
      code: 'DOCUMENT_CERTIFICATE_OVER',
    });
  });
});
