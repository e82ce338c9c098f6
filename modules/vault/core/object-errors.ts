/** What is refused around encrypted objects and their way to the server. */
import { defineErrors } from '@zhenmei/kernel';

const refused = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  OBJECT_TOO_LARGE: refused(
    413,
    '文件太大：最多 {most} MB。请先缩小或拆分。',
    'The file is too large: at most {most} MB. Make it smaller or split it.',
  ),
  QUOTA_EXCEEDED: refused(
    413,
    '保险箱已满：已用 {used} MB，最多 {most} MB、{count} 个文件。请先删除不需要的文件。',
    'The vault is full: {used} MB used of {most} MB and {count} files. Delete what you do not need first.',
  ),
  UPLOAD_UNKNOWN: refused(404, '没有这次上传，或者它已过期。', 'There is no such upload, or it has expired.'),
  UPLOAD_PIECE_WRONG: refused(
    422,
    '第 {n} 段的长度不对：应为 {bytes} 字节。',
    'Piece {n} has the wrong length: {bytes} bytes are expected.',
  ),
  UPLOAD_INCOMPLETE: refused(
    409,
    '上传还缺第 {missing} 段，请继续上传。',
    'Piece {missing} of the upload is missing; go on uploading.',
  ),
  UPLOAD_DAMAGED: refused(
    422,
    '收到的内容与所报的指纹不符，没有保存。请重新上传。',
    'What arrived differs from the digest that was named; nothing was kept. Upload it again.',
  ),
  PHOTO_KIND: refused(
    415,
    '只能放入 JPEG、PNG 或 WebP 照片。请在相册里另存为 JPEG 后再试。',
    'Only JPEG, PNG or WebP photos can be kept. Save it as JPEG first and try again.',
  ),
  PHOTO_DAMAGED: refused(
    422,
    '照片在第 {at} 字节处损坏，无法清除附带信息，没有保存。',
    'The photo is damaged at byte {at}; what it says beside the picture cannot be removed, so nothing was kept.',
  ),
  PHOTO_SIZE: refused(
    422,
    '照片尺寸不合理：{width} × {height}。',
    'The photo’s size is not plausible: {width} × {height}.',
  ),
  PHOTO_NOT_BARE: refused(
    422,
    '照片里还有附带信息，没有加密保存。请重新选择照片。',
    'The photo still says more than its picture; it was not kept. Choose the photo again.',
  ),
});
