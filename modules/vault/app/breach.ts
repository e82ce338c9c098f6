/** Who is affected by a breach, from the access log alone: no name is needed, notices reach people through their vaults. */
import { AppError, fromIso, toIso } from '@zhenmei/kernel';
import { type RawBuilder, sql } from 'kysely';
import { draftNotice, startClocks } from '../core/breach/draft.ts';
import type { VaultContext, VaultTx } from './context.ts';

export interface BreachAsked {
  readonly id: string;
  readonly drill: boolean;
  readonly from: string;
  readonly to: string;
  readonly organisation?: string | undefined;
  readonly region: string;
  /** Tell the people now. In a drill they are told that it is one. */
  readonly notify: boolean;
}

/** Entries by which something became readable to somebody else. */
const OPENED = ['list', 'view', 'compute', 'export', 'emergency'];
const MOST_LISTED = 10_000;

/**
 * Throws BREACH_PERIOD, BREACH_OTHER, ERASURE_REGION where the region's rules are not known. Repeating tells nobody twice.
 * @param among only what these organisations opened
 */
export async function reportBreach(
  ctx: VaultContext,
  asked: BreachAsked,
  among: readonly string[] | null = null,
) {
  const [from, to, now] = [fromIso(asked.from), fromIso(asked.to), ctx.clock.now()];
  if (from >= to || from > now) throw new AppError('BREACH_PERIOD');
  const rules = ctx.rules.breach(asked.region);
  if (!rules) throw new AppError('ERASURE_REGION', { region: asked.region });
  return ctx.db.transaction().execute(async (tx) => {
    const started = await begin(ctx, tx, asked);
    const within = periodOf(asked, among);
    const people = await affected(tx, within);
    const { rows } = await sql<{ kind: string; purpose: string | null; openings: number; files: number }>`
      SELECT body::jsonb->>'kind' AS kind, body::jsonb->>'purpose' AS purpose,
        count(*)::int AS openings, count(DISTINCT body::jsonb->>'object')::int AS files
      FROM vault.access WHERE ${within} GROUP BY 1, 2 ORDER BY 1, 2`.execute(tx);
    const openings = rows.reduce((sum, row) => sum + row.openings, 0);
    if (asked.notify && !started.notified) await tellAll(ctx, tx, asked, within);
    const { drill, from: since, to: until } = asked;
    return {
      id: asked.id,
      drill,
      startedAt: toIso(started.at),
      people: people.length,
      accounts: people.slice(0, MOST_LISTED),
      openings,
      categories: rows,
      clocks: startClocks(rules, started.at),
      notice: draftNotice({ drill, from: since, to: until, people: people.length, openings }),
      notified: asked.notify || started.notified,
    };
  });
}

/**
 * The same for a regulator: its own region, no account of a person, and nobody is told from here.
 * Throws BREACH_NOT_YOURS and what `reportBreach` throws.
 */
export async function reportBreachInRegion(
  ctx: VaultContext,
  regulator: string,
  asked: Omit<BreachAsked, 'region' | 'notify'>,
) {
  const own = await ctx.organisations.describe(regulator);
  if (own?.kind !== 'regulator') throw new AppError('BREACH_NOT_YOURS');
  const { region } = own;
  const isHere = async (id: string) => (await ctx.organisations.describe(id))?.region === region;
  if (asked.organisation && !(await isHere(asked.organisation))) throw new AppError('BREACH_NOT_YOURS');
  const { rows } = await sql<{ organisation_id: string }>`
    SELECT DISTINCT organisation_id FROM vault.access
    WHERE at >= ${asked.from} AND at < ${asked.to} AND organisation_id IS NOT NULL`.execute(ctx.db);
  const among = [];
  for (const { organisation_id: id } of rows) if (await isHere(id)) among.push(id);
  const { accounts: _, ...found } = await reportBreach(ctx, { ...asked, region, notify: false }, among);
  return found;
}

async function begin({ clock }: VaultContext, tx: VaultTx, asked: BreachAsked) {
  const now = new Date(clock.now());
  await tx
    .insertInto('vault.breach')
    .values({
      id: asked.id,
      drill: asked.drill,
      since: new Date(asked.from),
      until: new Date(asked.to),
      organisation_id: asked.organisation ?? null,
      region: asked.region,
      started_at: now,
      notified: false,
    })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await tx
    .selectFrom('vault.breach')
    .selectAll()
    .where('id', '=', asked.id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const same =
    row.drill === asked.drill &&
    row.since.getTime() === Date.parse(asked.from) &&
    row.until.getTime() === Date.parse(asked.to) &&
    row.organisation_id === (asked.organisation ?? null) &&
    row.region === asked.region;
  if (!same) throw new AppError('BREACH_OTHER');
  return { at: row.started_at.getTime(), notified: row.notified };
}

function periodOf(
  { from, to, organisation }: BreachAsked,
  among: readonly string[] | null,
): RawBuilder<boolean> {
  const by = organisation ? sql`organisation_id = ${organisation}` : sql`organisation_id IS NOT NULL`;
  const where = among ? sql`organisation_id = ANY(${[...among]}::uuid[])` : sql`true`;
  return sql`at >= ${from} AND at < ${to} AND ${by} AND ${where} AND body::jsonb->>'kind' IN (${sql.join(OPENED)})`;
}

async function affected(tx: VaultTx, within: RawBuilder<boolean>): Promise<string[]> {
  const { rows } = await sql<{ patient_id: string }>`
    SELECT DISTINCT patient_id FROM vault.access WHERE ${within} ORDER BY 1`.execute(tx);
  return rows.map(({ patient_id }) => patient_id);
}

/** One statement, so that a hundred thousand are told in one go. */
async function tellAll(
  { clock }: VaultContext,
  tx: VaultTx,
  { id, drill, from, to }: BreachAsked,
  within: RawBuilder<boolean>,
): Promise<void> {
  await sql`LOCK TABLE vault.notice IN SHARE ROW EXCLUSIVE MODE`.execute(tx);
  await sql`
    INSERT INTO vault.notice (patient_id, n, kind, facts, at)
    SELECT p.patient_id,
      coalesce((SELECT max(n) FROM vault.notice x WHERE x.patient_id = p.patient_id), 0) + 1,
      ${drill ? 'breach-drill' : 'breach'}, ${JSON.stringify({ id, from, to })}::jsonb, ${new Date(clock.now())}
    FROM (SELECT DISTINCT patient_id FROM vault.access WHERE ${within}) p`.execute(tx);
  await tx.updateTable('vault.breach').set({ notified: true }).where('id', '=', id).execute();
}
