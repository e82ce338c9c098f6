/** What is refused around consents and their receipts. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  CONSENT_NOTICE_UNKNOWN: refused(
    404,
    '没有这个目的或这个版本的告知书，不能在此基础上同意。',
    'There is no notice for this purpose or version; nothing can be agreed to on it.',
  ),
  RECEIPT_INVALID: refused(
    422,
    '同意回执的 {path} 不正确：{reason}',
    'The consent receipt is wrong at {path}: {reason}',
  ),
  RECEIPT_OTHER: refused(
    422,
    '同意回执与授权不符（{field}）。',
    'The consent receipt does not fit the permission ({field}).',
  ),
});
