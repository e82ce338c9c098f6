/** What is on its way to a clinic, what was scanned before and can be taken back, and in the demo what to try. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { GoodsInView } from '@zhenmei/care/core/stock-views.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { undoScan } from '@zhenmei/client/stock.ts';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { OUTCOME_TONE, worst } from './goods-answer.tsx';

export function GoodsLists({
  clinic,
  person,
  onSample,
}: {
  clinic: Clinic;
  person: string;
  onSample(code: string): void;
}) {
  const goods = useQuery({
    queryKey: ['goods-in'],
    queryFn: () => deskApi.call(stockApi.goodsIn),
    refetchInterval: 10_000,
  });
  const labels = useQuery({
    queryKey: ['goods-in', 'labels'],
    retry: false,
    queryFn: () => deskApi.call(demoApi.sampleLabels),
  });
  if (goods.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (goods.error) return <Refusal error={goods.error} />;
  const { scans, deliveries } = goods.data;
  return (
    <>
      {labels.data ? (
        <Card title={t('goods.samples')}>
          <div className="flex flex-wrap gap-2">
            {labels.data.labels.map((label) => (
              <Button key={label.key} className="btn-small" onClick={() => onSample(label.code)}>
                {say(label.name)}
              </Button>
            ))}
          </div>
        </Card>
      ) : null}
      <Card title={t('goods.onTheWay')}>
        {deliveries.length === 0 ? <p className="m-0 soft">{t('goods.onTheWayEmpty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {deliveries.map((delivery) => (
            <li key={delivery.shipment} className="border-t border-line first:border-0 py-3">
              <span className="font-medium block">
                {delivery.from ? t('goods.from', { from: say(delivery.from) }) : ''}{' '}
                <span className="soft font-normal">{date(delivery.sentAt, now())}</span>
              </span>
              {delivery.boxes.map((box) => (
                <span key={box} className="soft block text-sm break-all">
                  {t('goods.boxNumber', { box: box.split('/00/')[1] ?? box })}
                </span>
              ))}
              {delivery.items.map((item) => (
                <span key={item.gtin} className="block">
                  {say(item.name)} · {t('goods.units', { count: item.units })}
                </span>
              ))}
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t('goods.list')}>
        {scans.length === 0 ? <p className="m-0 soft">{t('goods.listEmpty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {byScan(scans).map((all) => (
            <Scan key={all[0]!.scan} clinic={clinic} all={all} person={person} />
          ))}
        </ul>
      </Card>
    </>
  );
}

/** The rows of each scan together, in the order in which they came. */
function byScan(scans: readonly GoodsInView[]): GoodsInView[][] {
  const groups = new Map<string, GoodsInView[]>();
  for (const one of scans) groups.set(one.scan, [...(groups.get(one.scan) ?? []), one]);
  return [...groups.values()];
}

function Scan({ clinic, all, person }: { clinic: Clinic; all: readonly GoodsInView[]; person: string }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const scan = all[0]!;
  const undo = useMutation({
    mutationFn: () => undoScan(clinic, scan.scan, person.trim() || scan.person),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: ['goods-in'] });
      void queries.invalidateQueries({ queryKey: ['stock'] });
    },
  });
  const received = all.filter(({ outcome }) => outcome !== 'refused');
  return (
    <li className="border-t border-line first:border-0 py-3 flex flex-wrap gap-x-4 gap-y-2 justify-between">
      <span className="min-w-0 flex-1 basis-60">
        <Pill tone={scan.undone ? 'slate' : OUTCOME_TONE[worst(all)]}>
          {t(scan.undone ? 'goods.undone' : `goods.${worst(all)}`)}
        </Pill>{' '}
        <span className="break-words">{scan.product ? say(scan.product) : ''}</span>
        {all.length === 1 ? (
          <span className="soft block text-sm break-all">
            {scan.serial ?? scan.code.replaceAll('\u001d', ' ')}
          </span>
        ) : (
          <Units all={all} />
        )}
        <span className="block">{worst(all) === 'accepted' ? '' : reasonsOf(all)}</span>
        <span className="soft block text-sm">
          {scan.person} · {date(scan.at, now(), true)}
        </span>
        {undo.error ? <Refusal error={undo.error} /> : null}
      </span>
      {received.length > 0 && received.every(({ canUndo }) => canUndo) ? (
        <Button className="btn-small self-start" busy={undo.isPending} onClick={() => setAsking(true)}>
          {t('goods.undo')}
        </Button>
      ) : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('goods.undo')}
        text={t('goods.undoText')}
        yes={t('goods.undo')}
        onYes={() => undo.mutate()}
      />
    </li>
  );
}

const reasonsOf = (all: readonly GoodsInView[]): string =>
  [...new Set(all.filter(({ outcome }) => outcome !== 'accepted').map(({ text }) => say(text)))].join(' · ');

function Units({ all }: { all: readonly GoodsInView[] }) {
  return (
    <details>
      <summary className="soft text-sm cursor-pointer min-h-11 py-2.5">
        {t('goods.inBox', { count: all.length })}
      </summary>
      <ul className="soft text-sm list-none p-0 m-0">
        {all.map((one) => (
          <li key={one.position} className="break-all">
            {one.serial} · {t(`goods.${one.outcome}`)}
          </li>
        ))}
      </ul>
    </details>
  );
}
