/** Everything that can go wrong between us and a PostgreSQL, by name. */
import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  DATA_FOLDER_IN_USE: {
    status: 409,
    retryable: false,
    zh: '数据文件夹 {path} 正被另一个进程使用（进程号 {pid}）。请先停止它，或换一个数据文件夹。',
    en: 'The data folder {path} is in use by another process (pid {pid}). Stop that one first, or choose another data folder.',
  },
  DATA_FOLDER_NOT_WRITABLE: {
    status: 500,
    retryable: false,
    zh: '没有权限写入 {path}。请修改该文件夹的权限，或换一个数据文件夹。',
    en: 'No permission to write to {path}. Change the permissions of that folder, or choose another data folder.',
  },
  DATA_FOLDER_UNREACHABLE: {
    status: 500,
    retryable: false,
    zh: '以 root 身份启动时，数据库以普通用户 {user} 运行，而该用户无法进入 {path}，备用位置 {fallback} 也不可写。请换一个普通用户可以进入的数据文件夹。',
    en: 'When started as root the database runs as the ordinary user {user}, who cannot enter {path}; the fallback {fallback} is not writable either. Choose a data folder that ordinary users can enter.',
  },
  DATA_FOLDER_VERSION: {
    status: 500,
    retryable: false,
    zh: '数据文件夹 {path} 由另一个 PostgreSQL 大版本写成，本程序需要 {wanted} 版。请用原版本导出后再导入。',
    en: 'The data folder {path} was written by another major version of PostgreSQL; this program needs {wanted}. Export it with the old version, then import.',
  },
  DISK_FULL: {
    status: 507,
    retryable: true,
    zh: '磁盘已满，无法写入 {path}。请腾出空间后重试。',
    en: 'The disk is full: cannot write to {path}. Free some space and try again.',
  },
  PORT_TAKEN: {
    status: 409,
    retryable: true,
    zh: '端口 {port} 已被占用。请停止占用它的程序，或换一个端口。',
    en: 'Port {port} is taken. Stop the program that uses it, or choose another port.',
  },
  DATABASE_PLATFORM_UNSUPPORTED: {
    status: 500,
    retryable: false,
    zh: '内置数据库没有适用于 {platform} 的版本。请安装 PostgreSQL 15 或更高版本，并设置 DATABASE_URL。',
    en: 'There is no embedded database for {platform}. Install PostgreSQL 15 or later and set DATABASE_URL.',
  },
  DATABASE_NEEDS_GLIBC: {
    status: 500,
    retryable: false,
    zh: '内置数据库需要 glibc，本系统的 C 库不合适：{reason}。请使用基于 glibc 的系统，或设置 DATABASE_URL。',
    en: 'The embedded database needs glibc and the C library of this system does not fit: {reason}. Use a system with glibc, or set DATABASE_URL.',
  },
  DATABASE_START_FAILED: {
    status: 500,
    retryable: true,
    zh: '内置数据库启动失败：{reason}',
    en: 'The embedded database did not start: {reason}',
  },
  DATABASE_URL_WRONG: {
    status: 500,
    retryable: false,
    zh: '数据库地址不正确。应为 postgres://用户：密码@主机：端口/库名。',
    en: 'The database address is not right. It should read postgres://user:password@host:port/database.',
  },
  DATABASE_UNREACHABLE: {
    status: 503,
    retryable: true,
    zh: '连不上数据库 {host}：{reason}。请检查它是否已启动、网络是否通畅。',
    en: 'The database at {host} cannot be reached: {reason}. Check that it is running and that the network is open.',
  },
  DATABASE_REFUSED: {
    status: 500,
    retryable: false,
    zh: '数据库 {host} 拒绝登录：{reason}。请检查用户名、密码和库名。',
    en: 'The database at {host} refused the login: {reason}. Check user, password and database name.',
  },
  DATABASE_TOO_OLD: {
    status: 500,
    retryable: false,
    zh: '数据库版本为 {version}，需要 PostgreSQL 15 或更高版本。',
    en: 'The database is version {version}; PostgreSQL 15 or later is needed.',
  },
  DATABASE_ENCODING: {
    status: 500,
    retryable: false,
    zh: '数据库的编码是 {encoding}，需要 UTF8。请新建一个 UTF8 编码的库。',
    en: 'The database has the encoding {encoding}; UTF8 is needed. Create a database with the encoding UTF8.',
  },
  MIGRATION_NAME: {
    status: 500,
    retryable: false,
    zh: '迁移文件名不合规则：{module}/{file}。应为 0001_名称.sql，编号连续且不重复。',
    en: 'This migration file is not named by the rule: {module}/{file}. It should be 0001_name.sql, numbered without gap or repeat.',
  },
  MIGRATION_CHANGED: {
    status: 500,
    retryable: false,
    zh: '已执行过的迁移 {module}/{file} 被改动了。请恢复原文件，改动写进新的迁移。',
    en: 'The migration {module}/{file} was changed after it was applied. Restore it and put the change into a new one.',
  },
  MIGRATION_MISSING: {
    status: 500,
    retryable: false,
    zh: '数据库执行过迁移 {module}/{file}，但程序里没有它。这个数据库可能属于更新的版本。',
    en: 'The database has applied the migration {module}/{file}, which this program does not have. It may belong to a newer version.',
  },
  MIGRATION_FAILED: {
    status: 500,
    retryable: false,
    zh: '迁移 {module}/{file} 执行失败，已整体撤回：{reason}',
    en: 'The migration {module}/{file} failed and was undone as a whole: {reason}',
  },
});
