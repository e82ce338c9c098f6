/** Every reason for which this module refuses something, in both languages. */
import { defineErrors } from '@zhenmei/kernel';

const bad = (zh: string, en: string) => ({ status: 400, retryable: false, zh, en });

export const tlogErrors = defineErrors({
  TLOG_SIZE_INVALID: bad('日志大小不正确：{value}。', 'Not a valid log size: {value}.'),
  TLOG_INDEX_OUT_OF_RANGE: bad(
    '序号 {index} 不在大小为 {size} 的日志内。',
    'Index {index} is outside a log of size {size}.',
  ),
  TLOG_HASH_LENGTH: bad('哈希必须正好是 32 字节。', 'A hash must be exactly 32 bytes.'),
  TLOG_PATH_LENGTH: bad(
    '证明路径的长度不对：给了 {given} 个哈希。',
    'The proof path has the wrong length: {given} hashes given.',
  ),
  TLOG_ROOT_MISMATCH: bad(
    '证明算出的根与检查点不一致，内容可能被改动过。',
    'The proof does not lead to the root of the checkpoint; something was changed.',
  ),
  TLOG_TILE_PATH: bad('瓦片路径写法不正确：{path}', 'Not a valid tile path: {path}'),
  TLOG_TILE_FORMAT: bad('瓦片内容的长度不对。', 'The tile does not have the expected length.'),
  TLOG_BUNDLE_FORMAT: bad(
    '条目包被截断或多出了内容。',
    'The entry bundle is cut short or has bytes left over.',
  ),
  TLOG_KEY_FORMAT: bad('验证公钥写法不正确：{reason}', 'Not a valid verifier key: {reason}'),
  TLOG_NOTE_FORMAT: bad('签名文本格式不正确：{reason}', 'Not a valid signed note: {reason}'),
  TLOG_NOTE_UNTRUSTED: bad('没有任何可信公钥为这份文本签名。', 'No trusted key signed this note.'),
  TLOG_SIGNATURE_INVALID: bad('{name} 的签名不成立。', 'The signature of {name} does not verify.'),
  TLOG_WITNESSES_TOO_FEW: bad(
    '见证签名不够：需要 {need} 个，只有 {have} 个。',
    'Too few witness signatures: {need} needed, {have} found.',
  ),
  TLOG_CHECKPOINT_FORMAT: bad('检查点格式不正确：{reason}', 'Not a valid checkpoint: {reason}'),
  TLOG_ORIGIN_MISMATCH: bad(
    '这份证明来自另一个日志：{origin}',
    'This proof comes from another log: {origin}',
  ),
  TLOG_PROOF_FORMAT: bad('日志证明格式不正确：{reason}', 'Not a valid log proof: {reason}'),
  TLOG_LEAF_TYPE_UNKNOWN: bad('未知的条目类型：{type}。', 'Unknown leaf type: {type}.'),
  TLOG_LEAF_FORMAT: bad('条目内容不是规范 JSON：{reason}', 'The leaf is not canonical JSON: {reason}'),
  TLOG_LEAF_TOO_LARGE: bad(
    '条目有 {bytes} 字节，上限为 65535 字节。',
    'The leaf has {bytes} bytes; at most 65535 fit.',
  ),
  TLOG_KEY_REUSED: {
    status: 409,
    retryable: false,
    zh: '这个编号已用于另一条内容：{key}',
    en: 'This key already stands for another leaf: {key}',
  },
  TLOG_NOT_FOUND: {
    status: 404,
    retryable: false,
    zh: '日志里没有这一项。',
    en: 'The log has no such item.',
  },
  TLOG_NOT_PUBLISHED: {
    status: 404,
    retryable: true,
    zh: '内容已收下，还没有进入已发布的检查点，请稍后再试。',
    en: 'Accepted, but not yet under a published checkpoint. Please try again later.',
  },
  TLOG_FORKED: {
    status: 500,
    retryable: false,
    zh: '日志数据与已签发的检查点矛盾，已停止签发。请从备份恢复并通知审计人。',
    en: 'The stored log contradicts a checkpoint already signed; signing has stopped. Restore a backup and tell the auditors.',
  },
  TLOG_ORIGIN_CHANGED: {
    status: 500,
    retryable: false,
    zh: '数据库里的日志属于 {stored}，不是 {origin}。',
    en: 'The log in this database belongs to {stored}, not to {origin}.',
  },
});
