/** The part of a clinic's bond that stands for its coming. */
import { useMutation } from '@tanstack/react-query';
import { placePledgeBond, reclaimPledgeBond } from '@zhenmei/client/pledge.ts';
import type { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { Button } from '../look/button.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import type { deskApi } from '../state/apis.ts';
import { useSupply } from './use-supply.ts';

type Data = Awaited<ReturnType<typeof deskApi.call<typeof guaranteeApi.readDesk>>>;

export function PledgeBond({ data: { order, pledges }, onDone }: { data: Data; onDone(): void }) {
  const { desk } = useSupply();
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const { bond, standing } = pledges;
  const free = BigInt(bond.total) - BigInt(bond.locked);
  return (
    <Card title={t('pledge.bond')}>
      <p className="m-0 soft">{t('pledge.bond.lead')}</p>
      <Facts
        rows={[
          [t('guarantee.bond.total'), yuan(bond.total)],
          [t('guarantee.bond.locked'), yuan(bond.locked)],
          [t('guarantee.bond.free'), yuan(free.toString())],
          [t('pledge.bond.standing'), String(standing)],
        ]}
      />
      {order?.state === 'minted' ? (
        <Button
          busy={act.isPending}
          onClick={() => act.mutate(() => placePledgeBond(desk, BigInt(order.amount)))}
        >
          {t('pledge.bond.place')} · {yuan(order.amount)}
        </Button>
      ) : null}
      {free > 0n ? (
        <Button
          kind="quiet"
          busy={act.isPending}
          onClick={() => act.mutate(() => reclaimPledgeBond(desk, free))}
        >
          {t('guarantee.bond.reclaim')}
        </Button>
      ) : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
