/**
 * Money that lies at the custodian for many small payments: what of it may still be spent, and to whom it returns.
 * Amounts are minor units of one currency.
 */
export interface PotBalance {
  /** Paid in, complete orders only. */
  readonly came: bigint;
  /** Asked of the custodian: to people, and back to whoever paid it in. */
  readonly rewards: bigint;
  readonly returned: bigint;
  /** Taken back by the bank after it was paid in; whoever paid owes it. */
  readonly owed: bigint;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** What may be spent; never less than nothing. */
export function spendable({ came, rewards, returned, owed }: PotBalance): bigint {
  const left = came - owed - rewards - returned;
  return left > 0n ? left : 0n;
}

/** An entry at the bank that paid into a pot, and what of it was given back before. */
export interface PaidIn {
  readonly entry: string;
  readonly amount: bigint;
  readonly back: bigint;
}

/**
 * What each entry's sender gets of an amount that goes back: the last that came goes first, none gets more than was sent.
 * @param entries in the order of booking
 */
export function shareBack(entries: readonly PaidIn[], amount: bigint): PaidIn[] {
  let left = amount;
  return [...entries].reverse().flatMap(({ entry, amount: sent, back }) => {
    const part = least(left, sent - back);
    if (part <= 0n) return [];
    left -= part;
    return [{ entry, amount: part, back }];
  });
}
