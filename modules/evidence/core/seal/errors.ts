/** Why a sealed paper is not what it says, or cannot be judged, in both languages. */
import { defineErrors } from '@zhenmei/kernel';

const bad = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

export const sealErrors = defineErrors({
  PAPER_TOO_LARGE: bad(
    '文件超过 {limit} 字节，没有读取。真美的文件没有这么大，请向出具方索取原件。',
    'The file is larger than {limit} bytes and was not read. No paper of ours is; ask for the original.',
  ),
  PAPER_UNREADABLE: bad(
    '这不是 PDF 文件。请选择下载的原件。',
    'This is not a PDF. Choose the file as it was downloaded.',
  ),
  PAPER_NOT_SEALED: bad(
    '文件上没有文件章，无法判断是谁出具的。请重新下载带章的文件。',
    'The file carries no seal, so nobody can say whose it is. Download it again, with its seal.',
  ),
  SEAL_DOUBLED: bad(
    '文件里有两个以上的签名字典。真美的文件只有一个，请不要相信它。',
    'The file has more than one signature. Papers of ours have exactly one; do not rely on it.',
  ),
  SEAL_RANGE_WRONG: bad(
    '文件章没有覆盖整个文件（{what}）。请不要相信它。',
    'The seal does not cover the whole file ({what}). Do not rely on it.',
  ),
  SEAL_ADDED_TO: bad(
    '封存之后又加了 {bytes} 字节。请不要相信它，请索取原件。',
    '{bytes} bytes were added after the paper was sealed. Do not rely on it; ask for the original.',
  ),
  SEAL_FORM_WRONG: bad(
    '文件章的写法不正确（{what}）。请不要相信它。',
    'The seal is not well formed ({what}). Do not rely on it.',
  ),
  SEAL_DIGEST_WRONG: bad(
    '封存之后文件被改动过。请索取原件。',
    'The file was changed after it was sealed. Ask for the original.',
  ),
  SEAL_SIGNATURE_WRONG: bad(
    '文件章的签名不成立。请不要相信它。',
    'The signature of the seal does not hold. Do not rely on it.',
  ),
  PAPER_FORM_WRONG: bad(
    '文件的结构不是真美出具的样子（{what}）。请索取原件。',
    'The file is not built as papers of ours are ({what}). Ask for the original.',
  ),
  SEAL_CERTIFICATE_WRONG: bad(
    '文件章的证书无法使用（{what}）。请换一张 P-256 证书。',
    'The certificate of the seal cannot be used ({what}). Use a certificate with a P-256 key.',
  ),
});
