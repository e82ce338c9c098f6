import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterOf, createWedge, type Heard, type Stroke } from './wedge.ts';

const GS = '\u001d';
const CODE = `]d20109521234100010${'10L1'}${GS}21S1`;

/** Types with the given time between keys. */
function type(strokes: readonly Omit<Stroke, 'at'>[], gap = 10): Heard[] {
  const hear = createWedge();
  return strokes.map((stroke, i) => hear({ ...stroke, at: 1_000 + i * gap }));
}
const keys = (text: string): Omit<Stroke, 'at'>[] =>
  [...text].map((key) => (key === GS ? { key: ']', code: 'BracketRight', ctrl: true } : { key }));
const scanned = (heard: Heard[]) => heard.flatMap((one) => (one.kind === 'scan' ? [one.code] : []));
const ENTER = { key: 'Enter' };

describe('a hand scanner', () => {
  it('is heard when it types fast and ends with Enter or Tab', () => {
    expect(scanned(type([...keys(CODE), ENTER]))).toEqual([CODE]);
    expect(scanned(type([...keys(CODE), { key: 'Tab' }]))).toEqual([CODE]);
    expect(scanned(type([...keys(CODE), ENTER, ...keys(CODE), ENTER]))).toEqual([CODE, CODE]);
  });

  it('is not heard in what a person types', () => {
    const heard = type([...keys('09521234100010'), ENTER], 120);
    expect(heard.every(({ kind }) => kind === 'nothing')).toBe(true);
  });

  it('is not heard in a few keys, in Enter alone, or in a burst that stops', () => {
    expect(scanned(type([...keys('12345'), ENTER]))).toEqual([]);
    expect(scanned(type([ENTER]))).toEqual([]);
    expect(scanned(type(keys(CODE)))).toEqual([]);
    const hear = createWedge();
    for (const [i, stroke] of keys(CODE).entries()) hear({ ...stroke, at: i * 5 });
    expect(hear({ key: 'Enter', at: 5_000 }).kind).toBe('nothing');
  });

  it('is heard though it falters, if it names its symbology; nothing else may', () => {
    expect(scanned(type([...keys(CODE), ENTER], 300))).toEqual([CODE]);
    expect(scanned(type([...keys(CODE.slice(3)), ENTER], 300))).toEqual([]);
    expect(scanned(type([...keys(CODE.replace('2', 'x')), ENTER], 300))).toEqual([]);
    expect(scanned(type([...keys(CODE), ENTER], 500))).toEqual([]);
  });

  it('starts anew after a pause: what a person typed before is not part of the code', () => {
    const hear = createWedge();
    hear({ key: 'x', at: 0 });
    const all = [...keys(CODE), ENTER].map((stroke, i) => hear({ ...stroke, at: 500 + i * 8 }));
    expect(scanned(all)).toEqual([CODE]);
  });

  it('is told from a person before it, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (before) => {
        const hear = createWedge();
        for (const [i, stroke] of keys(before).entries()) hear({ ...stroke, at: i * 150 });
        const from = before.length * 150 + 500;
        const all = [...keys(CODE), ENTER].map((stroke, i) => hear({ ...stroke, at: from + i * 6 }));
        expect(scanned(all)).toEqual([CODE]);
      }),
    );
  });

  it('is not heard in shortcuts', () => {
    const shortcuts = Array.from({ length: 12 }, () => ({ key: 'c', ctrl: true }));
    expect(scanned(type([...shortcuts, ENTER], 5))).toEqual([]);
  });

  it('keeps its keys from acting on the page', () => {
    const heard = type([...keys(CODE), ENTER]);
    expect(heard[0]!.kind).toBe('nothing');
    expect(heard.slice(1, -1).every(({ kind }) => kind === 'typing')).toBe(true);
  });

  it.each([
    ['Ctrl and bracket', { key: ']', ctrl: true }],
    ['the key F8', { key: 'F8' }],
    ['the character itself', { key: GS }],
  ])('sends the separator as %s', (_, separator) => {
    const [before, after] = CODE.split(GS) as [string, string];
    expect(scanned(type([...keys(before), separator, ...keys(after), ENTER]))).toEqual([CODE]);
  });

  it('sends the separator as a number typed with Alt', () => {
    const [before, after] = CODE.split(GS) as [string, string];
    const alt = [...'0029'].map((key) => ({ key, alt: true }));
    expect(scanned(type([...keys(before), ...alt, { key: 'Alt' }, ...keys(after), ENTER]))).toEqual([CODE]);
  });

  it('is understood while a Chinese input method is on', () => {
    const process = (code: string, shift = false) => ({ key: 'Process', code, shift });
    const strokes = [
      process('BracketRight'),
      process('KeyD'),
      ...[...'201'].map((d) => process(`Digit${d}`)),
      process('KeyS', true),
      process('Numpad7'),
      process('Minus'),
    ];
    expect(scanned(type([...strokes, ENTER]))).toEqual([']d201S7-']);
    expect(characterOf({ key: 'Process', code: 'Digit9', shift: true, at: 0 })).toBe('(');
    expect(characterOf({ key: 'Process', code: 'F1', at: 0 })).toBeNull();
    expect(characterOf({ key: 'Shift', at: 0 })).toBeNull();
    expect(characterOf({ key: 'a', ctrl: true, at: 0 })).toBeNull();
  });
});
