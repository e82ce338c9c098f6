/** Where a visit stands in its parts, and the secret of each session. */
import { derive } from '@zhenmei/kernel';
import { type PartKind, type Plan, partKinds } from './plan.ts';

/** The part that money waits on now. */
export interface PresentPart {
  readonly kind: PartKind;
  /** Number of the session, from 1; 0 for the deposit and the follow-up. */
  readonly n: number;
  readonly last: boolean;
  /** More than one part in all. */
  readonly several: boolean;
  /** A part that was done was paid for, wholly or in part. */
  readonly paid: boolean;
}

export const ONLY_PART: PresentPart = { kind: 'session', n: 1, last: true, several: false, paid: false };

/** In which part a transition may happen at all. */
export type PartCondition = PartKind | 'last' | 'not last' | 'several' | 'paid before' | 'nothing paid';

/** @param index of the milestone @param paid how many parts that were done have been paid */
export function presentPart(plan: Plan | undefined, index: number, paid: number): PresentPart {
  const kinds = partKinds(plan);
  const { kind, n } = kinds[index] ?? kinds.at(-1)!;
  return { kind, n, last: index >= kinds.length - 1, several: kinds.length > 1, paid: paid > 0 };
}

export function inPart(condition: PartCondition | undefined, part: PresentPart): boolean {
  switch (condition) {
    case undefined:
      return true;
    case 'last':
      return part.last;
    case 'not last':
      return !part.last;
    case 'several':
      return part.several;
    case 'paid before':
      return part.paid;
    case 'nothing paid':
      return !part.paid;
    default:
      return part.kind === condition;
  }
}

/** Each session shows numbers of its own in every public place; the first has those of a visit with one. */
export function sessionSecret(visitSecret: Uint8Array<ArrayBuffer>, n: number): Uint8Array<ArrayBuffer> {
  return n <= 1 ? visitSecret : derive(visitSecret, `zhenmei/visit/session/${n}`);
}
