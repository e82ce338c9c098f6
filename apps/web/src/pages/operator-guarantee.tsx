/** The operator's view of who may stand behind promises: what the region says, and what is licensed on the ledger. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { backingApi } from '@zhenmei/money/backing-api.ts';
import { ProfileLine } from '../desk/behind.tsx';
import { Toggle } from '../look/choice.tsx';
import { Card, Refusal, Waiting } from '../look/parts.tsx';
import { OperatorPage, TurnedAway } from '../money/operator-page.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi, syncClock } from '../state/apis.ts';

export function OperatorGuaranteePage() {
  return (
    <OperatorPage
      title={t('backing.op.title')}
      lead={t('backing.op.lead')}
      desk={(bearer, leave) => <Desk bearer={bearer} onLeave={leave} />}
    />
  );
}

function Desk({ bearer, onLeave }: { bearer: string; onLeave(): void }) {
  const desk = useQuery({
    queryKey: ['operator-guarantee', bearer],
    retry: false,
    refetchInterval: 5_000,
    queryFn: async () => {
      await syncClock();
      return deskApi.call(backingApi.readBackers, { bearer });
    },
  });
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSettled: () => desk.refetch(),
  });
  if (desk.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (desk.error) return <TurnedAway error={desk.error} onLeave={onLeave} />;
  const { profiles, insurers, pool } = desk.data;
  const hereNot = (which: 'insurer' | 'pool') =>
    profiles.find(({ profile }) => profile === which)?.state === 'not-here';
  return (
    <>
      <Card title={t('backing.op.profiles')}>
        {profiles.map((one) => (
          <ProfileLine key={one.profile} of={one} />
        ))}
      </Card>
      <Card title={t('backing.op.companies')}>
        <p className="m-0 soft">{t('backing.op.companies.lead')}</p>
        {insurers.length === 0 ? <p className="m-0 soft">{t('backing.op.companies.none')}</p> : null}
        {insurers.map(({ id, name, joined, licensed }) =>
          joined && (licensed || !hereNot('insurer')) ? (
            <Toggle
              key={id}
              label={say(name)}
              on={licensed}
              onChange={(next) =>
                act.mutate(() =>
                  deskApi.call(backingApi.licenseInsurer, {
                    bearer,
                    body: { organisationId: id, licensed: next },
                  }),
                )
              }
            />
          ) : (
            <p key={id} className="m-0">
              {say(name)}{' '}
              <span className="soft">· {t(joined ? 'backing.op.region' : 'backing.op.notJoined')}</span>
            </p>
          ),
        )}
      </Card>
      <Card title={t('backing.op.pool')}>
        {pool || !hereNot('pool') ? (
          <Toggle
            label={t('backing.op.pool.toggle')}
            on={pool}
            onChange={(licensed) =>
              act.mutate(() => deskApi.call(backingApi.licensePool, { bearer, body: { licensed } }))
            }
          />
        ) : (
          <p className="m-0 soft">{t('backing.op.region')}</p>
        )}
      </Card>
      {act.isPending ? <Waiting what={t('loading')} /> : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
