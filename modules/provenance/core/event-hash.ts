/**
 * The EPCIS event hash (CBV 2.0, section 8.9): `ni:///sha-256;…?ver=CBV2.0`.
 * Profile `ref` gives what the public reference implementation gives for documents; `spec` follows the written rules.
 * Input is a normalised event, so that every writing of one event has one hash.
 */
import { sha256, toHex, utf8 } from '@zhenmei/kernel';
import { type HashProfile, type Order, REF_ORDER, SPEC_ORDER } from './hash-order.ts';
import { type Node, treeOf } from './hash-tree.ts';
import { canonicalValue, specValue } from './hash-value.ts';
import type { JsonObject } from './normalise.ts';

/** The eventID of a normalised event. */
export function eventHash(event: JsonObject, profile: HashProfile = 'ref'): string {
  return `ni:///sha-256;${toHex(sha256(utf8(preHash(event, profile))))}?ver=CBV2.0`;
}

/** The text that is hashed. */
export function preHash(event: JsonObject, profile: HashProfile = 'ref'): string {
  const value = profile === 'ref' ? canonicalValue : specValue;
  const children = treeOf(event, profile);
  const writer = new Text(value);
  const ordered = writer.ordered(children, profile === 'ref' ? REF_ORDER : SPEC_ORDER);
  const rest = children.filter(({ name }) => name !== 'type' && name !== 'errorDeclaration');
  return `eventType=${String(event.type)}${ordered}${writer.generic(rest)}`;
}

class Text {
  private readonly value: (text: string) => string;
  constructor(value: (text: string) => string) {
    this.value = value;
  }

  /** Writes the children named in the order and takes them out of the list; what is left was not written. */
  ordered(children: Node[], order: Order): string {
    const own = takeExtensions(children);
    let text = '';
    for (const [name, below] of order) {
      const written: string[] = [];
      for (let i = 0; i < children.length; i++) {
        const child = children[i]!;
        if (child.name !== name) continue;
        const one = this.one(child, below);
        if (one) written.push(one);
        if (child.children.length === 0) children.splice(i--, 1);
      }
      text += sorted(written).join('');
    }
    return text + (own.length > 0 ? this.generic(own) : '');
  }

  private one(child: Node, below: Order | null): string {
    const inner = below ? this.ordered(child.children, below) : '';
    const text = child.text === '' ? '' : `=${this.value(child.text)}`;
    return text === '' && inner === '' ? '' : child.name + text + inner;
  }

  /** Names and values of everything, each level in alphabetical order. */
  generic(children: readonly Node[]): string {
    const written = children.map((child) => {
      if (child.pair) return this.generic(child.children);
      return (
        child.name + (child.text === '' ? '' : `=${this.value(child.text)}`) + this.generic(child.children)
      );
    });
    const keep = children.some(
      ({ name }) => name === 'bizTransaction' || name === 'source' || name === 'destination',
    );
    return (keep ? written : sorted(written)).join('');
  }
}

/** Extensions inside a standard element are written at its end; those of the event itself come last of all. */
function takeExtensions(children: Node[]): Node[] {
  if (
    children.length <= 1 ||
    children.some(({ name }) => name.includes('eventTime') || name.includes('action'))
  )
    return [];
  const own = children.filter(({ name }) => name.includes('{') && name.includes('/}'));
  if (own.length > 0)
    children.splice(0, children.length, ...children.filter((child) => !own.includes(child)));
  return own;
}

/** By code points, as the reference sorts. */
function sorted(texts: string[]): string[] {
  if (texts.length < 2) return texts;
  texts.sort();
  return texts.some((text) => /[\ud800-\udfff]/.test(text)) ? texts.sort(byCodePoint) : texts;
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const gap = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (gap !== 0) return gap;
  }
  return left.length - right.length;
}
