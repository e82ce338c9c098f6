/** Money of studies: the vault says who earned what, money keeps it in pots and pays. One pot a study. */
import {
  giveBackFromPot,
  type MoneyContext,
  type MoneyDatabase,
  nextNight,
  orderIntoPot,
  payFromPot,
  potBalance,
  potOrder,
  rewardStates,
} from '@zhenmei/money';
import { type FundPort, publishDue, settleStudies, type VaultContext } from '@zhenmei/vault';
import type { Kysely } from 'kysely';

/** Both modules' tables are in one database: what is given a transaction of the one writes to the other in it. */
const within = (tx: unknown) => tx as Kysely<MoneyDatabase>;

export function fundPort(money: MoneyContext): FundPort {
  return {
    order: (pot, amount, currency, until) => orderIntoPot(money, { pot, amount, currency, until }),
    newest: (pot) => potOrder(money, pot),
    async balance(tx, pot) {
      const { came, rewards, returned, owed } = await potBalance(within(tx), pot);
      return { came: came - owed, paidOut: rewards, returned };
    },
    pay: (tx, { study: pot, key, to, amount }) => payFromPot(money, within(tx), { pot, key, to, amount }),
    giveBack: (tx, pot, amount) => giveBackFromPot(money, within(tx), pot, amount),
    states: (keys) => rewardStates(money, keys),
  };
}

/**
 * One round of work on studies. Payments are asked for when something was published and once a night, not the moment
 * somebody says where to: its time would tell whose payment it is.
 */
export function studyRounds(vault: VaultContext): () => Promise<void> {
  let next = 0;
  return async () => {
    const published = await publishDue(vault);
    // what was published is settled even if that fails now: the next round tries again
    if (published > 0) next = 0;
    if (vault.clock.now() < next) return;
    await settleStudies(vault);
    next = nextNight(vault.clock.now());
  };
}
