/** Where a published notice stands. */
import type { NoticeView } from '@zhenmei/provenance/api.ts';

export type NoticeState = 'open' | 'withdrawn' | 'closed';

export const stateOf = ({ withdrawn, closed }: Pick<NoticeView, 'withdrawn' | 'closed'>): NoticeState =>
  withdrawn ? 'withdrawn' : closed ? 'closed' : 'open';

export const NOTICE_TONE = { open: 'amber', withdrawn: 'slate', closed: 'jade' } as const;

/** One entry a line; empty lines say nothing. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
