/** Organisations come by invitation: the operator registers them. */
import { AppError, newId } from '@zhenmei/kernel';
import type { Bilingual, OrganisationKind } from '../adapters/schema.ts';
import '../core/account-errors.ts';
import type { IdentityContext } from './context.ts';
import { inviteDevice } from './invite-device.ts';

export interface NewOrganisation {
  readonly kind: OrganisationKind;
  readonly name: Bilingual;
  readonly city: Bilingual;
  readonly address: Bilingual;
  readonly region: string;
  readonly gln: string;
  readonly licensedForToxin: boolean;
}

/** Throws ORGANISATION_EXISTS. @returns the invitation for its first device */
export async function createOrganisation(
  ctx: IdentityContext,
  input: NewOrganisation,
): Promise<{ id: string; invitation: string }> {
  const now = ctx.clock.now();
  const id = newId(now, ctx.random.bytes(10));
  const row = await ctx.db
    .insertInto('identity.organisation')
    .values({
      id,
      kind: input.kind,
      name: JSON.stringify(input.name),
      city: JSON.stringify(input.city),
      address: JSON.stringify(input.address),
      region: input.region,
      gln: input.gln,
      account: null,
      first_signer: null,
      licensed_for_toxin: input.licensedForToxin,
      created_at: new Date(now),
    })
    .onConflict((c) => c.column('gln').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!row) throw new AppError('ORGANISATION_EXISTS');
  return { id, invitation: await inviteDevice(ctx, id) };
}
