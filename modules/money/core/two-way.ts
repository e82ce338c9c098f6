/**
 * Sentences that can be read back: a pattern with named places, and for each place how its value is written and read.
 * What was written by a pattern is read by the same pattern to the same values, or not at all.
 */

export interface Codec<T> {
  write(value: T): string;
  /** Everything that `write` can give, as a regular expression without groups. */
  readonly form: string;
  read(text: string): T;
}

export interface Sentence {
  /** Text with places such as `{amount}`. */
  readonly text: string;
  readonly write: (values: Readonly<Record<string, unknown>>) => string;
  /** Null if the text is none of this sentence's. */
  readonly read: (text: string) => Readonly<Record<string, unknown>> | null;
}

const PLACE = /\{(\w+)\}/g;
const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** @param codecs by the names of places */
export function sentence(text: string, codecs: Readonly<Record<string, Codec<never>>>): Sentence {
  const names: string[] = [];
  let form = '';
  let from = 0;
  for (const found of text.matchAll(PLACE)) {
    const name = found[1]!;
    names.push(name);
    form += `${literal(text.slice(from, found.index))}(${codecs[name]!.form})`;
    from = found.index + found[0].length;
  }
  const whole = new RegExp(`^${form}${literal(text.slice(from))}$`);
  return {
    text,
    write: (values) =>
      text.replaceAll(PLACE, (_, name: string) => codecs[name]!.write(values[name] as never)),
    read(line) {
      const found = whole.exec(line);
      if (!found) return null;
      return Object.fromEntries(names.map((name, i) => [name, codecs[name]!.read(found[i + 1]!)]));
    },
  };
}
