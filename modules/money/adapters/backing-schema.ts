/** The tables of who stands behind promises: insurers, what they answered, and who wants to leave the pool. */
import type { Hex } from '@zhenmei/kernel';

export interface BackingTables {
  'money.insurer': { account: Hex; licensed: boolean; since: Date };
  'money.policy_answer': {
    cover_id: Hex;
    insurer: Hex;
    premium: string | null;
    /** Null: declined. */
    signature: Hex | null;
    answered_at: Date;
  };
  'money.pool_exit': { owner: Hex; shares: string; ready_at: Date };
}
