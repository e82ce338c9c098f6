/**
 * One error type for the whole house (law 7): a stable code, whether trying again can help,
 * and a text in both languages. Every module declares its codes once with `defineErrors`.
 */
export type Lang = 'zh-CN' | 'en';

export interface ErrorKind {
  /** HTTP status shown as RFC 9457 problem details. */
  readonly status: number;
  /** True if the same request may succeed later without a change. */
  readonly retryable: boolean;
  /** What happened, why, and what to do next. `{name}` is replaced from the parameters. */
  readonly zh: string;
  readonly en: string;
}

const catalogue = new Map<string, ErrorKind>();

/** Registers error codes. A code belongs to one place only; a second definition that differs is refused. */
export function defineErrors<const T extends Record<string, ErrorKind>>(kinds: T): T {
  for (const [code, kind] of Object.entries(kinds)) {
    const known = catalogue.get(code);
    if (known && (known.zh !== kind.zh || known.en !== kind.en))
      throw new Error(`error code ${code} is defined twice`);
    catalogue.set(code, kind);
  }
  return kinds;
}

/** All registered codes, for the documentation and the test that triggers each. */
export function errorCatalogue(): ReadonlyMap<string, ErrorKind> {
  return catalogue;
}

export type ErrorParams = Record<string, string | number | boolean>;

export class AppError extends Error {
  readonly code: string;
  readonly params: ErrorParams;
  constructor(code: string, params: ErrorParams = {}, options?: ErrorOptions) {
    super(`${code}${Object.keys(params).length ? ` ${JSON.stringify(params)}` : ''}`, options);
    this.name = 'AppError';
    this.code = code;
    this.params = params;
  }
  get kind(): ErrorKind {
    return catalogue.get(this.code) ?? FALLBACK;
  }
  get retryable(): boolean {
    return this.kind.retryable;
  }
  get status(): number {
    return this.kind.status;
  }
  text(lang: Lang): string {
    return fill(lang === 'en' ? this.kind.en : this.kind.zh, this.params);
  }
}

/** For `catch`: these codes mean “there is none” and become null; whatever else went wrong is thrown on. */
export const noneFor =
  (...codes: readonly string[]) =>
  (error: unknown): null => {
    if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return null;
    throw error;
  };

function fill(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    params[name] === undefined ? whole : String(params[name]),
  );
}

const FALLBACK: ErrorKind = {
  status: 500,
  retryable: true,
  zh: '出了意外的问题，已记录。请稍后再试。',
  en: 'Something unexpected happened and was recorded. Please try again later.',
};

defineErrors({
  BYTES_NOT_HEX: {
    status: 400,
    retryable: false,
    zh: '这不是十六进制文本。',
    en: 'This is not hexadecimal text.',
  },
  BYTES_NOT_BASE64URL: {
    status: 400,
    retryable: false,
    zh: '编码不是规范的 base64。',
    en: 'The text is not canonical base64.',
  },
  BYTES_NOT_UTF8: {
    status: 400,
    retryable: false,
    zh: '文本不是有效的 UTF-8。',
    en: 'The text is not valid UTF-8.',
  },
  JSON_NOT_CANONICAL: {
    status: 400,
    retryable: false,
    zh: '内容无法写成规范 JSON:{reason}',
    en: 'The content cannot be written as canonical JSON: {reason}',
  },
  JSON_INVALID: {
    status: 400,
    retryable: false,
    zh: 'JSON 无法读取：{reason}',
    en: 'The JSON cannot be read: {reason}',
  },
  MONEY_MISMATCH: {
    status: 400,
    retryable: false,
    zh: '币种不一致：{left} 与 {right}。',
    en: 'Currencies differ: {left} and {right}.',
  },
  MONEY_INVALID: {
    status: 400,
    retryable: false,
    zh: '金额不正确：{value}',
    en: 'Not a valid amount: {value}',
  },
  ID_INVALID: {
    status: 400,
    retryable: false,
    zh: '编号格式不正确：{value}',
    en: 'Not a valid identifier: {value}',
  },
  TIME_INVALID: {
    status: 400,
    retryable: false,
    zh: '时间格式不正确：{value}',
    en: 'Not a valid time: {value}',
  },
});
