/** Studies as a person sees them, and as the organisation does that registered them. */
import { toIso } from '@zhenmei/kernel';
import { personBudget } from '../../core/pool/person-budget.ts';
import type { VaultContext } from '../context.ts';
import { partsOf } from './person-budget.ts';
import { assertMayStudy } from './register-study.ts';
import { handleOf } from './studies.ts';

type Study = Awaited<ReturnType<typeof allStudies>>[number];

const allStudies = ({ db }: VaultContext) =>
  db.selectFrom('vault.pool_study').selectAll().orderBy('registered_at', 'desc').limit(200).execute();

async function withReleases(ctx: VaultContext, { id, plan, organisation_id, registered_at }: Study) {
  const [where, rows] = await Promise.all([
    ctx.organisations.describe(organisation_id),
    ctx.db.selectFrom('vault.pool_release').selectAll().where('study', '=', id).orderBy('release').execute(),
  ]);
  return {
    plan,
    organisation: {
      id: organisation_id,
      name: where?.name ?? { zh: '', en: '' },
      region: where?.region ?? '',
    },
    registeredAt: toIso(registered_at.getTime()),
    published: rows.map(({ release, people, repeats, numbers, published_at }) => ({
      release,
      people,
      repeats,
      numbers,
      at: toIso(published_at.getTime()),
    })),
  };
}

/** All of them, with what this person has agreed to, spent and been promised. */
export async function studiesFor(ctx: VaultContext, patientId: string) {
  const studies = await Promise.all(
    (await allStudies(ctx)).map(async (study) => {
      const [joined, member] = await Promise.all([
        ctx.db
          .selectFrom('vault.pool_joined')
          .select('receipt')
          .where('study', '=', study.id)
          .where('patient_id', '=', patientId)
          .executeTakeFirst(),
        ctx.db
          .selectFrom('vault.pool_member')
          .select(['spent', 'answered', 'token_hash'])
          .where('study', '=', study.id)
          .where('handle', '=', handleOf(ctx, patientId, study.id))
          .executeTakeFirst(),
      ]);
      const { minor, currency } = study.plan.payment;
      const answered = member?.answered ?? 0;
      return {
        ...(await withReleases(ctx, study)),
        mine: {
          state: joined ? ('joined' as const) : member ? ('left' as const) : ('none' as const),
          receipt: joined?.receipt ?? null,
          spent: member?.spent ?? 0,
          answered,
          recorded: { minor: String(BigInt(minor) * BigInt(answered)), currency },
        },
      };
    }),
  );
  const parts = await partsOf(ctx, ctx.db, patientId);
  return { studies, budget: personBudget([...parts.values()], ctx.clock.now()) };
}

/** Throws POOL_NOT_ALLOWED. */
export async function studiesOf(ctx: VaultContext, organisation: string) {
  await assertMayStudy(ctx, organisation);
  const own = (await allStudies(ctx)).filter(({ organisation_id }) => organisation_id === organisation);
  return { studies: await Promise.all(own.map((study) => withReleases(ctx, study))) };
}
