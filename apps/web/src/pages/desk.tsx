import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import { withdraw } from '@zhenmei/client/clinic.ts';
import { moneyApi } from '@zhenmei/money/api.ts';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { Switches } from '../shell/switches.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { currentClinic, joinDemoClinic } from '../state/desk.ts';

export const useClinic = () =>
  useQuery({ queryKey: ['desk-clinic'], queryFn: currentClinic, staleTime: Number.POSITIVE_INFINITY });

export function DeskPage() {
  const clinic = useClinic();
  const join = useMutation({ mutationFn: joinDemoClinic, onSuccess: () => void clinic.refetch() });
  return (
    <main className="p-4 max-w-3xl mx-auto flex flex-col gap-4">
      <title>{`${t('desk.title')} · ${t('brand')}`}</title>
      <div className="flex justify-between items-start gap-3">
        <h1 className="text-2xl font-semibold m-0">{t('desk.title')}</h1>
        <Switches />
      </div>
      {clinic.isPending ? <Waiting what={t('scan.checking')} /> : null}
      {clinic.data === null ? (
        <Card>
          <p className="m-0 soft">{t('desk.joinLead')}</p>
          <button
            type="button"
            className="btn btn-main"
            disabled={join.isPending}
            onClick={() => join.mutate()}
          >
            {t('desk.join')}
          </button>
          {join.isPending ? <Waiting what={t('desk.joining')} /> : null}
          {join.error ? <Refusal error={join.error} /> : null}
        </Card>
      ) : null}
      {clinic.error ? <Refusal error={clinic.error} /> : null}
      {clinic.data ? <Board /> : null}
    </main>
  );
}

function Board() {
  const clinic = useClinic();
  const visits = useQuery({
    queryKey: ['desk-visits'],
    queryFn: () => deskApi.call(careApi.deskVisits, { query: {} }),
    refetchInterval: 2_000,
  });
  const statement = useQuery({
    queryKey: ['statement'],
    queryFn: () => deskApi.call(moneyApi.statement),
    refetchInterval: 4_000,
  });
  const take = useMutation({
    mutationFn: () => withdraw(clinic.data!),
    onSettled: () => void statement.refetch(),
  });
  const credit = statement.data?.credit ?? '0';
  return (
    <>
      <Card title={t('desk.visits')}>
        {visits.error ? <Refusal error={visits.error} /> : null}
        {visits.data?.visits.length === 0 ? <p className="m-0 soft">{t('desk.empty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {visits.data?.visits.map((v) => (
            <li key={v.id} className="border-t border-line first:border-0">
              <Link
                to="/desk/$id"
                params={{ id: v.id }}
                className="flex justify-between gap-3 py-3 no-underline text-ink min-h-11"
              >
                <span>
                  <span className="font-medium block">{say(v.service.procedure.name)}</span>
                  <span className="soft">
                    {say(v.doctor.name)} · {date(v.slot.startsAt, now(), true)}
                  </span>
                </span>
                <Pill tone={v.state === 'closed' ? 'jade' : 'plum'}>{t(`state.${v.state}` as Key)}</Pill>
              </Link>
            </li>
          ))}
        </ul>
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
