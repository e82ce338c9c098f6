/** Problems that any route may answer with. */
import { defineErrors } from '@zhenmei/kernel';

export const GENERAL = defineErrors({
  UNEXPECTED: {
    status: 500,
    retryable: true,
    zh: '出了意外的问题，已记录。请稍后再试；如果一直这样，请把追踪编号告诉我们。',
    en: 'Something unexpected happened and was recorded. Try again later; if it stays like this, give us the trace id.',
  },
  DATABASE_AWAY: {
    status: 503,
    retryable: true,
    zh: '数据库暂时连不上，正在恢复。没有丢失任何内容，请稍后再试。',
    en: 'The database is away for a moment and is coming back. Nothing was lost. Try again shortly.',
  },
  STORAGE_FULL: {
    status: 503,
    retryable: true,
    zh: '服务器的存储空间已满，这一步没有保存。已确认的内容没有丢失，腾出空间后会自动恢复。',
    en: 'The server has run out of space and this step was not saved. What was confirmed is not lost. It goes on by itself once there is room.',
  },
  PORT_TAKEN: {
    status: 409,
    retryable: true,
    zh: '端口 {port} 已被占用。请停止占用它的程序，或换一个端口。',
    en: 'Port {port} is taken. Stop the program that uses it, or choose another port.',
  },
  NOT_FOUND: {
    status: 404,
    retryable: false,
    zh: '这个地址没有内容。请检查链接，或回到首页。',
    en: 'There is nothing at this address. Check the link, or go back to the first page.',
  },
  VALIDATION_FAILED: {
    status: 400,
    retryable: false,
    zh: '有 {count} 处填写不符合要求，请按提示修改后再提交。',
    en: '{count} of the values given are not right. Correct them as shown, then send again.',
  },
  BODY_NOT_JSON: {
    status: 400,
    retryable: false,
    zh: '请求内容不是有效的 JSON。',
    en: 'The body of the request is not valid JSON.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    retryable: false,
    zh: '内容太大，上限为 {limit} 字节。',
    en: 'The content is too large: the limit is {limit} bytes.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    retryable: false,
    zh: '这里只接受 {types}。',
    en: 'Only {types} is accepted here.',
  },
  NOT_ACCEPTABLE: {
    status: 406,
    retryable: false,
    zh: '这里不能以要求的格式答复。可以选择：{types}。',
    en: 'This cannot be answered in the format you asked for. You may choose: {types}.',
  },
  ADDRESS_TOO_LONG: {
    status: 414,
    retryable: false,
    zh: '地址太长，上限为 {limit} 个字符。',
    en: 'The address is too long: the limit is {limit} characters.',
  },
  KEY_NOT_ALLOWED: {
    status: 403,
    retryable: false,
    zh: '这把接口密钥没有“{scope}”权限。请由机构另建一把。',
    en: 'This API key does not have the scope “{scope}”. Have your organisation make another.',
  },
  REQUEST_MALFORMED: {
    status: 400,
    retryable: false,
    zh: '请求的格式不正确。',
    en: 'The request is malformed.',
  },
  NOT_SIGNED_IN: {
    status: 401,
    retryable: false,
    zh: '你还没有登录，或登录已过期。请登录后再试。',
    en: 'You are not signed in, or your sign-in has expired. Sign in and try again.',
  },
  SEAT_WRONG: {
    status: 403,
    retryable: false,
    zh: '当前身份不能做这件事。请换用合适的身份登录。',
    en: 'This cannot be done from the seat you are in. Sign in from the right one.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    retryable: false,
    zh: '这个请求来自别的网站，已拒绝。请在真美的页面上操作。',
    en: 'This request came from another site and was refused. Do it on our own pages.',
  },
  RATE_LIMITED: {
    status: 429,
    retryable: true,
    zh: '操作太频繁了，请 {seconds} 秒后再试。',
    en: 'Too many requests. Try again in {seconds} seconds.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    retryable: false,
    zh: 'Idempotency-Key 应为 16 至 128 个可见字符，每次操作不同。',
    en: 'Idempotency-Key must be 16 to 128 visible characters, different for each action.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    retryable: false,
    zh: '同一个 Idempotency-Key 已用于另一份内容。请换一个新的键。',
    en: 'This Idempotency-Key was used for other content. Choose a new key.',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    retryable: true,
    zh: '同一个请求正在处理中，请稍等片刻再查询结果。',
    en: 'The same request is still being worked on. Wait a moment and ask again.',
  },
  RESPONSE_INVALID: {
    status: 500,
    retryable: false,
    zh: '服务器的答复不符合约定，已拦下并记录。请把追踪编号告诉我们。',
    en: 'The answer did not keep to its contract; it was held back and recorded. Give us the trace id.',
  },
});
