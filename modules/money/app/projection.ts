/** The escrow's accounts and movements as the chain's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';

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

export async function applyMoney(tx: Db, event: MoneyEvent): Promise<void> {
  if (event.contract !== 'CareEscrow') return;
  const { args } = event;
  const id = args.id as Hex;
  switch (event.name) {
    case 'AgreementOpened':
      await tx
        .insertInto('money.account')
        .values({
          agreement_id: id,
          patient: args.patient as Hex,
          clinic: args.clinic as Hex,
          state: 'active',
          funded: String(args.total),
          held: String(args.total),
          paid: '0',
          fee: '0',
          refunded: '0',
          milestone: 0,
          opened_at: new Date(event.time),
          deadline: null,
        })
        .execute();
      return move(tx, event, 'held', args.patient as Hex, String(args.total), id);
    case 'MilestoneClaimed':
      return change(tx, id, { state: 'claimed', deadline: new Date(Number(args.deadline) * 1000) });
    case 'MilestoneDisputed':
      return change(tx, id, { state: 'disputed', deadline: new Date(Number(args.deadline) * 1000) });
    case 'MilestoneReleased':
    case 'MilestoneRuled':
      return settle(tx, event, id);
    case 'AgreementClosed': {
      const account = await load(tx, id);
      const refunded = BigInt(account.refunded) + BigInt(String(args.refunded));
      await change(tx, id, { state: 'closed', held: '0', refunded: refunded.toString(), deadline: null });
      return;
    }
    case 'Credited':
      return move(tx, event, 'credited', partyOf(String(args.who)), String(args.amount), id);
    case 'Withdrawn':
      return move(tx, event, 'withdrawn', partyOf(String(args.who)), String(args.amount), null);
  }
}

async function settle(tx: Db, event: MoneyEvent, id: Hex): Promise<void> {
  const account = await load(tx, id);
  const toClinic = BigInt(String(event.args.toClinic));
  const fee = BigInt(String(event.args.fee));
  const refunded = BigInt(String(event.args.refunded ?? 0));
  await change(tx, id, {
    state: 'active',
    milestone: account.milestone + 1,
    held: (BigInt(account.held) - toClinic - fee - refunded).toString(),
    paid: (BigInt(account.paid) + toClinic).toString(),
    fee: (BigInt(account.fee) + fee).toString(),
    refunded: (BigInt(account.refunded) + refunded).toString(),
    deadline: null,
  });
}

async function load(tx: Db, id: Hex) {
  return tx.selectFrom('money.account').selectAll().where('agreement_id', '=', id).executeTakeFirstOrThrow();
}

async function change(
  tx: Db,
  id: Hex,
  set: Partial<{
    state: string;
    milestone: number;
    held: string;
    paid: string;
    fee: string;
    refunded: string;
    deadline: Date | null;
  }>,
): Promise<void> {
  await tx.updateTable('money.account').set(set).where('agreement_id', '=', id).execute();
}

async function move(
  tx: Db,
  event: MoneyEvent,
  kind: string,
  party: Hex,
  amount: string,
  agreement: Hex | null,
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
    })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** A credited party is an address in 32 bytes, or a payout reference as it is. */
function partyOf(who: string): Hex {
  return (/^0x0{24}/.test(who) ? `0x${who.slice(26)}` : who) as Hex;
}
