/** What a check is doing now, as its reader sees it. */
import { t } from '../shell/words.ts';

type Phase = Parameters<typeof t>[0] extends infer K
  ? K extends `check.phase.${infer P}`
    ? P
    : never
  : never;

/** @param reader whether it is the clinic that asked, which alone opens its number for the draw */
export const phaseName = (phase: Phase, reader: 'clinic' | 'other'): string =>
  t(phase === 'opening' && reader === 'other' ? 'check.phase.opening.other' : `check.phase.${phase}`);
