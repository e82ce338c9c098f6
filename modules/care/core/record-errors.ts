/** What is refused of sealed procedure records and their amendments. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  RECORD_NOT_YET: refused(
    409,
    '治疗完成并由双方确认之后，才能补充记录。',
    'The record can be amended once the treatment is done and both sides have confirmed it.',
  ),
  RECORD_VERSION_WRONG: refused(
    409,
    '记录已经有了更新的一版。请刷新，看过之后再补充。',
    'The record has a newer version already. Refresh, read it, and amend that one.',
  ),
  RECORD_FULL: refused(
    409,
    '这份记录已有 {most} 版，不能再补充。请另开一次就诊记录。',
    'This record has {most} versions, which is the most. Open a visit for what is new.',
  ),
  RECORD_SIGNATURE_WRONG: refused(
    403,
    '签名与这份记录不符，没有保存。请用开出报价的那台设备重试。',
    'The signature does not belong to this record; nothing was kept. Try again on the device that made the offer.',
  ),
  RECORD_VERSION_UNKNOWN: refused(
    404,
    '这份记录没有这一版。请刷新查看。',
    'The record has no such version. Refresh to see which there are.',
  ),
  RECORD_CHANGED: refused(
    422,
    '第 {version} 版记录与当时封存的不一致（{what}）。请保留你手里的副本，并联系机构和监管方。',
    'Version {version} of the record is not what was sealed ({what}). Keep your copy, and tell the clinic and the regulator.',
  ),
});
