/** Work of which one part must not keep the others waiting. */

/** Does each in turn, also after one has failed. Throws the first failure once all were tried. */
export async function eachOnItsOwn<T>(all: Iterable<T>, work: (one: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const one of all)
    try {
      await work(one);
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
}
