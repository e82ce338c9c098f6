/** Covers, bonds and price tables as the chain's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { MoneyEvent } from '../projection.ts';
import { applyBackers, resetBackers } from './project-backers.ts';

type Db = Kysely<MoneyDatabase>;

export async function resetGuarantee(tx: Db): Promise<void> {
  await tx.deleteFrom('money.cover').execute();
  await tx.deleteFrom('money.bond').execute();
  await tx.deleteFrom('money.price_table').execute();
  await resetBackers(tx);
}

/** @param book whose compartment of the bonds counts */
export async function applyGuarantee(tx: Db, event: MoneyEvent, book: Hex): Promise<void> {
  await applyBackers(tx, event);
  if (event.contract === 'GuaranteeBook') return applyBook(tx, event);
  if (event.contract !== 'ClinicBond') return;
  if (event.name === 'Credited' || event.name === 'PaidOut') return applyCredit(tx, event);
  if (event.contract === 'ClinicBond' && String(event.args.book).toLowerCase() === book)
    return applyBond(tx, event);
}

const idOf = (number: string): Hex => `0x${BigInt(number).toString(16).padStart(64, '0')}`;

async function applyBook(tx: Db, { name, args, time, block }: MoneyEvent): Promise<void> {
  const id = args.id as Hex;
  const set = (values: object) => tx.updateTable('money.cover').set(values).where('id', '=', id).execute();
  switch (name) {
    case 'CoverOpened':
      await tx
        .insertInto('money.cover')
        .values({
          id,
          agreement_id: args.agreement as Hex,
          clinic: args.clinic as Hex,
          cell: args.cell as Hex,
          profile: Number(args.profile),
          price: String(args.price),
          sum: String(args.sum),
          premium: String(args.premium),
          until: new Date(Number(args.until) * 1000),
          state: 'open',
          opened_at: new Date(time),
          opened_block: BigInt(block),
        })
        .execute();
      return;
    case 'CoverClaimed':
      await set({
        state: 'claimed',
        asked: Number(args.asked),
        deadline: new Date(Number(args.deadline) * 1000),
      });
      return;
    case 'Ruling':
      await tx
        .updateTable('money.cover')
        .set({ ruling: Number(args.ruling) })
        .where('id', '=', idOf(String(args.disputeID)))
        .execute();
      return;
    case 'CoverSettled':
      await set({
        state: 'settled',
        ruling: Number(args.ruling),
        silent: args.silent === true || args.silent === 'true',
        from_bond: String(args.fromBond),
        from_backer: String(args.fromBacker),
        settled_block: BigInt(block),
      });
      return;
    case 'CoverLapsed':
      await set({ state: 'lapsed', settled_block: BigInt(block) });
      return;
    case 'TablePosted':
      await tx
        .insertInto('money.price_table')
        .values({
          epoch: Number(args.epoch),
          hash: args.table as Hex,
          as_of: BigInt(String(args.asOf)),
          posted_at: new Date(time),
        })
        .execute();
      return;
    default:
  }
}

/** A patient's reference is of one agreement alone: what is paid to it ends its cover's debt. */
async function applyCredit(tx: Db, { name, args }: MoneyEvent): Promise<void> {
  const who = args.who as Hex;
  if (name === 'Credited')
    await tx
      .updateTable('money.cover')
      .set({ payout: who, paid_out: false })
      .where('id', '=', args.cover as Hex)
      .execute();
  else await tx.updateTable('money.cover').set({ paid_out: true }).where('payout', '=', who).execute();
}

const SIGNS: Readonly<
  Record<string, (args: MoneyEvent['args']) => readonly [total: bigint, locked: bigint]>
> = {
  Deposited: ({ amount }) => [BigInt(String(amount)), 0n],
  Reclaimed: ({ amount }) => [-BigInt(String(amount)), 0n],
  Locked: ({ amount }) => [0n, BigInt(String(amount))],
  Released: ({ amount, paid }) => [-BigInt(String(paid)), -BigInt(String(amount))],
};

async function applyBond(tx: Db, { name, args }: MoneyEvent): Promise<void> {
  const change = SIGNS[name]?.(args);
  if (!change) return;
  const provider = args.provider as Hex;
  const before = await tx
    .selectFrom('money.bond')
    .selectAll()
    .where('provider', '=', provider)
    .executeTakeFirst();
  const row = {
    total: (BigInt(before?.total ?? 0) + change[0]).toString(),
    locked: (BigInt(before?.locked ?? 0) + change[1]).toString(),
  };
  await tx
    .insertInto('money.bond')
    .values({ provider, ...row })
    .onConflict((c) => c.column('provider').doUpdateSet(row))
    .execute();
}
