/** The programs there are. A later one is a line here and a file beside `programs/treatment-totals.ts`. */
import { AppError } from '@zhenmei/kernel';
import './errors.ts';
import type { Program } from './program.ts';
import { treatmentTotals } from './programs/treatment-totals.ts';

export const PROGRAMS: readonly Program[] = [treatmentTotals];

/** Throws COMPUTE_PROGRAM_UNKNOWN. */
export function programOf(id: string, among: readonly Program[] = PROGRAMS): Program {
  const found = among.find(({ info }) => info.id === id);
  if (!found) throw new AppError('COMPUTE_PROGRAM_UNKNOWN');
  return found;
}
