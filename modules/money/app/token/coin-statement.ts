/**
 * What a clinic earned in each coin: still held, credited, on its own account, passed on. In the coin's smallest unit.
 * Anybody may move what is credited to the clinic's account, so that account counts as not passed on.
 */
import type { Hex } from '@zhenmei/kernel';
import { sql } from 'kysely';
import type { CoinLedger } from '../../ports.ts';
import type { MoneyContext } from '../context.ts';

export interface CoinStatement {
  readonly token: Hex;
  readonly held: bigint;
  readonly credit: bigint;
  readonly onAccount: bigint;
  readonly paidOut: bigint;
}

/** Of every coin that an agreement of the clinic was ever held in. */
export async function readCoinStatements(
  ctx: Pick<MoneyContext, 'db'>,
  clinic: Hex,
  balanceOf: CoinLedger['balanceOf'],
): Promise<CoinStatement[]> {
  const { rows } = await sql<{ token: Hex; held: string; credited: string; withdrawn: string }>`
    select a.coin as token, sum(a.held)::text as held,
      (select coalesce(sum(m.amount), 0)::text from money.movement m
        where m.coin = a.coin and m.party = ${clinic} and m.kind = 'credited') as credited,
      (select coalesce(sum(m.amount), 0)::text from money.movement m
        where m.coin = a.coin and m.party = ${clinic} and m.kind = 'withdrawn') as withdrawn
    from money.account a where a.clinic = ${clinic} and a.coin is not null group by a.coin order by a.coin`.execute(
    ctx.db,
  );
  return Promise.all(
    rows.map(async ({ token, held, credited, withdrawn }) => {
      const onAccount = await balanceOf(token, clinic);
      const left = BigInt(withdrawn) - onAccount;
      return {
        token,
        held: BigInt(held),
        credit: BigInt(credited) - BigInt(withdrawn),
        onAccount,
        paidOut: left > 0n ? left : 0n,
      };
    }),
  );
}

/** Whether an agreement of the clinic was ever held in this coin. */
export async function wasHeldIn({ db }: Pick<MoneyContext, 'db'>, clinic: Hex, token: Hex): Promise<boolean> {
  const found = await db
    .selectFrom('money.account')
    .select('agreement_id')
    .where('clinic', '=', clinic)
    .where('coin', '=', token)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
