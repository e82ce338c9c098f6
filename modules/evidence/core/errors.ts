/** Every reason for which evidence or a trust file is refused, in both languages. */
import { defineErrors } from '@zhenmei/kernel';

const bad = (zh: string, en: string) => ({ status: 400, retryable: false, zh, en });

export const evidenceErrors = defineErrors({
  EVIDENCE_FORMAT: bad('链上证据格式不正确：{reason}', 'Not valid chain evidence: {reason}'),
  EVIDENCE_RLP: bad('RLP 编码不规范：{reason}', 'Not canonical RLP: {reason}'),
  EVIDENCE_HEADER: bad('区块头不正确：{reason}', 'Not a valid block header: {reason}'),
  EVIDENCE_TRIE: bad('状态证明不成立：{reason}', 'The state proof does not hold: {reason}'),
  EVIDENCE_ACCOUNT: bad(
    '合约 {address} 的账户记录不正确：{reason}',
    'The account record of contract {address} is not valid: {reason}',
  ),
  EVIDENCE_CONTRACT_UNKNOWN: bad(
    '信任文件里没有合约 {address}。',
    'The trust file does not name contract {address}.',
  ),
  EVIDENCE_CONTRACT_ABSENT: bad(
    '这个区块里还没有合约 {address}。',
    'Contract {address} did not exist in this block.',
  ),
  EVIDENCE_CODE_MISMATCH: bad(
    '合约 {address} 的代码与信任文件不一致。',
    'The code of contract {address} is not the code the trust file names.',
  ),
  EVIDENCE_VALUE_MISMATCH: bad(
    '证据声称的存储值与状态证明不一致：{slot}',
    'The claimed storage value is not the proven one: {slot}',
  ),
  EVIDENCE_NOT_COVERED: bad(
    '证据没有涉及合约 {address} 的存储位 {slot}。',
    'The evidence does not cover slot {slot} of contract {address}.',
  ),
  EVIDENCE_WITNESS_SIGNATURE: bad(
    '见证人 {key} 的签名不成立。',
    'The signature of witness {key} does not verify.',
  ),
  EVIDENCE_SOURCE_MISMATCH: bad(
    '节点给出的数据自相矛盾：{reason}',
    'What the node answered contradicts itself: {reason}',
  ),
  TRUST_FILE_INVALID: bad(
    '信任文件的 {path} 不正确：{reason}',
    'The trust file is not valid at {path}: {reason}',
  ),
});
