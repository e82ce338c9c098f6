import { defineErrors } from '@zhenmei/kernel';

defineErrors({
  PASSKEY_REFUSED: {
    status: 403,
    retryable: false,
    zh: '这把钥匙没有通过核对，请再试一次。',
    en: 'This passkey did not pass the check. Try once more.',
  },
  PASSKEY_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '这里不认识这把钥匙。如果你是第一次来，请先建立账号。',
    en: 'This passkey is not known here. If you are new, create an account first.',
  },
  CHALLENGE_EXPIRED: {
    status: 409,
    retryable: true,
    zh: '时间过久，请重新开始。',
    en: 'It took too long. Start again.',
  },
  INVITATION_INVALID: {
    status: 403,
    retryable: false,
    zh: '邀请码无效或已使用，请向机构索取新的邀请码。',
    en: 'This invitation is not valid or was used. Ask the organisation for a new one.',
  },
  ORGANISATION_EXISTS: {
    status: 409,
    retryable: false,
    zh: '这个位置码（GLN）已登记。',
    en: 'This location number (GLN) is registered already.',
  },
  ORGANISATION_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有找到这个机构。',
    en: 'There is no such organisation.',
  },
  API_KEYS_TOO_MANY: {
    status: 409,
    retryable: false,
    zh: '本机构已有 {limit} 把可用的接口密钥，请先停用不再需要的。',
    en: 'Your organisation has {limit} live API keys. Revoke those it no longer needs first.',
  },
  API_KEY_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '本机构没有这把可用的接口密钥。',
    en: 'Your organisation has no such live API key.',
  },
  CREDENTIAL_REFUSED: {
    status: 422,
    retryable: false,
    zh: '凭证没有通过核验（{code}），未登记。',
    en: 'The certificate did not pass the check ({code}) and was not registered.',
  },
  STATUS_LIST_REFUSED: {
    status: 422,
    retryable: false,
    zh: '状态列表没有通过核验（{code}），未发布。',
    en: 'The status list did not pass the check ({code}) and was not published.',
  },
  CREDENTIAL_NOT_YOURS: {
    status: 403,
    retryable: false,
    zh: '这份凭证不属于你的机构或你机构的医生，不能由你公开。',
    en: 'This certificate is neither your organisation’s nor one of its doctors’, so it is not yours to make public.',
  },
  PROFILE_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有找到这位医生或这个机构。',
    en: 'There is no such doctor or organisation.',
  },
  STATUS_LIST_UNKNOWN: {
    status: 404,
    retryable: false,
    zh: '没有这份状态列表。',
    en: 'There is no such status list.',
  },
  PRACTITIONER_ELSEWHERE: {
    status: 409,
    retryable: false,
    zh: '这位医生已由另一家机构登记。',
    en: 'Another organisation has already named this doctor.',
  },
  NOT_A_CLINIC: {
    status: 403,
    retryable: false,
    zh: '只有医疗机构可以登记医生。',
    en: 'Only a clinic may name doctors.',
  },
  ISSUER_TAKEN: {
    status: 409,
    retryable: false,
    zh: '这个签发者已由另一家机构登记。',
    en: 'Another organisation has already registered this issuer.',
  },
  NOT_THE_REGULATOR: {
    status: 403,
    retryable: false,
    zh: '只有监管机构可以做这一步。',
    en: 'Only a regulator may do this.',
  },
});
