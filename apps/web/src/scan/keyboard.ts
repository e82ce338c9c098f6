/**
 * Handheld scanners that act as a keyboard: many keys, faster than any hand, then Enter. The separator between variable
 * fields arrives as Ctrl+] or F8, which a text field would swallow.
 */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey?: boolean;
  readonly metaKey?: boolean;
  /** Milliseconds of any clock that only goes forward. */
  readonly timeStamp: number;
}

/** What came so far in one burst. */
export interface Burst {
  readonly text: string;
  readonly at: number;
}

export const NO_BURST: Burst = { text: '', at: 0 };

const GS = '\u001d';
/** Longest pause within a code; the fastest typists need more than this for each key of a long row. */
const PAUSE = 60;
const SHORTEST = 8;

/** @returns the burst after this key, and the code if the key ended one */
export function afterKey(burst: Burst, key: Key): { readonly burst: Burst; readonly code: string | null } {
  const going = burst.text !== '' && key.timeStamp - burst.at <= PAUSE;
  if (key.key === 'Enter' || key.key === 'Tab') {
    const code = going && burst.text.length >= SHORTEST ? burst.text : null;
    return { burst: NO_BURST, code };
  }
  const character = characterOf(key);
  if (character === null) return { burst: going ? burst : NO_BURST, code: null };
  return { burst: { text: (going ? burst.text : '') + character, at: key.timeStamp }, code: null };
}

/** Null for keys that write nothing, such as Shift, and for shortcuts. */
function characterOf({ key, ctrlKey, altKey, metaKey }: Key): string | null {
  if ((ctrlKey && key === ']') || key === 'F8' || key === GS) return GS;
  if (ctrlKey || altKey || metaKey) return null;
  return [...key].length === 1 ? key : null;
}
