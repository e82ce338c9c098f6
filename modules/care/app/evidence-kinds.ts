/** Kinds of evidence that are kept for a visit. */
export const BEFORE_UNSEALING = 'before-unsealing';
export const SETTLED = 'settled';
