/** What is refused around erasing, restricting and closing. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  OBJECT_RESTRICTED: refused(
    403,
    '患者限制了这份资料的使用，解除之前谁也打不开。',
    'The patient has restricted this file; nobody can open it until that is lifted.',
  ),
  VAULT_CLOSING: refused(
    403,
    '这个保险箱正在等待清空，期间谁也打不开里面的内容。',
    'This vault is waiting to be erased; meanwhile nobody can open what is in it.',
  ),
  ERASURE_UNKNOWN: refused(
    404,
    '没有这次销毁。请核对链接是否完整。',
    'There is no such erasure. Check that the link is complete.',
  ),
  ERASURE_WAITING: refused(
    409,
    '已有一次清空在等待，{until} 执行。可以先撤销它。',
    'An erasure is waiting already and is done on {until}. You can undo it first.',
  ),
  ERASURE_STARTED: refused(
    409,
    '等待期已过，钥匙已开始销毁，不能再撤销。',
    'The waiting period is over and the keys are being destroyed; it can no longer be undone.',
  ),
  ERASURE_REGION: refused(
    422,
    '还不知道“{region}”的保存规定，无法写明哪些必须留存。请联系我们。',
    'What must be kept in “{region}” is not known here, so the certificate could not say it. Please contact us.',
  ),
  ERASURE_NOTHING: refused(
    404,
    '要销毁的文件不在了，可能已在另一台设备上销毁。请刷新。',
    'The files to erase are not there; another device may have erased them. Refresh.',
  ),
  ERASURE_CERTIFICATE: refused(
    422,
    '这不是一份销毁证明，或者内容不完整：{reason}',
    'This is no certificate of erasure, or it is incomplete: {reason}',
  ),
});
