/** Whose visible text is something else than what was signed: sealed by the house's own key, and refused all the same. */
import { verifyPaper } from '@zhenmei/verifier/paper/verify-paper.ts';
import { describe, expect, it } from 'vitest';
import { drawPaper } from './paper.ts';
import { drawn, resealed, withStream } from './seal-attacks.property.ts';
import { sealedPaper, testSeal } from './signed-paper.property.ts';

const honest = await sealedPaper();
const verified = (change: (all: string) => string) => {
  const { certificates } = testSeal();
  const bytes = resealed(honest, change);
  return verifyPaper({ bytes, certificates, issued: () => false, print: drawPaper });
};
const said = async (change: (all: string) => string) => {
  const { exit, proofs } = await verified(change);
  return [exit, proofs.printed?.code];
};
const once = (from: string, to: string) => (all: string) => {
  expect(all.split(from).length).toBeGreaterThan(1);
  return all.replace(from, to);
};
const more = (text: string) => drawn((page) => `${page}${text}`);
const before = (text: string) => drawn((page) => `${text}${page}`);
const everywhere = (from: RegExp, to: string) =>
  drawn((page) => {
    expect(page).toMatch(from);
    return page.replaceAll(from, to);
  });
const streamOf = (reference: RegExp, change: (content: string) => string) => (all: string) =>
  withStream(all, reference.exec(all)![1]!, change);

describe('the print of a sealed agreement', () => {
  it('is proven as the printer made it', async () => {
    expect(await said((all) => all)).toEqual([0, 'PAPER_PRINT_PROVEN']);
    // packed anew: how it was packed shows nowhere
    expect(await said(drawn((page) => page))).toEqual([0, 'PAPER_PRINT_PROVEN']);
  });

  it.each<[string, (all: string) => string]>([
    ['a patch', more('40 40 300 300 re f\n')],
    ['a picture', more('/I1 Do\n')],
    ['a white line as wide as the page', more('/DeviceRGB CS\n1 1 1 SCN 800 w 0 400 m 600 400 l S\n')],
    ['digits drawn with dark lines', more('/DeviceRGB CS\n.1 .1 .1 SCN 0.5 w 200 300 m 200 312 l S\n')],
    ['one more rule', more('/DeviceRGB CS\n.9 .9 .9 SCN 0.5 w 48 300 m 547 300 l S\n')],
    ['white text', everywhere(/^[\d. ]+ scn$/gm, '1 1 1 scn')],
    [
      'white text in another space of colours',
      everywhere(/^\/DeviceRGB cs\n[\d. ]+ scn$/gm, '/DeviceCMYK cs\n0 0 0 0 scn'),
    ],
    ['text that is not shown', before('3 Tr\n')],
    ['text of no size', everywhere(/\/F1 [\d.]+ Tf/g, '/F1 0 Tf')],
    ['text beside the sheet', everywhere(/^1 0 0 1 48 /gm, '1 0 0 1 4800 ')],
    ['all of it beside the sheet', before('1 0 0 1 4800 0 cm\n')],
    ['text upside down', everywhere(/^1 0 0 -1 0 841.89 cm$/gm, '1 0 0 1 0 0 cm')],
    ['letters on top of each other', everywhere(/> 14 </g, '> 900 <')],
    ['a smaller sheet', once('[0 0 595.28 841.89]', '[0 0 59.28 84.89]')],
    ['a sheet of another kind', once('/UserUnit 1', '/CropBox [0 0 9 9]\n/UserUnit 1')],
    ['a turned sheet', once('/UserUnit 1', '/Rotate 90\n/UserUnit 1')],
    [
      'letters of other shapes',
      streamOf(/\/FontFile2 (\d+) 0 R/, (font) => {
        const at = font.length - 3_000;
        return `${font.slice(0, at)}${String.fromCharCode(font.charCodeAt(at) ^ 1)}${font.slice(at + 1)}`;
      }),
    ],
    ['another font for the same letters', once('/CIDToGIDMap /Identity', '/CIDToGIDMap 27 0 R')],
    ['letters of another width', once('/W [0 [1000 ', '/W [0 [1 ')],
    ['letters that are drawings', once('/Subtype /Type0', '/Subtype /Type3')],
    ['another meaning of a letter nobody prints', streamOf(/\/ToUnicode (\d+) 0 R/, (map) => `${map} `)],
    ['an action when it opens', once('/Type /Catalog', '/Type /Catalog\n/OpenAction 1 0 R')],
    ['a form that is drawn anew', once('/SigFlags 3', '/SigFlags 3\n/NeedAppearances true')],
    ['a note over the text', once('/Rect [0 0 0 0]', '/Rect [9 9 99 99]')],
    [
      'a title that stands elsewhere',
      streamOf(/\/Contents (\d+) 0 R/, (page) => page.replace('48 773', '48 774')),
    ],
  ])('is not proven with %s', async (_, change) => {
    expect(await said(change)).toEqual([1, 'PAPER_DRAWN_OTHERWISE']);
  });

  it.each<[string, (all: string) => string, string]>([
    ['a page that is counted twice', once('/Kids [7 0 R 14 0 R', '/Kids [7 0 R 7 0 R'), 'pages'],
    [
      'more pages than any paper',
      once('/Kids [', `/Kids [${Array.from({ length: 201 }, (_, i) => `${900 + i} 0 R`).join(' ')} `),
      'pages',
    ],
    [
      'pages that together unpack to more than any paper',
      (all) =>
        [5, 12].reduce((text, number) => withStream(text, number, (page) => page.padEnd(5_000_000)), all),
      'size',
    ],
  ])('is not read on with %s', async (_, change, what) => {
    const found = await verified(change);
    expect(found.proofs.printed).toMatchObject({ verdict: 'false', code: 'PAPER_FORM_WRONG' });
    expect(found.proofs.printed?.message.en).toContain(`(${what})`);
  });
});
