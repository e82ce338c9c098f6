/**
 * A small XML 1.0 reader with namespaces for documents of strangers. No document type, no entities beyond the five
 * predefined ones and character references, limits on size, depth and number of elements.
 */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';

export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  readonly attributes: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly value: string;
  }[];
  readonly children: readonly XmlElement[];
  /** Character data before the first child, without surrounding white space. */
  readonly text: string;
  /** Prefixes in force here. */
  readonly prefixes: Readonly<Record<string, string>>;
}

const LIMITS = { characters: 20_000_000, depth: 64, elements: 1_000_000 };
const NAME =
  /[A-Za-z_\u00c0-\uffff][\w.\-\u00b7\u00c0-\uffff]*(?::[A-Za-z_\u00c0-\uffff][\w.\-\u00b7\u00c0-\uffff]*)?/y;
const SPACE = /[ \t\r\n]*/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Throws XML_INVALID with a position, XML_REFUSED for what is never read (document types, too large, too deep). */
export function readXml(text: string): XmlElement {
  if (text.length > LIMITS.characters) throw new AppError('XML_REFUSED', { reason: 'size' });
  return new Reader(text).document();
}

class Reader {
  private at: number;
  private count = 0;
  private readonly source: string;
  constructor(source: string) {
    this.source = source;
    this.at = source.startsWith('\ufeff') ? 1 : 0;
  }

  document(): XmlElement {
    this.misc();
    if (this.source[this.at] !== '<') this.fail();
    const root = this.element(0, { xml: 'http://www.w3.org/XML/1998/namespace' });
    this.misc();
    if (this.at !== this.source.length) this.fail();
    return root;
  }

  private fail(): never {
    throw new AppError('XML_INVALID', { position: this.at + 1 });
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private expect(text: string): void {
    if (!this.source.startsWith(text, this.at)) this.fail();
    this.at += text.length;
  }

  private until(end: string): string {
    const stop = this.source.indexOf(end, this.at);
    if (stop < 0) this.fail();
    const found = this.source.slice(this.at, stop);
    this.at = stop + end.length;
    return found;
  }

  /** White space, comments and processing instructions. */
  private misc(): void {
    for (;;) {
      this.take(SPACE);
      if (this.source.startsWith('<!--', this.at)) this.comment();
      else if (this.source.startsWith('<?', this.at)) this.until('?>');
      else if (this.source.startsWith('<!', this.at))
        throw new AppError('XML_REFUSED', { reason: 'DOCTYPE' });
      else return;
    }
  }

  private comment(): void {
    this.at += 4;
    if (this.until('--') === '' && this.source[this.at] !== '>') this.fail();
    this.expect('>');
  }

  private element(depth: number, outer: Readonly<Record<string, string>>): XmlElement {
    if (depth > LIMITS.depth) throw new AppError('XML_REFUSED', { reason: 'depth' });
    if (++this.count > LIMITS.elements) throw new AppError('XML_REFUSED', { reason: 'elements' });
    this.expect('<');
    const tag = this.take(NAME) || this.fail();
    const raw = this.attributes();
    const own = raw
      .filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
      .map(([name, value]) => [name.slice(6), value]);
    const prefixes =
      own.length === 0 ? outer : { ...outer, ...(Object.fromEntries(own) as Record<string, string>) };
    const attributes = raw
      .filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'))
      .map(([name, value]) => ({ ...this.resolve(name, prefixes, true), value }));
    const head = this.resolve(tag, prefixes, false);
    if (this.source.startsWith('/>', this.at)) {
      this.at += 2;
      return { ...head, attributes, children: [], text: '', prefixes };
    }
    this.expect('>');
    const { children, text } = this.content(depth, prefixes);
    this.expect(`</${tag}`);
    this.take(SPACE);
    this.expect('>');
    return { ...head, attributes, children, text, prefixes };
  }

  private attributes(): [string, string][] {
    const found: [string, string][] = [];
    for (;;) {
      const space = this.take(SPACE);
      const name = this.take(NAME);
      if (name === '') return found;
      if (space === '' || found.some(([known]) => known === name)) this.fail();
      this.take(SPACE);
      this.expect('=');
      this.take(SPACE);
      const quote = this.source[this.at];
      if (quote !== '"' && quote !== "'") this.fail();
      this.at++;
      const value = this.until(quote);
      if (value.includes('<')) this.fail();
      found.push([name, this.decode(value.replaceAll(/[\t\r\n]/g, ' '))]);
    }
  }

  private content(
    depth: number,
    prefixes: Readonly<Record<string, string>>,
  ): { children: XmlElement[]; text: string } {
    const children: XmlElement[] = [];
    let text = '';
    for (;;) {
      const next = this.source.indexOf('<', this.at);
      if (next < 0) this.fail();
      if (children.length === 0) text += this.decode(this.source.slice(this.at, next));
      this.at = next;
      if (this.source.startsWith('</', next)) return { children, text: text.trim() };
      if (this.source.startsWith('<!--', next)) this.comment();
      else if (this.source.startsWith('<?', next)) this.until('?>');
      else if (this.source.startsWith('<![CDATA[', next)) {
        this.at += 9;
        const data = this.until(']]>');
        if (children.length === 0) text += data;
      } else if (this.source.startsWith('<!', next)) throw new AppError('XML_REFUSED', { reason: 'DOCTYPE' });
      else children.push(this.element(depth + 1, prefixes));
    }
  }

  private resolve(
    name: string,
    prefixes: Readonly<Record<string, string>>,
    attribute: boolean,
  ): { namespace: string; name: string } {
    const colon = name.indexOf(':');
    if (colon < 0) return { namespace: attribute ? '' : (prefixes[''] ?? ''), name };
    const namespace = Object.hasOwn(prefixes, name.slice(0, colon))
      ? prefixes[name.slice(0, colon)]
      : undefined;
    if (!namespace) this.fail();
    return { namespace, name: name.slice(colon + 1) };
  }

  private decode(text: string): string {
    if (!text.includes('&')) return text;
    return text.replaceAll(/&([^;&]*);?/g, (whole, name: string) => {
      const number = /^#(?:x([0-9A-Fa-f]{1,6})|(\d{1,7}))$/.exec(name);
      const code = number ? Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10) : 0;
      if (number && code > 0 && code <= 0x10ffff && whole.endsWith(';')) return String.fromCodePoint(code);
      if (!whole.endsWith(';')) return this.fail();
      if (!Object.hasOwn(ENTITIES, name))
        throw new AppError('XML_REFUSED', { reason: `&${name.slice(0, 20)};` });
      return ENTITIES[name]!;
    });
  }
}
