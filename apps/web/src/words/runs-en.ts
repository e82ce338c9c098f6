import type { runsZh } from './runs-zh.ts';

/** Words around programs that run once over a person's files, and around her devices, in English. */
export const runsEn: Record<keyof typeof runsZh, string> = {
  'mykeys.rename': 'Rename',
};
