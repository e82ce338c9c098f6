/** What a course costs: each session, all of it, what is paid first and last, and what comes back if it ends early. */
import { type Plan, partAmounts } from '@zhenmei/care/core/plan.ts';
import { t, yuan } from '../shell/words.ts';

/** @param total minor units as text */
export function CoursePrice({ plan, total }: { plan: Plan; total: string }) {
  const amounts = partAmounts(BigInt(total), plan);
  const each = amounts[plan.deposit ? 1 : 0]!;
  const lines = [
    t('course.price', { n: plan.sessions, each: yuan(String(each)), total: yuan(total) }),
    ...(plan.deposit
      ? [
          t('course.deposit.price', {
            amount: yuan(String(amounts[0]!)),
            days: plan.deposit.windowDays,
          }),
        ]
      : []),
    ...(plan.followUp ? [t('course.followUp.price', { amount: yuan(String(amounts.at(-1)!)) })] : []),
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
