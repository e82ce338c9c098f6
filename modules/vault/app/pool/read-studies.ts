/** Studies as a person sees them, and as the organisation does that registered them. */
import { toIso } from '@zhenmei/kernel';
import { type Selectable, sql } from 'kysely';
import type { VaultDatabase } from '../../adapters/schema.ts';
import { isFunded, leastAnswers, neededFor, pays } from '../../core/pool/pay.ts';
import { personBudget } from '../../core/pool/person-budget.ts';
import type { VaultContext } from '../context.ts';
import { earningsOf, sumOf } from './earnings.ts';
import { stateOfFund } from './funds.ts';
import { partsOf } from './person-budget.ts';
import { assertMayStudy } from './register-study.ts';
import { handleOf, mustAgreeAgain } from './studies.ts';

type Study = Selectable<VaultDatabase['vault.pool_study']>;

/** Studies that may still be joined, the newest of them. */
const NEWEST = 200;

const newest = ({ db }: VaultContext) =>
  db.selectFrom('vault.pool_study').selectAll().orderBy('registered_at', 'desc').orderBy('id');

/** What she may join, and whatever she takes or took part in, however old. */
async function studiesAround(ctx: VaultContext, own: readonly string[]): Promise<Study[]> {
  const now = new Date(ctx.clock.now());
  const lastRelease = sql<Date>`(plan -> 'releases' ->> -1)::timestamptz`;
  return newest(ctx)
    .where((eb) =>
      eb.or([
        eb('id', 'in', newest(ctx).clearSelect().select('id').where(lastRelease, '>', now).limit(NEWEST)),
        own.length > 0 ? eb('id', 'in', own) : eb.val(false),
      ]),
    )
    .execute();
}

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

/** Those around a person, with what this person has agreed to, spent and earned. */
export async function studiesFor(ctx: VaultContext, patientId: string) {
  const parts = await partsOf(ctx, ctx.db, patientId);
  const studies = await Promise.all(
    (await studiesAround(ctx, [...parts.keys()])).map(async (study) => {
      const handle = handleOf(ctx, patientId, study.id);
      const [joined, member, pay] = await Promise.all([
        ctx.db
          .selectFrom('vault.pool_joined')
          .select('receipt')
          .where('study', '=', study.id)
          .where('patient_id', '=', patientId)
          .executeTakeFirst(),
        ctx.db
          .selectFrom('vault.pool_member')
          .select(['spent', 'answered', 'notice', 'unpaid'])
          .where('study', '=', study.id)
          .where('handle', '=', handle)
          .executeTakeFirst(),
        earningsOf(ctx, study.plan, handle),
      ]);
      const spent = member?.spent ?? 0;
      const fund = await stateOfFund(ctx, study.plan, {
        handle,
        spent,
        answered: pay.open,
        joined: joined !== undefined,
      });
      return {
        ...(await withReleases(ctx, study)),
        fund,
        mine: {
          state: joined ? ('joined' as const) : member ? ('left' as const) : ('none' as const),
          receipt: joined?.receipt ?? null,
          changed: joined !== undefined && mustAgreeAgain(member ?? { notice: null }, ctx.clock.now()),
          spent,
          answered: member?.answered ?? 0,
          pay: { ...pay.view, unpaid: member?.unpaid ?? 0 },
        },
      };
    }),
  );
  return {
    studies,
    budget: personBudget([...parts.values()], ctx.clock.now()),
    earnings: sumOf(studies.map(({ mine }) => mine.pay)),
  };
}

/** Throws POOL_NOT_ALLOWED. */
export async function studiesOf(ctx: VaultContext, organisation: string) {
  await assertMayStudy(ctx, organisation);
  const own = await newest(ctx).where('organisation_id', '=', organisation).execute();
  const studies = own.map(async (study) => ({
    ...(await withReleases(ctx, study)),
    fund: await deskFund(ctx, study),
  }));
  return { studies: await Promise.all(studies) };
}

/** What an organisation may know of the money: nothing from which fewer than k people could be counted. */
async function deskFund(ctx: VaultContext, { id, plan }: Study) {
  if (!pays(plan)) return null;
  const [fund, order, paid, published] = await Promise.all([
    ctx.funds.balance(ctx.db, id),
    ctx.funds.newest(id),
    ctx.db
      .selectFrom('vault.pool_earned')
      .select((eb) => eb.fn.count<string>('handle').distinct().as('people'))
      .where('study', '=', id)
      .where('asked', '=', true)
      .executeTakeFirstOrThrow(),
    ctx.db
      .selectFrom('vault.pool_release')
      .select((eb) => eb.fn.countAll<string>().as('n'))
      .where('study', '=', id)
      .executeTakeFirstOrThrow(),
  ]);
  const people = Number(paid.people);
  const enough = people >= plan.k;
  // before the first release nobody can have been paid
  const open = enough || Number(published.n) === 0;
  const rest = fund.came - fund.paidOut - fund.returned;
  return {
    needed: neededFor(plan).toString(),
    least: leastAnswers(plan, fund),
    funded: isFunded(plan, fund),
    came: fund.came.toString(),
    returned: fund.returned.toString(),
    people: enough ? people : null,
    paidOut: open ? fund.paidOut.toString() : null,
    left: open ? (rest > 0n ? rest : 0n).toString() : null,
    // the bank took back what had gone out already
    debt: open ? (rest < 0n ? -rest : 0n).toString() : null,
    order,
  };
}
