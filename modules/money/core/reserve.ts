/**
 * The operator's own money at the custodian, for what banks take back after it was used. It is paid in under a reference of
 * its own, stands line by line behind what is owed, and leaves only as far as nothing needs it.
 */
import { defineErrors } from '@zhenmei/kernel';
import type { Credit, StatementEntry } from './rail.ts';
import type { RailName } from './rail-move.ts';

/** What an operator paid in, less what of it was taken out again; minor units. Below 0 where the bank took it back since. */
export interface ReserveLine {
  readonly entry: string;
  readonly left: bigint;
}

/** What is owed because of one debit by which a bank took money back after it was used. */
export interface TakenBack {
  /** The debit. */
  readonly debit: string;
  readonly amount: bigint;
}

/** So much of a line stands behind what one debit took. */
export interface Cover {
  readonly debit: string;
  readonly line: string;
  readonly amount: bigint;
}

export interface Reserve {
  /** What was paid in and is still there. */
  readonly balance: bigint;
  /** What of it stands behind something. */
  readonly used: bigint;
  /** What may be taken out. */
  readonly free: bigint;
  /** What is owed and nothing stands behind. */
  readonly missing: bigint;
  readonly covers: readonly Cover[];
}

const sum = (all: readonly bigint[]): bigint => all.reduce((total, one) => total + one, 0n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * Puts lines behind debts, each in the order given. What stands behind a debt already stays there as long as both are there;
 * only what is left over is given to the next. Matching its own result again changes nothing.
 * @param lines the oldest first @param owed the oldest first @param before the covers that stand
 */
export function matchReserve(
  lines: readonly ReserveLine[],
  owed: readonly TakenBack[],
  before: readonly Cover[],
): Reserve {
  const there = withoutDeficit(lines);
  const balance = sum(lines.map(({ left }) => left));
  const open = new Map(owed.map(({ debit, amount }) => [debit, amount]));
  const found = new Map<string, Cover>();
  const put = (debit: string, line: string, most: bigint) => {
    const amount = least(most, least(there.get(line) ?? 0n, open.get(debit) ?? 0n));
    if (amount <= 0n) return;
    there.set(line, there.get(line)! - amount);
    open.set(debit, open.get(debit)! - amount);
    const key = `${debit} ${line}`;
    found.set(key, { debit, line, amount: (found.get(key)?.amount ?? 0n) + amount });
  };
  for (const { debit, line, amount } of before) put(debit, line, amount);
  for (const { debit } of owed) for (const [line, left] of there) put(debit, line, left);
  const covers = [...found.values()];
  const used = sum(covers.map(({ amount }) => amount));
  const missing = sum([...open.values()]);
  const free = balance - used;
  return { balance, used, free: free > 0n ? free : 0n, missing, covers };
}

/** What was taken out of a line that the bank took back since is missing from the newest others. */
function withoutDeficit(lines: readonly ReserveLine[]): Map<string, bigint> {
  let deficit = sum(lines.map(({ left }) => (left < 0n ? -left : 0n)));
  const left = new Map<string, bigint>();
  for (const line of lines.toReversed()) {
    if (line.left <= 0n) continue;
    const gone = least(deficit, line.left);
    deficit -= gone;
    left.set(line.entry, line.left - gone);
  }
  return new Map([...left].toReversed());
}

/** By which lines an amount leaves: the newest first. The caller has made sure that so much is free. */
export function takeOut(
  lines: readonly ReserveLine[],
  covers: readonly Cover[],
  amount: bigint,
): { readonly entry: string; readonly amount: bigint }[] {
  const there = withoutDeficit(lines);
  for (const { line, amount: used } of covers) there.set(line, (there.get(line) ?? 0n) - used);
  let left = amount;
  const parts: { entry: string; amount: bigint }[] = [];
  for (const [entry, free] of [...there].toReversed()) {
    const part = least(left, free);
    if (part <= 0n) continue;
    left -= part;
    parts.push({ entry, amount: part });
  }
  return parts;
}

const REFERENCE = /(?<![A-Z0-9])RSV-[A-Z0-9]{12}(?![A-Z0-9])/g;

/** A reserve's reference in what stands with an entry; null if there is none, or more than one. */
export function readReserveReference(text: string): string | null {
  const found = text.toUpperCase().match(REFERENCE) ?? [];
  return found.length === 1 ? found[0] : null;
}

/** The entry as money of the reserve, or null if it is something else. @param own the reserve's reference and currency */
export function decideReserve(
  rail: RailName,
  entry: StatementEntry,
  own: { readonly reference: string; readonly currency: string } | null,
): Credit | null {
  const { entry: number, amount, currency, bookedAt } = entry;
  const is =
    rail === 'custodian' &&
    entry.direction === 'credit' &&
    entry.reverses === null &&
    currency === own?.currency &&
    readReserveReference(entry.reference) === own.reference;
  return is
    ? { entry: number, order: null, amount, currency, bookedAt, state: 'reserve', reason: null }
    : null;
}

defineErrors({
  RESERVE_NOT_FREE: {
    status: 409,
    retryable: false,
    zh: '准备金里没有这么多可以取出：其余的正在垫付被银行收回的款项。请按页面上的可取金额填写。',
    en: 'The reserve has not that much to take out: the rest covers what banks took back. Enter at most the amount that the page names as free.',
  },
  RESERVE_STOPPED: {
    status: 409,
    retryable: false,
    zh: '对账警报还没有关闭，准备金现在不能取出。请先查明差额、关闭警报，再来取。',
    en: 'An alarm is open, so nothing is taken out of the reserve. Find the difference and close the alarm first.',
  },
});
