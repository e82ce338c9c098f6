/** What a person chose for after death, and the closings that run: her own, and those of people she guards. */
import { toIso } from '@zhenmei/kernel';
import { CLOSING_LEAST } from '../core/closing/wish.ts';
import { assertOwner, ownerStatement } from '../core/owner.ts';
import type { VaultContext } from './context.ts';
import { ownerOf } from './remove-devices.ts';

export async function readWish({ db }: VaultContext, patientId: string) {
  const wish = await db
    .selectFrom('vault.wish')
    .selectAll()
    .where('patient_id', '=', patientId)
    .executeTakeFirst();
  if (!wish) return { wish: null };
  const { kind, heir, objects, made_at } = wish;
  return { wish: { kind, heir, objects, madeAt: toIso(made_at.getTime()) } };
}

/** From now on nobody opens anything. Throws OWNER_UNKNOWN, OWNER_SIGNATURE_WRONG. */
export async function withdrawWish(ctx: VaultContext, patientId: string, signature: string): Promise<void> {
  assertOwner(await ownerOf(ctx, patientId), ownerStatement.wish({ kind: 'nothing' }), signature);
  await ctx.db.deleteFrom('vault.wish').where('patient_id', '=', patientId).execute();
}

type Row = Awaited<ReturnType<typeof running>>[number];

function running({ db }: VaultContext, people: readonly string[]) {
  return db
    .selectFrom('vault.closing as c')
    .innerJoin('vault.guardianship as g', 'g.recovery', 'c.recovery')
    .selectAll('c')
    .select('g.need')
    .where('c.patient_id', 'in', people)
    .where('c.cancelled_at', 'is', null)
    .execute();
}

async function codesOf({ db }: VaultContext, id: string): Promise<string[]> {
  const rows = await db.selectFrom('vault.closing_approval').select('code').where('id', '=', id).execute();
  return rows.map(({ code }) => code);
}

async function shown(ctx: VaultContext, row: Row, codes: readonly string[]) {
  const [have, need] = [codes.length, Math.max(CLOSING_LEAST, row.need)];
  return {
    id: row.id,
    startedAt: toIso(row.started_at.getTime()),
    dueAt: toIso(row.due_at.getTime()),
    have,
    need,
    ready: have >= need && row.due_at.getTime() <= ctx.clock.now(),
    openedAt: row.opened_at && toIso(row.opened_at.getTime()),
    endsAt: row.ends_at && toIso(row.ends_at.getTime()),
  };
}

/** Closings that were neither stopped nor finished. */
export async function listClosings(ctx: VaultContext, patientId: string) {
  const held = await ctx.db
    .selectFrom('vault.guardian_share as s')
    .innerJoin('vault.guardian as g', 'g.code', 's.code')
    .innerJoin('vault.guardianship as a', 'a.recovery', 's.recovery')
    .select(['s.code', 's.recovery', 'a.patient_id'])
    .where('g.patient_id', '=', patientId)
    .execute();
  const rows = await running(ctx, [patientId, ...held.map(({ patient_id }) => patient_id)]);
  const mine = rows.find((row) => row.patient_id === patientId);
  const wards = [];
  for (const { code, recovery, patient_id } of held) {
    const row = rows.find((one) => one.recovery === recovery);
    const codes = row ? await codesOf(ctx, row.id) : [];
    // whom the person chose is told once it is carried out, not before
    const wish = row?.opened_at
      ? await ctx.db
          .selectFrom('vault.wish')
          .select(['kind', 'heir'])
          .where('patient_id', '=', patient_id)
          .executeTakeFirst()
      : undefined;
    const closing = row && {
      ...(await shown(ctx, row, codes)),
      agreed: codes.includes(code),
      forMe: wish?.kind === 'hand-over' && wish.heir === code,
    };
    wards.push({ recovery, code, closing: closing ?? null });
  }
  return { mine: mine ? await shown(ctx, mine, await codesOf(ctx, mine.id)) : null, wards };
}
