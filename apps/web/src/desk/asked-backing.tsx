/** A promise that an insurer or the pool was asked to stand behind, until the clinic opens it. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { openInsured, openPooled } from '@zhenmei/client/guarantee.ts';
import { backingApi } from '@zhenmei/money/backing-api.ts';
import { type DeskCover, guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { Button } from '../look/button.tsx';
import { Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { PayIn } from './pay-in.tsx';
import { useSupply } from './use-supply.ts';

interface Props {
  readonly cover: DeskCover;
  /** What is on its way onto the clinic's account. */
  readonly order: Parameters<typeof PayIn>[0]['order'];
  onDone(): void;
  /** The clinic wants another way. */
  onOther(): void;
}

export function AskedBacking(props: Props) {
  const { firstLoss, backed, profile } = props.cover.backing;
  return (
    <>
      {profile === 'pool' ? <Pooled {...props} /> : <Insured {...props} />}
      <p className="m-0 soft">{t('backing.ask.text', { first: yuan(firstLoss), backed: yuan(backed) })}</p>
      <Button kind="quiet" onClick={props.onOther}>
        {t('backing.other')}
      </Button>
    </>
  );
}

function Insured({ cover, onDone }: Props) {
  const { desk } = useSupply();
  const open = useMutation({ mutationFn: () => openInsured(desk, cover), onSettled: onDone });
  const { backing } = cover;
  const name = backing.name ? say(backing.name) : '';
  const until = date(new Date(cover.cover.openBy * 1000).toISOString(), now());
  if (backing.answer === 'declined') return <p className="m-0">{t('insurer.declined', { name })}</p>;
  if (backing.answer !== 'signed') return <p className="m-0">{t('insurer.asked', { name, until })}</p>;
  return (
    <>
      <p className="m-0">
        {t('insurer.signed', {
          name,
          premium: yuan(backing.premium ?? '0'),
          first: yuan(backing.firstLoss),
        })}
      </p>
      <Button kind="main" busy={open.isPending} onClick={() => open.mutate()}>
        {t('insurer.open')}
      </Button>
      {open.error ? <Refusal error={open.error} /> : null}
    </>
  );
}

function Pooled({ cover, order, onDone }: Props) {
  const { desk } = useSupply();
  const price = useQuery({
    queryKey: ['cover-price', cover.id],
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(backingApi.priceCover, { params: { id: cover.id }, body: {} }),
  });
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  if (price.error) return <Refusal error={price.error} />;
  if (!price.data) return <Waiting what={t('loading')} />;
  const { premium, ready } = price.data;
  const missing = BigInt(premium) - BigInt(ready);
  // less than one yuan is no payment
  const amount = (missing < 100n ? 100n : missing).toString();
  return (
    <>
      <p className="m-0">{t('backing.price', { premium: yuan(premium) })}</p>
      {missing <= 0n ? (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => openPooled(desk, cover, price.data))}
        >
          {t('backing.price.open', { premium: yuan(premium) })}
        </Button>
      ) : order && order.state !== 'minted' && order.amount === amount ? (
        <PayIn order={order} busy={act.isPending} run={act.mutate} />
      ) : (
        <Button
          busy={act.isPending}
          onClick={() => act.mutate(() => deskApi.call(guaranteeApi.orderBond, { body: { amount } }))}
        >
          {t('backing.price.order', { amount: yuan(amount) })}
        </Button>
      )}
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
