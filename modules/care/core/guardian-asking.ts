/** What the phone of somebody under age hands to the guardian's phone, and what comes back. Both travel sealed. */
import { defineErrors } from '@zhenmei/kernel';
import { z } from 'zod';
import { Quote } from './quote.ts';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  GUARDIAN_ASKING_UNKNOWN: refused(
    404,
    '没有找到这个编号的请求。请对照孩子手机上的编号再输一次。',
    'There is no request under this code. Compare it with the one on the child’s phone.',
  ),
  GUARDIAN_ASKING_OTHER: refused(
    422,
    '请求里的内容和机构公布的不一致（{field}），什么也没有签。请让孩子重新发起。',
    'The request differs from what the clinic offers ({field}); nothing was signed. Ask the child to begin again.',
  ),
  GUARDIAN_CARD_MISSING: refused(
    403,
    '这台手机里没有这个孩子的监护证明。请先在“我的证明”里领取；没有的话，由民政登记机关出具。',
    'This phone holds no certificate of guardianship for this child. Collect it under “My certificates”; the civil registry issues it.',
  ),
  GUARDIAN_REFUSED: refused(
    403,
    '监护人没有同意，什么也没有签。和监护人商量后可以再发起一次。',
    'The guardian did not agree; nothing was signed. Talk it over, then you can ask again.',
  ),
});

const Thumb = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const shared = { child: Thumb, visit: z.uuid(), clinic: z.uuid(), service: z.uuid() };

export const GuardianAsking = z
  .discriminatedUnion('step', [
    z.strictObject({ step: z.literal('book'), ...shared, slot: z.uuid() }),
    z.strictObject({
      step: z.literal('agree'),
      ...shared,
      quote: Quote,
      /** With it the quote can be compared with the hash in the terms. */
      quoteSalt: z.string().regex(/^0x[0-9a-f]{64}$/),
      terms: z.json(),
      template: z.strictObject({ id: z.string().max(60), version: z.string().max(20) }),
      language: z.enum(['zh-CN', 'en']),
    }),
  ])
  .meta({ phi: true });
export type GuardianAsking = z.infer<typeof GuardianAsking>;

const Presentation = z.string().max(16_000).optional();

/** One showing a use; they come one after the other. */
export const GuardianAnswer = z
  .strictObject({ refused: z.boolean(), book: Presentation, consent: Presentation, money: Presentation })
  .meta({ phi: true });
export type GuardianAnswer = z.infer<typeof GuardianAnswer>;

/** What a request needs signed, each on its own. */
export const usesOf = ({ step }: GuardianAsking) =>
  step === 'book' ? (['book'] as const) : (['consent', 'money'] as const);
