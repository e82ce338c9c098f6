/** `/livez`: the process answers. `/readyz`: everything it needs answers too. */
import { AppError } from '@zhenmei/kernel';

/** Resolves (with facts worth showing) if all is well, rejects if not. */
export type ReadyCheck = () => Promise<Record<string, string | number | boolean> | undefined>;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Record<
    string,
    { ok: boolean; ms: number; code?: string } & Record<string, string | number | boolean>
  >;
}

const TIMEOUT_MS = 3_000;

export async function readiness(
  checks: Readonly<Record<string, ReadyCheck>>,
  timeoutMs = TIMEOUT_MS,
): Promise<Readiness> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const since = performance.now();
      const ms = (): number => Math.round(performance.now() - since);
      try {
        const facts = await withTimeout(check(), timeoutMs);
        return [name, { ...facts, ok: true, ms: ms() }] as const;
      } catch (e) {
        const code = e instanceof AppError ? e.code : e instanceof Timeout ? 'TIMEOUT' : 'FAILED';
        return [name, { ok: false, ms: ms(), code }] as const;
      }
    }),
  );
  return { ready: entries.every(([, each]) => each.ok), checks: Object.fromEntries(entries) };
}

class Timeout extends Error {}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Timeout()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
