/** Money of a study at its organisation's desk: what is there, what went out, and how to pay in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { type DeskStudy, vaultApi } from '@zhenmei/vault/api.ts';
import { MOST_ANSWERS } from '@zhenmei/vault/core/pool/pay.ts';
import { openRelease } from '@zhenmei/vault/core/pool/study.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Facts, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { DESK_STUDIES } from '../state/pool.ts';

type Fund = NonNullable<DeskStudy['fund']>;

/** The order that money is waited for, while it takes any. */
const openOrder = ({ order }: Fund) =>
  order?.state === 'expected' && Date.parse(order.payBy ?? '') > now() ? order : null;

export function StudyFund({ study }: { study: DeskStudy }) {
  const { fund, plan } = study;
  if (!fund) return null;
  const few = t('fund.few', { n: plan.k });
  const open = openRelease(plan, now()) !== null;
  const waiting = openOrder(fund) !== null;
  const owes = fund.debt !== null && fund.debt !== '0';
  return (
    <section className="flex flex-col gap-3" data-study-fund>
      <h3 className="m-0 text-base font-semibold">{t('fund.title')}</h3>
      {owes ? (
        <Pill tone="cinnabar">
          {t(open ? 'fund.debt' : 'fund.debt.over', { amount: yuan(fund.debt ?? '0') })}
        </Pill>
      ) : null}
      {fund.funded ? (
        open && !owes ? (
          <Pill tone="jade">{t('fund.ready')}</Pill>
        ) : null
      ) : (
        <Pill tone={open ? 'amber' : 'slate'}>
          {open
            ? t('fund.missing', {
                amount: yuan(String(BigInt(fund.needed) - BigInt(fund.came))),
                n: fund.least,
              })
            : t('fund.over')}
        </Pill>
      )}
      <Facts
        rows={[
          [t('fund.came'), yuan(fund.came)],
          [t('fund.out'), fund.paidOut === null ? few : yuan(fund.paidOut)],
          [t('fund.left'), fund.left === null ? few : yuan(fund.left)],
          ...(fund.returned === '0' ? [] : [[t('fund.returned'), yuan(fund.returned)] as const]),
          [t('fund.people'), fund.people === null ? few : t('fund.people.n', { n: fund.people })],
        ]}
      />
      {open && (!fund.funded || waiting || owes) ? <PayIn study={study} fund={fund} /> : null}
      {open && fund.funded && !waiting && !owes ? (
        <details>
          <summary className="soft cursor-pointer min-h-11 py-2.5">{t('fund.more')}</summary>
          <div className="flex flex-col gap-3 mt-2">
            <PayIn study={study} fund={fund} />
          </div>
        </details>
      ) : null}
      <p className="m-0 soft text-sm">{t('fund.means')}</p>
    </section>
  );
}

function PayIn({ study: { plan }, fund }: { study: DeskStudy; fund: Fund }) {
  const queries = useQueryClient();
  const [answers, setAnswers] = useState(String(fund.least));
  const config = useQuery({ queryKey: ['config'], queryFn: () => deskApi.call(houseApi.readConfig) });
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSettled: () => queries.invalidateQueries({ queryKey: DESK_STUDIES }),
  });
  const n = /^[1-9]\d{0,7}$/.test(answers.trim()) ? Number(answers.trim()) : null;
  const fits = n !== null && n >= fund.least && n <= MOST_ANSWERS;
  const order = openOrder(fund);
  // once a part of it has come in, the order stays as it is
  const begun = order !== null && order.missing !== order.amount;
  return (
    <>
      {order ? (
        <div className="flex flex-col gap-2">
          <p className="m-0 amount">{yuan(order.missing)}</p>
          <p className="m-0">{t('fund.pay', { reference: order.reference, payee: say(order.payee) })}</p>
          {order.payBy ? (
            <p className="m-0 soft">{t('pay.by', { until: date(order.payBy, now(), true) })}</p>
          ) : null}
          {config.data?.demo ? (
            <Button
              busy={act.isPending}
              onClick={() =>
                act.mutate(() =>
                  deskApi.call(demoApi.payAtBank, {
                    body: { reference: order.reference, amount: order.missing, currency: order.currency },
                  }),
                )
              }
            >
              {t('fund.demo')}
            </Button>
          ) : null}
        </div>
      ) : null}
      {begun ? null : (
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (fits)
              act.mutate(() =>
                deskApi.call(vaultApi.fundStudy, { params: { id: plan.id }, body: { answers: n } }),
              );
          }}
        >
          <Field
            label={t('fund.answers')}
            value={answers}
            onValueChange={setAnswers}
            inputMode="numeric"
            maxLength={8}
            hint={t('fund.answers.sum', {
              amount: n === null ? '—' : yuan(String(BigInt(n) * BigInt(plan.payment.minor))),
              each: yuan(plan.payment.minor),
            })}
            error={fits ? null : t('fund.answers.wrong', { n: fund.least })}
          />
          <Button type="submit" kind={order ? 'quiet' : 'main'} disabled={!fits} busy={act.isPending}>
            {t(order ? 'fund.order.other' : 'fund.order')}
          </Button>
        </form>
      )}
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
