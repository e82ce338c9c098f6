/** Every way in which a certificate can fail, each with its own stable code. Codes are never renamed or reused. */
import { defineErrors } from '@zhenmei/kernel';

const bad = (zh: string, en: string) => ({ status: 422, retryable: false, zh, en });

/** The token itself (RFC 9901, SD-JWT VC). */
defineErrors({
  SDJWT_TOO_LARGE: bad('凭证过大。', 'The certificate is too large.'),
  SDJWT_TOO_MANY_DISCLOSURES: bad('凭证的披露项过多。', 'The certificate has too many disclosures.'),
  SDJWT_NO_TILDE: bad('这不是一份 SD-JWT 凭证。', 'This is not an SD-JWT certificate.'),
  SDJWT_PARTS: bad('凭证的签名部分不完整。', 'The signed part of the certificate is not whole.'),
  SDJWT_HEADER_ENCODING: bad('凭证的头部编码不正确。', 'The certificate’s header is wrongly encoded.'),
  SDJWT_HEADER_TEXT: bad('凭证的头部不是 UTF-8 文本。', 'The certificate’s header is not UTF-8.'),
  SDJWT_HEADER_MALFORMED: bad('凭证的头部无法读取。', 'The certificate’s header cannot be read.'),
  SDJWT_HEADER_TWICE: bad('凭证的头部有一项写了两次。', 'The certificate’s header states something twice.'),
  SDJWT_PAYLOAD_ENCODING: bad('凭证的内容编码不正确。', 'The certificate’s content is wrongly encoded.'),
  SDJWT_PAYLOAD_TEXT: bad('凭证的内容不是 UTF-8 文本。', 'The certificate’s content is not UTF-8.'),
  SDJWT_PAYLOAD_MALFORMED: bad('凭证的内容无法读取。', 'The certificate’s content cannot be read.'),
  SDJWT_PAYLOAD_TWICE: bad('凭证的内容有一项写了两次。', 'The certificate’s content states something twice.'),
  SDJWT_SIGNATURE_ENCODING: bad('凭证的签名编码不正确。', 'The certificate’s signature is wrongly encoded.'),
  SDJWT_TYPE: bad('凭证类型标记不是 dc+sd-jwt。', 'The certificate’s type mark is not dc+sd-jwt.'),
  SDJWT_ALGORITHM: bad(
    '凭证使用了不允许的签名算法。',
    'The certificate uses a signature algorithm that is not allowed.',
  ),
  SDJWT_CRITICAL: bad(
    '凭证要求执行这里不支持的规则。',
    'The certificate demands rules that are not supported here.',
  ),
  SDJWT_HEADER_KEY: bad(
    '凭证自带了签名密钥的地址，这样的密钥不可信。',
    'The certificate brings an address of its own key; such a key is not believed.',
  ),
  SDJWT_KEY_ID: bad('凭证的密钥编号不是文本。', 'The certificate’s key identifier is not a text.'),
  SDJWT_HASH_ALGORITHM: bad(
    '凭证使用了不允许的摘要算法。',
    'The certificate uses a digest algorithm that is not allowed.',
  ),
  SDJWT_DIGEST_LIST_EMPTY: bad(
    '凭证没有可隐藏的内容，却带了摘要列表。',
    'The certificate hides nothing, yet it has a list of digests.',
  ),
  SDJWT_DIGEST_LIST: bad('凭证的摘要列表不正确。', 'A list of digests in the certificate is wrong.'),
  SDJWT_DIGEST_FORM: bad('凭证里有一个摘要格式不正确。', 'A digest in the certificate is not well formed.'),
  SDJWT_DIGEST_TWICE: bad('同一摘要出现了两次。', 'A digest appears twice.'),
  SDJWT_ARRAY_DIGEST: bad(
    '列表里的摘要旁边还有其他内容。',
    'A digest in a list stands beside something else.',
  ),
  SDJWT_DISCLOSURE_EMPTY: bad('有一个披露项是空的。', 'A disclosure is empty.'),
  SDJWT_DISCLOSURE_ENCODING: bad('有一个披露项编码不正确。', 'A disclosure is wrongly encoded.'),
  SDJWT_DISCLOSURE_TEXT: bad('有一个披露项不是 UTF-8 文本。', 'A disclosure is not UTF-8.'),
  SDJWT_DISCLOSURE_MALFORMED: bad('有一个披露项无法读取。', 'A disclosure cannot be read.'),
  SDJWT_DISCLOSURE_MEMBER_TWICE: bad(
    '有一个披露项里有一项写了两次。',
    'A disclosure states something twice.',
  ),
  SDJWT_DISCLOSURE_SHAPE: bad('有一个披露项的组成不正确。', 'A disclosure has the wrong parts.'),
  SDJWT_DISCLOSURE_SALT: bad('有一个披露项缺少盐值。', 'A disclosure has no salt.'),
  SDJWT_DISCLOSURE_NAME: bad('有一个披露项的名称不是文本。', 'The name of a disclosure is not a text.'),
  SDJWT_DISCLOSURE_TWICE: bad('同一披露项出现了两次。', 'A disclosure appears twice.'),
  SDJWT_DISCLOSURE_UNUSED: bad(
    '有一个披露项不属于这份凭证。',
    'A disclosure does not belong to this certificate.',
  ),
  SDJWT_DISCLOSURE_PLACE: bad('有一个披露项用错了位置。', 'A disclosure is used in the wrong place.'),
  SDJWT_CLAIM_COLLISION: bad(
    '披露项与已有内容重名（{name}）。',
    'A disclosure collides with a claim that is there already ({name}).',
  ),
  SDJWT_CLAIM_RESERVED: bad(
    '凭证使用了保留名称（{name}）。',
    'The certificate uses a reserved name ({name}).',
  ),
  SDJWT_CLAIM_NOT_SELECTIVE: bad(
    '这一项不允许隐藏（{name}）。',
    'This claim must not be selectively disclosed ({name}).',
  ),
  SDJWT_CLAIM_ABSENT: bad('凭证里没有可出示的这一项（{name}）。', 'There is no such claim to show ({name}).'),
  SDJWT_SALTS: bad('随机盐值不足。', 'There are not enough random salts.'),
  SDJWT_TOO_DEEP: bad('凭证嵌套过深。', 'The certificate is nested too deeply.'),
  SDJWT_VALUE: bad('凭证里有不完整的文字。', 'The certificate holds a text that is not whole.'),
  SDJWT_NUMBER: bad(
    '凭证里有一个数太大，不同的读者会读出不同的值。',
    'A number in the certificate is too large to be read alike by everybody.',
  ),
  SDJWT_SIGNATURE: bad('签发者的签名不成立。', 'The issuer’s signature does not hold.'),
  SDJWT_KEY: bad('密钥不正确（{reason}）。', 'The key is not valid ({reason}).'),
});

