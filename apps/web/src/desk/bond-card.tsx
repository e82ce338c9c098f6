/** A bond: what was paid in, what is locked, what is free, what waits on the account, and both ways of moving it. */
import { useMutation } from '@tanstack/react-query';
import { placeBond, reclaimBond } from '@zhenmei/client/guarantee.ts';
import { Button } from '../look/button.tsx';
import { Card, Facts, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';
import { OrderForm, PayIn } from './pay-in.tsx';
import { useSupply } from './use-supply.ts';

interface Props {
  readonly bond: { readonly total: string; readonly locked: string };
  /** On the account and not put anywhere yet, in minor units: also what an order left over, such as after a premium. */
  readonly units: string;
  readonly order: Parameters<typeof PayIn>[0]['order'];
  /** False: nothing is taken in now; what is free can still be taken back. */
  readonly mayAdd?: boolean;
  orderBond(minor: string): Promise<unknown>;
  onDone(): void;
}

export function BondCard({ bond, units, order, mayAdd = true, orderBond, onDone }: Props) {
  const { desk } = useSupply();
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const free = BigInt(bond.total) - BigInt(bond.locked);
  return (
    <Card title={t('guarantee.bond')}>
      <Facts
        rows={[
          [t('guarantee.bond.total'), yuan(bond.total)],
          [t('guarantee.bond.locked'), yuan(bond.locked)],
          [t('guarantee.bond.free'), yuan(free.toString())],
          ...(units === '0' ? [] : [[t('guarantee.bond.units'), yuan(units)] as const]),
        ]}
      />
      {units === '0' ? null : (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => placeBond(desk, BigInt(units)))}
        >
          {t('guarantee.bond.place')} · {yuan(units)}
        </Button>
      )}
      <PayIn order={order} busy={act.isPending} run={act.mutate} />
      {mayAdd && order?.state !== 'received' ? (
        <OrderForm busy={act.isPending} onOrder={(minor) => act.mutate(() => orderBond(minor.toString()))} />
      ) : null}
      {free > 0n ? (
        <Button kind="quiet" busy={act.isPending} onClick={() => act.mutate(() => reclaimBond(desk, free))}>
          {t('guarantee.bond.reclaim')}
        </Button>
      ) : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
