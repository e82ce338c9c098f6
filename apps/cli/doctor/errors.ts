/** What the doctor may find, and what to do about it. */
import { AppError, defineErrors } from '@zhenmei/kernel';

const fault = (zh: string, en: string) => ({ status: 500, retryable: false, zh, en });

defineErrors({
  DOCTOR_NODE: fault(
    'Node.js 版本过低：{found}，需要 22.18 或更高。请运行 npm install 安装随附的版本。',
    'Node.js is too old: {found}; 22.18 or later is needed. Run npm install for the one that comes with it.',
  ),
  DOCTOR_FOLDER: fault(
    '数据文件夹不能写入：{folder}。请修改权限，或用 --data 换一个。',
    'The data folder cannot be written: {folder}. Change its permissions, or choose another with --data.',
  ),
  DOCTOR_DISK: fault(
    '磁盘只剩 {free} MB，至少需要 {needed} MB。请腾出空间。',
    'Only {free} MB of disk are left; at least {needed} MB are needed. Free some space.',
  ),
  DOCTOR_SECRETS: fault(
    '密钥文件读不懂：{file}。请从备份恢复；没有它，旧数据的签名身份就丢失了。',
    'The secrets file cannot be read: {file}. Restore it from a backup: without it the signing identity of old data is lost.',
  ),
  DOCTOR_PORT: fault(
    '端口 {port} 被占用。请停止占用它的程序，或用 --port 换一个。',
    'Port {port} is taken. Stop what uses it, or choose another with --port.',
  ),
  DOCTOR_PUBLIC_URL: fault(
    'PUBLIC_URL 用了数字地址，通行密钥需要主机名。请改用域名或 localhost。',
    'PUBLIC_URL has a numeric host; passkeys need a name. Use a domain, or localhost.',
  ),
  DOCTOR_PUBLIC_URL_TLS: fault(
    'PUBLIC_URL 没有用 https，浏览器会拒绝通行密钥。请放到 TLS 之后。',
    'PUBLIC_URL is not https, so browsers refuse passkeys. Put it behind TLS.',
  ),
  DOCTOR_CLOCK: fault(
    '机器的时钟明显不对：{found}。请打开时间同步。',
    'The machine’s clock is plainly wrong: {found}. Switch on time synchronisation.',
  ),
  DOCTOR_POSTGRES: fault(
    '没有找到内置数据库程序。请运行 npm install，或设置 DATABASE_URL。',
    'The embedded database is not installed. Run npm install, or set DATABASE_URL.',
  ),
  DOCTOR_FSYNC: fault(
    '数据库关闭了 {setting}，断电会丢失已确认的数据。请打开它。',
    'The database has {setting} switched off: a power cut would lose what was acknowledged. Switch it on.',
  ),
  DOCTOR_CHAIN_CODE: fault(
    '账本上 {contract} 的代码与本程序不符（{address}）。请检查 CHAIN_RPC_URL 和版本。',
    'The code of {contract} on the ledger is not ours ({address}). Check CHAIN_RPC_URL and the version.',
  ),
  DOCTOR_GENESIS: fault(
    '数据文件夹属于另一个账本编号（{found}），设置的是 {expected}。请改回 CHAIN_ID，或换一个文件夹。',
    'The data folder belongs to chain id {found}, but {expected} is configured. Set CHAIN_ID back, or choose another folder.',
  ),
  DOCTOR_WORK: fault(
    '有 {stuck} 件到期的事没有办成（{codes}）。请在 {url}/problems/ 后接代码查看说明，并在日志里找到对应的条目。',
    '{stuck} things that are due stay undone ({codes}). Look a code up under {url}/problems/ and find the items in the log.',
  ),
  DOCTOR_WEB: fault('网页还没有构建。请运行 npm start。', 'The web app is not built yet. Run npm start.'),
});

export function fail(code: string, params: Record<string, string | number> = {}): never {
  throw new AppError(code, params);
}