/** What the certificate says of itself. */
defineErrors({
  CREDENTIAL_PROVEN: { status: 200, retryable: false, zh: '凭证有效。', en: 'The certificate is valid.' },
  CREDENTIAL_TYPE_MISSING: bad('凭证没有写明种类。', 'The certificate does not say what it is.'),
  CREDENTIAL_TYPE_OTHER: bad('这是另一种凭证：{type}', 'This is another kind of certificate: {type}'),
  CREDENTIAL_ISSUER_MISSING: bad('凭证没有写明签发者。', 'The certificate does not say who issued it.'),
  CREDENTIAL_NOT_YET: bad('凭证尚未生效。', 'The certificate is not valid yet.'),
  CREDENTIAL_EXPIRED: bad('凭证已过期。', 'The certificate has expired.'),
  CREDENTIAL_TIME: bad('凭证的时间字段不正确（{name}）。', 'A time in the certificate is wrong ({name}).'),
  CREDENTIAL_PERIOD: bad('凭证的有效期先后颠倒。', 'The certificate ends before it begins.'),
  CREDENTIAL_FORM: bad(
    '凭证有一项格式不正确（{name}）。',
    'A claim of the certificate has a wrong form ({name}).',
  ),
  CREDENTIAL_INTEGRITY: bad(
    '凭证种类说明的摘要不正确。',
    'The digest of the description of the certificate’s kind is wrong.',
  ),
  CREDENTIAL_AUDIENCE: bad('凭证是给别处用的。', 'The certificate was made for somebody else.'),
  CREDENTIAL_HOLDER_METHOD: bad(
    '凭证只写了持有人密钥的名称，没有密钥本身，无法核对持有人。',
    'The certificate only names the holder’s key, so possession cannot be told.',
  ),
  CREDENTIAL_HOLDER: bad('凭证里的持有人密钥不正确。', 'The holder’s key in the certificate is wrong.'),
  CREDENTIAL_STATUS: bad('凭证的状态指向不正确。', 'The certificate’s reference to its status is wrong.'),
  CREDENTIAL_STATUS_METHOD: bad(
    '凭证使用了这里不支持的状态查询方式，无法判断是否被暂停。',
    'The certificate uses a way of asking for its status that is not supported here, so it cannot be told whether it is suspended.',
  ),
  CREDENTIAL_CLAIMS: bad(
    '凭证内容不符合这种凭证的规定（{name}）。',
    'What the certificate says does not fit its kind ({name}).',
  ),
  CREDENTIAL_KIND_UNKNOWN: bad('没有这种凭证。', 'There is no such kind of certificate.'),
  CREDENTIAL_RULE: bad(
    '凭证不符合这种凭证的规定（{name}）。',
    'The certificate breaks a rule of its kind ({name}).',
  ),
  CREDENTIAL_SUSPENDED: bad('凭证已被暂停。', 'The certificate is suspended.'),
  CREDENTIAL_REVOKED: bad('凭证已被吊销。', 'The certificate is revoked.'),
});

