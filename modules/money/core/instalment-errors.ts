/** Refusals around instalments. */
import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  LOAN_REFUSED: {
    status: 403,
    retryable: false,
    zh: '不能分期（规则 {pack} {rule}）：{reason}{next}',
    en: 'Instalments are not possible (rule {pack} {rule}): {reason} {next}',
  },
  LOAN_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这笔分期。请回到就诊页面重新申请。',
    en: 'There is no such plan. Go back to the visit and ask again.',
  },
  LOAN_NOT_NOW: {
    status: 409,
    retryable: false,
    zh: '这一步现在不能做。请刷新页面看看分期到了哪一步。',
    en: 'This step is not possible now. Refresh the page to see where the plan stands.',
  },
  LOAN_WRONG: {
    status: 422,
    retryable: false,
    zh: '分期方案不符合规则（{field}）。请重新计算后再提交。',
    en: 'The plan does not fit the rules ({field}). Draw it up again and send it once more.',
  },
  LOANS_OFF: {
    status: 409,
    retryable: false,
    zh: '这里的账本版本较早，不支持分期。请一次付清。',
    en: 'The ledger of this house is older and knows no instalments. Pay at once instead.',
  },
});
