/**
 * What a scanner that acts as a keyboard makes of a code, put back into what was printed: the separator (GS, 0x1D) in
 * its many writings, full-width characters of a Chinese input method, symbology identifiers in the wrong case, line ends.
 */

const GS = String.fromCharCode(0x1d);
const END = ` \t\r\n${GS}`;

/** How scanners, browsers and test tools write the separator when the keyboard has no key for it. */
const SEPARATORS = /\^\]|[{<[](?:GS|FNC1|0x1D)[}>\]]|\\x1d|\\u001d|~d029|\u241d|\u2194/gi;

/** Punctuation that an input method puts in place of what the scanner typed. */
const PUNCTUATION: Readonly<Record<string, string>> = {
  '【': '[',
  '】': ']',
  '「': '{',
  '」': '}',
  '《': '<',
  '》': '>',
  '。': '.',
  '……': '^',
  '——': '_',
};
const TYPED = new RegExp(Object.keys(PUNCTUATION).join('|'), 'g');

/** GS1 symbologies whose letter has one case only. */
const SYMBOLOGY = /^\](?:D2|c1|q3)/;

/** @param sent as it arrived, with or without Enter at its end */
export function scannerText(sent: string): string {
  const typed = sent
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(TYPED, (one) => PUNCTUATION[one]!)
    .replace(SEPARATORS, GS);
  const from = typed.search(/[^ \t\r\n]/);
  let end = typed.length;
  while (end > from && END.includes(typed[end - 1]!)) end--;
  return typed
    .slice(Math.max(from, 0), end)
    .replace(SYMBOLOGY, (name) => ({ ']D2': ']d2', ']c1': ']C1', ']q3': ']Q3' })[name]!);
}
