/** Kinds of evidence that are kept for a visit. */
export const SETTLED = 'settled';

/** @param session number of the session, from 1 */
export const beforeUnsealing = (session = 1): string =>
  session <= 1 ? 'before-unsealing' : `before-unsealing/${session}`;
