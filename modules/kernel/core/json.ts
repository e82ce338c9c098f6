/**
 * RFC 8785 JSON Canonicalization Scheme and a strict reader.
 * Canonical JSON is what we hash and sign; the strict reader is what a verifier uses.
 */
import { AppError } from './errors.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Canonical text of a JSON value (RFC 8785): keys sorted by UTF-16 code units, ECMAScript numbers.
 * `undefined` members are left out; everything else that is not JSON throws JSON_NOT_CANONICAL.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new AppError('JSON_NOT_CANONICAL', { reason: 'number not finite' });
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) {
    let text = '[';
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + canonicalJson(value[i]);
    return `${text}]`;
  }
  if (typeof value === 'object') {
    const object = value as Record<string, unknown>;
    let text = '{';
    for (const key of Object.keys(object).sort()) {
      const member = object[key];
      if (member !== undefined)
        text += `${text.length === 1 ? '' : ','}${quoted(key)}:${canonicalJson(member)}`;
    }
    return `${text}}`;
  }
  throw new AppError('JSON_NOT_CANONICAL', { reason: `a ${typeof value} is not JSON` });
}

/** Nothing in it needs to be escaped. */
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new AppError('JSON_NOT_CANONICAL', { reason: 'lone surrogate' });
  return JSON.stringify(text);
}

/**
 * Whether a text is the canonical text of a value that `strictJson` reads. Several times as fast: a name that stands
 * twice does not survive being written again.
 */
export function isCanonical(text: string, maxDepth = 32): boolean {
  try {
    const value = JSON.parse(text) as Json;
    return depthOf(value) <= maxDepth && canonicalJson(value) === text;
  } catch {
    // no JSON, or one that has no canonical form
    return false;
  }
}

/** How many levels lie below it, as `strictJson` counts them. */
function depthOf(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = -1;
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner));
  return deepest + 1;
}

/**
 * Reads JSON that a stranger sent: refuses duplicate keys, more than `maxDepth` levels and `__proto__`,
 * which `JSON.parse` lets through. Returns objects without a prototype.
 */
export function strictJson(text: string, maxDepth = 32): Json {
  const reader = new Reader(text, maxDepth);
  return reader.document();
}

class Reader {
  private at = 0;
  private readonly text: string;
  private readonly maxDepth: number;
  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }
  document(): Json {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) this.fail('text after the value');
    return value;
  }
  private fail(reason: string): never {
    throw new AppError('JSON_INVALID', { reason: `${reason} at position ${this.at}` });
  }
  private space(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text[this.at]!)) this.at++;
  }
  private value(depth: number): Json {
    if (depth > this.maxDepth) this.fail('too deep');
    this.space();
    const c = this.text[this.at];
    if (c === '{') return this.object(depth);
    if (c === '[') return this.array(depth);
    if (c === '"') return this.string();
    return this.literal();
  }
  private object(depth: number): Json {
    const out: { [key: string]: Json } = Object.create(null);
    this.at++;
    this.space();
    if (this.text[this.at] === '}') {
      this.at++;
      return out;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') this.fail('expected a key');
      const key = this.string();
      if (key in out) this.fail(`duplicate key ${JSON.stringify(key)}`);
      this.space();
      if (this.text[this.at++] !== ':') this.fail('expected a colon');
      out[key] = this.value(depth + 1);
      this.space();
      const c = this.text[this.at++];
      if (c === '}') return out;
      if (c !== ',') this.fail('expected a comma');
    }
  }
  private array(depth: number): Json {
    const out: Json[] = [];
    this.at++;
    this.space();
    if (this.text[this.at] === ']') {
      this.at++;
      return out;
    }
    for (;;) {
      out.push(this.value(depth + 1));
      this.space();
      const c = this.text[this.at++];
      if (c === ']') return out;
      if (c !== ',') this.fail('expected a comma');
    }
  }
  private string(): string {
    const start = this.at++;
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) this.fail('unterminated string');
      if (c === '\\') this.at += 2;
      else if (c === '"') break;
      else this.at++;
    }
    return this.parse(start, ++this.at) as string;
  }
  private literal(): Json {
    const start = this.at;
    while (this.at < this.text.length && /[-+.0-9a-zA-Z]/.test(this.text[this.at]!)) this.at++;
    if (this.at === start) this.fail('expected a value');
    return this.parse(start, this.at);
  }
  private parse(start: number, end: number): Json {
    try {
      return JSON.parse(this.text.slice(start, end)) as Json;
    } catch {
      this.at = start;
      return this.fail('not JSON');
    }
  }
}
