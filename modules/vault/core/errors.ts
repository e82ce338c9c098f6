/** Everything the vault refuses, in words a person can act on. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  VAULT_LOCKED: refused(403, '这把钥匙打不开保险箱。', 'This key does not open the vault.'),
  VAULT_DAMAGED: refused(
    422,
    '加密内容被改动过，无法打开。',
    'The encrypted content was changed and cannot be opened.',
  ),
  SEAL_KEY_WRONG: refused(
    422,
    '收件人的公钥无效，内容没有加密。',
    'The recipient’s public key is not valid; nothing was sealed.',
  ),
  PASSPHRASE_SHORT: refused(
    422,
    '口令太短。请至少用 {least} 个字符，几个不相干的词连在一起最好记。',
    'The passphrase is too short. Use at least {least} characters; a few unrelated words are easy to remember.',
  ),
  PASSPHRASE_PREDICTABLE: refused(
    422,
    '这个口令太容易猜到：重复、连续或常见的字符太多。请换几个不相干的词。',
    'This passphrase is too easy to guess: it repeats, counts up or is very common. Use a few unrelated words.',
  ),
  RECOVERY_CODE_LENGTH: refused(
    422,
    '恢复码应有 28 个字符，现在是 {count} 个。请检查有没有漏写或多写。',
    'A recovery code has 28 characters; this one has {count}. Check whether one is missing or doubled.',
  ),
  RECOVERY_CODE_TYPO: refused(
    422,
    '恢复码有误，请先核对第 {group} 组。',
    'The recovery code has a typing error; check group {group} first.',
  ),
  RECOVERY_CODE_WRONG: refused(
    422,
    '恢复码有误，不止一处。请对照纸上的恢复码重新输入。',
    'The recovery code is wrong in more than one place. Type it again from the paper.',
  ),
  KEYSET_METHOD_KNOWN: refused(409, '这种解锁方式已经添加过。', 'This way to unlock is already set up.'),
  KEYSET_METHOD_UNKNOWN: refused(404, '没有这种解锁方式。', 'There is no such way to unlock.'),
  KEYSET_LAST_METHOD: refused(
    409,
    '这是最后一种解锁方式，删除后保险箱将永远打不开。请先添加另一种。',
    'This is the last way to unlock; without it the vault could never be opened. Add another one first.',
  ),
  KEYSET_CONFLICT: {
    status: 409,
    retryable: true,
    zh: '保险箱刚在另一台设备上更改过，请刷新后重试。',
    en: 'The vault was just changed on another device. Refresh and try again.',
  },
  KEYSET_UNKNOWN: refused(404, '这个账号还没有保险箱。', 'This account has no vault yet.'),
  OBJECT_UNKNOWN: refused(404, '没有找到这个加密文件。', 'There is no such encrypted file.'),
  OBJECT_CONFLICT: {
    status: 409,
    retryable: true,
    zh: '这个文件刚在另一台设备上更改过，请刷新后重试。',
    en: 'This file was just changed on another device. Refresh and try again.',
  },
  OBJECT_RANGE: refused(416, '要读取的范围超出了文件。', 'The range to read lies outside the file.'),
  MAILBOX_FULL: refused(
    409,
    '这个信箱已有 {most} 份文件，不能再放入。',
    'This mailbox already holds {most} files; no more can be left.',
  ),
  KEY_INDEX_WRONG: refused(400, '序号必须是非负整数。', 'The index must be a whole number from 0.'),
  RECORD_INVALID: refused(
    422,
    '治疗记录的 {path} 不正确：{reason}',
    'The treatment record is wrong at {path}: {reason}',
  ),
  ALLERGY_INVALID: refused(
    422,
    '过敏资料的 {path} 不正确：{reason}',
    'The allergy list is wrong at {path}: {reason}',
  ),
  HEALTH_FACT_INVALID: refused(
    422,
    '健康情况的 {path} 不正确：{reason}。请检查这份文件后重新导入。',
    'The health facts are wrong at {path}: {reason}. Check the file and import it again.',
  ),
});
