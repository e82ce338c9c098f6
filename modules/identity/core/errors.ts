/** Every way in which a credential can fail, each with its own stable code. */
import { defineErrors } from '@zhenmei/kernel';

const bad = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

defineErrors({
  SDJWT_TOO_LARGE: bad('凭证过大。', 'The certificate is too large.'),
  SDJWT_FORMAT: bad('凭证的格式不正确({reason})。', 'The certificate is not well formed ({reason}).'),
  SDJWT_HEADER: bad('凭证头部不正确({reason})。', 'The certificate’s header is wrong ({reason}).'),
  SDJWT_TYPE: bad('凭证类型标记不是 dc+sd-jwt。', 'The certificate’s type mark is not dc+sd-jwt.'),
  SDJWT_ALGORITHM: bad(
    '凭证使用了不允许的签名算法。',
    'The certificate uses a signature algorithm that is not allowed.',
  ),
  SDJWT_PAYLOAD: bad('凭证内容不正确({reason})。', 'The certificate’s content is wrong ({reason}).'),
  SDJWT_HASH_ALGORITHM: bad(
    '凭证使用了不允许的摘要算法。',
    'The certificate uses a digest algorithm that is not allowed.',
  ),
  SDJWT_DISCLOSURE: bad('披露项的格式不正确({reason})。', 'A disclosure is not well formed ({reason}).'),
  SDJWT_DISCLOSURE_UNUSED: bad(
    '有一个披露项不属于这份凭证。',
    'A disclosure does not belong to this certificate.',
  ),
  SDJWT_DISCLOSURE_TWICE: bad('同一披露项出现了两次。', 'A disclosure appears twice.'),
  SDJWT_DIGEST_TWICE: bad('同一摘要出现了两次。', 'A digest appears twice.'),
  SDJWT_CLAIM_COLLISION: bad(
    '披露项与已有内容重名({name})。',
    'A disclosure collides with a claim that is there already ({name}).',
  ),
  SDJWT_CLAIM_RESERVED: bad('披露项使用了保留名称({name})。', 'A disclosure uses a reserved name ({name}).'),
  SDJWT_TOO_DEEP: bad('凭证嵌套过深。', 'The certificate is nested too deeply.'),
  SDJWT_SIGNATURE: bad('签发者的签名不成立。', 'The issuer’s signature does not hold.'),
  SDJWT_KEY: bad('密钥不正确({reason})。', 'The key is not valid ({reason}).'),
  CREDENTIAL_TYPE_MISSING: bad('凭证没有写明种类。', 'The certificate does not say what it is.'),
  CREDENTIAL_TYPE_OTHER: bad('这是另一种凭证:{type}', 'This is another kind of certificate: {type}'),
  CREDENTIAL_NOT_YET: bad('凭证尚未生效。', 'The certificate is not valid yet.'),
  CREDENTIAL_EXPIRED: bad('凭证已过期。', 'The certificate has expired.'),
  CREDENTIAL_TIME: bad('凭证的时间字段不正确({name})。', 'A time in the certificate is wrong ({name}).'),
  ISSUER_UNKNOWN: bad('不认识这个签发者:{issuer}', 'This issuer is not known: {issuer}'),
  ISSUER_NOT_FOR_TYPE: bad('签发者无权签发这种凭证。', 'The issuer may not issue this kind of certificate.'),
  ISSUER_NOT_THEN: bad('签发者在签发时没有资格。', 'The issuer was not entitled when it issued this.'),
  ISSUER_KEY_UNKNOWN: bad('签发所用的密钥不属于这个签发者。', 'The signing key is not one of the issuer’s.'),
  ISSUER_KEY_WITHDRAWN: bad('签发所用的密钥已被撤销。', 'The signing key has been withdrawn.'),
  KB_MISSING: bad('没有出示持有人证明。', 'The proof of possession is missing.'),
  KB_HEADER: bad(
    '持有人证明的头部不正确({reason})。',
    'The proof of possession has a wrong header ({reason}).',
  ),
  KB_PAYLOAD: bad(
    '持有人证明的内容不正确({reason})。',
    'The proof of possession has wrong content ({reason}).',
  ),
  KB_HOLDER_KEY: bad('凭证没有绑定持有人。', 'The certificate is bound to no holder.'),
  KB_SIGNATURE: bad('持有人的签名不成立。', 'The holder’s signature does not hold.'),
  KB_AUDIENCE: bad('持有人证明是给别处用的。', 'The proof of possession was made for somebody else.'),
  KB_NONCE: bad('持有人证明不是为这一次做的。', 'The proof of possession was not made for this occasion.'),
  KB_TIME: bad('持有人证明的时间不在允许范围内。', 'The proof of possession was made at another time.'),
  KB_HASH: bad('持有人证明与出示的内容不符。', 'The proof of possession does not cover what is shown.'),
  STATUS_FORMAT: bad('状态列表的格式不正确({reason})。', 'The status list is not well formed ({reason}).'),
  STATUS_SIGNATURE: bad('状态列表的签名不成立。', 'The status list’s signature does not hold.'),
  STATUS_TOO_LARGE: bad('状态列表解压后过大。', 'The status list is too large when unpacked.'),
  STATUS_INDEX: bad('状态列表里没有这个位置。', 'The status list has no such position.'),
  STATUS_OTHER_LIST: bad('这是另一份状态列表。', 'This is another status list.'),
  STATUS_MISSING: bad(
    '没有取得状态列表,无法判断是否被暂停。',
    'The status list is not at hand, so it cannot be told whether the certificate is suspended.',
  ),
  STATUS_STALE: bad(
    '状态列表已过期,无法判断是否被暂停。',
    'The status list is out of date, so it cannot be told whether the certificate is suspended.',
  ),
  CREDENTIAL_SUSPENDED: bad('凭证已被暂停。', 'The certificate is suspended.'),
  CREDENTIAL_REVOKED: bad('凭证已被吊销。', 'The certificate is revoked.'),
  CREDENTIAL_PROVEN: { status: 200, retryable: false, zh: '凭证有效。', en: 'The certificate is valid.' },
});
