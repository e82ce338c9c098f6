/** Who may state something, as far as a verdict needs to know. */
import type { Hex } from '@zhenmei/kernel';

export interface KnownParty {
  readonly gln: string;
  readonly role: string;
  readonly licensedForToxin: boolean;
  /** Published keys of its devices: uncompressed P-256 points. */
  readonly keys?: readonly Hex[] | undefined;
}
