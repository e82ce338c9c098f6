/** The register of assessors as the pool's events tell it: who may be drawn until when, and how well it sees. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { MoneyEvent } from '../projection.ts';

type Db = Kysely<MoneyDatabase>;

export async function resetRegister(tx: Db): Promise<void> {
  await tx.deleteFrom('money.assessor').execute();
}

export async function applyRegister(tx: Db, { name, args }: MoneyEvent): Promise<void> {
  if (!['AssessorAdmitted', 'AssessorDismissed', 'Calibrated'].includes(name)) return;
  const assessor = String(args.assessor).toLowerCase() as Hex;
  const set = (values: object) =>
    tx.updateTable('money.assessor').set(values).where('assessor', '=', assessor).execute();
  if (name === 'AssessorDismissed') {
    await set({ admitted: false });
  } else if (name === 'Calibrated') {
    await set({ looks: Number(args.looks), seen_right: Number(args.right) });
  } else {
    // a new admission begins a new record
    const row = { until: new Date(Number(args.until) * 1000), admitted: true, looks: 0, seen_right: 0 };
    await tx
      .insertInto('money.assessor')
      .values({ assessor, ...row })
      .onConflict((c) => c.column('assessor').doUpdateSet(row))
      .execute();
  }
}
