/** A breach or a drill of one: who is affected, the clocks and the notice; for a regulator in its region, or the operator. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { careApi } from '@zhenmei/care/api.ts';
import { toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type FormEvent, useState } from 'react';
import { type BreachFound, BreachResult } from '../desk/breach-result.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Choice, Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal, Waiting } from '../look/parts.tsx';
import { calendarDay, say, startOfDay, t } from '../shell/words.ts';
import { deskApi, freshId, now } from '../state/apis.ts';
import { REGION } from '../state/rights.ts';

const ANYONE = 'anyone';
const DAY = 86_400_000;

interface Asked {
  readonly id: string;
  readonly drill: boolean;
  readonly from: string;
  readonly to: string;
  readonly organisation?: string;
}

/** A day that has not ended is asked about up to now. */
const endOfDay = (day: string): number => Math.min(startOfDay(day) + DAY, now());

export function DeskBreachPage() {
  const seat = useSeat();
  const regulator = seat.data?.organisation.kind === 'regulator';
  const [token, setToken] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const report = useMutation({
    mutationFn: async ({ notify, ...body }: Asked & { notify: boolean }): Promise<BreachFound> =>
      regulator
        ? deskApi.call(vaultApi.reportBreachAtDesk, { body })
        : deskApi.call(vaultApi.reportBreach, {
            bearer: token.trim(),
            body: { ...body, region: REGION, notify },
          }),
  });
  if (seat.isPending) return <Waiting what={t('loading')} lines={3} />;
  return (
    <Page title={t('breach.title')} lead={t('breach.lead')}>
      {report.data ? null : <p className="m-0 soft">{t(regulator ? 'breach.region' : 'breach.operator')}</p>}
      {regulator || report.data ? null : (
        <Card>
          <Field
            label={t('breach.token')}
            type="password"
            autoComplete="off"
            value={token}
            onValueChange={setToken}
          />
        </Card>
      )}
      {report.data && asked ? (
        <BreachResult
          found={report.data}
          canTell={!regulator}
          telling={report.isPending}
          onTell={() => report.mutate({ ...asked, notify: true })}
          onAgain={() => report.reset()}
        />
      ) : (
        <Form
          busy={report.isPending}
          ready={regulator || token.trim() !== ''}
          onAsk={(next) => {
            setAsked(next);
            report.mutate({ ...next, notify: false });
          }}
        />
      )}
      {report.error ? <Refusal error={report.error} /> : null}
    </Page>
  );
}

interface FormProps {
  readonly busy: boolean;
  readonly ready: boolean;
  onAsk(asked: Asked): void;
}

function Form({ busy, ready, onAsk }: FormProps) {
  const today = calendarDay(now());
  const [from, setFrom] = useState(today);
  const [to, setTo] = useState(today);
  const [who, setWho] = useState(ANYONE);
  const [kind, setKind] = useState<'drill' | 'real'>('drill');
  const [asking, setAsking] = useState<'first' | 'second' | null>(null);
  const clinics = useQuery({
    queryKey: ['clinics'],
    queryFn: async () => (await deskApi.call(careApi.listClinics, { query: {} })).clinics,
  });
  const start = () =>
    onAsk({
      id: freshId(),
      drill: kind === 'drill',
      from: toIso(startOfDay(from)),
      to: toIso(endOfDay(to)),
      ...(who === ANYONE ? {} : { organisation: who }),
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === 'real') setAsking('first');
    else start();
  };
  const places = (clinics.data ?? []).map(({ id, name }) => ({ value: id, label: say(name) }));
  return (
    <Card>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('breach.fromDay')} type="date" max={today} value={from} onValueChange={setFrom} />
          <Field label={t('breach.toDay')} type="date" max={today} value={to} onValueChange={setTo} />
        </div>
        <Select
          label={t('breach.who')}
          value={who}
          options={[{ value: ANYONE, label: t('breach.anyone') }, ...places]}
          onChange={setWho}
        />
        <Choice
          legend={t('breach.what')}
          value={kind}
          options={[
            { value: 'drill', label: t('breach.drill') },
            { value: 'real', label: t('breach.real') },
          ]}
          onChange={(next: string) => setKind(next as typeof kind)}
        />
        <Button
          type="submit"
          kind={kind === 'real' ? 'danger' : 'main'}
          busy={busy}
          disabled={!ready || !from || !to}
        >
          {t('breach.do')}
        </Button>
      </form>
      <Ask
        open={asking === 'first'}
        onOpenChange={(open) => (open ? undefined : setAsking(null))}
        danger
        title={t('breach.real.ask')}
        text={t('breach.real.means')}
        yes={t('breach.real.yes')}
        onYes={() => setAsking('second')}
      />
      <Ask
        open={asking === 'second'}
        onOpenChange={(open) => (open ? undefined : setAsking(null))}
        danger
        title={t('breach.real.again')}
        text={t('breach.real.clock')}
        yes={t('breach.real.do')}
        onYes={start}
      />
    </Card>
  );
}
