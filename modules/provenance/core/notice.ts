/**
 * A published notice: a recall, features of a counterfeit, the withdrawal of either, or the end of a recall. Signed by
 * the device of the maker or authority that says it; the signed text is a leaf of the log (type 05) and an entry of the
 * public feed. It names products, never people.
 */
import { p256 } from '@noble/curves/nist.js';
import { AppError, canonicalJson, fromHex, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { parseDose } from './dose.ts';
import './errors.ts';
import type { Warning } from './warnings.ts';

export const NOTICE_FORMAT = 'zhenmei-notice/1';
export const NOTICE_KINDS = ['recall', 'counterfeit', 'withdrawal', 'closure'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
/** Of a recall, as China's rules for devices and drugs have them: 1 may do serious harm, 3 hardly any. */
export const SEVERITIES = ['1', '2', '3'] as const;

const Said = z.strictObject({ zh: z.string().min(1).max(1_000), en: z.string().min(1).max(1_000) });
/** Lots and serial numbers of GS1: at most 20 characters of set 82. */
const Number20 = z.string().regex(/^[!-"%-?A-Z_a-z]{1,20}$/);
const Printed = z.string().min(1).max(200);
const Point = z.string().regex(/^0x04[0-9a-f]{128}$/) as z.ZodType<Hex>;
const Signature = z.string().regex(/^0x[0-9a-f]{128}$/) as z.ZodType<Hex>;

export const Notice = z.strictObject({
  format: z.literal(NOTICE_FORMAT),
  id: z.uuid(),
  kind: z.enum(NOTICE_KINDS),
  /** GLN of who says it. */
  issuer: z.string().regex(/^\d{13}$/),
  issuedAt: z.iso.datetime(),
  gtin: z.string().regex(/^\d{14}$/),
  lots: z.array(Number20).max(100),
  /** Of a recall: these units only. */
  serials: z.array(Number20).max(1_000),
  /** What labels of counterfeits say, and what true ones say. */
  label: z
    .strictObject({
      doses: z.array(Printed).max(20),
      onlyDoses: z.array(Printed).max(20),
      ingredients: z.array(Printed).max(20),
      onlyIngredients: z.array(Printed).max(20),
    })
    .optional(),
  severity: z.enum(SEVERITIES).optional(),
  reason: Said,
  doNow: Said,
  /** The notice that is withdrawn or closed. */
  about: z.uuid().optional(),
});
export type Notice = z.infer<typeof Notice>;

export const SignedNotice = z.strictObject({
  notice: Notice,
  /** Uncompressed P-256 point of the device that signed. */
  key: Point,
  /** ES256, r ‖ s. */
  signature: Signature,
});
export type SignedNotice = z.infer<typeof SignedNotice>;

/** The bytes that the device signs. */
export function noticeMessage(notice: Notice): Uint8Array<ArrayBuffer> {
  return utf8(`${NOTICE_FORMAT}\n${canonicalJson(notice)}`);
}

/** Canonical text: leaf of the log and entry of the feed. */
export const noticeText = (signed: SignedNotice): string => canonicalJson(signed);

export const noticeDigest = (signed: SignedNotice): Hex => toHex0x(sha256(utf8(noticeText(signed))));

/** Reads a notice and checks its signature and that it says what its kind must say. Throws NOTICE_INVALID, NOTICE_NOT_SIGNED. */
export function readNotice(value: unknown): SignedNotice {
  const parsed = SignedNotice.safeParse(value);
  if (!parsed.success) return invalid(`/${parsed.error.issues[0]?.path.join('/') ?? ''}`);
  const { notice, key, signature } = parsed.data;
  const wrong = faultOf(notice);
  if (wrong) invalid(wrong);
  if (!signed(noticeMessage(notice), key, signature)) throw new AppError('NOTICE_NOT_SIGNED');
  return parsed.data;
}

function invalid(path: string): never {
  throw new AppError('NOTICE_INVALID', { path });
}

function signed(message: Uint8Array, key: Hex, signature: Hex): boolean {
  try {
    return p256.verify(fromHex(signature), message, fromHex(key), { prehash: true, lowS: false });
  } catch {
    // a point that is not on the curve, or a signature of zeros
    return false;
  }
}

/** A pointer to what this kind of notice must say and does not, or must not say and does. */
function faultOf(notice: Notice): string | null {
  const { kind, lots, serials, label, severity, about } = notice;
  const twice = (list: readonly string[]) => new Set(list).size !== list.length;
  if (twice(lots)) return '/notice/lots';
  if (twice(serials)) return '/notice/serials';
  if (kind === 'withdrawal' || kind === 'closure') {
    if (about === undefined) return '/notice/about';
    if (lots.length + serials.length > 0) return '/notice/lots';
    if (label) return '/notice/label';
    return severity === undefined ? null : '/notice/severity';
  }
  if (about !== undefined) return '/notice/about';
  if (kind === 'recall') {
    if (lots.length === 0) return '/notice/lots';
    if (label) return '/notice/label';
    return severity === undefined ? '/notice/severity' : null;
  }
  if (severity !== undefined) return '/notice/severity';
  const marks = label ? Object.values(label).flat().length : 0;
  if (lots.length + serials.length + marks === 0) return '/notice/lots';
  const doses = label ? [...label.doses, ...label.onlyDoses] : [];
  return doses.every((text) => parseDose(text)) ? null : '/notice/label/doses';
}

/** Those that no withdrawal took back, in their order. */
export function inForce(notices: readonly SignedNotice[]): SignedNotice[] {
  const withdrawn = new Set(
    notices.flatMap(({ notice }) => (notice.kind === 'withdrawal' ? [notice.about] : [])),
  );
  return notices.filter(
    ({ notice }) => (notice.kind === 'recall' || notice.kind === 'counterfeit') && !withdrawn.has(notice.id),
  );
}

/** As a fact of a verdict. */
export function warningOf(signed: SignedNotice): Warning {
  const { kind, gtin, lots, serials, label, issuer, issuedAt } = signed.notice;
  return {
    kind: kind as Warning['kind'],
    gtin,
    lots,
    serials,
    label,
    by: issuer,
    at: issuedAt,
    notice: noticeDigest(signed),
  };
}
