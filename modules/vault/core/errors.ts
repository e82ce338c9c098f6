import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  VAULT_LOCKED: {
    status: 403,
    retryable: false,
    zh: '这把钥匙打不开保险箱。',
    en: 'This key does not open the vault.',
  },
  VAULT_DAMAGED: {
    status: 422,
    retryable: false,
    zh: '加密内容被改动过,无法打开。',
    en: 'The encrypted content was changed and cannot be opened.',
  },
  PASSPHRASE_WEAK: {
    status: 422,
    retryable: false,
    zh: '口令太短,请至少用 12 个字符,或使用恢复码。',
    en: 'The passphrase is too short: at least 12 characters, or use a recovery code.',
  },
  RECOVERY_CODE_WRONG: {
    status: 422,
    retryable: false,
    zh: '恢复码输错了,请核对第 {group} 组。',
    en: 'The recovery code has a typing error in group {group}.',
  },
  KEYSET_CONFLICT: {
    status: 409,
    retryable: true,
    zh: '保险箱刚在另一台设备上更改过,请刷新后重试。',
    en: 'The vault was just changed on another device. Refresh and try again.',
  },
  KEYSET_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '这个账号还没有保险箱。',
    en: 'This account has no vault yet.',
  },
  OBJECT_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有找到这个加密文件。',
    en: 'There is no such encrypted file.',
  },
});
