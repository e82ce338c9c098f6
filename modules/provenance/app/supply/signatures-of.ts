/** The signatures that devices gave over events. */
import type { Hex } from '@zhenmei/kernel';
import type { EventSignature } from '../../core/event-signature.ts';
import type { ProvenanceContext } from '../context.ts';

export interface GivenSignature extends EventSignature {
  readonly organisation: string;
  readonly signedAt: Date;
}

export async function signaturesOf(
  ctx: Pick<ProvenanceContext, 'db'>,
  digests: readonly Hex[],
): Promise<GivenSignature[]> {
  if (digests.length === 0) return [];
  const rows = await ctx.db
    .selectFrom('provenance.event_signature')
    .selectAll()
    .where('digest', 'in', [...digests])
    .orderBy('signed_at')
    .execute();
  return rows.map(({ digest, key, signature, organisation_id, signed_at }) => ({
    event: digest,
    key,
    signature,
    organisation: organisation_id,
    signedAt: signed_at,
  }));
}
