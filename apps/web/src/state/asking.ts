/** A recovery that waits for guardians: kept on the new device until the waiting period is over. */
import type { Asking } from '@zhenmei/client/vault/guardians.ts';
import { fromBase64Url, toBase64Url } from '@zhenmei/kernel';

const KEPT = 'zm-asking';

export function keptAsking(): Asking | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null') as (Asking & { seed: unknown }) | null;
    return kept && { ...kept, seed: fromBase64Url(String(kept.seed)) };
  } catch {
    // what cannot be read is asked anew
    return null;
  }
}

export function keepAsking(asking: Asking | null): void {
  if (asking) localStorage.setItem(KEPT, JSON.stringify({ ...asking, seed: toBase64Url(asking.seed) }));
  else localStorage.removeItem(KEPT);
}
