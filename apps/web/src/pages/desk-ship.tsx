/** Goods leave: scanned or chosen from stock, for one receiver, signed by this device. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { shippingEvent, stateSigned } from '@zhenmei/client/hand-over.ts';
import { provenanceApi, type ScanView } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { type Leg, Logger, type StoredProduct } from '../desk/logger.tsx';
import { isContainer, Line, Rows, shortName } from '../desk/parts.tsx';
import { ScanField } from '../desk/scan-field.tsx';
import { StockPicker } from '../desk/stock-picker.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Pill, Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

/** Something on the list: how many units it stands for, and what is to be seen before signing. */
interface Goods {
  readonly epc: string;
  readonly units: number;
  readonly name: string;
  readonly warning: string | null;
  readonly locked: boolean;
}

export function DeskShipPage() {
  const supply = useSupply();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [goods, setGoods] = useState<readonly Goods[]>([]);
  const [to, setTo] = useState('');
  const [carrier, setCarrier] = useState('');
  const [reference, setReference] = useState('');
  const [leg, setLeg] = useState<Leg | null>(null);
  const [products, setProducts] = useState<Readonly<Record<string, StoredProduct>>>({});
  const parties = useQuery({
    queryKey: ['parties'],
    queryFn: () => deskApi.call(provenanceApi.listParties),
  });
  const others = (parties.data?.parties ?? []).filter(({ gln }) => gln !== supply.gln);
  const receiver = to || others.find(({ kind }) => kind === 'distributor')?.gln || others[0]?.gln || '';
  const learn = async (gtin: string | null) => {
    if (!gtin || products[gtin]) return;
    const { product } = await deskApi.call(provenanceApi.readProduct, { params: { gtin } });
    setProducts((before) => ({ ...before, [gtin]: { name: product.name, storage: product.storage } }));
  };
  const add = (more: readonly Goods[]) =>
    setGoods((before) => [...before, ...more.filter(({ epc }) => !before.some((one) => one.epc === epc))]);
  const found = (one: ScanView) => {
    add([goodsOf(one, supply.gln)]);
    void learn(one.gtin);
  };
  const ship = useMutation({
    mutationFn: () =>
      stateSigned(
        supply,
        shippingEvent({
          epcs: goods.map(({ epc }) => epc),
          from: supply.gln,
          to: receiver,
          at: supply.now(),
          carrier: carrier.trim() || undefined,
          reference: reference.trim() || undefined,
          sensors: leg?.elements,
        }),
      ),
    onSuccess: async ({ digest }) => {
      await queries.invalidateQueries({ queryKey: ['handovers'] });
      await navigate({ to: '/desk/shipments/$digest', params: { digest } });
    },
  });
  const units = goods.reduce((sum, one) => sum + one.units, 0);
  const locked = goods.some((one) => one.locked);
  return (
    <Page title={t('ship.title')} lead={t('ship.lead')}>
      <Card title={t('ship.to')}>
        {others.length > 0 ? (
          <Select
            label={t('ship.receiver')}
            value={receiver}
            onChange={setTo}
            options={others.map(({ gln, name, city }) => ({
              value: gln,
              label: `${say(name)} · ${say(city)}`,
            }))}
          />
        ) : null}
        {parties.error ? <Refusal error={parties.error} /> : null}
        <div className="grid gap-3 md:grid-cols-2">
          <Field label={t('ship.carrier')} maxLength={100} value={carrier} onValueChange={setCarrier} />
          <Field
            label={t('ship.reference')}
            hint={t('ship.reference.hint')}
            maxLength={40}
            value={reference}
            onValueChange={setReference}
          />
        </div>
      </Card>
      <Card title={t('ship.goods')}>
        <ScanField onFound={found} />
        <StockPicker
          onPicked={(epcs, name, gtin) => {
            add(epcs.map((epc) => ({ epc, units: 1, name, warning: null, locked: false })));
            void learn(gtin);
          }}
          onContainer={(epc, count, gtin) => {
            add([{ epc, units: count, name: t('goods.container'), warning: null, locked: false }]);
            void learn(gtin);
          }}
        />
        <GoodsList goods={goods} onRemove={(epc) => setGoods(goods.filter((one) => one.epc !== epc))} />
      </Card>
      <Card title={t('logger.title')}>
        <p className="m-0 soft">{t('logger.leadOut')}</p>
        <Logger products={Object.values(products)} leg={leg} onLeg={setLeg} />
      </Card>
      {locked ? <Pill tone="cinnabar">{t('ship.locked')}</Pill> : null}
      {ship.error ? <Refusal error={ship.error} /> : null}
      <Button
        kind="main"
        busy={ship.isPending}
        disabled={goods.length === 0 || receiver === '' || locked}
        onClick={() => ship.mutate()}
      >
        {t('ship.sign', { n: units })}
      </Button>
    </Page>
  );
}

function goodsOf(found: ScanView, here: string): Goods {
  const name = found.product ? say(found.product) : found.kind === 'container' ? t('goods.container') : '';
  const warning = found.lock
    ? t(`lock.${found.lock}`)
    : found.standing !== 'held' || found.holder !== here
      ? t('goods.notHere')
      : null;
  return {
    epc: found.epc,
    units: found.kind === 'container' ? Math.max(1, found.contents.length) : 1,
    name,
    warning,
    locked: found.lock !== null,
  };
}

const SHOWN = 50;

function GoodsList({ goods, onRemove }: { goods: readonly Goods[]; onRemove(epc: string): void }) {
  if (goods.length === 0) return <p className="m-0 soft">{t('goods.none')}</p>;
  return (
    <>
      <Rows>
        {goods.slice(0, SHOWN).map(({ epc, name, units, warning, locked }) => (
          <Line key={epc}>
            <div className="flex items-center justify-between gap-x-4 py-1">
              <span className="min-w-0">
                <span className="font-mono text-sm break-all">{shortName(epc)}</span>
                <span className="soft text-sm block">
                  {name}
                  {isContainer(epc) ? ` · ${t('units', { n: units })}` : ''}
                </span>
                {warning ? <Pill tone={locked ? 'cinnabar' : 'amber'}>{warning}</Pill> : null}
              </span>
              <Button
                kind="quiet"
                aria-label={t('goods.remove', { what: shortName(epc) })}
                onClick={() => onRemove(epc)}
              >
                ✕
              </Button>
            </div>
          </Line>
        ))}
      </Rows>
      {goods.length > SHOWN ? (
        <p className="m-0 soft">{t('more.units', { n: goods.length - SHOWN })}</p>
      ) : null}
    </>
  );
}
