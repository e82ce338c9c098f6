/** Element strings: as a scanner gives them (FNC1 as a separator) and as people read them (in brackets). */
import type { Element } from './element.ts';
import type { Fault } from './faults.ts';
import { IDENTIFIERS, identifierAt } from './table.ts';
import { checkValue, checkWhole } from './value.ts';

/**
 * @param from index where the first identifier begins
 * @param separator what FNC1 was sent as: GS (0x1D), or `^` in written form
 */
export function readElementString(
  text: string,
  from: number,
  separator: string,
  year: number,
): Element[] | Fault {
  if (from >= text.length) return { rule: 'empty', position: from + 1 };
  const elements: Element[] = [];
  for (let at = from; at < text.length; ) {
    const identifier = identifierAt(text, at);
    if (!identifier) return { rule: 'ai-unknown', position: at + 1 };
    const start = at + identifier.ai.length;
    const next = text.indexOf(separator, start);
    const stop = next < 0 ? text.length : next;
    const used = checkValue(identifier, text, start, stop, year);
    if (typeof used !== 'number') return used;
    const end = start + used;
    if (!identifier.fixed && end < stop) return { rule: 'too-long', position: end + 1, ai: identifier.ai };
    elements.push({
      ai: identifier.ai,
      title: identifier.title,
      value: text.slice(start, end),
      position: at + 1,
    });
    at = end === next ? end + 1 : end;
  }
  return elements;
}

/** `(01)…(10)…`; a bracket that belongs to the content is written `\(`. */
export function readBracketed(text: string, from: number, year: number): Element[] | Fault {
  const elements: Element[] = [];
  for (let at = from; at < text.length; ) {
    const close = text.indexOf(')', at);
    if (text[at] !== '(' || close < 0) return { rule: 'bracket', position: at + 1 };
    const identifier = IDENTIFIERS.get(text.slice(at + 1, close));
    if (!identifier) return { rule: 'ai-unknown', position: at + 2 };
    let end = close + 1;
    while (end < text.length && (text[end] !== '(' || (end > close + 1 && text[end - 1] === '\\'))) end++;
    const written = text.slice(close + 1, end);
    const value = written.replaceAll('\\(', '(');
    const wrong = checkWhole(identifier, value, year);
    if (wrong) return { ...wrong, position: close + 1 + writtenLength(written, wrong.position) };
    elements.push({ ai: identifier.ai, title: identifier.title, value, position: at + 2 });
    at = end;
  }
  return elements.length > 0 ? elements : { rule: 'empty', position: from + 1 };
}

/** How many written characters the first `count` characters of the content take. */
function writtenLength(written: string, count: number): number {
  let at = 0;
  for (let n = 0; n < count; n++) at += written.startsWith('\\(', at) ? 2 : 1;
  return at;
}
