/** Reports of absence as the escrow's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { AbsenceOutcome } from '../../core/absence.ts';
import type { MoneyEvent } from '../projection.ts';

type Db = Kysely<MoneyDatabase>;
/** Places of `PatientAbsent` and `ClinicAbsent` among the contract's reasons. */
const ABSENT = [8, 9];

export async function resetAbsences(tx: Db): Promise<void> {
  await tx.deleteFrom('money.absence').execute();
}

export async function applyAbsences(tx: Db, { contract, name, args, time }: MoneyEvent): Promise<void> {
  if (contract !== 'CareEscrow') return;
  const id = args.id as Hex;
  const ends = (outcome: AbsenceOutcome) =>
    tx
      .updateTable('money.absence')
      .set({ outcome })
      .where('agreement_id', '=', id)
      .where('outcome', 'is', null)
      .execute();
  if (name === 'AbsenceReported')
    await tx
      .insertInto('money.absence')
      .values({
        agreement_id: id,
        milestone: Number(args.milestone),
        reported_by: String(args.by).toLowerCase() as Hex,
        reported_at: new Date(time),
        until: new Date(Number(args.deadline) * 1000),
        outcome: null,
      })
      .execute();
  else if (name === 'MilestoneDisputed') await ends('objected');
  else if (name === 'AgreementClosed') await ends(ABSENT.includes(Number(args.reason)) ? 'settled' : 'ended');
}
