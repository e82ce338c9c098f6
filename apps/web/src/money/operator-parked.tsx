/** Payments home that wait until somebody says whose money made up for a chargeback. */
import { type MoneyDesk, moneyOperatorApi } from '@zhenmei/money/operator-api.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card } from '../look/parts.tsx';
import { fullMoment, t, yuan } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import type { OperatorActs } from './operator-entries.tsx';

type Parked = z.infer<typeof MoneyDesk>['parked'][number];
type Payer = 'patient' | 'house';

export function OperatorParked({ parked, acts }: { parked: readonly Parked[]; acts: OperatorActs }) {
  if (parked.length === 0) return null;
  return (
    <Card title={t('op.parked')}>
      <p className="m-0 soft">{t('op.parked.lead')}</p>
      {parked.map((one) => (
        <One key={one.key} parked={one} acts={acts} />
      ))}
    </Card>
  );
}

function One({ parked, acts }: { parked: Parked; acts: OperatorActs }) {
  const [asking, setAsking] = useState<Payer | null>(null);
  const tell = (payer: Payer) =>
    acts.act(() =>
      deskApi.call(moneyOperatorApi.tellPayer, {
        bearer: acts.bearer,
        params: { entry: parked.entry },
        body: { payer },
      }),
    );
  return (
    <section className="flex flex-col gap-3 border-t border-line first-of-type:border-0 pt-3">
      <strong>{yuan(parked.amount)}</strong>
      <span>{t('op.parked.paidIn', { amount: yuan(parked.paidIn) })}</span>
      <span className="soft text-sm break-words">
        {fullMoment(parked.at)} · {t('pay.entry', { entry: parked.entry })}
      </span>
      {parked.order ? <span className="soft">{t('card.dispute.order', { order: parked.order })}</span> : null}
      <div className="flex flex-wrap gap-3">
        <Button busy={acts.busy} onClick={() => setAsking('house')}>
          {t('op.parked.house')}
        </Button>
        <Button busy={acts.busy} onClick={() => setAsking('patient')}>
          {t('op.parked.patient')}
        </Button>
      </div>
      <Ask
        open={asking !== null}
        onOpenChange={(open) => setAsking(open ? asking : null)}
        title={t('op.parked.ask')}
        text={t(asking === 'patient' ? 'op.parked.patientMeans' : 'op.parked.houseMeans', {
          amount: yuan(parked.amount),
        })}
        yes={t(asking === 'patient' ? 'op.parked.patient' : 'op.parked.house')}
        onYes={() => tell(asking ?? 'house')}
      />
    </section>
  );
}