/** Who issued it. */
defineErrors({
  ISSUER_UNKNOWN: bad('不认识这个签发者：{issuer}', 'This issuer is not known: {issuer}'),
  ISSUER_NOT_FOR_TYPE: bad('签发者无权签发这种凭证。', 'The issuer may not issue this kind of certificate.'),
  ISSUER_NOT_FOR_SCOPE: bad('签发者无权为这个地区签发。', 'The issuer may not issue for this region.'),
  ISSUER_NOT_THEN: bad('签发者在签发时没有资格。', 'The issuer was not entitled when it issued this.'),
  ISSUER_NOT_NOW: bad('签发者现在已没有资格。', 'The issuer is no longer entitled now.'),
  ISSUER_KEY_UNKNOWN: bad('签发所用的密钥不属于这个签发者。', 'The signing key is not one of the issuer’s.'),
  ISSUER_KEY_NOT_THEN: bad(
    '签发所用的密钥在签发时不在使用期内。',
    'The signing key was not in use when this was issued.',
  ),
  ISSUER_KEY_WITHDRAWN: bad(
    '凭证签发时，所用的密钥已被撤销。',
    'The signing key had been withdrawn when this was issued.',
  ),
  ISSUER_KEY_WITHDRAWN_SINCE: bad(
    '签发所用的密钥后来被撤销；签发时间只有这把密钥自己作证，无法判断。请向签发者换发。',
    'The signing key has been withdrawn since; only that key vouches for the time of issuance, so it cannot be told. Ask the issuer for a new one.',
  ),
});

/** Proof of possession (key binding). */
defineErrors({
  KB_MISSING: bad('没有出示持有人证明。', 'The proof of possession is missing.'),
  KB_FORMAT: bad('持有人证明无法读取。', 'The proof of possession cannot be read.'),
  KB_ENCODING: bad('持有人证明的编码不正确。', 'The proof of possession is wrongly encoded.'),
  KB_TEXT: bad('持有人证明不是 UTF-8 文本。', 'The proof of possession is not UTF-8.'),
  KB_MALFORMED: bad('持有人证明的内容无法读取。', 'What the proof of possession says cannot be read.'),
  KB_TWICE: bad('持有人证明有一项写了两次。', 'The proof of possession states something twice.'),
  KB_TOO_DEEP: bad('持有人证明嵌套过深。', 'The proof of possession is nested too deeply.'),
  KB_SIGNATURE_ENCODING: bad('持有人的签名编码不正确。', 'The holder’s signature is wrongly encoded.'),
  KB_HEADER_KEY: bad(
    '持有人证明自带了密钥的地址，这样的密钥不可信。',
    'The proof of possession brings an address of its key; such a key is not believed.',
  ),
  KB_UNEXPECTED: bad(
    '这份凭证已经带了持有人证明，请从原来的凭证出示。',
    'This certificate already carries a proof of possession; show it from the one that was issued.',
  ),
  KB_PERIOD: bad('持有人证明已过期或尚未生效。', 'The proof of possession is over or has not begun.'),
  KB_TYPE: bad('持有人证明的类型标记不是 kb+jwt。', 'The proof of possession is not marked kb+jwt.'),
  KB_ALGORITHM: bad(
    '持有人证明使用了不允许的签名算法。',
    'The proof of possession uses an algorithm that is not allowed.',
  ),
  KB_CRITICAL: bad(
    '持有人证明要求执行这里不支持的规则。',
    'The proof of possession demands rules that are not supported here.',
  ),
  KB_CLAIM: bad(
    '持有人证明缺少一项或格式不对（{name}）。',
    'The proof of possession lacks something ({name}).',
  ),
  KB_HOLDER_KEY: bad('凭证没有绑定持有人。', 'The certificate is bound to no holder.'),
  KB_SIGNATURE: bad('持有人的签名不成立。', 'The holder’s signature does not hold.'),
  KB_AUDIENCE: bad('持有人证明是给别处用的。', 'The proof of possession was made for somebody else.'),
  KB_NONCE: bad('持有人证明不是为这一次做的。', 'The proof of possession was not made for this occasion.'),
  KB_TIME: bad('持有人证明的时间不在允许范围内。', 'The proof of possession was made at another time.'),
  KB_HASH: bad('持有人证明与出示的内容不符。', 'The proof of possession does not cover what is shown.'),
});

