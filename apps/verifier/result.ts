/** What the verifier answers for each proof, and the sentences a person reads. */
import { AppError, defineErrors } from '@zhenmei/kernel';
import './proof-words.ts';

export type Verdict = 'proven' | 'false' | 'cannot-judge';

export interface ProofResult {
  readonly verdict: Verdict;
  /** Stable reason code. */
  readonly code: string;
  readonly message: { readonly zh: string; readonly en: string };
  /** Who vouches for the chain state this proof rests on. */
  readonly grade?: 'own-node' | 'independent' | 'operator-only' | 'none';
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
  /** JSON pointer to what is wrong, where one place can be named. */
  readonly place?: string;
}

defineErrors({
  RECEIPT_UNREADABLE: {
    status: 422,
    retryable: false,
    zh: '这不是一份真美收据，或文件已损坏。',
    en: 'This is not a Zhenmei receipt, or the file is damaged.',
  },
  RECEIPT_NOT_CANONICAL: {
    status: 422,
    retryable: false,
    zh: '收据的写法被改动过（顺序、空格或重复）。',
    en: 'The receipt was rewritten (order, white space or duplicates).',
  },
  RECEIPT_OTHER_CHAIN: {
    status: 422,
    retryable: false,
    zh: '收据属于另一个账本，信任文件与它不符。',
    en: 'The receipt belongs to another ledger than the trust file.',
  },
  SEAL_CHANGED: {
    status: 422,
    retryable: false,
    zh: '收据的封印与存证不符。',
    en: 'The seal of the receipt does not match the log.',
  },
  PART_MISSING: {
    status: 422,
    retryable: false,
    zh: '收据缺少这一部分。',
    en: 'This part of the receipt is missing.',
  },
  PART_NOT_GIVEN: {
    status: 422,
    retryable: false,
    zh: '出示者没有给出这一部分，因此无法判断。',
    en: 'This part was left out on purpose, so it cannot be judged.',
  },
  PART_MALFORMED: {
    status: 422,
    retryable: false,
    zh: '这一部分的格式不正确：{path}',
    en: 'This part is not well formed: {path}',
  },
  PART_NOT_OF_THIS_VISIT: {
    status: 422,
    retryable: false,
    zh: '这一部分被改动过，或来自另一次就诊。',
    en: 'This part was changed, or belongs to another visit.',
  },
  CHAIN_NOT_VOUCHED: {
    status: 422,
    retryable: false,
    zh: '没有足够的见证人为账本状态作证，请联网核对。',
    en: 'Not enough witnesses vouch for the state of the ledger. Check it online.',
  },
  CHAIN_STATE_DIFFERS: {
    status: 422,
    retryable: false,
    zh: '账本上的记录与收据不符：{what}',
    en: 'The ledger says something else than the receipt: {what}',
  },
  LICENCE_NOT_ENTITLED: {
    status: 422,
    retryable: false,
    zh: '按当地规则，医生或机构无权做这个项目（{rule}）。',
    en: 'By the rules of the region, doctor or clinic were not entitled to this procedure ({rule}).',
  },
  LICENCE_PRESENTATION_DIFFERS: {
    status: 422,
    retryable: false,
    zh: '出示的执照不是这次就诊所用的那份。',
    en: 'The licence shown is not the one presented for this visit.',
  },
  POLICY_DIFFERS: {
    status: 422,
    retryable: false,
    zh: '规则文件与收据所引用的版本不符。',
    en: 'The policy pack is not the version that the receipt refers to.',
  },
  PRODUCT_EVENT_DIFFERS: {
    status: 422,
    retryable: false,
    zh: '流转记录与存证不符。',
    en: 'A custody event does not match the log.',
  },
  PRODUCT_NOT_CONSISTENT: {
    status: 422,
    retryable: false,
    zh: '产品的记录有矛盾（{codes}）。',
    en: 'The records of the product contradict each other ({codes}).',
  },
  PRODUCT_NOT_AUTHORISED: {
    status: 422,
    retryable: false,
    zh: '产品没有获批用于这个用途（{code}）。',
    en: 'The product is not authorised for this use ({code}).',
  },
  CONSENT_TEXT_DIFFERS: {
    status: 422,
    retryable: false,
    zh: '同意书的文字与签署的版本不同。',
    en: 'The consent text is not the one that was signed.',
  },
  CONSENT_NOT_SIGNED: {
    status: 422,
    retryable: false,
    zh: '同意书上的签名不成立（{side}）。',
    en: 'A signature on the consent does not hold ({side}).',
  },
  CONSENT_AFTER_OPENING: {
    status: 422,
    retryable: false,
    zh: '无法证明签署同意书在产品开封之前。',
    en: 'It is not shown that the consent was signed before the product was opened.',
  },
  MONEY_TERMS_DIFFER: {
    status: 422,
    retryable: false,
    zh: '合同条款与编号不符（{what}）。',
    en: 'The terms do not match the agreement ({what}).',
  },
  MONEY_NOT_RELEASED: {
    status: 422,
    retryable: false,
    zh: '账本显示款项还没有按标准放行。',
    en: 'The ledger shows that the money is not released by the standard.',
  },
  ATTENDANCE_NOT_SIGNED: {
    status: 422,
    retryable: false,
    zh: '到诊签名不成立。',
    en: 'The attendance signature does not hold.',
  },
  REVIEW_NOT_MEMBER: {
    status: 422,
    retryable: false,
    zh: '没有找到对应的评价权。',
    en: 'The review right is not in the clinic’s group.',
  },
  LICENCE_PROVEN: {
    status: 200,
    retryable: false,
    zh: '医生与机构当时有资格在这里做这个项目。',
    en: 'Doctor and clinic were entitled to do this procedure here, then.',
  },
  PRODUCT_PROVEN: {
    status: 200,
    retryable: false,
    zh: '产品记录前后一致、获批用于这个用途，并只为这次就诊启用。',
    en: 'The records of the product agree, it is approved for this use, and it was opened for this visit only.',
  },
  CONSENT_PROVEN: {
    status: 200,
    retryable: false,
    zh: '你在开封之前签署了这个版本的同意书。',
    en: 'This version of the consent was signed before anything was opened.',
  },
  MONEY_PROVEN: {
    status: 200,
    retryable: false,
    zh: '款项先托管，再按公布的标准放行。',
    en: 'The money was held, and released by the published standard.',
  },
  REVIEW_PROVEN: {
    status: 200,
    retryable: false,
    zh: '这次就诊产生了一个评价权。',
    en: 'One review right was created for this visit.',
  },
});

