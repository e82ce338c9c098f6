/** The answer of what only has to be done. */
export async function done(work: Promise<void>): Promise<{ ok: true }> {
  await work;
  return { ok: true };
}
