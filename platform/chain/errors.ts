/** Everything that can go wrong between us and a chain, by name. */
import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  CHAIN_FOLDER_IN_USE: {
    status: 500,
    retryable: false,
    zh: '账本文件夹正被进程 {pid} 使用，请先停止它：{folder}',
    en: 'The ledger folder is in use by process {pid}; stop it first: {folder}',
  },
  CHAIN_PORT_TAKEN: {
    status: 500,
    retryable: false,
    zh: '端口 {port} 已被占用，请换一个端口，或停止占用它的程序。',
    en: 'Port {port} is taken; choose another one, or stop the program that uses it.',
  },
  CHAIN_REPLAY_MISMATCH: {
    status: 500,
    retryable: false,
    zh: '第 {block} 个区块重放后与日志不符，拒绝启动。',
    en: 'Block {block} replays to another hash than the journal says; refusing to start.',
  },
  CHAIN_JOURNAL_DAMAGED: {
    status: 500,
    retryable: false,
    zh: '账本日志第 {line} 行损坏：{file}',
    en: 'Line {line} of the ledger journal is damaged: {file}',
  },
  CHAIN_JOURNAL_WRITE: {
    status: 503,
    retryable: true,
    zh: '账本日志无法写入（{reason}），已停止接受新的交易。',
    en: 'The ledger journal cannot be written ({reason}); no further transaction is accepted.',
  },
  CHAIN_ENGINE_MISSING: {
    status: 500,
    retryable: false,
    zh: '此平台（{platform}）没有内置账本引擎，请设置 CHAIN_RPC_URL。',
    en: 'There is no embedded ledger engine for this platform ({platform}); set CHAIN_RPC_URL.',
  },
  CHAIN_ENGINE_FAILED: {
    status: 503,
    retryable: true,
    zh: '账本引擎没有启动：{reason}',
    en: 'The ledger engine did not start: {reason}',
  },
  CHAIN_ID_WRONG: {
    status: 500,
    retryable: false,
    zh: '这是另一个账本：编号应为 {expected}，实际为 {actual}。',
    en: 'This is another ledger: expected chain id {expected}, found {actual}.',
  },
  CHAIN_REVERTED: {
    status: 409,
    retryable: false,
    zh: '按约定的规则，现在不能走这一步，什么都没有改变。请刷新页面，看看现在可以做什么。',
    en: 'The rules agreed do not allow this step now; nothing has changed. Reload the page to see what is possible.',
  },
  CHAIN_UNAVAILABLE: {
    status: 503,
    retryable: true,
    zh: '账本暂时不可用。已经提交的步骤会自动继续；还没有提交的，请稍后再试。',
    en: 'The ledger is not available right now. A step that was sent goes on by itself; if yours was not, try again in a moment.',
  },
});
