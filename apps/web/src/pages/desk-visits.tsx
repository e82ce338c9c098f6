import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import { type Clinic, withdraw } from '@zhenmei/client/clinic.ts';
import { moneyApi } from '@zhenmei/money/api.ts';
import { useSeat } from '../desk/use-seat.ts';
import { VisitState } from '../desk/visit-state.tsx';
import { Button } from '../look/button.tsx';
import { Card, Facts, Page, Pill, Refusal } from '../look/parts.tsx';
import { presentName } from '../money/course-parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

/** A clinic's visits, and what is credited to it. */
export function DeskVisitsPage() {
  const clinic = useSeat().data?.clinic;
  return <Page title={t('desk.visits')}>{clinic ? <Board clinic={clinic} /> : null}</Page>;
}

function Board({ clinic }: { clinic: Clinic }) {
  const visits = useInfiniteQuery({
    queryKey: ['desk-visits', 'pages'],
    queryFn: ({ pageParam }) =>
      deskApi.call(careApi.deskVisits, { query: pageParam === null ? {} : { before: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.more ? page.visits.at(-1)!.id : null),
    refetchInterval: 2_000,
  });
  const list = visits.data?.pages.flatMap((page) => page.visits);
  const statement = useQuery({
    queryKey: ['statement'],
    queryFn: () => deskApi.call(moneyApi.statement),
    refetchInterval: 4_000,
  });
  const take = useMutation({
    mutationFn: () => withdraw(clinic),
    onSettled: () => void statement.refetch(),
  });
  const credit = statement.data?.credit ?? '0';
  return (
    <>
      <Card>
        {visits.error ? <Refusal error={visits.error} /> : null}
        {list?.length === 0 ? <p className="m-0 soft">{t('desk.empty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {list?.map((v) => (
            <li key={v.id} className="border-t border-line first:border-0">
              <Link
                to="/desk/visits/$id"
                params={{ id: v.id }}
                className="flex justify-between gap-3 py-3 no-underline text-ink min-h-11"
              >
                <span>
                  <span className="font-medium block">{say(v.service.procedure.name)}</span>
                  <span className="soft">
                    {[
                      presentName(v),
                      say(v.doctor.name),
                      v.parts?.needsTime ? t('course.time.desk') : date(v.slot.startsAt, now(), true),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                <VisitState state={v.state} />
              </Link>
            </li>
          ))}
        </ul>
        {visits.hasNextPage ? (
          <Button busy={visits.isFetchingNextPage} onClick={() => void visits.fetchNextPage()}>
            {t('desk.older')}
          </Button>
        ) : null}
      </Card>
      {statement.data ? (
        <Card>
          <Facts
            rows={[
              [t('money.active'), yuan(statement.data.held)],
              [t('desk.withdraw'), yuan(credit)],
            ]}
          />
          <button
            type="button"
            className="btn"
            disabled={credit === '0' || take.isPending}
            onClick={() => take.mutate()}
          >
            {t('desk.withdraw')}
          </button>
          {take.isSuccess ? <Pill tone="jade">{t('desk.withdrawn')}</Pill> : null}
          {take.error ? <Refusal error={take.error} /> : null}
        </Card>
      ) : null}
    </>
  );
}
