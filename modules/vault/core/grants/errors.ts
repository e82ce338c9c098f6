/** Why somebody may not read, or a permission is none. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  GRANT_INVALID: refused(
    422,
    '授权的 {field} 不正确，没有保存。',
    'The permission is wrong at {field}; it was not kept.',
  ),
  GRANT_SIGNATURE_WRONG: refused(
    403,
    '授权上的签名与内容不符。',
    'The signature does not fit what the permission says.',
  ),
  GRANT_UNKNOWN: refused(404, '没有这张授权卡。', 'There is no such permission.'),
  GRANT_REVOKED: refused(
    403,
    '患者已收回这张授权卡。请向患者本人申请新的授权。',
    'The patient has taken this permission back. Ask the patient for a new one.',
  ),
  GRANT_NOT_YET: refused(403, '这张授权卡从 {from} 起才有效。', 'This permission is valid from {from} on.'),
  GRANT_EXPIRED: refused(
    403,
    '这张授权卡已于 {until} 到期。请向患者本人申请新的授权。',
    'This permission ended on {until}. Ask the patient for a new one.',
  ),
  GRANT_USED_UP: refused(
    403,
    '这张授权卡的 {most} 次查看已用完。请向患者本人申请新的授权。',
    'The {most} readings of this permission are used up. Ask the patient for a new one.',
  ),
  GRANT_PURPOSE: refused(
    403,
    '这张授权卡不是为这个目的给的。',
    'This permission was not given for this purpose.',
  ),
  GRANT_ACTION: refused(403, '这张授权卡不允许这样使用。', 'This permission does not allow this use.'),
  GRANT_PERSON: refused(
    403,
    '这张授权卡只给了指定的医生。',
    'This permission was given to a particular doctor only.',
  ),
  GRANT_OBJECT: refused(
    403,
    '这份资料不在授权范围内。',
    'This file is not part of what the permission covers.',
  ),
  READ_UNKNOWN: refused(404, '这次查看已结束，请重新打开。', 'This reading has ended; open the file again.'),
  GRANTEE_UNKNOWN: refused(
    404,
    '这家机构还没有登记用于接收资料的钥匙。请机构先在工作台打开一次。',
    'This organisation has not registered a key for receiving records yet. It has to open its desk once.',
  ),
  GRANTEE_NOT_PROVEN: refused(
    403,
    '无法证实这把钥匙属于这家机构（{code}），没有授权。',
    'It is not proven that this key belongs to the organisation ({code}); nothing was given.',
  ),
  TRUST_CHANGED: refused(
    409,
    '可信发证机关的名单与这台设备记住的不同，没有授权。请核对后在“可信名单”里确认。',
    'The list of trusted issuers differs from the one this device remembers; nothing was given. Compare it and confirm it first.',
  ),
});
