/**
 * Publishes the releases whose day has come: estimates over enough people, or nothing, or what was published before.
 * With it each answer has earned its payment, whatever was published of it.
 */
import { type Earlier, type Numbers, numbersOf, repeats } from '../../core/pool/estimate.ts';
import { pays } from '../../core/pool/pay.ts';
import { questionOf } from '../../core/pool/questions.ts';
import { type Answers, epsilonOf, type StudyPlan } from '../../core/pool/study.ts';
import type { VaultContext, VaultTx } from '../context.ts';

/** @returns how many were published */
export async function publishDue(ctx: VaultContext): Promise<number> {
  const now = ctx.clock.now();
  const studies = await ctx.db
    .selectFrom('vault.pool_study as s')
    .select((eb) => [
      's.id',
      's.plan',
      eb
        .selectFrom('vault.pool_release as r')
        .select((e) => e.fn.countAll<number>().as('n'))
        .whereRef('r.study', '=', 's.id')
        .as('done'),
    ])
    .execute();
  let count = 0;
  for (const { id, plan, done } of studies) {
    const due = plan.releases.filter((at) => Date.parse(at) <= now).length;
    if (due === Number(done)) continue;
    count += await ctx.db.transaction().execute(async (tx) => {
      // whoever else publishes waits here
      await tx.selectFrom('vault.pool_study').select('id').where('id', '=', id).forUpdate().execute();
      const rows = await tx
        .selectFrom('vault.pool_release')
        .select('release')
        .where('study', '=', id)
        .execute();
      const published = new Set(rows.map(({ release }) => release));
      let n = 0;
      for (let release = 0; release < due; release++) {
        if (published.has(release)) continue;
        await publish(ctx, tx, plan, release);
        n++;
      }
      return n;
    });
  }
  return count;
}

async function publish(ctx: VaultContext, tx: VaultTx, plan: StudyPlan, release: number): Promise<void> {
  const rows = await tx
    .selectFrom('vault.pool_answer')
    .select(['handle', 'answers'])
    .where('study', '=', plan.id)
    .where('release', '=', release)
    .execute();
  const handles = rows.map(({ handle }) => handle);
  const enough = rows.length >= plan.k;
  const again = enough ? repeats(rows.length, await earlierOf(tx, plan.id, handles), plan.k) : null;
  const fresh = enough && again === null;
  const numbers = fresh ? count(plan, rows) : again === null ? null : await numbersIn(tx, plan.id, again);
  await tx
    .insertInto('vault.pool_release')
    .values({
      study: plan.id,
      release,
      // how many there were too few of, or too near to earlier, is not said
      people: fresh ? rows.length : 0,
      repeats: again,
      numbers: numbers && JSON.stringify(numbers),
      published_at: new Date(ctx.clock.now()),
    })
    .execute();
  if (fresh)
    await tx
      .insertInto('vault.pool_counted')
      .values(handles.map((handle) => ({ study: plan.id, release, handle })))
      .execute();
  if (pays(plan))
    await tx
      .insertInto('vault.pool_earned')
      .columns(['study', 'release', 'handle'])
      .expression((eb) =>
        eb
          .selectFrom('vault.pool_answer')
          .select(['study', 'release', 'handle'])
          .where('study', '=', plan.id)
          .where('release', '=', release)
          .where('earns', '=', true),
      )
      .execute();
  await tx
    .deleteFrom('vault.pool_answer')
    .where('study', '=', plan.id)
    .where('release', '=', release)
    .execute();
}

function count(plan: StudyPlan, rows: readonly { readonly answers: Answers }[]) {
  const epsilon = epsilonOf(plan);
  return Object.fromEntries(
    plan.questions.map((id): [string, Numbers | null] => {
      const said = questionOf(id).choices.map(
        (_, i) => rows.filter(({ answers }) => answers[id] === i).length,
      );
      return [id, numbersOf(said, epsilon, plan.k)];
    }),
  );
}

async function earlierOf(tx: VaultTx, study: string, handles: readonly string[]): Promise<Earlier[]> {
  const rows = await tx
    .selectFrom('vault.pool_release as r')
    .leftJoin('vault.pool_counted as c', (join) =>
      join
        .onRef('c.study', '=', 'r.study')
        .onRef('c.release', '=', 'r.release')
        .on('c.handle', 'in', [...handles]),
    )
    .select((eb) => ['r.release', 'r.people', eb.fn.count<number>('c.handle').as('shared')])
    .where('r.study', '=', study)
    .where('r.people', '>', 0)
    .groupBy(['r.release', 'r.people'])
    .execute();
  return rows.map(({ release, people, shared }) => ({ release, people, shared: Number(shared) }));
}

async function numbersIn(tx: VaultTx, study: string, release: number) {
  const row = await tx
    .selectFrom('vault.pool_release')
    .select('numbers')
    .where('study', '=', study)
    .where('release', '=', release)
    .executeTakeFirstOrThrow();
  return row.numbers;
}
