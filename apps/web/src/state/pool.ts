/** Studies as the screens use them, and the answers that are due while nobody looks at a screen. */
import { ApiError } from '@zhenmei/client/api.ts';
import { answerAllDue } from '@zhenmei/client/vault/pool.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { AppError } from '@zhenmei/kernel';

export const STUDIES = ['my-studies'] as const;
export const DESK_STUDIES = ['desk-studies'] as const;

const EVERY = 15 * 60_000;

/**
 * Answers later releases as soon as the vault is open, and from time to time while it stays open: whoever agreed to a
 * study need not look at its page. @returns stops it
 */
export function startAnswering(vault: Vault): () => void {
  let busy = false;
  const run = async () => {
    const takesPart = Object.keys(vault.contents.pool).length > 0;
    if (!takesPart || busy || document.visibilityState !== 'visible') return;
    busy = true;
    try {
      await answerAllDue(vault);
    } catch (error) {
      // without a network, or while the vault is locked elsewhere: the next run has it
      if (!(error instanceof ApiError || error instanceof AppError)) throw error;
    } finally {
      busy = false;
    }
  };
  void run();
  const timer = setInterval(() => void run(), EVERY);
  const seen = () => void run();
  document.addEventListener('visibilitychange', seen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
