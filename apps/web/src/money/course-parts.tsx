/** The parts of an agreement: what each costs, when it is due, and where its money is now. */
import type { VisitView } from '@zhenmei/care/api.ts';
import { Card, Pill, type Tone } from '../look/parts.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';

type Parts = NonNullable<VisitView['parts']>;
type Part = Parts['list'][number];

/** What is still to come, or came back, is said without a sign. */
const TONES: Readonly<Partial<Record<Part['state'], Tone>>> = {
  now: 'plum',
  claimed: 'amber',
  disputed: 'amber',
  paid: 'jade',
};

export const partName = ({ kind, n }: Pick<Part, 'kind' | 'n'>): string => t(`course.part.${kind}`, { n });

/** "Session 3 of 10", or the name of the part, or how many were done. Null where there is one part. */
export function presentName({ parts, money }: VisitView): string | null {
  if (!parts) return null;
  const { kind, n, of, list } = parts;
  if (money?.state === 'closed') {
    const done = list.filter((part) => part.kind === 'session' && part.state === 'paid').length;
    return t('course.ended', { n: done, of });
  }
  return kind === 'session' ? t('course.session', { n, of }) : partName(parts);
}

const sum = (list: readonly Part[], states: readonly Part['state'][]): string =>
  String(
    list.filter(({ state }) => states.includes(state)).reduce((all, { amount }) => all + BigInt(amount), 0n),
  );

/** @param side whose screen it is */
export function CourseParts({ view, side }: { view: VisitView; side: 'patient' | 'desk' }) {
  const { parts } = view;
  if (!parts) return null;
  const { list } = parts;
  const nameOf = (state: Part['state']) =>
    t(
      state === 'claimed' && side === 'desk' ? 'course.state.claimed.desk' : (`course.state.${state}` as Key),
    );
  return (
    <Card title={t('course.title')}>
      {view.money ? (
        <p className="m-0 soft">
          {t('course.lead', {
            paid: yuan(sum(list, ['paid']), view.quote.currency),
            held: yuan(sum(list, ['held', 'now', 'claimed', 'disputed']), view.quote.currency),
          })}
        </p>
      ) : null}
      <ol className="list-none p-0 m-0 flex flex-col">
        {list.map((part) => (
          <li
            key={`${part.kind}${part.n}`}
            className="border-t border-line first:border-0 py-2 flex justify-between gap-3"
            aria-current={['now', 'claimed', 'disputed'].includes(part.state) ? 'step' : undefined}
          >
            <span>
              <span className="font-medium">{partName(part)}</span>
              <span className="soft block text-sm">{whenOf(part)}</span>
            </span>
            <span className="text-right">
              <span className="block tabular-nums">{yuan(part.amount, view.quote.currency)}</span>
              <State tone={TONES[part.state]} name={nameOf(part.state)} />
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

const State = ({ tone, name }: { tone: Tone | undefined; name: string }) =>
  tone ? <Pill tone={tone}>{name}</Pill> : <span className="soft text-sm">{name}</span>;

/** What happened on which day, or what is booked or due. */
function whenOf({ state, settledAt, startsAt, dueBy }: Part): string {
  if (settledAt && state === 'paid') return t('course.settled', { when: date(startsAt ?? settledAt, now()) });
  if (state === 'returned') return '';
  if (startsAt) return t('course.at', { when: date(startsAt, now(), true) });
  return dueBy ? t('course.due', { until: date(dueBy, now()) }) : '';
}
