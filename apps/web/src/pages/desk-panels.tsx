/** An assessor's desk: cases, standing and earnings. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { assessorDesk } from '@zhenmei/client/assessor.ts';
import { DepositCard } from '../desk/deposit-card.tsx';
import { Eyes } from '../desk/eyes.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { thisAssessor } from '../state/panels.ts';

export interface CaseRow {
  readonly phase: string;
  readonly committed: boolean;
  readonly revealed: boolean;
}

/** The one thing to do in a case now. */
export function todoOf({ phase, committed, revealed }: CaseRow): 'vote' | 'reveal' | 'wait' | 'done' {
  if (phase === 'voting') return committed ? 'wait' : 'vote';
  if (phase === 'revealing' && committed) return revealed ? 'wait' : 'reveal';
  return 'done';
}

/** Cases about claims are counted apart. */
export const caseTitle = (id: string): string =>
  id.startsWith('g') ? t('panels.caseOfClaim', { id: id.slice(1) }) : t('panels.case', { id });

export function DeskPanelsPage() {
  const seat = useSeat().data;
  const assessor = useQuery({
    queryKey: ['assessor', seat?.desk.organisationId],
    enabled: Boolean(seat),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => thisAssessor(seat!),
  });
  const desk = useQuery({
    queryKey: ['panels'],
    enabled: Boolean(assessor.data),
    refetchInterval: 3_000,
    queryFn: () => assessorDesk(assessor.data!),
  });
  const d = desk.data;
  return (
    <Page title={t('panels.title')} lead={t('panels.lead')}>
      {(assessor.error ?? desk.error) ? <Refusal error={assessor.error ?? desk.error} /> : null}
      {!d && !assessor.error && !desk.error ? <Waiting what={t('loading')} lines={3} /> : null}
      {d?.cases.length === 0 ? <p className="card m-0 soft">{t('panels.empty')}</p> : null}
      {d?.cases.map((one) => {
        const todo = todoOf(one);
        return (
          <Link
            key={`${one.panelId}/${one.round}`}
            to="/desk/panels/$id"
            params={{ id: one.panelId }}
            className="card no-underline text-ink"
          >
            <span className="font-semibold">{caseTitle(one.panelId)}</span>
            <span className="soft block">{t(`panels.round.${one.round}` as Key)}</span>
            <Pill tone={todo === 'done' ? 'jade' : todo === 'wait' ? 'slate' : 'amber'}>
              {t(`panels.todo.${todo}`)}
            </Pill>
            {one.deadline && todo !== 'done' ? (
              <span className="soft block">
                {t('panels.by')} {date(one.deadline, now(), true)}
              </span>
            ) : null}
            {one.earned === '0' ? null : (
              <span className="block">
                {t('panels.earned.one')} {yuan(one.earned)}
              </span>
            )}
          </Link>
        );
      })}
      {d ? (
        <Card title={t('panels.standing')}>
          <Facts
            rows={[
              [t('panels.earned'), yuan(d.earned)],
              [t('panels.slashed'), yuan(d.slashed)],
              [t('panels.counted'), t('panels.counted.n', { n: d.votes, counted: d.counted })],
            ]}
          />
        </Card>
      ) : null}
      {d ? (
        <Card title={t('eyes.title')}>
          <p className="m-0 soft">{t('eyes.lead')}</p>
          <Eyes calibration={d.calibration} />
          <Facts
            rows={[
              [t('eyes.admitted'), d.admittedUntil ? date(d.admittedUntil, now()) : t('eyes.admitted.no')],
            ]}
          />
          {d.calibration.enough ? null : <p className="m-0 text-amber">{t('eyes.low.next')}</p>}
        </Card>
      ) : null}
      {d && assessor.data ? (
        <DepositCard assessor={assessor.data} d={d} onDone={() => void desk.refetch()} />
      ) : null}
    </Page>
  );
}
