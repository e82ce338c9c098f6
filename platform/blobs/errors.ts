/** What can go wrong with stored objects. */
import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  BLOB_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这个文件，可能已被删除。',
    en: 'There is no such file; it may have been deleted.',
  },
  BLOB_KEY_WRONG: {
    status: 400,
    retryable: false,
    zh: '文件编号不正确。',
    en: 'This is not the identifier of a file.',
  },
  BLOB_TOO_LARGE: {
    status: 413,
    retryable: false,
    zh: '文件太大，上限为 {limit} 字节。',
    en: 'The file is too large: the limit is {limit} bytes.',
  },
  BLOB_DAMAGED: {
    status: 500,
    retryable: false,
    zh: '文件 {key} 的内容已损坏，与编号不符。请从备份恢复。',
    en: 'The content of file {key} is damaged: it does not match its identifier. Restore it from a backup.',
  },
  BLOB_STORE_FULL: {
    status: 507,
    retryable: true,
    zh: '文件存储空间已满。请腾出空间后重试。',
    en: 'The file store is full. Free some space and try again.',
  },
  BLOB_STORE_UNAVAILABLE: {
    status: 503,
    retryable: true,
    zh: '文件存储暂时不可用：{reason}',
    en: 'The file store is not available now: {reason}',
  },
  BLOB_URL_WRONG: {
    status: 500,
    retryable: false,
    zh: '文件存储地址不正确。应为 file:文件夹 或 s3://桶名？endpoint=地址。',
    en: 'The address of the file store is not right. It should read file:folder or s3://bucket?endpoint=address.',
  },
});
