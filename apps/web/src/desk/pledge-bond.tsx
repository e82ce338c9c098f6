/** The part of a clinic's bond that stands for its coming. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { careApi } from '@zhenmei/care/api.ts';
import { placePledgeBond, reclaimPledgeBond } from '@zhenmei/client/pledge.ts';
import type { guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { useSupply } from './use-supply.ts';

type Data = Awaited<ReturnType<typeof deskApi.call<typeof guaranteeApi.readDesk>>>;

export function PledgeBond({ data: { order, pledges }, onDone }: { data: Data; onDone(): void }) {
  const { desk } = useSupply();
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const { bond, standing } = pledges;
  const free = BigInt(bond.total) - BigInt(bond.locked);
  const back = useMutation({ mutationFn: () => reclaimPledgeBond(desk, free), onSettled: onDone });
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
      {bond.total === '0' && order?.state !== 'minted' ? (
        <p className="m-0 soft">{t('pledge.bond.empty')}</p>
      ) : null}
      {order?.state === 'minted' ? (
        <Button
          busy={act.isPending}
          onClick={() => act.mutate(() => placePledgeBond(desk, BigInt(order.amount)))}
        >
          {t('pledge.bond.place')} · {yuan(order.amount)}
        </Button>
      ) : null}
      {free > 0n ? (
        <Button kind="quiet" busy={back.isPending} onClick={() => back.mutate()}>
          {t('pledge.bond.reclaim')}
        </Button>
      ) : null}
      {back.isSuccess && free === 0n ? (
        <p className="m-0" role="status">
          {t('pledge.bond.back')}
        </p>
      ) : null}
      {(act.error ?? back.error) ? <Refusal error={act.error ?? back.error} /> : null}
      <Listed list={pledges.list} />
    </Card>
  );
}

const TONES = { standing: 'plum', reported: 'amber', paid: 'jade', freed: 'jade' } as const;

/** For which visits: what stands, and the newest that ended. */
function Listed({ list }: { list: Data['pledges']['list'] }) {
  const visits = useQuery({
    queryKey: ['desk-visits'],
    enabled: list.length > 0,
    queryFn: () => deskApi.call(careApi.deskVisits, { query: {} }),
  });
  if (list.length === 0) return <p className="m-0 soft">{t('pledge.list.none')}</p>;
  const byAgreement = new Map(visits.data?.visits.map((visit) => [visit.agreementId, visit]));
  return (
    <ul className="list-none p-0 m-0 flex flex-col" aria-label={t('pledge.list')}>
      {list.map(({ agreement, sum, state }) => {
        const visit = byAgreement.get(agreement);
        return (
          <li key={agreement} className="border-t border-line first:border-0 py-3 flex justify-between gap-3">
            <span>
              <span className="font-medium tabular-nums block">{yuan(sum)}</span>
              {visit ? (
                <Link to="/desk/visits/$id" params={{ id: visit.id }} className="block min-h-6">
                  {say(visit.service.procedure.name)} · {date(visit.slot.startsAt, now(), true)}
                </Link>
              ) : null}
            </span>
            <span className="shrink-0">
              <Pill tone={TONES[state]}>{t(`pledge.state.${state}`)}</Pill>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
