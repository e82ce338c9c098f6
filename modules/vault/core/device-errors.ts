/** What is refused around devices, guardians and coming back in. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  OWNER_SIGNATURE_WRONG: refused(
    403,
    '这项操作需要打开保险箱后签名，签名不符。请重新打开保险箱再试。',
    'This needs a signature from the open vault, and the signature does not fit. Open the vault again and retry.',
  ),
  OWNER_UNKNOWN: refused(404, '没有与这把钥匙对应的保险箱。', 'There is no vault that belongs to this key.'),
  KEYSET_OLDER: refused(
    409,
    '服务器给出的钥匙组比这台设备见过的旧（第 {given} 版，已见过第 {seen} 版），没有打开。请联系我们核查。',
    'The server returned a keyset older than this device has seen ({given}, seen {seen}); it was not opened. Please contact us.',
  ),
  VAULT_DEVICE_UNKNOWN: refused(404, '没有这台设备。', 'There is no such device.'),
  DEVICE_LAST: refused(
    409,
    '这是最后一台能登录的设备，不能移除。请先添加另一台。',
    'This is the last device that can sign in. Add another one first.',
  ),
  PAIRING_UNKNOWN: refused(
    404,
    '没有这个配对码，或者它已过期。请在新设备上重新开始。',
    'There is no such pairing code, or it has expired. Start again on the new device.',
  ),
  PAIRING_OUT_OF_ORDER: refused(
    409,
    '配对的步骤不对，为安全起见已停止。请在新设备上重新开始。',
    'The pairing went out of order and was stopped to be safe. Start again on the new device.',
  ),
  PAIRING_NOT_SAME: refused(
    403,
    '两台设备的数字不一致，没有交出任何钥匙。请在新设备上重新开始。',
    'The digits on the two devices differ; no key was handed over. Start again on the new device.',
  ),
  SHARES_WRONG: refused(
    422,
    '守护人的份额不完整或不属于同一次设置。',
    'The guardians’ shares are incomplete or do not belong together.',
  ),
  GUARDIANS_COUNT: refused(
    422,
    '守护人需要 3 到 8 位，其中至少 2 位同意才能找回。',
    'There must be 3 to 8 guardians, of whom at least 2 have to agree.',
  ),
  GUARDIAN_TWICE: refused(
    422,
    '同一位守护人被选了两次，或选了自己。',
    'A guardian was chosen twice, or you chose yourself.',
  ),
  GUARDIAN_UNKNOWN: refused(
    404,
    '没有这个守护码。请对照守护人屏幕上的字符再输入一次。',
    'There is no such guardian code. Compare it with the guardian’s screen and type it again.',
  ),
  RECOVERY_UNKNOWN: refused(404, '没有这个找回请求。', 'There is no such recovery.'),
  RECOVERY_RUNNING: refused(
    409,
    '已有一个找回请求在进行，{until} 之前有效。',
    'A recovery is running already; it stands until {until}.',
  ),
  RECOVERY_TOO_OFTEN: refused(
    429,
    '一周内找回请求太多。为防冒领，请在 {until} 之后再试。',
    'Too many recoveries in one week. To stop impostors, try again after {until}.',
  ),
  RECOVERY_WAITING: {
    status: 409,
    retryable: true,
    zh: '等待期未满，{until} 之后才能打开。这段时间里，你的任何一台设备都可以取消。',
    en: 'The waiting period is not over; it opens after {until}. Until then any of your devices can cancel it.',
  },
  RECOVERY_NOT_APPROVED: {
    status: 409,
    retryable: true,
    zh: '还缺守护人同意：需要 {need} 位，已有 {have} 位。',
    en: 'More guardians have to agree: {need} needed, {have} so far.',
  },
  RECOVERY_ENDED: refused(409, '这个找回请求已取消或已完成。', 'This recovery was cancelled or is finished.'),
});
