/** What is refused of files that people take along or bring. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  EXPORT_NAME: refused(422, '文件名不能这样写：{name}', 'A file cannot be named so: {name}'),
  EXPORT_DAMAGED: refused(
    422,
    '导出文件在第 {at} 字节处损坏，没有导入。',
    'The export is damaged at byte {at}; nothing was imported.',
  ),
});
