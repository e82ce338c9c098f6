/** Values of a PDF (ISO 32000-1, 7.3), as far as papers of ours have them: no comments, no object streams. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export type PdfDict = ReadonlyMap<string, PdfValue>;
export type PdfValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly value: string }
  /** Bytes of a string, one a character. */
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ref'; readonly value: number }
  | { readonly kind: 'array'; readonly value: readonly PdfValue[] }
  | { readonly kind: 'dict'; readonly value: PdfDict }
  /** `true`, `false`, `null`, or an operator of a page. */
  | { readonly kind: 'word'; readonly value: string };

const DEPTH = 16;
const SPACE = /[\0\t\n\f\r ]*/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)/y;
const REF = /(\d{1,9}) 0 R(?![A-Za-z0-9])/y;
const NAME = /\/([^\0\t\n\f\r ()<>[\]{}/%]*)/y;
const WORD = /[A-Za-z'"*][A-Za-z0-9'"*]*/y;
const HEX = /<([0-9A-Fa-f\s]*)>/y;

export function malformed(what: string): never {
  throw new AppError('PAPER_FORM_WRONG', { what });
}

/** Reads one value after the other from text of one character a byte. */
export class PdfReader {
  private readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
    this.take(SPACE);
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  /** Throws PAPER_FORM_WRONG. */
  next(depth = 0): PdfValue {
    if (depth > DEPTH) return malformed('depth');
    const value = this.read(depth);
    this.take(SPACE);
    return value;
  }

  private read(depth: number): PdfValue {
    const here = this.text[this.at];
    if (here === '/') return { kind: 'name', value: unescapeName(this.take(NAME)![1]!) };
    if (here === '(') return { kind: 'string', value: this.literal() };
    if (here === '[') return { kind: 'array', value: this.items(']', depth) };
    if (this.text.startsWith('<<', this.at)) return { kind: 'dict', value: this.dict(depth) };
    const hex = this.take(HEX);
    if (hex) return { kind: 'string', value: hexText(hex[1]!) };
    const ref = this.take(REF);
    if (ref) return { kind: 'ref', value: Number(ref[1]) };
    const number = this.take(NUMBER);
    if (number) return { kind: 'number', value: Number(number[0]) };
    const word = this.take(WORD);
    return word ? { kind: 'word', value: word[0] } : malformed('value');
  }

  private items(end: string, depth: number): PdfValue[] {
    const all: PdfValue[] = [];
    this.at += end.length;
    this.take(SPACE);
    while (!this.text.startsWith(end, this.at)) {
      if (this.done) return malformed('end');
      all.push(this.next(depth + 1));
    }
    this.at += end.length;
    return all;
  }

  private dict(depth: number): PdfDict {
    const items = this.items('>>', depth);
    const entries = new Map<string, PdfValue>();
    for (let i = 0; i < items.length; i += 2) {
      const [key, value] = [items[i]!, items[i + 1]];
      if (key.kind !== 'name' || value === undefined || entries.has(key.value))
        return malformed('dictionary');
      entries.set(key.value, value);
    }
    return entries;
  }

  private literal(): string {
    let out = '';
    let open = 1;
    this.at++;
    for (; !this.done; this.at++) {
      let here = this.text[this.at]!;
      if (here === '\\') {
        here = this.text[++this.at] ?? '';
        out += ESCAPES[here] ?? (/\d/.test(here) ? malformed('string') : here);
        continue;
      }
      if (here === '(') open++;
      if (here === ')' && --open === 0) {
        this.at++;
        return out;
      }
      out += here;
    }
    return malformed('string');
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescapeName = (name: string): string =>
  name.replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function hexText(hex: string): string {
  const digits = hex.replaceAll(/\s/g, '');
  let out = '';
  for (let i = 0; i < digits.length; i += 2)
    out += String.fromCharCode(Number.parseInt(digits.slice(i, i + 2).padEnd(2, '0'), 16));
  return out;
}
