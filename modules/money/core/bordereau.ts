/** The list of covers that an insurer's office takes in: one line a cover, and no person in it (RFC 4180). */
import type { Hex } from '@zhenmei/kernel';

export interface BordereauCover {
  readonly id: Hex;
  readonly state: string;
  readonly until: string;
  readonly cover: { readonly sum: string };
  readonly asked: number | null;
  readonly ruling: number | null;
  readonly silent: boolean | null;
  readonly backing: {
    readonly backed: string;
    readonly premium: string | null;
    readonly paid: string | null;
  };
}

const COLUMNS = [
  'cover',
  'state',
  'until',
  'sum',
  'share',
  'premium',
  'claim',
  'verdict',
  'paid',
  'currency',
] as const;
const CASES = ['refused', 'objective', 'no-improvement', 'goodwill'] as const;

/** Minor units as yuan with two decimals; nothing for nothing. */
const decimal = (minor: string | null): string =>
  minor === null ? '' : `${BigInt(minor) / 100n}.${(BigInt(minor) % 100n).toString().padStart(2, '0')}`;
const caseOf = (code: number | null): string => (code === null ? '' : (CASES[code] ?? String(code)));

/** CSV with a heading in the words of the trade; `paid` is what the insurer paid, not the clinic. */
export function bordereauCsv(covers: readonly BordereauCover[]): string {
  const lines = covers.map(({ id, state, until, cover, asked, ruling, silent, backing }) => [
    id,
    state,
    until.slice(0, 10),
    decimal(cover.sum),
    decimal(backing.backed),
    decimal(backing.premium),
    caseOf(asked),
    silent ? 'silence' : caseOf(ruling),
    decimal(backing.paid),
    'CNY',
  ]);
  return [COLUMNS, ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}