/** Turns a code into a result with both sentences. */
export function result(
  verdict: Verdict,
  code: string,
  extra: Partial<ProofResult> = {},
  params = {},
): ProofResult {
  const error = new AppError(code, params);
  return { verdict, code, message: { zh: error.text('zh-CN'), en: error.text('en') }, ...extra };
}

/** Thrown inside a proof to end it with "cannot judge". */
export class CannotJudge extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Runs one proof; whatever it throws becomes a named answer, never silence. */
export async function prove(run: () => Promise<ProofResult>, place?: string): Promise<ProofResult> {
  const at = place === undefined ? {} : { place };
  try {
    return await run();
  } catch (error) {
    if (error instanceof CannotJudge) return result('cannot-judge', error.code, at);
    if (error instanceof Placed)
      return result('false', error.cause.code, { place: error.place }, error.cause.params);
    if (error instanceof AppError) return result('false', error.code, at, error.params);
    throw error;
  }
}

/** A refusal at a place of the file. */
export class Placed extends Error {
  readonly place: string;
  declare readonly cause: AppError;
  constructor(place: string, cause: AppError) {
    super(`${place}: ${cause.message}`, { cause });
    this.place = place;
  }
}

/** Runs a check of one place of the file; what it refuses is refused there. */
export function at<T>(place: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof AppError ? new Placed(place, error) : error;
  }
}
