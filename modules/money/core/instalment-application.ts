/** What a borrower asks for, in the words that her key signs. */
import { canonicalJson, type Hex } from '@zhenmei/kernel';

export interface Application {
  readonly agreement: Hex;
  readonly months: number;
  readonly person: Hex;
  readonly payout: Hex;
  readonly age20: boolean;
  readonly student: boolean;
}

export const applicationWords = ({
  agreement,
  months,
  person,
  payout,
  age20,
  student,
}: Application): string =>
  canonicalJson({ kind: 'zhenmei/loan-application/1', agreement, months, person, payout, age20, student });
