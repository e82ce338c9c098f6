/**
 * A hand scanner is a keyboard that types very fast and ends with Enter. This tells its bursts from a person's typing,
 * and finds the separator in whatever key the scanner uses for it.
 */

export interface Stroke {
  readonly key: string;
  /** Physical key: what is left of it when an input method is active. */
  readonly code?: string;
  readonly ctrl?: boolean;
  readonly alt?: boolean;
  readonly shift?: boolean;
  /** Milliseconds, of any clock that only goes forward. */
  readonly at: number;
}

export type Heard =
  /** Not by a scanner, as far as can be told yet. */
  | { readonly kind: 'nothing' }
  /** Within a burst: no page should act on this key. */
  | { readonly kind: 'typing' }
  | { readonly kind: 'scan'; readonly code: string };

/** No person types two keys so fast, again and again. */
const GAP_MS = 80;
/** What begins as no person's typing does, with the identifier of a symbology (ISO/IEC 15424), may falter: devices do. */
const FALTER_MS = 400;
const IDENTIFIED = /^\](?:$|[A-Za-z](?:$|\d))/;
const SHORTEST = 6;
const GS = '\u001d';

/** Keys by their place on the board, for when an input method hides what they type. */
const PLACES: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Semicolon: [';', ':'],
  Quote: ["'", '"'],
  Comma: [',', '<'],
  Period: ['.', '>'],
  Slash: ['/', '?'],
};
const ABOVE_DIGITS = ')!@#$%^&*(';

/** The character of a key, or null if it is none. */
export function characterOf({ key, code = '', ctrl, shift }: Stroke): string | null {
  if (key === GS || (ctrl && (key === ']' || code === 'BracketRight')) || key === 'F8') return GS;
  if (ctrl) return null;
  if (key.length === 1) return key;
  if (key !== 'Process' && key !== 'Unidentified') return null;
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shift && code.startsWith('Digit') ? ABOVE_DIGITS[Number(digit)]! : digit;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  return PLACES[code]?.[shift ? 1 : 0] ?? null;
}

export function createWedge(): (stroke: Stroke) => Heard {
  let buffer = '';
  let last = Number.NEGATIVE_INFINITY;
  // a character typed by its number while Alt is held down
  let number = '';
  return (stroke) => {
    const quick = stroke.at - last <= (IDENTIFIED.test(buffer) ? FALTER_MS : GAP_MS);
    last = stroke.at;
    if (!quick) {
      buffer = '';
      number = '';
    }
    if (stroke.alt && /^\d$/.test(stroke.key)) {
      number += stroke.key;
      return { kind: 'typing' };
    }
    if (number !== '' && stroke.key !== 'Alt') {
      buffer += String.fromCharCode(Number(number));
      number = '';
    }
    if (stroke.key === 'Enter' || stroke.key === 'Tab') {
      const code = buffer;
      buffer = '';
      return quick && code.length >= SHORTEST ? { kind: 'scan', code } : { kind: 'nothing' };
    }
    const character = characterOf(stroke);
    if (character !== null) buffer += character;
    return { kind: buffer.length >= 2 && quick ? 'typing' : 'nothing' };
  };
}
