/**
 * Pictures before assessors who do not know which is which. Each grades both pictures of four pairs on the scale of the
 * procedure; the difference of grades is the answer that the panel counts, and GAIS is what all scales come to.
 */
import { concat, defineErrors, fromHex, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { layoutOf, placeOf } from './panel-math.ts';

/** What is graded, from 0 (none) to 4 (extreme); lower is better. */
export const SCALES = ['folds', 'lines', 'volume', 'skin', 'general'] as const;
export type Scale = (typeof SCALES)[number];
export const GRADES = [0, 1, 2, 3, 4] as const;
export type Grade = (typeof GRADES)[number];

const BY_CODE: readonly (readonly [prefix: string, scale: Scale])[] = [
  ['filler-nasolabial', 'folds'],
  ['filler', 'volume'],
  ['toxin', 'lines'],
  ['collagen', 'volume'],
  ['skin', 'skin'],
  ['laser', 'skin'],
  ['ipl', 'skin'],
  ['rf', 'skin'],
];
/** The scale of a procedure; one that has none of its own is graded by the general one. */
export const scaleOf = (code: string): Scale =>
  BY_CODE.find(([prefix]) => code === prefix || code.startsWith(`${prefix}-`))?.[1] ?? 'general';

/** The panel's answer of 0 (left far better) to 6 (right far better) from two grades; three grades apart is far. */
export const compareGrades = (left: Grade, right: Grade): number =>
  3 + Math.max(-3, Math.min(3, left - right));

/** A picture as one place shows it: one of the two that were sealed, or one of a known pair. */
export type Shown =
  | { readonly sealed: 'a' | 'b' }
  | { readonly known: string; readonly which: 'first' | 'second' };
export type Placed =
  | { readonly left: Shown; readonly right: Shown }
  /** Nothing was sealed for this assessor: the answer is against who promised it, and need not be asked. */
  | { readonly answer: number };

export interface PictureFacts {
  readonly layoutSecret: Hex;
  readonly assessor: Hex;
  /** Which of the two sealed pictures is the earlier one; null where nothing was sealed for this assessor. */
  readonly earlier: 'a' | 'b' | null;
  readonly promisedBy: 'patient' | 'clinic';
  readonly known: Readonly<Record<'better' | 'same', readonly string[]>>;
}

/** One of the known pairs, by the house's secret: nobody can tell before which an assessor gets. */
export const pickKnown = (
  secret: Hex,
  assessor: Hex,
  kind: 'better' | 'same',
  ids: readonly string[],
): string => {
  const drawn = keccak256(concat(fromHex(secret), fromHex(assessor), utf8(kind)));
  return [...ids].sort()[Number(BigInt(toHex0x(drawn)) % BigInt(ids.length))]!;
};

/** The four places as one assessor sees them, in order. */
export function placesOf({ layoutSecret, assessor, earlier, promisedBy, known }: PictureFacts): Placed[] {
  const layout = layoutOf(layoutSecret, assessor);
  const places: Placed[] = [];
  for (const kind of [0, 1, 2, 3]) {
    const { place, swapped } = placeOf(layout, kind);
    if (kind < 2 && earlier === null) {
      // a patient who shows nothing has shown no failure, and a clinic no improvement
      const answer = promisedBy === 'patient' ? 6 : 3;
      places[place] = { answer: swapped ? 6 - answer : answer };
      continue;
    }
    const id =
      kind < 2
        ? ''
        : pickKnown(
            layoutSecret,
            assessor,
            kind === 2 ? 'better' : 'same',
            known[kind === 2 ? 'better' : 'same'],
          );
    const pair: readonly [Shown, Shown] =
      kind < 2
        ? [{ sealed: earlier! }, { sealed: earlier === 'a' ? 'b' : 'a' }]
        : [
            { known: id, which: 'first' },
            { known: id, which: 'second' },
          ];
    places[place] = swapped ? { left: pair[1], right: pair[0] } : { left: pair[0], right: pair[1] };
  }
  return places;
}

/** Bytes of one picture at most, so that a parcel of two fits. */
export const PICTURE_BYTES = 600_000;

defineErrors({
  PICTURES_NOT_OPEN: {
    status: 409,
    retryable: false,
    zh: '现在不能提交对比照片：只有“看不出改善”的申请，在抽签之前可以。请改用文字说明。',
    en: 'Pictures cannot be offered now: only for a claim of no improvement, and before the draw. Say it in words instead.',
  },
  PICTURES_NOT_YOURS: {
    status: 403,
    retryable: false,
    zh: '这个案件的对比照片由另一方提供。你可以用文字说明。',
    en: 'The other side shows the pictures in this case. You can say what you want in words.',
  },
  KNOWN_PAIR_WRONG: {
    status: 422,
    retryable: false,
    zh: '标准对照片须为两张 JPEG 或 PNG，每张不超过 600 KB，不含拍摄信息。请重新选择。',
    en: 'A known pair is two JPEG or PNG pictures of at most 600 KB each, without anything but the picture. Choose again.',
  },
});
