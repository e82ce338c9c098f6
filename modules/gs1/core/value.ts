/** Checks the content of one application identifier, component by component. */
import { firstOutside } from './characters.ts';
import type { Fault, Rule } from './faults.ts';
import type { Identifier } from './table.ts';

/**
 * @param start index of the first character, @param stop index behind the last that may belong to it
 * @returns how many characters belong to it, or the first fault
 */
export function checkValue(
  identifier: Identifier,
  text: string,
  start: number,
  stop: number,
  year: number,
): number | Fault {
  const { components, ai } = identifier;
  let at = start;
  for (let i = 0; i < components.length; i++) {
    const component = components[i]!;
    if (component.optional && at >= stop) break;
    const end = Math.min(stop, at + component.max);
    const outside = firstOutside(component.set, text, at, end);
    if (outside >= 0) return fault(`charset-${component.set.toLowerCase()}` as Rule, outside, ai);
    if (end - at < component.min) return fault('too-short', end, ai);
    if (component.set === 'Z' && wronglyPadded(text, at, end)) return fault('charset-z', end - 1, ai);
    const { linters } = component;
    for (let j = 0; j < linters.length; j++) {
      const wrong = linters[j]!.check(text, at, end, year);
      if (wrong >= 0) return fault(linters[j]!.name, wrong, ai);
    }
    at = end;
  }
  return at - start;
}

/** The whole of `value`, no more and no less. Positions count from 1 within it. */
export function checkWhole(identifier: Identifier, value: string, year: number): Fault | null {
  const used = checkValue(identifier, value, 0, value.length, year);
  if (typeof used !== 'number') return used;
  return used < value.length ? fault('too-long', used, identifier.ai) : null;
}

const fault = (rule: Rule, index: number, ai: string): Fault => ({ rule, position: index + 1, ai });

/** Padding is optional, stands at the end, at most twice, and fills up to a multiple of three. */
function wronglyPadded(text: string, start: number, end: number): boolean {
  const first = text.indexOf('=', start);
  if (first < 0 || first >= end) return false;
  const pads = end - first;
  return pads > 2 || (end - start) % 3 !== 0 || text[end - 1] !== '=' || text[first + pads - 1] !== '=';
}
