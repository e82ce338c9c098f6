/** Refusals of issuing and presenting, with the words of OAuth beside ours. */
import { defineErrors } from '@zhenmei/kernel';

const no = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

/** The error codes that OpenID4VCI, OpenID4VP and OAuth define, by ours. */
export const OAUTH_ERRORS: Readonly<Record<string, string>> = {
  OPENID_REQUEST: 'invalid_request',
  OPENID_CLIENT: 'invalid_client',
  OPENID_WALLET: 'invalid_client',
  OPENID_GRANT: 'invalid_grant',
  OPENID_GRANT_TYPE: 'unsupported_grant_type',
  OPENID_TX_CODE: 'invalid_grant',
  OPENID_TOKEN: 'invalid_token',
  OPENID_DPOP: 'invalid_dpop_proof',
  OPENID_NONCE: 'invalid_nonce',
  OPENID_PROOF: 'invalid_proof',
  OPENID_CONFIGURATION: 'unknown_credential_configuration',
  OPENID_DENIED: 'access_denied',
  ENTRY_NOT_VALID: 'credential_request_denied',
  ENTRY_UNKNOWN: 'credential_request_denied',
};

defineErrors({
  OPENID_REQUEST: no(
    400,
    '请求缺少内容或格式不对（{name}）。',
    'The request lacks something or has a wrong form ({name}).',
  ),
  OPENID_CLIENT: no(401, '不认识这个客户端。', 'This client is not known.'),
  OPENID_WALLET: no(
    401,
    '这个钱包的证明不成立（{reason}），请更新钱包后再试。',
    'What this wallet says of itself does not hold ({reason}). Update the wallet and try again.',
  ),
  OPENID_GRANT: no(
    400,
    '这次领取已用过、已过期或不存在，请向签发者索取新的。',
    'This offer was used, is over or never was. Ask the issuer for a new one.',
  ),
  OPENID_GRANT_TYPE: no(400, '不支持这种领取方式。', 'This kind of grant is not supported.'),
  OPENID_TX_CODE: no(400, '领取码不对。', 'The code is wrong.'),
  OPENID_TOKEN: no(401, '访问令牌无效或已过期。', 'The access token is not valid or is over.'),
  OPENID_DPOP: no(400, '访问令牌的持有证明不成立。', 'The proof for the access token does not hold.'),
  OPENID_NONCE: no(
    400,
    '一次性数已用过或过期，请重新取得。',
    'The nonce was used or is over. Get a new one.',
  ),
  OPENID_PROOF: no(
    400,
    '持有密钥的证明不成立（{reason}）。',
    'The proof of the key does not hold ({reason}).',
  ),
  OPENID_CONFIGURATION: no(400, '签发者没有这种凭证。', 'The issuer has no such certificate.'),
  OPENID_DENIED: no(403, '没有得到同意。', 'It was not allowed.'),
  VERIFIER_UNKNOWN: no(
    404,
    '这个机构没有登记为核验方。',
    'This organisation is not registered to ask for certificates.',
  ),
  PURPOSE_UNKNOWN: no(422, '没有登记这个用途。', 'This purpose is not registered.'),
  PRESENTATION_UNKNOWN: no(404, '没有这次出示请求，或已过期。', 'There is no such request, or it is over.'),
  PRESENTATION_REFUSED: no(
    422,
    '出示的凭证没有通过核验（{code}）。',
    'What was shown did not pass the check ({code}).',
  ),
  JWE_FORM: no(400, '加密的回答无法读取（{name}）。', 'The encrypted answer cannot be read ({name}).'),
  JWE_ALGORITHM: no(
    400,
    '加密方式不对，只接受 ECDH-ES 与 A128GCM、A256GCM。',
    'Encrypted in another way than ECDH-ES with A128GCM or A256GCM.',
  ),
  JWE_KEY: no(400, '不是用这次请求的密钥加密的。', 'It was not encrypted to the key of this request.'),
  JWE_SEAL: no(
    400,
    '加密的回答被改动过，或不是给这次请求的。',
    'The encrypted answer was changed, or is for another request.',
  ),
  ASK_MALFORMED: no(422, '这个请求无法读取（{name}）。', 'This request cannot be read ({name}).'),
  ASK_SIGNATURE: no(
    422,
    '请求的签名不成立，不要出示。',
    'The signature of the request does not hold. Show nothing.',
  ),
  ASK_NOT_REGISTERED: no(
    422,
    '提出请求的一方没有在监管机构登记，不要出示。',
    'Whoever asks is not registered with the regulator. Show nothing.',
  ),
  ASK_OVER: no(422, '这个请求已过期，请对方重新发起。', 'This request is over. Let them ask again.'),
  ASK_PURPOSE: no(
    422,
    '对方没有为这个用途登记，不要出示。',
    'They did not register for this purpose. Show nothing.',
  ),
  ASK_TOO_MUCH: no(
    422,
    '对方要的比登记的多（{zh}），已拒绝。没有出示任何内容。',
    'They ask for more than they registered for ({en}). It was refused and nothing was shown.',
  ),
  NOTHING_FITS: no(422, '你没有对方要的凭证。', 'You have no certificate that they ask for.'),
});
