/**
 * The certificate of an erasure: what was destroyed, and what is kept because a rule says so, until when. A C2SP signed
 * note whose first line is the log's name with `/erasure`; the log's key signs it, so that it is checked offline with the
 * trust file. It names nobody.
 */
import { AppError, canonicalJson, DAY, fromIso, strictJson, toIso } from '@zhenmei/kernel';
import { z } from 'zod';
import { issueText } from '../record-issue.ts';
import './errors.ts';

const FORMAT = 'zhenmei/erasure-certificate/1';
const Text = z.strictObject({ zh: z.string().max(500), en: z.string().max(500) });

/** What can be destroyed, as the vault's tables hold it. */
export const ERASED = {
  files: { zh: '加密文件', en: 'Encrypted files' },
  keys: { zh: '文件的钥匙', en: 'Keys of files' },
  permissions: { zh: '授权与服务器保管的一半钥匙', en: 'Permissions, and the server’s halves of their keys' },
  keyset: { zh: '保险箱的钥匙组', en: 'The vault’s keyset' },
  'access-log': { zh: '访问记录与随机数', en: 'Access log entries with their random numbers' },
  consents: { zh: '同意的登记', en: 'Registrations of consents' },
  guardians: { zh: '守护人的安排', en: 'The arrangement with guardians' },
  notices: { zh: '通知', en: 'Notices' },
  passkeys: { zh: '能登录的钥匙', en: 'Keys that signed in' },
} as const;
export type ErasedKind = keyof typeof ERASED;

export const KeptRule = z.strictObject({
  /** Pack, version and rule, e.g. `cn 1.3.0 outpatient-record`. */
  rule: z.string().max(120),
  /** SHA-256 of the pack, in hex. */
  pack: z.string().regex(/^[0-9a-f]{64}$/),
  what: Text,
  by: z.enum(['clinic', 'platform']),
  because: Text,
  source: z.string().max(300),
  from: z.enum(['last-visit', 'payment', 'erasure', 'event']),
  /** Null: without end. */
  days: z.int().min(1).nullable(),
  /** Where it runs from the erasure itself. */
  until: z.iso.datetime().nullable(),
});
export type KeptRule = z.infer<typeof KeptRule>;

export const ErasureCertificate = z.strictObject({
  format: z.literal(FORMAT),
  id: z.uuid(),
  scope: z.enum(['objects', 'compartment', 'everything']),
  cause: z.enum(['owner', 'death']),
  region: z.string().min(2).max(10),
  askedAt: z.iso.datetime(),
  doneAt: z.iso.datetime(),
  erased: z
    .array(
      z.strictObject({
        what: z.enum(Object.keys(ERASED) as [ErasedKind, ...ErasedKind[]]),
        count: z.int().min(0),
      }),
    )
    .max(20),
  kept: z.array(KeptRule).max(100),
});
export type ErasureCertificate = z.infer<typeof ErasureCertificate>;

/** A rule of a region before the erasure has a date. */
export type KeptBefore = Omit<KeptRule, 'until'>;

/** @param counts in the order in which they are to be read; what there was none of is left out */
export function certify(
  facts: Pick<ErasureCertificate, 'id' | 'scope' | 'cause' | 'region'>,
  [asked, done]: readonly [number, number],
  counts: Readonly<Partial<Record<ErasedKind, number>>>,
  kept: readonly KeptBefore[],
): ErasureCertificate {
  return {
    format: FORMAT,
    ...facts,
    askedAt: toIso(asked),
    doneAt: toIso(done),
    erased: (Object.keys(ERASED) as ErasedKind[]).flatMap((what) =>
      counts[what] ? [{ what, count: counts[what] }] : [],
    ),
    kept: kept.map((rule) => ({
      ...rule,
      until: rule.from === 'erasure' && rule.days !== null ? toIso(done + rule.days * DAY) : null,
    })),
  };
}

/** First line of the note. */
export const certificateOrigin = (log: string): string => `${log}/erasure`;

/** What is signed. @param log name of the log whose key signs */
export const certificateNote = (log: string, certificate: ErasureCertificate): string =>
  `${certificateOrigin(log)}\n${canonicalJson(certificate)}\n`;

/** @param text of a note whose signature holds. Throws ERASURE_CERTIFICATE. */
export function readCertificate(text: string): { log: string; certificate: ErasureCertificate } {
  const [origin = '', json = '', end, ...more] = text.split('\n');
  const suffix = certificateOrigin('');
  if (!origin.endsWith(suffix) || end !== '' || more.length > 0)
    throw new AppError('ERASURE_CERTIFICATE', { reason: 'form' });
  let value: unknown;
  try {
    value = strictJson(json);
  } catch (cause) {
    throw new AppError('ERASURE_CERTIFICATE', { reason: 'JSON' }, { cause });
  }
  const parsed = ErasureCertificate.safeParse(value);
  if (!parsed.success) throw new AppError('ERASURE_CERTIFICATE', { reason: issueText(parsed.error).path });
  if (canonicalJson(parsed.data) !== json) throw new AppError('ERASURE_CERTIFICATE', { reason: 'JSON' });
  return { log: origin.slice(0, -suffix.length), certificate: parsed.data };
}

/** Until when a kept record stays, if the moment from which its time runs is known. */
export function keptUntil(rule: KeptRule, from: string | null): string | null {
  if (rule.until !== null) return rule.until;
  return rule.days !== null && from !== null ? toIso(fromIso(from) + rule.days * DAY) : null;
}
