/** Changes of a receipt, one at a time: one character of one value in each leaf kind of each part. */
import { PARTS, type PartName } from '@zhenmei/care/core/receipt.ts';
import type { Json } from '@zhenmei/kernel';

export interface Change {
  readonly part: PartName;
  /** Where, as a JSON pointer inside the part. */
  readonly path: string;
  readonly receipt: Json;
}

type Node = { [key: string]: Json } | Json[];

/** At most `perPart` places in each part, spread over all of its leaves. */
export function* changeOneByte(receipt: Json, perPart = 12): Generator<Change> {
  const parts = ((receipt as { parts: Record<PartName, Json> }).parts ?? {}) as Record<PartName, Json>;
  for (const part of PARTS) {
    const leaves = [...leavesOf(parts[part], [])];
    const step = Math.max(1, Math.floor(leaves.length / perPart));
    for (let i = 0; i < leaves.length; i += step) {
      const path = leaves[i]!;
      const copy = structuredClone(receipt) as { parts: Record<PartName, Json> };
      const parent = path
        .slice(0, -1)
        .reduce<Json>((node, key) => (node as Node)[key as never] as Json, copy.parts[part]) as Node;
      const key = path.at(-1)! as never;
      (parent as Record<string, Json>)[key] = changed((parent as Record<string, Json>)[key]!);
      yield { part, path: `/${path.join('/')}`, receipt: copy as unknown as Json };
    }
  }
}

function* leavesOf(node: Json, path: string[]): Generator<string[]> {
  if (Array.isArray(node))
    for (const [i, inner] of node.entries()) yield* leavesOf(inner, [...path, String(i)]);
  else if (typeof node === 'object' && node !== null)
    for (const [key, inner] of Object.entries(node)) yield* leavesOf(inner, [...path, key]);
  else if (node !== '') yield path;
}

function changed(value: Json): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (typeof value !== 'string') return 'x';
  const at = Math.floor(value.length / 2);
  const c = value[at]!;
  const other =
    c === 'a'
      ? 'b'
      : c === '0'
        ? '1'
        : /[0-9]/.test(c)
          ? '0'
          : /[b-z]/.test(c)
            ? 'a'
            : /[B-Z]/.test(c)
              ? 'A'
              : c === 'A'
                ? 'B'
                : 'a';
  return value.slice(0, at) + other + value.slice(at + 1);
}
