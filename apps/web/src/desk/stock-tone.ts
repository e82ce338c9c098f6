/** The colour of each state of a unit; the word always stands beside it. */
import type { StockUnitView } from '@zhenmei/care/core/stock-views.ts';
import type { Tone } from '../look/parts.tsx';

export const STATE_TONE: Record<StockUnitView['state'], Tone> = {
  announced: 'slate',
  'in-stock': 'jade',
  open: 'plum',
  quarantined: 'amber',
  recalled: 'cinnabar',
  installed: 'jade',
  used: 'slate',
  wasted: 'slate',
  returned: 'slate',
  lost: 'cinnabar',
};
