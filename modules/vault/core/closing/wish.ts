/**
 * After a death. In life a person may choose that the vault is erased, or that certain files go to one guardian; the
 * content keys of those are sealed to that guardian's key, so that the server can hand them over and not open them.
 * Guardians report the death with a certificate of a registered issuer. Where nothing was chosen, nobody opens anything.
 */
import {
  AppError,
  canonicalJson,
  defineErrors,
  fromUtf8,
  sha256,
  strictJson,
  toBase64Url,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import type { RandomBytes } from '../keyset.ts';
import { openSealed, SEAL_RANDOM, type SealKeys, sealTo } from '../seal.ts';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  DEATH_NOT_PROVEN: refused(
    403,
    '死亡证明没有得到证实（{code}），没有开始关闭。请向登记机关领取以这位守护人为持有人的证明。',
    'The certificate of death is not proven ({code}); nothing was begun. Ask the registry for one that is issued to this guardian.',
  ),
  CLOSING_UNKNOWN: refused(404, '没有这次关闭。', 'There is no such closing.'),
  CLOSING_RUNNING: refused(
    409,
    '关闭已经开始，{until} 之前本人的任何一台设备都可以叫停。',
    'A closing has begun; until {until} any device of the person can stop it.',
  ),
  CLOSING_WAITING: refused(
    409,
    '等待期或守护人人数未满：{until} 之后，且有 {need} 位同意（已有 {have} 位）才会执行。',
    'It waits: until {until}, and until {need} guardians have agreed ({have} so far).',
  ),
  CLOSING_NO_WISH: refused(
    403,
    '本人生前没有选择清空或转交，因此谁也打不开这个保险箱。',
    'In life the person chose neither to erase nor to hand over, so nobody opens this vault.',
  ),
  WISH_INVALID: refused(
    422,
    '身后安排不完整：转交需要写明守护人和文件。',
    'The wish is incomplete: to hand over, name a guardian and files.',
  ),
});

export const DEATH_AUDIENCE = 'zhenmei:closing';
/** Fewer never close a vault, whatever suffices for a recovery. */
export const CLOSING_LEAST = 3;
/** Days in which the heir may collect; then everything is erased. */
export const HAND_OVER_DAYS = 30;

/** Nonce of the showing: this guardian, for this ward. */
export const deathNonce = (recovery: string, guardian: string): string =>
  toBase64Url(sha256(utf8(`zhenmei/closing/v1\n${canonicalJson({ recovery, guardian })}`)));

export const Legacy = z
  .strictObject({
    note: z.string().max(4_000),
    files: z
      .array(
        z.strictObject({
          object: z.string().max(64),
          version: z.int().min(1),
          key: z.string().length(43),
          title: z.string().max(300),
          mime: z.string().max(100),
        }),
      )
      .max(200),
  })
  .meta({ phi: true });
export type Legacy = z.infer<typeof Legacy>;

const purpose = (heir: string) => `closing/${heir}`;

/** On the person's device. @param publicKey guardian key of the heir */
export const sealLegacy = (
  legacy: Legacy,
  heir: string,
  publicKey: string,
  random: RandomBytes,
): Promise<string> => sealTo(publicKey, utf8(canonicalJson(legacy)), purpose(heir), random(SEAL_RANDOM));

/** On the heir's device. Throws VAULT_DAMAGED. */
export async function openLegacy(keys: SealKeys, heir: string, sealed: string): Promise<Legacy> {
  const parsed = Legacy.safeParse(
    strictJson(fromUtf8(await openSealed(keys.secretKey, sealed, purpose(heir)))),
  );
  if (!parsed.success) throw new AppError('VAULT_DAMAGED', {}, { cause: parsed.error });
  return parsed.data;
}
