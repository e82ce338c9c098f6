/** Coins of this house: how they are watched, and what the house does with them that anybody may do. */
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex, HOUR } from '@zhenmei/kernel';
import {
  type CoinLedger,
  dueReturns,
  type MoneyContext,
  type MoneyDatabase,
  noteAnswer,
  watchDeposits,
} from '@zhenmei/money';
import { sql } from 'kysely';
import { encodeFunctionData, erc20Abi, pad } from 'viem';
import { coinAt, readCoin } from './coins.ts';
import type { ModuleDeps } from './deps.ts';
import type { DueCall } from './due-work.ts';
import { tokenChain } from './token-chain.ts';

/** The shape of a visit's row that is needed here; care owns the table, this is a read model. */
interface VisitToken {
  'care.visit': { agreement_id: Hex | null; terms: { token: Hex } | null };
}

/** Null in a house without a coin. */
export function tokenPort({ engines, protocol, config, coins }: ModuleDeps): MoneyContext['tokens'] {
  if (coins.length === 0) return null;
  return tokenChain({
    chain: engines.chain,
    escrow: protocol.contracts.CareEscrow,
    confirmations: config.coinConfirmations,
    async tokenOf(agreement) {
      const row = await engines.database
        .as<VisitToken>()
        .selectFrom('care.visit')
        .select('terms')
        .where('agreement_id', '=', agreement)
        .executeTakeFirst();
      const coin = row?.terms ? coinAt(coins, row.terms.token) : null;
      return coin && { token: coin.token, digits: coin.digits, symbol: coin.symbol };
    },
  });
}

/** Also of coins that the operator no longer names: what was earned in one is the clinic's for ever. */
export function coinLedger({
  engines: { chain },
  config,
}: Pick<ModuleDeps, 'engines' | 'config'>): CoinLedger {
  return {
    async coinOf(token) {
      const found = await readCoin(chain, token);
      if (!found) throw new AppError('COIN_SCALE_UNKNOWN');
      return found;
    },
    async balanceOf(token, account) {
      const { number } = await chain.head();
      return chain.viem.readContract({
        address: token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [account],
        blockNumber: BigInt(Math.max(0, number - config.coinConfirmations)),
      });
    },
  };
}

/** A page. */
const MOST = 200;

/**
 * What the escrow owes patients in a coin is brought to their agreements' addresses, from where each signs it home. Each
 * by itself: whom the coin's issuer stops keeps nobody else waiting.
 */
export async function dueRefunds(
  { clock, engines, protocol: { contracts } }: ModuleDeps,
  skip: number,
): Promise<DueCall[]> {
  const rows = await engines.database
    .as<MoneyDatabase>()
    .selectFrom('money.movement as m')
    .select(['m.coin', 'm.party', sql<string>`max(m.block)`.as('block')])
    .where('m.coin', 'is not', null)
    .where('m.kind', 'in', ['credited', 'withdrawn'])
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('money.account as a')
          .select('a.agreement_id')
          .whereRef('a.patient', '=', 'm.party')
          .whereRef('a.coin', '=', 'm.coin'),
      ),
    )
    .groupBy(['m.coin', 'm.party'])
    .having(sql<boolean>`sum(case m.kind when 'credited' then m.amount else -m.amount end) > 0`)
    .orderBy(sql`max(m.block)`)
    .orderBy('m.party')
    .offset(skip)
    .limit(MOST)
    .execute();
  // a call that was let through and then stopped is made again in another hour
  const hour = Math.floor(clock.now() / HOUR);
  return rows.map(({ coin, party, block }) => ({
    key: `coin/${coin}/${party}/${block}/${hour}`,
    to: contracts.CareEscrow,
    data: encodeFunctionData({
      abi: CareEscrowAbi,
      functionName: 'withdraw',
      args: [coin!, pad(party, { size: 32 })],
    }),
    gas: 500_000n,
  }));
}

/** What arrives is followed; what payers signed to have sent home is sent where the network asks nothing for it. */
export async function followCoins(
  money: MoneyContext,
  log: { warn(fields: object, message: string): void },
): Promise<void> {
  const { tokens } = money;
  if (!tokens) return;
  await watchDeposits(money);
  for (const due of await dueReturns(money, tokens.chainId)) {
    // one that its network refuses keeps no other waiting
    const answer = await tokens.sendFree(due.signed).catch(() => null);
    const told = await noteAnswer(money, due.hash, due, answer);
    if (told)
      log.warn(
        { hash: due.hash, trouble: told.trouble, state: told.state },
        'a signed return of a coin does not go',
      );
  }
}
