/** A clinic asks to be checked: what is compared, what it costs, and where its check stands. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { askForCheck, type CheckSeat, clinicCheck, keepUpWithCheck } from '@zhenmei/client/check.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { type FormEvent, useEffect, useState } from 'react';
import { Contests } from '../checks/contest.tsx';
import { CheckWords } from '../checks/public-check.tsx';
import { TakeOut } from '../checks/take-out.tsx';
import { useCheckSeat } from '../checks/use-check-seat.ts';
import { PayIn } from '../desk/pay-in.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

type Data = Awaited<ReturnType<typeof clinicCheck>>;
/** A new check may be asked for once the last one has come to an end. */
const OVER = ['standing', 'rejected', 'revoked', 'ended', 'exposed', 'failed'];

export function DeskCheckPage() {
  const { seat, error: unread } = useCheckSeat();
  const desk = useQuery({
    queryKey: ['clinic-check-desk'],
    enabled: Boolean(seat),
    refetchInterval: 2_000,
    queryFn: () => clinicCheck(seat!),
  });
  const phase = desk.data?.task?.phase;
  const open = useMutation({ mutationFn: () => keepUpWithCheck(seat!) });
  useEffect(() => {
    if (seat && phase === 'opening') open.mutate();
  }, [seat, phase, open.mutate]);
  const d = desk.data;
  const error = unread ?? desk.error;
  const may = d && (!d.task || OVER.includes(d.task.phase));
  return (
    <Page title={t('check.name')} lead={t('check.lead')}>
      {error ? <Refusal error={error} /> : null}
      {!d && !error ? <Waiting what={t('loading')} lines={4} /> : null}
      {d ? (
        <>
          <Card>
            <CheckWords check={d.check} />
          </Card>
          {d.task && !may ? <Running task={d.task} /> : null}
          {open.error ? <Refusal error={open.error} /> : null}
          <Contests desk={seat!.desk} units={d.units} order={d.order} onDone={() => desk.refetch()} />
          {d.credit === '0' ? null : (
            <Card title={t('verifier.credit.clinic')}>
              <TakeOut desk={seat!.desk} credit={d.credit} onDone={() => desk.refetch()} />
            </Card>
          )}
          {may ? (
            <div className="grid gap-4 md:grid-cols-2 items-start">
              <FeeCard data={d} onDone={() => desk.refetch()} />
              <AskForm seat={seat!} data={d} onDone={() => desk.refetch()} />
            </div>
          ) : null}
        </>
      ) : null}
    </Page>
  );
}

function Running({ task }: { task: NonNullable<Data['task']> }) {
  return (
    <Card title={t('check.running')}>
      <div>
        <Pill tone="amber">{t(`check.phase.${task.phase}`)}</Pill>
      </div>
      <Facts
        rows={[
          [
            t('check.task', { id: task.id }),
            t('check.answered', { n: task.answered, of: Math.max(2, task.seats) }),
          ],
          ...(task.deadline ? [[t('check.by'), date(task.deadline, now(), true)] as const] : []),
        ]}
      />
      <p className="m-0 soft">{t('check.running.lead')}</p>
    </Card>
  );
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function AskForm({ seat, data, onDone }: { seat: CheckSeat; data: Data; onDone(): void }) {
  const before = data.statement;
  const [licence, setLicence] = useState(before?.licence ?? '');
  const [scope, setScope] = useState(before?.scope.join('\n') ?? '');
  const [doctors, setDoctors] = useState(before?.doctors.join('\n') ?? '');
  const [devices, setDevices] = useState(before?.devices.join('\n') ?? '');
  const statement = {
    licence: licence.trim(),
    scope: lines(scope),
    doctors: lines(doctors),
    devices: lines(devices),
  };
  const ask = useMutation({ mutationFn: () => askForCheck(seat, statement), onSettled: onDone });
  const enough = BigInt(data.units) >= BigInt(data.fee);
  const filled =
    statement.licence.length > 1 && statement.scope.length > 0 && statement.doctors.length > 0 && data.tagged;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <Card title={t('check.ask')}>
      {data.tagged ? null : <p className="m-0 text-amber">{t('check.ask.untagged')}</p>}
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={t('check.ask.licence')} value={licence} onValueChange={setLicence} />
        <Field label={t('check.ask.scope')} lines={2} value={scope} onValueChange={setScope} />
        <Field label={t('check.ask.doctors')} lines={3} value={doctors} onValueChange={setDoctors} />
        <Field label={t('check.ask.devices')} lines={2} value={devices} onValueChange={setDevices} />
        <Button type="submit" kind="main" busy={ask.isPending} disabled={!filled || !enough}>
          {t('check.ask.submit', { fee: yuan(data.fee) })}
        </Button>
      </form>
      {ask.error ? <Refusal error={ask.error} /> : null}
    </Card>
  );
}

function FeeCard({ data, onDone }: { data: Data; onDone(): void }) {
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const missing = BigInt(data.fee) - BigInt(data.units);
  const { order } = data;
  const waits = order?.state === 'expected' || order?.state === 'received';
  return (
    <Card title={t('check.fee')}>
      <p className="m-0 amount">{yuan(data.fee)}</p>
      <p className="m-0 soft">{t('check.fee.parts', { pay: yuan(data.pay) })}</p>
      <Facts rows={[[t('check.fee.units'), yuan(data.units)]]} />
      {missing > 0n && !waits ? (
        <>
          <p className="m-0">{t('check.fee.need', { amount: yuan(missing.toString()) })}</p>
          <Button
            busy={act.isPending}
            onClick={() =>
              act.mutate(() =>
                deskApi.call(verificationApi.orderCheckMoney, { body: { amount: missing.toString() } }),
              )
            }
          >
            {t('check.fee.order')}
          </Button>
        </>
      ) : null}
      {missing > 0n ? <PayIn order={order} busy={act.isPending} run={act.mutate} /> : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
