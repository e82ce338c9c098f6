/** One lot: stated batch by batch, published, checked, printed. Long work goes on where it stopped. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { checkRoot, commissionLot, type Progress as Done, publishLot } from '@zhenmei/client/maker.ts';
import { lotLink } from '@zhenmei/gs1/core/links.ts';
import { type LotView, provenanceApi } from '@zhenmei/provenance/api.ts';
import { useEffect, useRef, useState } from 'react';
import { containersIn, lotState } from '../desk/lot-rows.tsx';
import { Progress, shortName } from '../desk/parts.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Button } from '../look/button.tsx';
import { Card, Details, Facts, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const route = getRouteApi('/desk/lots/$gtin/$lot');

export function DeskLotPage() {
  const { gtin, lot: number } = route.useParams();
  const link = lotLink(gtin, number);
  const status = useQuery({
    queryKey: ['lot', link],
    queryFn: () => deskApi.call(provenanceApi.readLotStatus, { query: { link } }),
  });
  const product = useQuery({
    queryKey: ['product', gtin],
    queryFn: () => deskApi.call(provenanceApi.readProduct, { params: { gtin } }),
  });
  const lot = status.data;
  return (
    <Page title={t('lots.lot', { lot: number })} lead={product.data ? say(product.data.product.name) : ''}>
      {status.error ? <Refusal error={status.error} /> : null}
      {!lot || !product.data ? <Skeleton lines={5} /> : null}
      {lot && product.data ? (
        <>
          <Card>
            <Facts
              rows={[
                [t('field.gtin'), gtin],
                ...(lot.plan ? [[t('field.expiry'), lot.plan.expiry] as const] : []),
                [t('lots.planned'), date(lot.plannedAt, now(), true)],
                [t('lots.units'), t('lots.stated', { made: lot.made, units: lot.units })],
                ...(containersIn(lot) > 0
                  ? [
                      [
                        t('lots.containersOf'),
                        t('lots.stated', { made: lot.packed, units: containersIn(lot) }),
                      ] as const,
                    ]
                  : []),
              ]}
            />
          </Card>
          <State lot={lot} />
          <Publish lot={lot} product={product.data.product} />
          <div className="flex flex-wrap gap-3">
            {lot.made > 0 ? (
              <Link to="/desk/lots/$gtin/$lot/labels" params={{ gtin, lot: number }} className="btn">
                {t('labels.title')}
              </Link>
            ) : null}
            {lot.root && !lot.root.blocked ? (
              <Link to="/desk/recalls/new" search={{ gtin, lot: number }} className="btn">
                {t('lots.recall')}
              </Link>
            ) : null}
          </div>
        </>
      ) : null}
    </Page>
  );
}

/** States what is left to state. */
function State({ lot }: { lot: LotView }) {
  const supply = useSupply();
  const queries = useQueryClient();
  const { start } = route.useSearch();
  const navigate = route.useNavigate();
  const [done, setDone] = useState<Done | null>(null);
  const stop = useRef<AbortController | null>(null);
  const work = useMutation({
    mutationFn: () => {
      stop.current = new AbortController();
      return commissionLot(supply, lot.link, setDone, stop.current.signal);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['lot', lot.link] }),
  });
  const { mutate } = work;
  // ordered a moment ago: begin at once, and only once
  useEffect(() => {
    if (!start) return;
    void navigate({ search: {}, replace: true });
    mutate();
  }, [start, navigate, mutate]);
  const unfinished = lotState(lot) === 'making';
  const aborted = work.error instanceof DOMException && work.error.name === 'AbortError';
  if (!unfinished && !work.isPending) return null;
  return (
    <Card title={t('lots.stating')}>
      <p className="m-0 soft">{t(work.isPending ? 'lots.statingNow' : 'lots.unfinished')}</p>
      {done && work.isPending ? <Progress done={done.done} all={done.all} label={t('lots.stating')} /> : null}
      {work.error && !aborted ? <Refusal error={work.error} /> : null}
      {work.isPending ? (
        <Button onClick={() => stop.current?.abort()}>{t('lots.pause')}</Button>
      ) : (
        <Button kind="main" onClick={() => work.mutate()}>
          {t('lots.goOn')}
        </Button>
      )}
    </Card>
  );
}

function Publish({
  lot,
  product,
}: {
  lot: LotView;
  product: { maxAmountPerUnit: number; singleUse: boolean };
}) {
  const supply = useSupply();
  const queries = useQueryClient();
  const publish = useMutation({
    mutationFn: () => publishLot(supply.desk, lot.link, product),
    onSettled: () => queries.invalidateQueries({ queryKey: ['lot', lot.link] }),
  });
  const check = useQuery({
    queryKey: ['lot-root', lot.link, lot.root?.root],
    enabled: lot.root !== null,
    queryFn: () => checkRoot(supply, lot.link),
  });
  if (!lot.root)
    return (
      <Card title={t('lots.publish')}>
        <p className="m-0 soft">{t('lots.publishLead')}</p>
        <Button
          kind="main"
          busy={publish.isPending}
          disabled={lotState(lot) === 'making'}
          onClick={() => publish.mutate()}
        >
          {t('lots.publishNow')}
        </Button>
        {publish.error ? <Refusal error={publish.error} /> : null}
      </Card>
    );
  const agrees = check.data && check.data.computed === check.data.published;
  return (
    <Card title={t('lots.published')}>
      <span>{date(lot.root.at, now(), true)}</span>
      {lot.root.blocked ? <Pill tone="cinnabar">{t('lot.blocked')}</Pill> : null}
      {check.data ? (
        <Pill tone={agrees ? 'jade' : 'cinnabar'}>{t(agrees ? 'lots.agrees' : 'lots.differs')}</Pill>
      ) : null}
      <Details>
        {lot.root.root}
        <span className="block">{lot.root.maker}</span>
        <span className="block">
          {t('lots.block', { n: lot.root.block })} · {shortName(lot.link)}
        </span>
      </Details>
    </Card>
  );
}
