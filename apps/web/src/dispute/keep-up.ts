/** What a device does by itself while a case goes on. */
import { useEffect, useRef, useState } from 'react';

/**
 * Does the work at every reading of the case until nothing is left to do, one at a time.
 * @param readAt when the case was last read, ms; 0 before
 * @returns what stands in the way, once it failed twice in a row: the first may be a step that has just passed
 */
export function useKeepUp(readAt: number, work: () => Promise<void>): unknown {
  const busy = useRef(false);
  const failures = useRef(0);
  const [problem, setProblem] = useState<unknown>(null);
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  useEffect(() => {
    if (readAt === 0 || busy.current) return;
    busy.current = true;
    latest
      .current()
      .then(
        () => {
          failures.current = 0;
          setProblem(null);
        },
        (error: unknown) => {
          failures.current++;
          if (failures.current > 1) setProblem(error);
        },
      )
      .finally(() => {
        busy.current = false;
      });
  }, [readAt]);
  return problem;
}
