/** Pledges and the bonds behind them as the chain's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { MoneyEvent } from '../projection.ts';

type Db = Kysely<MoneyDatabase>;
/** How the word of an account begins. */
const ACCOUNT = `0x${'0'.repeat(24)}`;

export async function resetPledges(tx: Db): Promise<void> {
  await tx.deleteFrom('money.pledge').execute();
  await tx.deleteFrom('money.pledge_bond').execute();
}

/** @param book the contract of pledges: its compartment of the bonds counts */
export async function applyPledges(tx: Db, event: MoneyEvent, book: Hex): Promise<void> {
  if (event.contract === 'AbsencePledge') return applyBook(tx, event);
  if (event.contract !== 'ClinicBond') return;
  if (String(event.args.book ?? '').toLowerCase() === book) return applyBond(tx, event);
  return applyCredit(tx, event);
}

async function applyBook(tx: Db, { name, args, block }: MoneyEvent): Promise<void> {
  const id = args.id as Hex;
  const to = (state: 'standing' | 'reported' | 'paid' | 'freed') =>
    tx.updateTable('money.pledge').set({ state }).where('agreement_id', '=', id).execute();
  if (name === 'Pledged')
    await tx
      .insertInto('money.pledge')
      .values({
        agreement_id: id,
        clinic: String(args.clinic).toLowerCase() as Hex,
        sum: String(args.sum),
        state: 'standing',
        pledged_block: BigInt(block),
        payout: null,
      })
      .execute();
  else if (name === 'Witnessed') await to(String(args.reported) === 'true' ? 'reported' : 'standing');
  else if (name === 'Settled') await to(BigInt(String(args.paid)) > 0n ? 'paid' : 'freed');
}

/**
 * A patient's reference is of one agreement alone: what is paid to it ends the pledge's debt. What is paid to a clinic's
 * account is all that it took back.
 */
async function applyCredit(tx: Db, { name, args }: MoneyEvent): Promise<void> {
  const who = args.who as Hex;
  if (name === 'Credited')
    await tx
      .updateTable('money.pledge')
      .set({ payout: who, paid_out: false })
      .where('agreement_id', '=', args.cover as Hex)
      .execute();
  else if (name === 'PaidOut') {
    await tx.updateTable('money.pledge').set({ paid_out: true }).where('payout', '=', who).execute();
    const provider = `0x${who.slice(-40).toLowerCase()}` as Hex;
    if (who.startsWith(ACCOUNT))
      await tx
        .updateTable('money.pledge_bond')
        .set({ back_block: null })
        .where('provider', '=', provider)
        .execute();
  }
}

/** What an event adds to the whole bond, and to what is locked of it. */
function changeOf({ name, args }: MoneyEvent): readonly [total: bigint, locked: bigint] {
  const amount = BigInt(String(args.amount ?? 0));
  switch (name) {
    case 'Deposited':
      return [amount, 0n];
    case 'Reclaimed':
      return [-amount, 0n];
    case 'Locked':
      return [0n, amount];
    case 'Released':
      return [-BigInt(String(args.paid)), -amount];
    default:
      return [0n, 0n];
  }
}

async function applyBond(tx: Db, event: MoneyEvent): Promise<void> {
  const { args } = event;
  const [total, locked] = changeOf(event);
  const provider = String(args.provider).toLowerCase() as Hex;
  const before = await tx
    .selectFrom('money.pledge_bond')
    .selectAll()
    .where('provider', '=', provider)
    .executeTakeFirst();
  const row = {
    total: (BigInt(before?.total ?? 0) + total).toString(),
    locked: (BigInt(before?.locked ?? 0) + locked).toString(),
    back_block: event.name === 'Reclaimed' ? BigInt(event.block) : (before?.back_block ?? null),
  };
  await tx
    .insertInto('money.pledge_bond')
    .values({ provider, ...row })
    .onConflict((c) => c.column('provider').doUpdateSet(row))
    .execute();
}
