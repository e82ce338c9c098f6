/**
 * The access log of one vault: who did what, why, when. Each entry names the one before it; the transparency log gets a
 * salted head and a tag that only whoever has the vault's log key can tell belongs here, so that neither an entry nor the
 * last of them can be left out unnoticed. No word of a file and no visit is ever in it.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AppError, canonicalJson, commit, derive, strictJson, toHex, utf8 } from '@zhenmei/kernel';
import { z } from 'zod';
import { PurposeCode } from '../grants/grant.ts';
import './errors.ts';

export const ACCESS_KINDS = {
  granted: { zh: '你给出了授权', en: 'You gave a permission' },
  revoked: { zh: '你收回了授权', en: 'You took a permission back' },
  erased: { zh: '你销毁了一份文件', en: 'You erased a file' },
  restricted: { zh: '你限制了使用', en: 'You restricted the use' },
  lifted: { zh: '你解除了限制', en: 'You lifted a restriction' },
  list: { zh: '打开了授权资料的目录', en: 'Opened the list of what was given' },
  view: { zh: '查看了', en: 'Viewed' },
  write: { zh: '放入了一份文件', en: 'Added a file' },
  compute: { zh: '程序使用了', en: 'A program used' },
  computed: { zh: '程序交回了结果', en: 'A program gave its result back' },
  export: { zh: '下载了', en: 'Downloaded' },
  emergency: { zh: '急救查看了过敏资料', en: 'Saw your allergies in an emergency' },
  pool: { zh: '计入了一次统计', en: 'Counted in a statistic' },
} as const;
export type AccessKind = keyof typeof ACCESS_KINDS;

/** Why, in words that say nothing about health. */
export const REASONS = {
  visit: { zh: '正在就诊', en: 'During a visit' },
  planning: { zh: '制定方案', en: 'Planning a treatment' },
  aftercare: { zh: '治疗后随访', en: 'Aftercare' },
  'second-opinion': { zh: '第二诊疗意见', en: 'Second opinion' },
  quality: { zh: '机构质量检查', en: 'Quality check' },
  unconscious: { zh: '患者无法表达', en: 'The patient could not speak' },
  'acute-reaction': { zh: '急性反应', en: 'Acute reaction' },
  'urgent-procedure': { zh: '紧急处置', en: 'Urgent procedure' },
} as const;
export type Reason = keyof typeof REASONS;
export const ReasonCode = z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]);

export const AccessEntry = z.strictObject({
  version: z.literal(1),
  /** Counted from 1 for each vault, without gaps. */
  seq: z.int().min(1),
  /** Head of the entry before; empty for the first. */
  previous: z.string().regex(/^([0-9a-f]{64})?$/),
  at: z.iso.datetime(),
  kind: z.enum(Object.keys(ACCESS_KINDS) as [AccessKind, ...AccessKind[]]),
  grant: z.uuid().nullable(),
  organisation: z.uuid().nullable(),
  /** The organisation's device, and the doctor for whom it acted. */
  device: z.uuid().nullable(),
  person: z.uuid().nullable(),
  purpose: PurposeCode.nullable(),
  reason: ReasonCode.nullable(),
  /** Name of the object, which only the patient's device can put a title to. */
  object: z.string().max(64).nullable(),
  /** Salted digest of what a program read or gave back; the salt is in the vault. Only in entries about programs. */
  digest: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
});
export type AccessEntry = z.infer<typeof AccessEntry>;

/** With this key the server marks a vault's leaves; the device knows it too, nobody else. */
export const accessLogKey = (master: Uint8Array): Uint8Array<ArrayBuffer> =>
  derive(master, 'zhenmei/vault/access-log/v1');

/** Mark of entry `seq` in the transparency log. */
export function accessTag(key: Uint8Array, seq: number): string {
  return toHex(hmac(sha256, key, utf8(`zhenmei/access/tag/v1/${seq}`)));
}

/** @param salt 16 random bytes, kept with the entry; without them the head says nothing */
export const accessHead = (salt: Uint8Array, entry: AccessEntry): string => toHex(commit(salt, entry));

/** Leaf `07`: canonical JSON. */
export function accessLeaf(key: Uint8Array, salt: Uint8Array, entry: AccessEntry): string {
  return canonicalJson({ head: accessHead(salt, entry), tag: accessTag(key, entry.seq) });
}

/** Name of the leaf for whoever gives it to the log. */
export const accessLeafKey = (tag: string): string => `access/${tag}`;

/** Throws ACCESS_LOG_BROKEN if it is no entry in its only writing. */
export function readEntry(text: string, seq: number): AccessEntry {
  try {
    const parsed = AccessEntry.safeParse(strictJson(text));
    if (parsed.success && canonicalJson(parsed.data) === text) return parsed.data;
  } catch (cause) {
    throw new AppError('ACCESS_LOG_BROKEN', { seq, reason: 'form' }, { cause });
  }
  throw new AppError('ACCESS_LOG_BROKEN', { seq, reason: 'form' });
}
