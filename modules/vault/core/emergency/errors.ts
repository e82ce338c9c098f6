/** Why an emergency card is not opened, or a case not changed. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  EMERGENCY_CODE_WRONG: refused(
    422,
    '急救卡编码有误，请核对后重输，或直接扫码。',
    'The code of the emergency card has a typing error. Check it, or scan the card.',
  ),
  EMERGENCY_CARD_UNKNOWN: refused(
    404,
    '没有这张急救卡，可能已换新卡。请按没有资料处理。',
    'There is no such emergency card; it may have been replaced. Treat as if nothing were known.',
  ),
  EMERGENCY_CARD_ENDED: refused(
    403,
    '这张急救卡已停用或过期。请按没有资料处理。',
    'This emergency card was switched off or has expired. Treat as if nothing were known.',
  ),
  EMERGENCY_CARD_PAUSED: refused(
    403,
    '患者限制了这张卡上的资料，卡暂停使用。请按没有资料处理，不要当作没有过敏。',
    'The patient has restricted what this card shows; it is paused. Treat as if nothing were known, not as if there were no allergy.',
  ),
  EMERGENCY_RESTRICTED: refused(
    409,
    '你限制了过敏或健康情况的使用，急救卡不会显示它们。请先在保险箱里解除限制，再开启急救卡。',
    'You have restricted your allergies or your health facts, so a card would not show them. Lift the restriction in the vault first.',
  ),
  EMERGENCY_CARD_CHANGED: refused(
    409,
    '急救卡刚在另一台设备上改过，请刷新后重试。',
    'The emergency card has just been changed on another device. Refresh and try again.',
  ),
  EMERGENCY_LICENCE: refused(
    403,
    '没有通过执照核验（{code}），急救卡没有打开。请由在本机构执业、执照有效的医生打开。',
    'The licence did not pass the check ({code}); the card was not opened. A doctor who practises here under a valid licence has to open it.',
  ),
  EMERGENCY_CARD_LIMIT: refused(
    429,
    '这张卡的查看次数已到上限。{again} 之后才能再打开，或请患者换新卡。',
    'This card was opened as often as it may be. It can be opened again after {again}, or the patient makes a new one.',
  ),
  EMERGENCY_CARD_SPENT: refused(
    403,
    '这张卡的查看次数已经用完。请患者换一张新卡。',
    'This card was opened as often as it may be at all. The patient has to make a new one.',
  ),
  EMERGENCY_DOCTOR_LIMIT: refused(
    429,
    '这位医生近来打开的急救卡太多，{again} 之后才能再打开。请由另一位医生打开。',
    'This doctor has opened too many emergency cards lately; again after {again}. Have another doctor open it.',
  ),
  EMERGENCY_CASE_UNKNOWN: refused(404, '没有这次急救查看的记录。', 'There is no such opening on record.'),
  EMERGENCY_CASE_CLOSED: refused(
    409,
    '监管机构已有结论，不能再改。',
    'The regulator has come to a conclusion; this cannot be changed any more.',
  ),
  EMERGENCY_NOT_REGULATOR: refused(
    403,
    '只有监管机构可以处理。请用监管机构的工作台。',
    'Only a regulator may handle this. Use the desk of a regulator.',
  ),
});
