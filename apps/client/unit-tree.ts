/** Tree over the units of a lot, as OpenZeppelin's MerkleProof checks it: double-hashed leaves, sorted pairs. */
import { concat, fromHex, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';

const leafOf = (unit: string) => keccak256(keccak256(keccak256(utf8(unit))));
const pair = (a: Uint8Array, b: Uint8Array) =>
  keccak256(toHex0x(a) < toHex0x(b) ? concat(a, b) : concat(b, a));

function levels(units: readonly string[]): Uint8Array[][] {
  const all: Uint8Array[][] = [units.map(leafOf)];
  while (all.at(-1)!.length > 1) {
    const below = all.at(-1)!;
    all.push(
      Array.from({ length: Math.ceil(below.length / 2) }, (_, i) =>
        below[2 * i + 1] ? pair(below[2 * i]!, below[2 * i + 1]!) : below[2 * i]!,
      ),
    );
  }
  return all;
}

/** @param units Digital Links of the lot's units, in their published order */
export function unitRoot(units: readonly string[]): Hex {
  return toHex0x(levels(units).at(-1)![0]!);
}

export function unitProof(units: readonly string[], unit: string): Hex[] {
  let at = units.indexOf(unit);
  if (at < 0) return [];
  return levels(units)
    .slice(0, -1)
    .flatMap((level) => {
      const sibling = level[at ^ 1];
      at >>= 1;
      return sibling ? [toHex0x(sibling)] : [];
    });
}

/** The root to which a path leads from a unit. */
export function unitRootFrom(unit: string, path: readonly Hex[]): Hex {
  return toHex0x(path.reduce<Uint8Array>((node, sibling) => pair(node, fromHex(sibling)), leafOf(unit)));
}

export const unitId = (unit: string): Hex => toHex0x(keccak256(utf8(unit)));
