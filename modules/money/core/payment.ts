/** The life of a payment order: expected → received (at the custodian) → minted (settlement unit) → held (escrow). */
import { defineErrors } from '@zhenmei/kernel';

export type OrderState = 'expected' | 'received' | 'minted' | 'held';

defineErrors({
  PAYMENT_NOT_DUE: {
    status: 409,
    retryable: false,
    zh: '现在还不能付款：请先签署同意书和合同。',
    en: 'Nothing is to be paid yet: sign the consent and the agreement first.',
  },
  PAYMENT_UNKNOWN: { status: 404, retryable: false, zh: '没有这笔付款。', en: 'There is no such payment.' },
  RELAY_REFUSED: {
    status: 403,
    retryable: false,
    zh: '这个操作不在允许的范围内，没有执行。',
    en: 'This operation is not among those that are relayed; nothing was done.',
  },
  CHAIN_REVERTED: {
    status: 409,
    retryable: false,
    zh: '按约定的规则，现在不能走这一步，什么都没有改变。请刷新页面，看看现在可以做什么。',
    en: 'The rules agreed do not allow this step now; nothing has changed. Reload the page to see what is possible.',
  },
  CHAIN_UNAVAILABLE: {
    status: 503,
    retryable: true,
    zh: '账本暂时不可用。已经提交的步骤会自动继续；还没有提交的，请稍后再试。',
    en: 'The ledger is not available right now. A step that was sent goes on by itself; if yours was not, try again in a moment.',
  },
  PAYMENT_NOT_AT_BANK: {
    status: 404,
    retryable: false,
    zh: '没有找到这笔未认领的款项。请核对银行流水号和金额；刚转的款最多要等一个工作日。',
    en: 'No unclaimed payment with this number and amount was found. Check both against your bank statement; a new transfer can take one working day.',
  },
  BANK_ENTRY_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这笔流水，或者它已经处理过了。请刷新列表。',
    en: 'There is no such entry, or it has been dealt with. Reload the list.',
  },
  ALARM_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这个警报，或者它已经关闭。请刷新页面。',
    en: 'There is no such alarm, or it is closed already. Reload the page.',
  },
  STATEMENT_PERIOD: {
    status: 422,
    retryable: false,
    zh: '请选一段不超过一年的日期，开始不晚于结束。',
    en: 'Choose a period of at most a year that does not end before it begins.',
  },
  INVOICE_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这张结算单。请从列表里打开。',
    en: 'There is no such invoice. Open it from the list.',
  },
  RAIL_MISSING: {
    status: 503,
    retryable: false,
    zh: '还没有接入托管银行。接入之后才能收付款。',
    en: 'No custodian is connected. Money can be taken and paid once one is.',
  },
});
