/** Informed consent: a text in a version and language, read and understood before it is signed. */
import {
  AppError,
  canonicalJson,
  defineErrors,
  type Hex,
  sha256,
  textHash,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { z } from 'zod';
import { Bilingual } from './quote.ts';

defineErrors({
  CONSENT_NOT_UNDERSTOOD: {
    status: 422,
    retryable: false,
    zh: '有问题答得不对，请再读一遍相关段落后作答。',
    en: 'An answer is not right. Read the passage again, then answer.',
  },
  CONSENT_VERSION_CHANGED: {
    status: 409,
    retryable: false,
    zh: '同意书的文字已变更，请重新阅读当前版本。',
    en: 'The consent text has changed. Read the present version again.',
  },
});

export const ConsentTemplate = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  version: z.string().regex(/^\d+\.\d+$/),
  title: Bilingual,
  text: z.object({ zh: z.string().min(50).max(20_000), en: z.string().min(50).max(20_000) }),
  /** Teach-back: the patient answers in their own tap what they have understood. */
  questions: z
    .array(z.object({ ask: Bilingual, options: z.array(Bilingual).min(2).max(5), answer: z.int().min(0) }))
    .min(1)
    .max(10),
});
export type ConsentTemplate = z.infer<typeof ConsentTemplate>;

export type ConsentLanguage = 'zh-CN' | 'en';

/** SHA-256 of the exact text that was shown. */
export function consentTextHash(template: ConsentTemplate, language: ConsentLanguage): Hex {
  return toHex0x(textHash(language === 'en' ? template.text.en : template.text.zh));
}

/** Checks the answers and returns their digest. Throws CONSENT_NOT_UNDERSTOOD with the first wrong question. */
export function teachBack(template: ConsentTemplate, answers: readonly number[]): Hex {
  template.questions.forEach((question, i) => {
    if (answers[i] !== question.answer) throw new AppError('CONSENT_NOT_UNDERSTOOD', { question: i + 1 });
  });
  return toHex0x(sha256(utf8(canonicalJson({ template: template.id, version: template.version, answers }))));
}

/** What the patient signs and what the salted commitment in the log is made of. */
export interface ConsentRecord {
  readonly agreement: Hex;
  readonly template: string;
  readonly version: string;
  readonly language: ConsentLanguage;
  readonly textHash: Hex;
  readonly teachBack: Hex;
}
