/** Licensed insurers, the pool's queue and what it owes, as the chain's events tell them. A pure function of the events. */
import type { Hex } from '@zhenmei/kernel';
import type { Kysely } from 'kysely';
import type { MoneyDatabase } from '../../adapters/schema.ts';
import type { MoneyEvent } from '../projection.ts';

type Db = Kysely<MoneyDatabase>;

export async function resetBackers(tx: Db): Promise<void> {
  await tx.deleteFrom('money.insurer').execute();
  await tx.deleteFrom('money.pool_exit').execute();
}

export async function applyBackers(tx: Db, { contract, name, args, time }: MoneyEvent): Promise<void> {
  switch (`${contract}.${name}`) {
    case 'GuaranteeBook.InsurerLicensed': {
      const licensed = args.licensed === true || args.licensed === 'true';
      const row = { licensed, since: new Date(time) };
      await tx
        .insertInto('money.insurer')
        .values({ account: lower(args.insurer), ...row })
        .onConflict((c) => c.column('account').doUpdateSet(row))
        .execute();
      return;
    }
    case 'GuaranteePool.Credited':
      await tx
        .updateTable('money.cover')
        .set({ payout: args.who as Hex, pool_paid_out: false })
        .where('id', '=', args.cover as Hex)
        .execute();
      return;
    case 'GuaranteePool.PaidOut':
      await tx
        .updateTable('money.cover')
        .set({ pool_paid_out: true })
        .where('payout', '=', args.who as Hex)
        .where('pool_paid_out', '=', false)
        .execute();
      return;
    case 'GuaranteePool.ExitAsked': {
      const row = { shares: String(args.shares), ready_at: new Date(Number(args.from) * 1000) };
      await tx
        .insertInto('money.pool_exit')
        .values({ owner: lower(args.owner), ...row })
        .onConflict((c) => c.column('owner').doUpdateSet(row))
        .execute();
      return;
    }
    case 'GuaranteePool.Withdraw': {
      const left = await tx
        .selectFrom('money.pool_exit')
        .selectAll()
        .where('owner', '=', lower(args.owner))
        .executeTakeFirst();
      if (!left) return;
      const shares = BigInt(left.shares) - BigInt(String(args.shares));
      const same = tx.updateTable('money.pool_exit').where('owner', '=', left.owner);
      await same.set({ shares: (shares > 0n ? shares : 0n).toString() }).execute();
      return;
    }
    default:
  }
}

const lower = (account: unknown): Hex => String(account).toLowerCase() as Hex;
