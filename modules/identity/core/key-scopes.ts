/** What an API key may be for: stating events, and asking for them. */
export const KEY_SCOPES = ['capture', 'query'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];
