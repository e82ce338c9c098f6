/**
 * Paying an agreement in a token: whatever reaches the agreement's own address, and what becomes of it. The address is the
 * patient's key of this agreement, so nobody else can move what lies there. All of it is a pure function of the transfers
 * that stand on the ledger now; after a reorganisation it is simply computed again.
 */
import { AppError, defineErrors, type Hex } from '@zhenmei/kernel';

export interface TokenWanted {
  readonly chainId: number;
  readonly token: Hex;
  readonly address: Hex;
  readonly escrow: Hex;
  /** In the token's own smallest unit, like all amounts here. */
  readonly amount: bigint;
  /** Milliseconds since the epoch: what comes later goes home. */
  readonly payBy: number;
  /** The agreement may still be paid, or is. */
  readonly payable: boolean;
}

export interface TokenTransfer {
  readonly block: number;
  readonly logIndex: number;
  readonly token: Hex;
  readonly from: Hex;
  readonly to: Hex;
  readonly amount: bigint;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export type HomeReason =
  | 'wrong-token'
  | 'late'
  | 'paid-already'
  | 'too-much'
  | 'not-completed'
  /** Came out of the escrow again. */
  | 'refund'
  | 'called-off';

/** One transfer that came in: how much of it pays the agreement, and how much goes home, and why. */
export interface Arrival extends TokenTransfer {
  readonly counted: bigint;
  readonly home: bigint;
  readonly reason: HomeReason | null;
}

/**
 * `complete`: may be put into the escrow. `fee-taken`: the token keeps something of each transfer, so it is not used here.
 * `stopped`: its issuer does not let this address, or anybody, move it now.
 */
export type DepositState = 'waiting' | 'part' | 'complete' | 'fee-taken' | 'stopped' | 'over' | 'held';

export interface Deposit {
  readonly state: DepositState;
  readonly missing: bigint;
  readonly arrivals: readonly Arrival[];
}

/** What the ledger says of the address besides its transfers. */
export interface Holding {
  /** Of the agreement's token, at the block up to which the transfers were read. */
  readonly balance: bigint;
  /** Whether the token would let the address pay the escrow now; asked only when it is complete. */
  readonly moves: boolean;
  /** The escrow has taken it. */
  readonly held: boolean;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** In the order of the ledger. @param now milliseconds since the epoch */
export function depositOf(
  wanted: TokenWanted,
  transfers: readonly TokenTransfer[],
  holding: Holding,
  now: number,
): Deposit {
  // nothing is no transfer, however often it is sent
  const ordered = transfers
    .filter(({ amount }) => amount > 0n)
    .toSorted((a, b) => a.block - b.block || a.logIndex - b.logIndex);
  let counted = 0n;
  const first = ordered
    .filter(({ to }) => same(to, wanted.address))
    .map((one): Arrival => {
      const reason = refusalOf(wanted, one, counted);
      if (reason) return { ...one, counted: 0n, home: one.amount, reason };
      const rest = wanted.amount - counted;
      const home = one.amount > rest ? one.amount - rest : 0n;
      const part = one.amount - home;
      counted += part;
      return { ...one, counted: part, home, reason: home > 0n ? 'too-much' : null };
    });
  const complete = counted === wanted.amount;
  const over = !holding.held && (!wanted.payable || (!complete && now > wanted.payBy));
  const arrivals = over
    ? first.map((one) => allHome(one, wanted.payable ? 'not-completed' : 'called-off'))
    : first;
  const missing = wanted.amount - counted;
  return { state: stateOf(), missing: over || holding.held ? 0n : missing, arrivals };

  function stateOf(): DepositState {
    if (holding.held) return 'held';
    if (balanceBy(wanted.token, wanted.address, ordered) > holding.balance) return 'fee-taken';
    if (over) return 'over';
    if (counted === 0n) return 'waiting';
    if (!complete) return 'part';
    return holding.moves ? 'complete' : 'stopped';
  }
}

function refusalOf(wanted: TokenWanted, one: TokenTransfer, counted: bigint): HomeReason | null {
  if (!same(one.token, wanted.token)) return 'wrong-token';
  if (same(one.from, wanted.escrow)) return 'refund';
  if (counted === wanted.amount) return 'paid-already';
  return one.at > wanted.payBy ? 'late' : null;
}

const allHome = (one: Arrival, reason: HomeReason): Arrival =>
  one.counted === 0n ? one : { ...one, counted: 0n, home: one.amount, reason };

/** What should lie at an address by the transfers that were seen: in less out. */
export function balanceBy(token: Hex, address: Hex, transfers: readonly TokenTransfer[]): bigint {
  return transfers
    .filter((one) => same(one.token, token))
    .reduce(
      (sum, { from, to, amount }) =>
        sum + (same(to, address) ? amount : 0n) - (same(from, address) ? amount : 0n),
      0n,
    );
}

/** What of a token at the address is not the agreement's, and so may be sent home: less what was sent already. */
export function homeOf(
  token: Hex,
  wanted: TokenWanted,
  deposit: Deposit,
  transfers: readonly TokenTransfer[],
): bigint {
  const home = deposit.arrivals
    .filter((one) => same(one.token, token))
    .reduce((sum, one) => sum + one.home, 0n);
  const counted = deposit.arrivals
    .filter((one) => same(one.token, token))
    .reduce((sum, one) => sum + one.counted, 0n);
  const out = transfers
    .filter((one) => same(one.token, token) && same(one.from, wanted.address))
    .reduce((sum, one) => sum + one.amount, 0n);
  const left = home - (deposit.state === 'held' ? out - counted : out);
  return left > 0n ? left : 0n;
}

/** Minor units of the currency: what is worth less is not sent home on a network that asks a fee, which costs more. */
export const DUST_MINOR = 100n;

/** The least of a coin that goes home, in its smallest unit; 0 where the network asks nothing. @param feePerGas in wei */
export const dustBound = (tokenDigits: number, feePerGas: bigint): bigint =>
  feePerGas === 0n ? 0n : inToken(DUST_MINOR, 2, tokenDigits);

export const isDust = (amount: bigint, tokenDigits: number, feePerGas: bigint): boolean =>
  amount < dustBound(tokenDigits, feePerGas);

/**
 * A sum of a currency in the token's smallest unit, exactly; never rounded.
 * @param currencyDigits digits of the currency's minor unit; `tokenDigits` what the token says of itself
 * Throws TOKEN_DECIMALS.
 */
export function inToken(minor: bigint, currencyDigits: number, tokenDigits: number): bigint {
  if (tokenDigits < currencyDigits || tokenDigits > 18) throw new AppError('TOKEN_DECIMALS');
  return minor * 10n ** BigInt(tokenDigits - currencyDigits);
}

/** A payment request by ERC-681, as a camera reads it. */
export function paymentRequest({ token, chainId, address, amount }: TokenWanted): string {
  return `ethereum:${token}@${chainId}/transfer?address=${address}&uint256=${amount}`;
}

defineErrors({
  TOKEN_DECIMALS: {
    status: 409,
    retryable: false,
    zh: '这种稳定币的精度不能准确表示价格，不能使用。请换一种付款方式。',
    en: 'This coin cannot express the price exactly, so it is not used. Choose another way to pay.',
  },
  TOKEN_RETURN_WRONG: {
    status: 422,
    retryable: false,
    zh: '这份退回不是由这笔付款的地址签的，或者金额、币种不对，没有发出。请在付款页面重新签一次。',
    en: 'This return was not signed for this payment’s address, or its amount or coin is wrong; nothing was sent. Sign it again on the payment page.',
  },
  TOKEN_RETURN_SMALL: {
    status: 422,
    retryable: false,
    zh: '这点钱比退回的费用还少，没有发出。它还在你的地址上；和以后到的合在一起够了，就可以退回。',
    en: 'This is worth less than sending it home costs, so it was not sent. It stays at your address and can go home together with what comes later.',
  },
  TOKEN_CHAIN_OTHER: {
    status: 409,
    retryable: false,
    zh: '这个节点不是要退回的那个网络（需要 {wanted}，实际是 {found}）。请换成那个网络的节点。',
    en: 'This node is not of the network the return was signed for (wanted {wanted}, found {found}). Use a node of that network.',
  },
});
