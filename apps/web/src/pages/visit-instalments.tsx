/** The instalments of a visit: asked for, offered, agreed to, paid, and what a refund did to them. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import {
  acceptLoan,
  applyForLoan,
  orderInstalment,
  payLoan,
  readLoan,
  revokeLoan,
} from '@zhenmei/client/instalments.ts';
import type { PatientVisit } from '@zhenmei/client/patient.ts';
import { AppError } from '@zhenmei/kernel';
import type { LoanView } from '@zhenmei/money/instalment-api.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Choice, Tick } from '../look/choice.tsx';
import { Card, Details, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, type Key, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { DemoTime } from './demo-time.tsx';

type Loan = z.infer<typeof LoanView>;
interface Props {
  readonly visit: PatientVisit;
  readonly view: VisitView;
}
interface Shown extends Props {
  readonly loan: Loan;
}

const keyOf = (view: VisitView) => ['loan', view.agreementId];

export function Instalments({ visit, view }: Props) {
  const found = useQuery({
    queryKey: keyOf(view),
    queryFn: () => readLoan(io, view),
    refetchInterval: 1_500,
  });
  if (found.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (found.error) return <Refusal error={found.error} />;
  const shown = { visit, view, loan: found.data };
  switch (found.data.state) {
    case 'open':
    case 'declined':
      return <AskFor {...shown} />;
    case 'asked':
      return (
        <Card title={t('loan.title')}>
          <p className="m-0">{t('loan.asked', { n: found.data.months ?? 0 })}</p>
        </Card>
      );
    case 'offered':
    case 'accepted':
      return <Offered {...shown} />;
    default:
      return <Running {...shown} />;
  }
}

function useStep(view: VisitView) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => void queries.invalidateQueries({ queryKey: keyOf(view) }),
  });
}

function AskFor({ visit, view, loan }: Shown) {
  const [months, setMonths] = useState<'3' | '6' | '12'>('6');
  const [age20, setAge] = useState(false);
  const [working, setWorking] = useState(false);
  const step = useStep(view);
  return (
    <Card title={t('loan.title')}>
      {loan.state === 'declined' ? <p className="m-0">{t('loan.declined')}</p> : null}
      <p className="m-0 soft">{t('loan.ask.lead')}</p>
      <p className="m-0 amount">{yuan(loan.principal)}</p>
      <Choice<'3' | '6' | '12'>
        legend={t('loan.months')}
        value={months}
        onChange={setMonths}
        options={(['3', '6', '12'] as const).map((n) => ({ value: n, label: t('loan.months.n', { n }) }))}
      />
      <Tick label={t('loan.age20')} on={age20} onChange={setAge} />
      <Tick label={t('loan.notStudent')} on={working} onChange={setWorking} />
      <Button
        kind="main"
        busy={step.isPending}
        onClick={() =>
          step.mutate(() =>
            applyForLoan(io, visit, view, { months: Number(months), age20, student: !working }),
          )
        }
      >
        {t('loan.ask')}
      </Button>
      {step.error ? <Refusal error={step.error} /> : null}
    </Card>
  );
}

const percent = (millionths: number): string => (millionths / 10_000).toFixed(2);
const sumOf = (amounts: readonly string[]): bigint => amounts.reduce((sum, a) => sum + BigInt(a), 0n);
const day = (seconds: string): string => date(new Date(Number(seconds) * 1_000).toISOString(), now(), true);

function Offered({ visit, view, loan }: Shown) {
  const [open, setOpen] = useState(false);
  const [back, setBack] = useState(false);
  const step = useStep(view);
  const plan = loan.plan!;
  const sum = sumOf(plan.instalments.map(({ amount }) => amount));
  const accepted = loan.state === 'accepted';
  return (
    <Card title={t('loan.offer', { lender: loan.lender ? say(loan.lender) : '' })}>
      <p className="m-0 amount">{t('loan.cost.percent', { percent: percent(loan.cost ?? 0) })}</p>
      <p className="m-0 font-medium">{t('loan.cost')}</p>
      <Facts
        rows={[
          [t('loan.lent'), yuan(plan.principal)],
          [t('loan.sum'), yuan(sum.toString())],
          [t('loan.interest'), yuan((sum - BigInt(plan.principal)).toString())],
          [t('loan.start'), day(plan.start)],
          [t('loan.late'), t('loan.late.rule', { percent: Number(plan.lateBps) / 100 })],
        ]}
      />
      <Rows loan={loan} />
      <OnRefund />
      {accepted ? (
        <>
          <p className="m-0">{t('loan.accepted', { start: day(plan.start) })}</p>
          <DemoTime
            to={new Date(Number(plan.start) * 1_000 + 1_000).toISOString()}
            onDone={() => step.mutate(async () => undefined)}
          />
          <Button kind="danger" busy={step.isPending} onClick={() => setBack(true)}>
            {t('loan.revoke')}
          </Button>
        </>
      ) : (
        <Button kind="main" busy={step.isPending} onClick={() => setOpen(true)}>
          {t('loan.accept')}
        </Button>
      )}
      <Ask
        open={open}
        onOpenChange={setOpen}
        title={t('loan.accept')}
        text={t('loan.accept.text', { start: day(plan.start) })}
        yes={t('loan.accept')}
        onYes={() => step.mutate(() => acceptLoan(io, visit, view))}
      />
      <Ask
        danger
        open={back}
        onOpenChange={setBack}
        title={t('loan.revoke')}
        text={t('loan.revoke.text')}
        yes={t('loan.revoke')}
        onYes={() => step.mutate(() => revokeLoan(io, visit, view))}
      />
      {step.error ? <Refusal error={step.error} /> : null}
      <Details>{t('loan.proof', { cap: percent(Number(plan.cap)), id: plan.agreement })}</Details>
    </Card>
  );
}

/** Each date and amount, and what is open of it. */
function Rows({ loan }: { loan: Loan }) {
  return (
    <table className="w-full text-sm tabular-nums">
      <caption className="text-left font-semibold pb-1">{t('loan.plan')}</caption>
      <tbody>
        {loan.instalments.map((one, i) => (
          <tr key={one.dueAt} className="border-t border-line">
            <th scope="row" className="text-left font-normal py-2 pr-2">
              {t('loan.row', { n: i + 1 })}
            </th>
            <td className="py-2 pr-2">{date(one.dueAt, now())}</td>
            <td className="py-2 text-right">
              {yuan(one.amount)}
              <span className="soft block">{noteOf(one)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function noteOf({ amount, open, late }: Loan['instalments'][number]): string {
  if (open === '0') return t('loan.row.paid');
  if (late) return t('loan.row.late');
  return open === amount ? '' : t('loan.row.open', { amount: yuan(open) });
}

function OnRefund() {
  return (
    <div>
      <h3 className="m-0 text-base font-semibold">{t('loan.refund.title')}</h3>
      <ul className="m-0 mt-1 pl-5 list-disc soft flex flex-col gap-1">
        {([1, 2, 3, 4] as const).map((n) => (
          <li key={n}>{t(`loan.refund.${n}`)}</li>
        ))}
      </ul>
    </div>
  );
}

function Running({ visit, view, loan }: Shown) {
  const closed = loan.state === 'closed';
  const next = loan.instalments.find(({ open }) => open !== '0');
  return (
    <Card title={t('loan.title')}>
      <div>
        <Pill tone={closed ? 'jade' : loan.state === 'live' ? 'plum' : 'amber'}>
          {t(`loan.state.${loan.state}` as Key)}
        </Pill>
      </div>
      {closed ? null : <p className="m-0 amount">{yuan(loan.payoff)}</p>}
      {!closed && next ? (
        <p className="m-0 font-medium">
          {t('loan.next', { when: date(next.dueAt, now()), amount: yuan(next.open) })}
        </p>
      ) : null}
      {closed ? <Unwound loan={loan} /> : <Rows loan={loan} />}
      {loan.fees === '0' ? null : <Facts rows={[[t('loan.fees'), yuan(loan.fees)]]} />}
      {closed ? null : <PayLoan visit={visit} view={view} loan={loan} />}
      {closed ? null : <OnRefund />}
    </Card>
  );
}

/** What became of a plan that is over. */
function Unwound({ loan }: { loan: Loan }) {
  return (
    <>
      {loan.toLoan === '0' && loan.toPatient === '0' ? null : (
        <>
          <h3 className="m-0 text-base font-semibold">{t('loan.unwound')}</h3>
          <Facts
            rows={[
              [t('loan.unwound.loan'), yuan(loan.toLoan)],
              [t('loan.unwound.you'), yuan(loan.toPatient)],
            ]}
          />
        </>
      )}
      {loan.due === '0' ? null : <p className="m-0">{t('loan.unwound.due', { amount: yuan(loan.due) })}</p>}
      <p className="m-0 font-medium">{t('loan.unwound.none')}</p>
    </>
  );
}

function PayLoan({ visit, view, loan }: Shown) {
  const [open, setOpen] = useState(false);
  const pay = useStep(view);
  const next = loan.instalments.find(({ open: left }) => left !== '0');
  const left = sumOf(loan.instalments.map((one) => one.open)) + BigInt(loan.fees);
  const send = async (what: 'next' | 'all') => {
    const order = await orderInstalment(io, view, what);
    await patientApi.call(demoApi.payAtBank, {
      body: { reference: order.reference, amount: order.amount, currency: order.currency },
    });
    await arrived(view, order.reference);
    await payLoan(io, visit, view, BigInt(order.amount));
  };
  return (
    <>
      {next && BigInt(next.open) < BigInt(loan.payoff) ? (
        <Button kind="main" busy={pay.isPending} onClick={() => pay.mutate(() => send('next'))}>
          {t('loan.pay.next', { amount: yuan(next.open) })}
        </Button>
      ) : null}
      <Button busy={pay.isPending} onClick={() => setOpen(true)}>
        {t('loan.pay.all', { amount: yuan(loan.payoff) })}
      </Button>
      <Ask
        open={open}
        onOpenChange={setOpen}
        title={t('loan.pay.all', { amount: yuan(loan.payoff) })}
        text={t('loan.pay.all.text', {
          amount: yuan(loan.payoff),
          saved: yuan((left > BigInt(loan.payoff) ? left - BigInt(loan.payoff) : 0n).toString()),
        })}
        yes={t('loan.pay.all', { amount: yuan(loan.payoff) })}
        onYes={() => pay.mutate(() => send('all'))}
      />
      {pay.isPending ? <Waiting what={t('loan.paying')} /> : null}
      {pay.error ? <Refusal error={pay.error} /> : null}
    </>
  );
}

/** Until the bank's credit stands at this visit's key. */
async function arrived(view: VisitView, reference: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const { order } = await readLoan(io, view);
    if (order?.reference === reference && order.state === 'minted') return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new AppError('LOAN_NOT_NOW');
}
