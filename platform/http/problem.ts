/** RFC 9457 problem details from an error, in both languages. */
import { AppError, type Lang } from '@zhenmei/kernel';
import './errors.ts';
import type { FieldError } from './validate.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly retryable: boolean;
  readonly traceId: string;
  readonly params: Record<string, string | number | boolean>;
  readonly texts: Record<Lang, { title: string; detail: string }>;
  readonly errors?: readonly FieldError[];
}

/** An error that also says which fields were wrong. */
export class ValidationError extends AppError {
  readonly fields: readonly FieldError[];
  constructor(fields: readonly FieldError[]) {
    super('VALIDATION_FAILED', { count: fields.length });
    this.fields = fields;
  }
}

/**
 * @param base the public address, under which `/problems/CODE` answers with a page
 * @param type where a standard names the type of this problem
 */
export function toProblem(
  error: AppError,
  lang: Lang,
  traceId: string,
  base: string,
  type = `${base}/problems/${error.code}`,
): Problem {
  const texts = {
    'zh-CN': { title: titleOf(error.kind.zh), detail: error.text('zh-CN') },
    en: { title: titleOf(error.kind.en), detail: error.text('en') },
  };
  return {
    type,
    ...texts[lang],
    status: error.status,
    code: error.code,
    retryable: error.retryable,
    traceId,
    params: error.params,
    texts,
    ...(error instanceof ValidationError ? { errors: error.fields } : {}),
  };
}

/** RFC 9457: the title is the same for every occurrence; so it is the first sentence without its values. */
export function titleOf(template: string): string {
  const plain = template.replace(/\{\w+\}/g, '…');
  return /^.*?(?:。|[.!?](?=\s|$)|$)/.exec(plain)![0].replace(/[。.]$/, '');
}

/** One of ours, retryable, that a library has wrapped into its own error. */
function causeOf(error: unknown): AppError | null {
  let cause = (error as Error | null)?.cause;
  for (let depth = 0; depth < 8 && cause instanceof Error; depth++, cause = cause.cause)
    if (cause instanceof AppError && cause.retryable) return cause;
  return null;
}

/** SQLSTATE classes 08 and 57P (shutdown, starting up), too many connections, and the network's own words. */
const DATABASE_AWAY = /^(?:08\w{3}|57P0\d|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/;

/** No room: SQLSTATE 53100 and the system's own codes. */
const FULL = /^(?:53100|ENOSPC|EDQUOT|EFBIG)$/;
/** What PostgreSQL calls an internal error while its disk is full. */
const FULL_WORDS = /No space left on device|Disk quota exceeded|File too large/;
const SQL_INTERNAL = /^(?:XX|58)/;

/**
 * An error of Fastify or of anybody else, as one of ours. The original stays as its cause.
 * @param full whether a database that is away is known to have no room
 */
export function asAppError(error: unknown, bodyLimit: number, full = false): AppError {
  if (error instanceof AppError) return error;
  const named = causeOf(error);
  if (named) return new AppError(named.code, named.params, { cause: error });
  const {
    code = '',
    statusCode,
    message = '',
  } = (error ?? {}) as { code?: string; statusCode?: number; message?: string };
  const options = { cause: error };
  if (FULL.test(code) || (SQL_INTERNAL.test(code) && FULL_WORDS.test(message)))
    return new AppError('STORAGE_FULL', {}, options);
  if (DATABASE_AWAY.test(code) || /^Connection terminated|^Client has encountered/.test(message))
    return new AppError(full ? 'STORAGE_FULL' : 'DATABASE_AWAY', {}, options);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new AppError('BODY_TOO_LARGE', { limit: bodyLimit }, options);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new AppError('MEDIA_TYPE_UNSUPPORTED', { types: 'application/json' }, options);
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY' || code === 'FST_ERR_CTP_INVALID_JSON_BODY')
    return new AppError('BODY_NOT_JSON', {}, options);
  if (statusCode === 400 && /JSON|prototype/i.test((error as Error).message))
    return new AppError('BODY_NOT_JSON', {}, options);
  if (statusCode && statusCode >= 400 && statusCode < 500)
    return new AppError('REQUEST_MALFORMED', {}, options);
  return new AppError('UNEXPECTED', {}, options);
}
