/** The operator's view of checks: what verifiers get, which clinics are made up, and how often each verifier missed one. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { type FormEvent, useState } from 'react';
import { AdmissionPill, admissionFacts } from '../checks/admission-words.tsx';
import { phaseName } from '../checks/phase-name.ts';
import { Button } from '../look/button.tsx';
import { Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { OperatorPage, TurnedAway } from '../money/operator-page.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now, syncClock } from '../state/apis.ts';

export function OperatorChecksPage() {
  return (
    <OperatorPage
      title={t('check.op.title')}
      lead={t('check.op.lead')}
      desk={(bearer, leave) => <Desk bearer={bearer} onLeave={leave} />}
    />
  );
}

function Desk({ bearer, onLeave }: { bearer: string; onLeave(): void }) {
  const desk = useQuery({
    queryKey: ['operator-checks', bearer],
    retry: false,
    refetchInterval: 5_000,
    queryFn: async () => {
      await syncClock();
      return deskApi.call(verificationApi.operatorChecks, { bearer });
    },
  });
  const [pay, setPay] = useState('');
  const act = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSettled: () => void desk.refetch(),
  });
  if (desk.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (desk.error) return <TurnedAway error={desk.error} onLeave={onLeave} />;
  const d = desk.data;
  const save = (event: FormEvent) => {
    event.preventDefault();
    act.mutate(() => deskApi.call(verificationApi.setCheckPay, { bearer, body: { pay: `${pay}00` } }));
  };
  return (
    <>
      <Card title={t('check.fee')}>
        <p className="m-0">
          {t('check.op.pay.now', { pay: yuan(d.pay), fee: yuan(d.fee), overhead: yuan(d.overhead) })}
        </p>
        <form className="flex flex-col gap-3" onSubmit={save}>
          <Field label={t('check.op.pay')} inputMode="numeric" value={pay} onValueChange={setPay} />
          <Button type="submit" busy={act.isPending} disabled={!/^[1-9]\d{0,3}$/.test(pay)}>
            {t('check.op.pay.save')}
          </Button>
        </form>
        <Facts rows={[[t('check.op.lost'), yuan(d.lost)]]} />
        <p className="m-0 soft text-sm">{t('check.op.lost.to')}</p>
      </Card>
      {act.error ? <Refusal error={act.error} /> : null}
      <Card title={t('check.op.fakes')}>
        <p className="m-0 soft">{t('check.op.fakes.lead')}</p>
        {d.clinics.length === 0 ? <p className="m-0 soft">{t('check.op.fakes.none')}</p> : null}
        {d.clinics.map(({ id, name, fake }) => (
          <Toggle
            key={id}
            label={say(name)}
            on={fake}
            onChange={(next) =>
              act.mutate(() =>
                deskApi.call(verificationApi.setFake, { bearer, body: { organisationId: id, fake: next } }),
              )
            }
          />
        ))}
      </Card>
      <Card title={t('check.op.verifiers')}>
        {d.verifiers.length === 0 ? <p className="m-0 soft">{t('check.op.verifiers.none')}</p> : null}
        <Facts
          rows={d.verifiers.map(({ name, checks, misses, suspended }) => [
            say(name),
            <>
              {t('check.queue.rate.n', { n: checks, misses })}{' '}
              {suspended ? <Pill tone="cinnabar">{t('check.op.suspended')}</Pill> : null}
            </>,
          ])}
        />
      </Card>
      <Card title={t('verifier.op')}>
        <p className="m-0 soft">{t('verifier.op.lead')}</p>
        {d.admissions.length === 0 ? <p className="m-0 soft">{t('verifier.op.none')}</p> : null}
        {d.admissions.map((one) => (
          <div key={one.account} className="border-t border-line pt-3 first-of-type:border-0">
            <span className="font-semibold">{say(one.name)}</span>
            <AdmissionPill state={one.state} />
            <Facts
              rows={[
                ...admissionFacts(one),
                ...(one.about ? [[t('verifier.about.said'), one.about] as const] : []),
              ]}
            />
          </div>
        ))}
      </Card>
      <Card title={t('check.op.tasks')}>
        {d.tasks.length === 0 ? <p className="m-0 soft">{t('check.op.tasks.none')}</p> : null}
        {d.tasks.map((task) => (
          <div key={task.id} className="border-t border-line pt-3 first-of-type:border-0">
            <span className="font-semibold">{say(task.clinic)}</span>{' '}
            {task.fake ? <Pill tone="amber">{t('check.op.fake')}</Pill> : null}
            <span className="soft block">
              {t('check.task', { id: task.id })} · {phaseName(task.phase, 'other')} ·{' '}
              {date(task.askedAt, now())}
            </span>
          </div>
        ))}
      </Card>
    </>
  );
}