/** Status lists. */
defineErrors({
  STATUS_TOO_LARGE: bad('状态列表过大。', 'The status list is too large.'),
  STATUS_FORMAT: bad('状态列表无法读取。', 'The status list cannot be read.'),
  STATUS_ENCODING: bad('状态列表的编码不正确。', 'The status list is wrongly encoded.'),
  STATUS_TEXT: bad('状态列表不是 UTF-8 文本。', 'The status list is not UTF-8.'),
  STATUS_MALFORMED: bad('状态列表的内容无法读取。', 'What the status list says cannot be read.'),
  STATUS_TWICE: bad('状态列表有一项写了两次。', 'The status list states something twice.'),
  STATUS_TOO_DEEP: bad('状态列表嵌套过深。', 'The status list is nested too deeply.'),
  STATUS_SIGNATURE_ENCODING: bad(
    '状态列表的签名编码不正确。',
    'The status list’s signature is wrongly encoded.',
  ),
  STATUS_HEADER_KEY: bad(
    '状态列表自带了密钥的地址，这样的密钥不可信。',
    'The status list brings an address of its key; such a key is not believed.',
  ),
  STATUS_PERIOD: bad('状态列表的有效期先后颠倒。', 'The status list ends before it begins.'),
  STATUS_TYPE: bad('这不是一份状态列表。', 'This is not a status list.'),
  STATUS_ALGORITHM: bad(
    '状态列表使用了不允许的签名算法。',
    'The status list uses a signature algorithm that is not allowed.',
  ),
  STATUS_CRITICAL: bad(
    '状态列表要求执行这里不支持的规则。',
    'The status list demands rules that are not supported here.',
  ),
  STATUS_CLAIM: bad('状态列表缺少一项或格式不对（{name}）。', 'The status list lacks something ({name}).'),
  STATUS_BITS: bad('状态列表的位宽不正确。', 'The status list has a wrong width of entries.'),
  STATUS_COMPRESSION: bad('状态列表无法解压。', 'The status list cannot be unpacked.'),
  STATUS_SIGNATURE: bad('状态列表的签名不成立。', 'The status list’s signature does not hold.'),
  STATUS_ISSUER: bad('状态列表不是由凭证的签发者发布。', 'The status list is not the issuer’s.'),
  STATUS_INDEX: bad('状态列表里没有这个位置。', 'The status list has no such position.'),
  STATUS_OTHER_LIST: bad('这是另一份状态列表。', 'This is another status list.'),
  STATUS_MISSING: bad(
    '没有取得状态列表，无法判断是否被暂停。',
    'The status list is not at hand, so it cannot be told whether the certificate is suspended.',
  ),
  STATUS_STALE: bad(
    '状态列表已过期，无法判断是否被暂停。',
    'The status list is out of date, so it cannot be told whether the certificate is suspended.',
  ),
  STATUS_NOT_YET: bad(
    '状态列表的签发时间在核验时间之后，无法判断当时是否被暂停。',
    'The status list was made after the time asked about, so it cannot be told whether the certificate was suspended then.',
  ),
  STATUS_VALUE: bad(
    '状态列表里的状态没有公认的含义，无法判断。',
    'The status in the list has no agreed meaning, so it cannot be told.',
  ),
});
