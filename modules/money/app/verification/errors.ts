/** What may be refused around paid checks. */
import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  CHECK_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '找不到这项核验。请从列表重新打开。',
    en: 'There is no such check. Open it again from the list.',
  },
  CHECK_ROLE_WRONG: {
    status: 403,
    retryable: false,
    zh: '这里只供相应的机构使用。请用该机构的设备登录。',
    en: 'This is for another kind of organisation. Sign in with a device of that one.',
  },
  CHECK_NOT_DRAWN: {
    status: 403,
    retryable: false,
    zh: '您没有被抽中核验这一项，看不到材料。请回到您的核验列表。',
    en: 'You were not drawn for this check, so its papers are closed to you. Go back to your list.',
  },
  CHECK_ANSWER_WRONG: {
    status: 422,
    retryable: false,
    zh: '这份答复与签名不一致，没有保存。请重新填写并确认。',
    en: 'This answer does not fit its signature and was not kept. Fill it in and confirm it again.',
  },
  CHECK_PAY_BOUNDS: {
    status: 422,
    retryable: false,
    zh: '报酬只能在 ¥10 到 ¥200 之间。请改一个数。',
    en: 'The pay must lie between ¥10 and ¥200. Choose another amount.',
  },
  CHECK_REVOKED: {
    status: 409,
    retryable: false,
    zh: '登记机关的信息变了，这家机构的核验已撤销，暂不能签新合同，也不能申请收款。已付的钱仍可退。请先重新申请核验。',
    en: 'A register changed and this clinic’s check was revoked: no new agreement and no claim until it is checked again. Money already paid can still go back.',
  },
});
