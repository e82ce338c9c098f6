import type { IdentityContext } from './context.ts';

/** Ends the session of this browser. */
export async function signOut(ctx: Pick<IdentityContext, 'sessions'>): Promise<{ ok: true }> {
  await ctx.sessions.close();
  return { ok: true };
}
