/** What may be done with a unit on the shelf besides using it, for which reasons, and whether a second person must agree. */
import type { StockState } from './stock.ts';

export const REQUEST_KINDS = ['waste', 'release', 'loss', 'return'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

interface RequestRule {
  readonly from: readonly StockState[];
  readonly reasons: readonly string[];
  readonly second: boolean;
}

export const REQUESTS: Readonly<Record<RequestKind, RequestRule>> = {
  waste: {
    from: ['in-stock', 'open', 'quarantined', 'recalled'],
    reasons: ['rest', 'expired', 'open-too-long', 'damaged', 'spilled', 'contaminated', 'recalled', 'other'],
    second: true,
  },
  release: {
    from: ['quarantined'],
    reasons: ['record-corrected', 'maker-release', 'papers-seen', 'package-checked', 'other'],
    second: true,
  },
  loss: {
    from: ['in-stock', 'open', 'quarantined', 'recalled'],
    reasons: ['not-found', 'stolen'],
    second: true,
  },
  return: {
    from: ['in-stock', 'quarantined', 'recalled'],
    reasons: ['wrong-delivery', 'recalled', 'damaged', 'expired', 'other'],
    second: false,
  },
};

/** Every reason, once. */
export const REQUEST_REASONS: readonly string[] = [
  ...new Set(Object.values(REQUESTS).flatMap(({ reasons }) => reasons)),
];

/** Two people, told apart by the device that signed and by the name they gave. */
export function isSecondPerson(
  first: { readonly person: string; readonly device: string },
  second: { readonly person: string; readonly device: string },
): boolean {
  const plain = (name: string) => name.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
  return first.device !== second.device && plain(first.person) !== plain(second.person);
}
