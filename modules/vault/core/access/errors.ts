/** What a patient's device says when the access log does not hold. */
import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  ACCESS_LOG_BROKEN: {
    status: 422,
    retryable: false,
    zh: '访问记录在第 {seq} 条对不上（{reason}）。有记录被删除或改动过，请保存此页并投诉。',
    en: 'The access log does not hold at entry {seq} ({reason}). Something was deleted or changed; keep this page and complain.',
  },
  ACCESS_LOG_KEY_SET: {
    status: 409,
    retryable: false,
    zh: '这个保险箱的访问记录已经开始，不能更换它的钥匙。',
    en: 'The access log of this vault has begun; its key cannot be changed.',
  },
  ACCESS_LOG_CLOSED: {
    status: 409,
    retryable: false,
    zh: '请先打开保险箱一次，让访问记录开始，再授权。',
    en: 'Open the vault once, so that its access log begins, before you give a permission.',
  },
});
