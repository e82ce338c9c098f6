/** Everything that came with one import carries its name, so that it can be taken back as a whole. */
import type { Contents, Item } from '../contents.ts';

/** `import:` files of this device; `moved:` an export of another installation. */
export type BatchKind = 'import' | 'moved';

export const batchSource = (kind: BatchKind, id: string): string => `${kind}:${id}`;
const BATCH = /^(import|moved):([A-Za-z0-9_-]{8,64})$/;

export interface Batch {
  readonly source: string;
  readonly kind: BatchKind;
  readonly items: readonly Item[];
}

/** The imports of which something is still there, in the order in which they came. */
export function batchesOf({ items }: Pick<Contents, 'items'>): readonly Batch[] {
  const found = new Map<string, Item[]>();
  for (const item of items)
    if (BATCH.test(item.source)) found.set(item.source, [...(found.get(item.source) ?? []), item]);
  return [...found].map(([source, list]) => ({
    source,
    kind: BATCH.exec(source)![1] as BatchKind,
    items: list,
  }));
}

/** An item with this very content, from whatever source: it is not kept twice. @param digest SHA-256 in hex */
export const sameContent = ({ items }: Pick<Contents, 'items'>, digest: string): Item | undefined =>
  items.find((item) => item.digest === digest);
