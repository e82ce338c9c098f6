/** The demo's customers do not always pay exactly; a real house has no such card. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { Button } from '../look/button.tsx';
import { Pill, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import type { Order } from './trail.tsx';

const WAYS = ['part', 'twice', 'late', 'too-much', 'wrong-reference', 'reversed'] as const;

export function DemoPayments({ order, onDone }: { order: Order; onDone(): void }) {
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  const pay = useMutation({
    mutationFn: (how: (typeof WAYS)[number]) =>
      patientApi.call(demoApi.payAtBank, {
        body: { reference: order.reference, amount: order.missing, currency: order.currency, how },
      }),
    onSettled: onDone,
  });
  if (!config.data?.demo) return null;
  return (
    <details>
      <summary className="soft cursor-pointer min-h-11 py-2.5">{t('pay.demo')}</summary>
      <div className="flex flex-col gap-3 mt-2">
        <p className="m-0 soft">{t('pay.demo.lead')}</p>
        <div className="flex flex-wrap gap-2">
          {WAYS.map((how) => (
            <Button key={how} className="btn-small" busy={pay.isPending} onClick={() => pay.mutate(how)}>
              {t(`pay.demo.${how}`)}
            </Button>
          ))}
        </div>
        <div aria-live="polite">
          {pay.data ? (
            <Pill tone="jade">{t('pay.demo.told', { entries: pay.data.entries.join(', ') })}</Pill>
          ) : null}
        </div>
        {pay.error ? <Refusal error={pay.error} /> : null}
      </div>
    </details>
  );
}
