/** What a device does with files before anything is sent: refused by name, or prepared; kept once, stopped, gone on with. */
import { type AppError, fromBase64, sha256, toHex, utf8 } from '@zhenmei/kernel';
import { type Contents, EMPTY, type Item } from '@zhenmei/vault/core/contents.ts';
import { SAMPLES } from '@zhenmei/vault/core/photos/samples.test-support.ts';
import { describe, expect, it } from 'vitest';
import { joined } from './allergies.ts';
import { keepFiles, prepareFile, tableTrial } from './import-files.ts';
import type { Keep } from './proofs.ts';
import type { Vault } from './vault.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const TODAY = '2026-11-20';
const never = async (): Promise<Bytes> => {
  throw new Error('not asked');
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (e: AppError) => e.code ?? String(e),
  );
const prepare = (name: string, bytes: Bytes, redraw = never) => prepareFile({ name, bytes }, redraw, TODAY);
const heic = new Uint8Array([0, 0, 0, 24, ...utf8('ftypheic')]);

describe('a file', () => {
  it('is refused by name', async () => {
    expect(await codeOf(prepare('x', utf8('nothing of ours')))).toBe('FILE_KIND');
    expect(await codeOf(prepare('x', utf8('a,b\n')))).toBe('FILE_EMPTY');
    expect(await codeOf(prepare('x', utf8('a,b\n1,"2')))).toBe('FILE_TABLE');
    expect(await codeOf(prepare('x', utf8('{"resourceType":"Botox"}')))).toBe('done');
    expect(await codeOf(prepare('x', utf8('{"a":1}')))).toBe('FHIR_INVALID');
    const large = new Uint8Array(20_000_001);
    large.set(utf8('{'));
    large.fill(32, 1);
    expect(await codeOf(prepare('x', large))).toBe('FILE_TOO_LARGE');
    expect(await codeOf(prepare('x', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 1)))).toBe('PHOTO_DAMAGED');
  });
  it('that the browser has to draw is asked for, and only that', async () => {
    const jpeg = fromBase64(SAMPLES.baseline);
    expect(await prepare('a.jpg', jpeg)).toMatchObject({ kind: 'photo', mime: 'image/jpeg', takenAt: null });
    expect(await prepare('a.heic', heic, async () => jpeg)).toMatchObject({
      kind: 'photo',
      mime: 'image/jpeg',
    });
    const cannot = async (): Promise<Bytes> => {
      const { AppError } = await import('@zhenmei/kernel');
      throw new AppError('FILE_PHOTO');
    };
    expect(await codeOf(prepare('a.heic', heic, cannot))).toBe('FILE_PHOTO');
  });
});

/** A vault that only remembers. */
function memory(): { vault: Vault; kept: Bytes[]; keep: Keep } {
  const box = { contents: EMPTY as Contents };
  const kept: Bytes[] = [];
  const vault = {
    get contents() {
      return box.contents;
    },
    io: { now: () => Date.parse('2026-11-20T09:00:00Z') },
    read: async (item: Item) => kept[Number(item.object)]!,
  } as unknown as Vault;
  const keep: Keep = async (facts, content, _known, sent) => {
    sent?.(0, 2);
    sent?.(1, 2);
    sent?.(2, 2);
    const item = {
      ...facts,
      object: String(kept.push(content) - 1),
      digest: toHex(sha256(content)),
    } as unknown as Item;
    box.contents = { ...box.contents, items: [...box.contents.items, item] };
    return item;
  };
  return { vault, kept, keep };
}

describe('an import', () => {
  const files = async () => {
    const table = await prepare('old.csv', utf8('日期,项目\n2024-01-02,水光\nx,y'));
    const pdf = await prepare('letter.pdf', utf8('%PDF-1.7'));
    if (table.kind !== 'table' || pdf.kind !== 'pdf') throw new Error('prepared as something else');
    return [table, pdf] as const;
  };
  it('keeps the table itself and what was understood, once', async () => {
    const { vault, kept, keep } = memory();
    const [table, pdf] = await files();
    expect(tableTrial(table, TODAY, 50)).toMatchObject({
      kept: 1,
      of: 2,
      faults: [{ row: 3, column: 1, code: 'date-unclear' }],
    });
    const said: number[] = [];
    const going = (done: number, of: number) => said.push(done / of) > 0;
    expect(await keepFiles(vault, [table, pdf], keep, going, '')).toMatchObject({ kept: 3, known: 0 });
    expect(said).toEqual([...said].sort((a, b) => a - b));
    expect(said.at(-1)).toBe(1);
    expect(Buffer.from(kept[0]!).equals(Buffer.from(table.bytes))).toBe(true);
    expect(await keepFiles(vault, [table, pdf], keep, going, '')).toMatchObject({ kept: 0, known: 3 });
    expect(new Set(vault.contents.items.map(({ source }) => source)).size).toBe(1);
  });
  it('is stopped at any moment and goes on from there', async () => {
    for (let stop = 0; stop < 12; stop++) {
      const { vault, kept, keep } = memory();
      const [table, pdf] = await files();
      let left = stop;
      const code = await codeOf(keepFiles(vault, [table, pdf], keep, () => left-- > 0, ''));
      expect(code).toBe('FILE_STOPPED');
      const { known, kept: more } = await keepFiles(vault, [table, pdf], keep, () => true, '');
      expect(known + more).toBe(3);
      expect(kept).toHaveLength(3);
    }
  });
});

describe('two allergy lists', () => {
  const fact = (text: string, more: object = {}) =>
    ({
      substance: null,
      text,
      verification: 'unconfirmed',
      criticality: 'high',
      recordedOn: '2020-01-01',
      ...more,
    }) as never;
  it('become one from which nothing is missing', () => {
    const list = joined(
      { answered: false, facts: [fact('Latex')] },
      { answered: true, facts: [fact('latex'), fact('Nickel')] },
    );
    expect(list).toMatchObject({ answered: true, facts: [{ text: 'Latex' }, { text: 'Nickel' }] });
  });
  it('keep what one of them does not refute', () => {
    const refuted = fact('Latex', { verification: 'refuted' });
    expect(
      joined({ answered: true, facts: [refuted] }, { answered: true, facts: [fact('Latex')] }).facts[0]!
        .verification,
    ).toBe('unconfirmed');
    expect(
      joined({ answered: true, facts: [fact('Latex')] }, { answered: true, facts: [refuted] }).facts[0]!
        .verification,
    ).toBe('unconfirmed');
  });
});
