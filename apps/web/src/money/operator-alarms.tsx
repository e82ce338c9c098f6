/** What the reconciliation found: alarms that stop payouts until somebody closes them with a reason. */

import { HOLDERS, type Holder } from '@zhenmei/money/core/unit-flows.ts';
import { type MoneyDesk, moneyOperatorApi } from '@zhenmei/money/operator-api.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Details, Facts, Pill } from '../look/parts.tsx';
import { date, fullMoment, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import type { OperatorActs } from './operator-entries.tsx';

type Desk = z.infer<typeof MoneyDesk>;
type Alarm = Desk['alarms'][number];

/** The name of a contract that holds money; an agreement is told by its number. */
const placeName = (where: string): string => {
  if (where === 'custodian' || where === 'card') return t(`op.rail.${where}`);
  return HOLDERS.some((holder) => holder === where) ? t(`op.place.${where as Holder}`) : where;
};

const SUMS = ['funded', 'paid', 'fee', 'refunded', 'held', 'covered', 'balance'] as const;

export function LastReconciliation({ desk, acts }: { desk: Desk; acts: OperatorActs }) {
  const { last } = desk;
  return (
    <Card title={t('op.last')}>
      {last ? (
        <Facts
          rows={[
            [
              t('op.lastResult'),
              <Pill key="result" tone={last.fits ? 'jade' : 'cinnabar'}>
                {t(last.fits ? 'op.fits' : 'op.fitsNot')}
              </Pill>,
            ],
            [t('op.lastAt'), fullMoment(last.at)],
            [t('op.agreements'), last.agreements],
            ...SUMS.map((key) => [t(`op.sum.${key}`), yuan(last.totals[key] ?? '0')] as const),
          ]}
        />
      ) : (
        <p className="m-0 soft">{t('op.never')}</p>
      )}
      {desk.nextAt ? (
        <p className="m-0 soft">
          {t('op.next')} · {date(desk.nextAt, now(), true)}
        </p>
      ) : null}
      <Button
        busy={acts.busy}
        onClick={() =>
          acts.act(() => deskApi.call(moneyOperatorApi.reconcileNow, { bearer: acts.bearer, body: {} }))
        }
      >
        {t('op.reconcile')}
      </Button>
    </Card>
  );
}

export function Alarms({ desk, acts }: { desk: Desk; acts: OperatorActs }) {
  return (
    <Card title={t('op.alarms')}>
      {desk.alarms.length === 0 ? <p className="m-0 soft">{t('op.noAlarms')}</p> : null}
      {desk.alarms.map((alarm) => (
        <One key={alarm.id} alarm={alarm} acts={acts} />
      ))}
    </Card>
  );
}

function One({ alarm, acts }: { alarm: Alarm; acts: OperatorActs }) {
  const [reason, setReason] = useState('');
  const given = { bearer: acts.bearer, params: { id: alarm.id }, body: { reason } };
  return (
    <section className="flex flex-col gap-3 border-t border-line first-of-type:border-0 pt-3">
      <span className="flex flex-wrap justify-between gap-x-4">
        <span>{fullMoment(alarm.raisedAt)}</span>
        <Pill tone={alarm.closedAt ? 'slate' : 'cinnabar'}>
          {t(alarm.closedAt ? 'op.alarm.closed' : 'op.alarm.open')}
        </Pill>
      </span>
      <ul className="m-0 pl-5 list-disc flex flex-col gap-1">
        {alarm.differences.map((d) => (
          <li key={`${d.kind}${d.where}`}>
            <span className="font-medium block">{t(`op.diff.${d.kind}`)}</span>
            {/* coins are counted in a unit of their own, which has no name on a screen */}
            {d.kind === 'token' ? null : (
              <span className="soft">
                {t('op.diff', { expected: yuan(d.expected), found: yuan(d.found) })}
              </span>
            )}
            {d.where ? <Details>{placeName(d.where)}</Details> : null}
          </li>
        ))}
      </ul>
      {alarm.reason ? (
        <p className="m-0">
          {t('op.alarm.reason')} · {alarm.reason}
        </p>
      ) : (
        <>
          <Field
            label={t('op.alarm.reason')}
            hint={t('op.alarm.hint')}
            lines={3}
            value={reason}
            onValueChange={setReason}
          />
          <Button
            kind="danger"
            busy={acts.busy}
            disabled={reason.trim().length < 5}
            onClick={() => acts.act(() => deskApi.call(moneyOperatorApi.closeAlarm, given))}
          >
            {t('op.alarm.close')}
          </Button>
        </>
      )}
    </section>
  );
}
