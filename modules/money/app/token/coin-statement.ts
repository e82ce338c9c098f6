/** What a clinic earned in each coin: still held, credited, taken out. In the coin's smallest unit. */
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { MoneyContext } from '../context.ts';

export interface CoinStatement {
  readonly token: Hex;
  readonly held: bigint;
  readonly credit: bigint;
  readonly paidOut: bigint;
}

export async function readCoinStatements(ctx: MoneyContext, clinic: Hex): Promise<CoinStatement[]> {
  const { rows } = await sql<{ token: Hex; held: string; credited: string; withdrawn: string }>`
    select a.coin as token, sum(a.held)::text as held,
      (select coalesce(sum(m.amount), 0)::text from money.movement m
        where m.coin = a.coin and m.party = ${clinic} and m.kind = 'credited') as credited,
      (select coalesce(sum(m.amount), 0)::text from money.movement m
        where m.coin = a.coin and m.party = ${clinic} and m.kind = 'withdrawn') as withdrawn
    from money.account a where a.clinic = ${clinic} and a.coin is not null group by a.coin order by a.coin`.execute(
    ctx.db,
  );
  return rows.map(({ token, held, credited, withdrawn }) => ({
    token,
    held: BigInt(held),
    credit: BigInt(credited) - BigInt(withdrawn),
    paidOut: BigInt(withdrawn),
  }));
}
