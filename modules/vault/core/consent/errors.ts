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
  CONSENT_NOTICE_CHANGED: refused(
    403,
    '告知书改了，患者还没有看过并重新同意。请患者在“我的同意”里看一眼变化再决定。',
    'The notice has changed and the patient has not agreed to the new one yet. Ask the patient to look at the change under “My consents”.',
  ),
  CONSENT_WITHDRAWN: refused(
    403,
    '这份同意已经收回，不能再使用。需要时请重新征得同意。',
    'This consent was taken back and can no longer be used. Ask for a new one if it is needed.',
  ),
  CONSENT_UNKNOWN: refused(
    404,
    '没有这份同意。没有同意，授权打不开任何内容。',
    'There is no such consent. Without one a permission opens nothing.',
  ),
  RECEIPT_SIGNATURE_WRONG: refused(
    422,
    '同意回执上的签名（{side}）与内容不符。',
    'The signature on the consent receipt ({side}) does not fit what it says.',
  ),
  RECEIPT_MISSING: refused(
    403,
    '这张授权卡没有附同意回执，打不开。请患者重新给一次。',
    'This permission comes without a consent receipt and does not open. Ask the patient to give it again.',
  ),
  RECEIPT_OTHER: refused(
    422,
    '同意回执与授权不符（{field}）。',
    'The consent receipt does not fit the permission ({field}).',
  ),
});
