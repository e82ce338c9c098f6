/** The escrow's accounts and movements as the chain's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import { afterEvent, type EscrowAccount, openedAccount, partyOf } from '../core/escrow-account.ts';

export interface MoneyEvent {
  readonly contract: string;
  readonly name: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly block: number;
  readonly logIndex: number;
  readonly time: number;
}

type Db = Kysely<MoneyDatabase>;

export async function resetMoney(tx: Db): Promise<void> {
  await tx.deleteFrom('money.movement').execute();
  await tx.deleteFrom('money.account').execute();
}

/** @param unit the closed loop's: whatever else an agreement is held in is a coin */
export async function applyMoney(tx: Db, event: MoneyEvent, unit: Hex): Promise<void> {
  if (event.contract !== 'CareEscrow') return;
  const { args, name } = event;
  const coin = coinOf(args.token, unit);
  if (name === 'Withdrawn') {
    return move(tx, event, 'withdrawn', partyOf(String(args.who)), String(args.amount), null, coin);
  }
  const id = args.id as Hex | undefined;
  if (!id) return;
  if (name === 'AgreementOpened') {
    const opened = openedAccount(args);
    await tx
      .insertInto('money.account')
      .values({
        agreement_id: id,
        patient: args.patient as Hex,
        clinic: opened.clinic,
        opened_at: new Date(event.time),
        coin,
        ...columns(opened),
      })
      .execute();
    return move(tx, event, 'held', args.patient as Hex, String(args.total), id, coin);
  }
  const before = await load(tx, id);
  const after = afterEvent(before, name, args);
  if (after !== before)
    await tx.updateTable('money.account').set(columns(after)).where('agreement_id', '=', id).execute();
  if (name === 'Credited')
    await move(tx, event, 'credited', partyOf(String(args.who)), String(args.amount), id, coin);
}

const coinOf = (token: unknown, unit: Hex): Hex | null => {
  const low = typeof token === 'string' ? (token.toLowerCase() as Hex) : null;
  return low === unit.toLowerCase() ? null : low;
};

async function load(tx: Db, id: Hex): Promise<EscrowAccount> {
  const row = await tx
    .selectFrom('money.account')
    .selectAll()
    .where('agreement_id', '=', id)
    .executeTakeFirstOrThrow();
  return {
    clinic: row.clinic,
    state: row.state as EscrowAccount['state'],
    funded: BigInt(row.funded),
    held: BigInt(row.held),
    paid: BigInt(row.paid),
    fee: BigInt(row.fee),
    refunded: BigInt(row.refunded),
    milestone: row.milestone,
    deadline: row.deadline?.getTime() ?? null,
  };
}

function columns(account: EscrowAccount) {
  return {
    state: account.state,
    funded: account.funded.toString(),
    held: account.held.toString(),
    paid: account.paid.toString(),
    fee: account.fee.toString(),
    refunded: account.refunded.toString(),
    milestone: account.milestone,
    deadline: account.deadline === null ? null : new Date(account.deadline),
  };
}

async function move(
  tx: Db,
  event: MoneyEvent,
  kind: string,
  party: Hex,
  amount: string,
  agreement: Hex | null,
  coin: Hex | null,
): Promise<void> {
  await tx
    .insertInto('money.movement')
    .values({
      block: BigInt(event.block),
      log_index: event.logIndex,
      agreement_id: agreement,
      kind,
      party,
      amount,
      at: new Date(event.time),
      coin,
    })
    .onConflict((c) => c.doNothing())
    .execute();
}
