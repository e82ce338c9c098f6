/** Content negotiation: what a caller would rather have of what there is. */

/**
 * The best of the media types on offer by the caller's Accept (RFC 9110, 12.5.1); the first if it names none of them.
 * A wildcard means the first.
 */
export function preferred<T extends string>(accept: string, offered: readonly T[]): T {
  const ranges = accept.split(',').map((part) => {
    const [name = '', ...parameters] = part.trim().toLowerCase().split(';');
    const q = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((found) => found !== undefined);
    return { name: name.trim(), q: q === undefined ? 1 : Number(q) };
  });
  const quality = (type: string): number => {
    const fitting = [type, `${type.split('/')[0]}/*`, '*/*'].map((name) =>
      ranges.find((range) => range.name === name),
    );
    return fitting.find((range) => range !== undefined)?.q ?? 0;
  };
  return offered.reduce((best, type) => (quality(type) > quality(best) ? type : best));
}
