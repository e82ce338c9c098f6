/** What an auditor of a log can find to be false, in both languages. */
import { AppError, defineErrors, type ErrorParams } from '@zhenmei/kernel';

const found = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

export const auditErrors = defineErrors({
  AUDIT_ENTRY_CHANGED: found(
    '第 {index} 条（{key}）的内容与日志的树不符，被改动、替换或调换过。',
    'Entry {index} ({key}) is not the one in the tree of the log: it was changed, replaced or moved.',
  ),
  AUDIT_ENTRY_REWRITTEN: found(
    '第 {index} 条（{key}）与上次看到的不同。',
    'Entry {index} ({key}) is not the one that was here before.',
  ),
  AUDIT_ENTRY_MALFORMED: found(
    '第 {index} 条（{key}）写法不正确：{reason}',
    'Entry {index} ({key}) is not well formed: {reason}',
  ),
  AUDIT_ENTRIES_MISSING: found(
    '第 {from} 到 {to} 条没有完整提供：{reason}',
    'Entries {from} to {to} are not all given: {reason}',
  ),
  AUDIT_TILE_CHANGED: found(
    '第 {level} 层第 {n} 块瓦片的第 {position} 个哈希与条目不符。',
    'Hash {position} of tile {n} at level {level} does not follow from the entries.',
  ),
  AUDIT_TILE_MISSING: found(
    '第 {level} 层第 {n} 块瓦片没有提供或长度不对。',
    'Tile {n} at level {level} is not given or has the wrong length.',
  ),
  AUDIT_ROOT_DIFFERS: found(
    '前 {size} 条算出的根与已签名的检查点不符；从第 {from} 条之后开始不一致。',
    'The first {size} entries do not lead to the root that was signed; the difference lies at or after entry {from}.',
  ),
  AUDIT_FORKED: found(
    '日志签发了两个互相矛盾的历史（大小 {size} 与 {other}）。',
    'The log signed two histories that contradict each other (sizes {size} and {other}).',
  ),
  AUDIT_ROLLED_BACK: found(
    '日志只给出 {size} 条，而它签名过 {seen} 条。',
    'The log shows {size} entries although it signed {seen}.',
  ),
  AUDIT_ANCHOR_DIFFERS: found(
    '账本上为大小 {size} 存的根与日志不符。',
    'The root that the ledger keeps for size {size} is not that of the log.',
  ),
  AUDIT_ANCHOR_TWICE: found(
    '账本上大小 {size} 有两个不同的根。',
    'The ledger has two roots for size {size}.',
  ),
  AUDIT_ANCHOR_SHRANK: found(
    '账本上的大小从 {from} 退到了 {to}。',
    'The sizes on the ledger went back from {from} to {to}.',
  ),
  AUDIT_ANCHOR_AHEAD: found(
    '账本上存了大小 {size}，日志却只给出 {shown} 条。',
    'The ledger keeps size {size}, but the log shows only {shown} entries.',
  ),
  AUDIT_EVENT_DIFFERS: found(
    '公开事件 {event} 与第 {index} 条（{key}）不符。',
    'The public event {event} differs from entry {index} ({key}).',
  ),
  AUDIT_EVENT_NOT_LOGGED: found(
    '公开事件 {event} 不在日志里。',
    'The public event {event} is not in the log.',
  ),
  AUDIT_EVENT_WITHHELD: found(
    '第 {index} 条（{key}）记录的事件没有公开。',
    'The event of entry {index} ({key}) is not public.',
  ),
  AUDIT_EVENT_TWICE: found(
    '公开事件 {event} 出现了多次。',
    'The public event {event} appears more than once.',
  ),
  AUDIT_ENTRY_TWICE: found(
    '第 {index} 条（{key}）重复了第 {first} 条。',
    'Entry {index} ({key}) repeats entry {first}.',
  ),
  AUDIT_EVENT_ID_WRONG: found(
    '公开事件 {event} 的编号不是由内容算出的 {expected}。',
    'The number of the public event {event} is not {expected}, which follows from its content.',
  ),
  AUDIT_EVENT_UNREADABLE: found(
    '第 {nth} 个公开事件不是有效的 EPCIS 事件：{reason}',
    'Public event {nth} is not a valid EPCIS event: {reason}',
  ),
  AUDIT_STANDARD_DIFFERS: found(
    '公开的服务标准与第 {index} 条（{key}）不符。',
    'The public service standard differs from entry {index} ({key}).',
  ),
});

export type AuditCode = keyof typeof auditErrors;

export interface Finding {
  /** One of `AUDIT_…`, or `TLOG_…` for a checkpoint that cannot be believed. */
  readonly code: string;
  /** Position in the log, where the finding has one. */
  readonly index?: number;
  /** Name of the entry: what it is, then what it says. */
  readonly key?: string;
  readonly zh: string;
  readonly en: string;
  /** Signed notes that prove a fork to everybody. */
  readonly notes?: readonly string[];
}

export function finding(code: AuditCode, params: ErrorParams = {}, notes?: readonly string[]): Finding {
  return fromError(new AppError(code, params), notes);
}

/** A refusal of the log's own checks as a finding. */
export function fromError(error: AppError, notes?: readonly string[]): Finding {
  const { index, key } = error.params;
  return {
    code: error.code,
    ...(typeof index === 'number' ? { index } : {}),
    ...(typeof key === 'string' ? { key } : {}),
    zh: error.text('zh-CN'),
    en: error.text('en'),
    ...(notes ? { notes } : {}),
  };
}
