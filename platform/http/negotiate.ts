/** Which of the media types on offer a caller wants (RFC 9110, section 12.5.1). */

interface Range {
  readonly type: string;
  readonly q: number;
}

/** @param offered in order of preference @returns null if none of them is wanted */
export function chooseType(accept: string | undefined, offered: readonly string[]): string | null {
  const ranges = rangesOf(accept);
  if (ranges.length === 0) return offered[0] ?? null;
  const ranked = offered
    .map((type, i) => ({ type, i, q: quality(type, ranges) }))
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q || a.i - b.i);
  return ranked[0]?.type ?? null;
}

function rangesOf(accept: string | undefined): Range[] {
  return (accept ?? '')
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
    .map((part) => {
      const [type = '', ...parameters] = part.split(';').map((each) => each.trim());
      const q = parameters.map((each) => /^q=(\d(?:\.\d{1,3})?)$/.exec(each)?.[1]).find(Boolean);
      return { type, q: q === undefined ? 1 : Number(q) };
    });
}

/** The closest range counts. */
function quality(type: string, ranges: readonly Range[]): number {
  const [family] = type.split('/');
  for (const wanted of [type, `${family}/*`, '*/*']) {
    const found = ranges.find((range) => range.type === wanted);
    if (found) return found.q;
  }
  return 0;
}

/** The media type of a Content-Type header, without parameters. */
export const mediaType = (header: string | undefined): string =>
  (header ?? '').split(';', 1)[0]!.trim().toLowerCase();
