/** What a course costs: each session, all of it, what is paid first and last, and what comes back if it ends early. */
import { type Plan, partAmounts } from '@zhenmei/care/core/plan.ts';
import type { Currency } from '@zhenmei/kernel/core/money.ts';
import { t, yuan } from '../shell/words.ts';

/** @param total minor units as text */
export function CoursePrice({ plan, total, currency }: { plan: Plan; total: string; currency: Currency }) {
  const price = (minor: bigint) => yuan(String(minor), currency);
  const amounts = partAmounts(BigInt(total), plan);
  const n = plan.sessions;
  const whole = BigInt(total);
  const even = whole % BigInt(n) === 0n;
  const values = { n, each: price(whole / BigInt(n)), total: price(whole) };
  const lines = [
    t(even ? 'course.price' : 'course.priceTotal', values),
    ...(plan.deposit
      ? [
          t('course.deposit.price', {
            amount: price(amounts[0]!),
            days: plan.deposit.windowDays,
          }),
        ]
      : []),
    ...(plan.deposit || plan.followUp
      ? [t('course.each.price', { each: price(amounts[plan.deposit ? 1 : 0]!) })]
      : []),
    ...(plan.followUp ? [t('course.followUp.price', { amount: price(amounts.at(-1)!) })] : []),
    t('course.promise'),
  ];
  return (
    <span className="flex flex-col gap-1 mt-2">
      {lines.map((line, i) => (
        <span key={line} className={i === 0 ? 'font-medium' : 'soft text-sm'}>
          {line}
        </span>
      ))}
    </span>
  );
}
