/** How a price is divided: sessions of a course, a deposit, a share held until the follow-up. */
import { Plan } from '@zhenmei/care/core/plan.ts';
import { Field } from '../look/field.tsx';
import { type Key, t } from '../shell/words.ts';

/** As typed; an empty field is none. */
export interface PlanDraft {
  readonly sessions: string;
  readonly every: string;
  readonly deposit: string;
  readonly depositDays: string;
  readonly followUp: string;
  readonly followUpDays: string;
}

const text = (n: number | undefined, or: string): string => (n === undefined ? or : String(n));

export const draftOf = (plan: Plan | undefined): PlanDraft => ({
  sessions: text(plan?.sessions, '1'),
  every: text(plan?.everyDays, '28'),
  deposit: text(plan?.deposit && plan.deposit.bps / 100, ''),
  depositDays: text(plan?.deposit?.windowDays, '3'),
  followUp: text(plan?.followUp && plan.followUp.bps / 100, ''),
  followUpDays: text(plan?.followUp?.afterDays, '30'),
});

/** `undefined` where all is paid after one treatment; null where something typed does not hold. */
export function planOf(draft: PlanDraft): Plan | undefined | null {
  const sessions = Number(draft.sessions);
  if (sessions === 1 && !draft.deposit && !draft.followUp) return undefined;
  const plan = Plan.safeParse({
    sessions,
    everyDays: Number(draft.every),
    ...(draft.deposit
      ? { deposit: { bps: Number(draft.deposit) * 100, windowDays: Number(draft.depositDays) } }
      : {}),
    ...(draft.followUp
      ? { followUp: { bps: Number(draft.followUp) * 100, afterDays: Number(draft.followUpDays) } }
      : {}),
  });
  return plan.success ? plan.data : null;
}

const within = (value: string, min: number, max: number): boolean =>
  /^\d{1,3}$/.test(value) && Number(value) >= min && Number(value) <= max;

export function PlanFields({ draft, onChange }: { draft: PlanDraft; onChange(draft: PlanDraft): void }) {
  const field = (key: keyof PlanDraft, label: Key, [min, max]: readonly [number, number], hint?: Key) => (
    <Field
      label={t(label)}
      {...(hint ? { hint: t(hint) } : {})}
      inputMode="numeric"
      value={draft[key]}
      error={draft[key] !== '' && !within(draft[key], min, max) ? t('plan.wrong', { min, max }) : null}
      onValueChange={(value: string) => onChange({ ...draft, [key]: value.trim() })}
    />
  );
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('plan.title')}</summary>
      <div className="flex flex-col gap-3 mt-2">
        {field('sessions', 'plan.sessions', [1, 10], 'plan.sessions.hint')}
        {Number(draft.sessions) > 1 ? field('every', 'plan.every', [1, 60]) : null}
        {field('deposit', 'plan.deposit', [1, 20], 'plan.deposit.hint')}
        {draft.deposit ? field('depositDays', 'plan.depositDays', [1, 14]) : null}
        {field('followUp', 'plan.followUp', [1, 30], 'plan.followUp.hint')}
        {draft.followUp ? field('followUpDays', 'plan.followUpDays', [1, 180]) : null}
      </div>
    </details>
  );
}
