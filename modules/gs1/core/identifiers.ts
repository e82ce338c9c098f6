/** The application identifiers that a unit in a clinic carries, with their formats. */

export interface Identifier {
  readonly ai: string;
  /** Length if fixed; otherwise the largest. */
  readonly length: number;
  readonly fixed: boolean;
  readonly kind: 'digits' | 'text' | 'date';
  readonly check?: true;
}

const TABLE: readonly Identifier[] = [
  { ai: '00', length: 18, fixed: true, kind: 'digits', check: true },
  { ai: '01', length: 14, fixed: true, kind: 'digits', check: true },
  { ai: '10', length: 20, fixed: false, kind: 'text' },
  { ai: '11', length: 6, fixed: true, kind: 'date' },
  { ai: '17', length: 6, fixed: true, kind: 'date' },
  { ai: '21', length: 20, fixed: false, kind: 'text' },
  { ai: '22', length: 20, fixed: false, kind: 'text' },
  { ai: '240', length: 30, fixed: false, kind: 'text' },
  { ai: '414', length: 13, fixed: true, kind: 'digits', check: true },
];

export const IDENTIFIERS: ReadonlyMap<string, Identifier> = new Map(TABLE.map((entry) => [entry.ai, entry]));

/** Character set 82 of the General Specifications (figure 7.11-1). */
export const SET_82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/;
