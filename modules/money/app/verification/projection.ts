/** Paid checks as the contract's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import { CHECK_PHASES, type CheckPhase } from '../../core/verification-moves.ts';
import type { MoneyEvent } from '../projection.ts';

type Db = Kysely<MoneyDatabase>;
const COUNTED: readonly CheckPhase[] = ['challengeable', 'unsealing'];

export async function resetChecks(tx: Db): Promise<void> {
  await tx.deleteFrom('money.check_seat').execute();
  await tx.deleteFrom('money.check_task').execute();
  await tx.deleteFrom('money.check_verifier').execute();
  await tx.deleteFrom('money.check_pay').execute();
  await tx.deleteFrom('money.check_tagged').execute();
}

export async function applyChecks(tx: Db, { contract, name, args, time }: MoneyEvent): Promise<void> {
  if (contract !== 'ProviderVerification') return;
  const id = String(args.id);
  const task = (set: object) => tx.updateTable('money.check_task').set(set).where('id', '=', id).execute();
  const account = String(args.verifier ?? '').toLowerCase() as Hex;
  const seat = (set: object) =>
    tx
      .updateTable('money.check_seat')
      .set(set)
      .where('task_id', '=', id)
      .where('verifier', '=', account)
      .execute();
  const verifier = async (set: { admitted?: boolean; until?: Date | null } & Record<string, unknown>) => {
    await tx
      .insertInto('money.check_verifier')
      .values({ verifier: account, admitted: false, until: null, ...set })
      .onConflict((c) => c.column('verifier').doUpdateSet(set))
      .execute();
  };
  switch (name) {
    case 'PaySet':
      await tx
        .insertInto('money.check_pay')
        .values({ one: true, pay: String(args.pay) })
        .onConflict((c) => c.column('one').doUpdateSet({ pay: String(args.pay) }))
        .execute();
      return;
    case 'ClinicTagged':
      await tx
        .insertInto('money.check_tagged')
        .values({ clinic: String(args.clinic).toLowerCase() as Hex })
        .onConflict((c) => c.doNothing())
        .execute();
      return;
    case 'VerifierAdmitted':
      await verifier({ admitted: true, until: new Date(Number(args.until) * 1000) });
      return changed(tx, account);
    case 'VerifierDismissed':
      await verifier({ admitted: false, until: null });
      return changed(tx, account);
    case 'Measured':
      return verifier({
        checks: Number(args.checks),
        misses: Number(args.misses),
        suspended: Boolean(args.suspended),
      });
    case 'Asked':
      await tx
        .insertInto('money.check_task')
        .values({
          id,
          clinic: String(args.clinic).toLowerCase() as Hex,
          subject: args.subject as Hex,
          fee: String(args.fee),
          phase: 'asked',
          deadline: null,
          asked_at: new Date(time),
          decided_at: null,
          beacon: null,
          challenger: null,
          grounds: null,
          fake: null,
        })
        .execute();
      return;
    case 'Prepared':
      await task({ beacon: args.beacon });
      return;
    case 'Drawn':
      return drawn(tx, id, Number(args.round), String(args.verifiers));
    case 'AnswerCommitted':
      await seat({ committed: true });
      return;
    case 'Attested':
      await seat({
        failed: Number(args.failed),
        checked_on: new Date(Number(args.checkedOn) * 1000),
        evidence: args.evidence,
      });
      return;
    case 'Slashed':
      await seat({ slashed: String(args.amount) });
      return;
    case 'ChallengeMade':
      await task({ challenger: String(args.challenger).toLowerCase(), grounds: args.grounds });
      return;
    case 'Unsealed':
      await task({ fake: Boolean(args.fake) });
      return;
    case 'PhaseChanged': {
      const phase = CHECK_PHASES[Number(args.phase)]!;
      await task({
        phase,
        round: Number(args.round),
        accepted: Boolean(args.accepted),
        deadline: Number(args.deadline) === 0 ? null : new Date(Number(args.deadline) * 1000),
        ...(COUNTED.includes(phase) ? { counted: true, decided_at: new Date(time) } : {}),
      });
      return;
    }
    case 'Credited':
      return credited(tx, String(args.who), BigInt(String(args.cover)).toString(), String(args.amount));
  }
}

async function changed(tx: Db, verifier: Hex): Promise<void> {
  await tx
    .updateTable('money.check_verifier')
    .set((eb) => ({ changes: eb('changes', '+', 1) }))
    .where('verifier', '=', verifier)
    .execute();
}

/** A list in an event is kept as JSON. */
async function drawn(tx: Db, id: string, round: number, list: string): Promise<void> {
  const seats = JSON.parse(list) as string[];
  if (seats.length === 0) return;
  await tx
    .insertInto('money.check_seat')
    .values(
      seats.map((one, place) => ({
        task_id: id,
        round,
        verifier: one.toLowerCase() as Hex,
        place,
        failed: null,
        checked_on: null,
        evidence: null,
      })),
    )
    .execute();
}

/** What a task pays to one of its verifiers; other credits are the clinic's, the house's or a challenger's. */
async function credited(tx: Db, who: string, task: string, amount: string): Promise<void> {
  await tx
    .updateTable('money.check_seat')
    .set((eb) => ({ earned: eb('earned', '+', amount) }))
    .where('task_id', '=', task)
    .where('verifier', '=', `0x${who.slice(26)}`.toLowerCase() as Hex)
    .execute();
}
