/** Where units are, as the chain's events tell it, and the payments that redeemed units ask for. */
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../adapters/schema.ts';
import { partyOf } from '../core/escrow-account.ts';
import { flowsOf, type NameOf } from '../core/unit-flows.ts';
import type { MoneyEvent } from './projection.ts';

type Db = Kysely<MoneyDatabase>;

/** What was asked of the custodian stays: it has been told. */
export async function resetUnits(tx: Db): Promise<void> {
  await tx.deleteFrom('money.unit_flow').execute();
}

/** @param nameOf which contract of ours stands at an address */
export async function applyUnits(tx: Db, event: MoneyEvent, nameOf: NameOf): Promise<void> {
  for (const { place, came, went } of flowsOf(event, nameOf))
    await tx
      .insertInto('money.unit_flow')
      .values({ place, came: came.toString(), went: went.toString() })
      .onConflict((c) =>
        c.column('place').doUpdateSet((eb) => ({
          came: eb('money.unit_flow.came', '+', eb.ref('excluded.came')),
          went: eb('money.unit_flow.went', '+', eb.ref('excluded.went')),
        })),
      )
      .execute();
  if (event.contract === 'SettlementUnit' && event.name === 'Redeemed') await owePayout(tx, event);
}

/** Units that were redeemed are owed by the custodian: once, under the place of the event. */
async function owePayout(tx: Db, event: MoneyEvent): Promise<void> {
  const at = new Date(event.time);
  const key = (logIndex: number) => `payout/${event.block}/${logIndex}`;
  // earlier versions asked under the escrow's own event, which stands right before this one
  const asked = await tx
    .selectFrom('money.rail_payment')
    .select('key')
    .where('key', '=', key(event.logIndex - 1))
    .executeTakeFirst();
  if (asked) return;
  await tx
    .insertInto('money.rail_payment')
    .values({
      key: key(event.logIndex),
      kind: 'payout',
      party: partyOf(String(event.args.payout)),
      amount: String(event.args.amount),
      currency: 'CNY',
      state: 'due',
      entry: null,
      // where it goes is decided when it is sent
      rail: null,
      refunds: null,
      created_at: at,
      updated_at: at,
    })
    .onConflict((c) => c.doNothing())
    .execute();
}
