/** What the packs of a region say beside yes and no: what is kept, by when something is due, and their numbers. */
import { type Deadline, type PolicyPack, packHash, type Retention } from './pack.ts';

/** A rule with the pack that it stands in. */
export type Cited<T> = T & { readonly pack: string; readonly version: string; readonly hash: string };

function cited<T extends object>(pack: PolicyPack, rules: readonly T[] | undefined): Cited<T>[] {
  const { id, version } = pack;
  const hash = packHash(pack);
  return (rules ?? []).map((rule) => ({ ...rule, pack: id, version, hash }));
}

/** Everything that has to be kept when so much is erased; of several packs, all of them count. */
export function retentionOf(
  packs: readonly PolicyPack[],
  erased: Retention['with'][number],
): Cited<Retention>[] {
  return packs.flatMap((pack) => cited(pack, pack.retention)).filter((rule) => rule.with.includes(erased));
}

/** The clocks that an event starts. */
export function deadlinesOf(packs: readonly PolicyPack[], event: Deadline['event']): Cited<Deadline>[] {
  return packs.flatMap((pack) => cited(pack, pack.deadlines)).filter((rule) => rule.event === event);
}

/** The largest of a number that the packs state; null if none does. */
export function largest(packs: readonly PolicyPack[], parameter: string): number | null {
  const stated = packs.flatMap(({ parameters }) => {
    const value = Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined;
    return typeof value === 'number' ? [value] : [];
  });
  return stated.length > 0 ? Math.max(...stated) : null;
}
