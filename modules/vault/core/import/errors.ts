/** What is refused of files that people bring along. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  FILE_KIND: refused(
    415,
    '认不出这个文件。请选择 FHIR 健康记录（JSON）、PDF、照片、CSV 表格，或从本应用导出的文件。',
    'This file is not recognised. Choose a FHIR health record (JSON), a PDF, a photo, a CSV table, or an export of this app.',
  ),
  FILE_TOO_LARGE: refused(
    413,
    '文件有 {size} MB，最多 {most} MB。请分成几份再导入。',
    'The file has {size} MB; the most is {most} MB. Split it and import the parts.',
  ),
  FILE_EMPTY: refused(
    422,
    '文件里没有可以导入的内容。请检查是不是选错了文件。',
    'There is nothing in this file that can be imported. Check that it is the right one.',
  ),
  FILE_TABLE: refused(
    422,
    '表格第 {row} 行第 {column} 列：{zh}。请更正后再导入。',
    'Row {row}, column {column} of the table: {en}. Correct it and import again.',
  ),
  FILE_PHOTO: refused(
    415,
    '这个浏览器读不了这张照片。请在手机相册里另存为 JPEG 再导入。',
    'This browser cannot read the photo. Save it as JPEG in your photo app and import that.',
  ),
  FILE_STOPPED: refused(
    409,
    '已按你的要求停下。放进去的都还在；再导入同一个文件会接着来。',
    'Stopped as you asked. What was put in is kept; import the same file again to go on.',
  ),
  MOVED_WRONG: refused(
    422,
    '这个导出文件里的“{file}”不对或不完整，没有导入任何内容。请从原来的地方重新导出。',
    '“{file}” in this export is wrong or missing; nothing was imported. Export again where it came from.',
  ),
  RECORD_REWRITTEN: refused(
    409,
    '服务器给出的病历与你保存的那份对不上：以前的版本被改动或拿走了。你的那份仍在，请联系机构和监管方。',
    'The record at the server does not continue the one you keep: an earlier version was changed or taken away. Yours is still here; tell the clinic and the regulator.',
  ),
});
