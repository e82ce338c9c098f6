/** What the operator pays for a coin's way home on its network, and how much that may be. */
import { AppError, defineErrors } from '@zhenmei/kernel';
import { formatEther, parseEther } from 'viem';

defineErrors({
  TOKEN_RETURN_DEAR: {
    status: 422,
    retryable: false,
    zh: '退回这一笔，最多要付 {cost} 个那个网络自己的币，超过了上限 {most}，没有发出。愿意付，就在命令里加上 --most {cost}；也可以等网络便宜些再发。',
    en: 'Sending this home costs up to {cost} of that network’s own coin, more than the ceiling of {most}; nothing was sent. To pay it, add --most {cost} to the command; or try again when the network is cheaper.',
  },
});

/** Gas of a transfer of any coin in use, with room. */
const RETURN_GAS = 200_000n;
/** How many times the network's present price a signed transfer may offer: prices fall while it waits. */
const FEE_MARGIN = 10n;
/**
 * What a return may offer at any price of its network, in the smallest unit of the network's own coin (0.02 of it): payers who
 * sign for a network that their device does not know cannot know its price. Also the ceiling unless the operator names one.
 */
export const SMALL_COST = 20_000_000_000_000_000n;

export interface ReturnFee {
  /** As the payer signed it. */
  readonly gas: bigint;
  /** What she offers for a unit of gas. */
  readonly fee: bigint;
  /** Lies at her address already. */
  readonly has: bigint;
  /** What a unit of gas may cost the operator now. */
  readonly price: bigint;
  /** Gas of giving something to her address: 21,000, and more where a network counts otherwise. */
  readonly giftGas: bigint;
  /** The operator's ceiling for this return. */
  readonly most: bigint;
}

/**
 * What the operator gives to her address; with the fee for giving it never more than the ceiling. All amounts in the smallest
 * unit of the network's own coin. The operator pays for a transfer at the network's price, or little, not for whatever the payer
 * wrote into it. Throws TOKEN_RETURN_WRONG, TOKEN_RETURN_DEAR.
 */
export function feeToBring({ gas, fee, has, price, giftGas, most }: ReturnFee): bigint {
  const cost = gas * fee;
  if (has >= cost) return 0n;
  if (gas > RETURN_GAS || (cost > SMALL_COST && fee > FEE_MARGIN * price))
    throw new AppError('TOKEN_RETURN_WRONG');
  const gift = cost - has;
  const whole = gift + giftGas * price;
  if (whole > most)
    throw new AppError('TOKEN_RETURN_DEAR', { cost: roundedUp(whole), most: formatEther(most) });
  return gift;
}

/** Two digits that count, so that a price which rises a little meanwhile is paid too. */
function roundedUp(amount: bigint): string {
  const unit = 10n ** BigInt(Math.max(0, amount.toString().length - 2));
  return formatEther(((amount + unit - 1n) / unit) * unit);
}

/** A ceiling as the operator types it, in a network's own coin, e.g. `0.05`; null if it is none. */
export const readCeiling = (text: string): bigint | null =>
  /^\d{1,9}(\.\d{1,18})?$/.test(text) ? parseEther(text) : null;
