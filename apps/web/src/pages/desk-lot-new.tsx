/** A lot is ordered: the device makes the serial numbers, and everything that follows is fixed. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { planLot } from '@zhenmei/client/maker.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { containersFor } from '@zhenmei/provenance/core/commission.ts';
import { type FormEvent, useState } from 'react';
import { Nothing, shortName } from '../desk/parts.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Button } from '../look/button.tsx';
import { Select, Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal, Skeleton } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi, random } from '../state/apis.ts';

const route = getRouteApi('/desk/lots/new');
const MOST = 10_000;

const whole = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);

function offset(): string {
  const minutes = -new Date().getTimezoneOffset();
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

export function DeskLotNewPage() {
  const { organisation } = useSupply();
  const products = useQuery({
    queryKey: ['products', organisation.id, ''],
    queryFn: () => deskApi.call(provenanceApi.listProducts, { query: { maker: organisation.id } }),
  });
  return (
    <Page title={t('lots.new')} lead={t('lots.lead')}>
      {products.error ? <Refusal error={products.error} /> : null}
      {products.data?.products.length === 0 ? (
        <Nothing text={t('lots.noProduct')}>
          <Link to="/desk/products/new" className="btn btn-main self-start">
            {t('products.new')}
          </Link>
        </Nothing>
      ) : null}
      {products.isPending ? <Skeleton lines={5} /> : null}
      {products.data && products.data.products.length > 0 ? (
        <Form
          products={products.data.products.map(({ product }) => ({
            value: product.gtin,
            label: `${say(product.name)} · ${product.gtin}`,
          }))}
        />
      ) : null}
    </Page>
  );
}

function Form({ products }: { products: { value: string; label: string }[] }) {
  const supply = useSupply();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const asked = route.useSearch().gtin;
  const [picked, setPicked] = useState('');
  const gtin = picked || (products.some(({ value }) => value === asked) ? asked! : products[0]!.value);
  const today = new Date(supply.now()).toISOString().slice(0, 10);
  const [lot, setLot] = useState('');
  const [made, setMade] = useState(today);
  const [expiry, setExpiry] = useState(`${Number(today.slice(0, 4)) + 2}${today.slice(4)}`);
  const [count, setCount] = useState('1000');
  const [packed, setPacked] = useState(false);
  const [perBox, setPerBox] = useState('20');
  const [perCase, setPerCase] = useState('10');
  const [prefix, setPrefix] = useState(supply.gln.slice(0, 7));
  const [tried, setTried] = useState(false);
  const [units, box, boxes] = [whole(count), whole(perBox), whole(perCase)];
  const wrong = {
    lot: !/^[!-~]{1,20}$/.test(lot.trim()),
    count: units < 1 || units > MOST,
    expiry: expiry <= made,
    perBox: packed && box < 1,
    prefix: packed && !/^\d{4,12}$/.test(prefix),
  };
  const need = containersFor(units, packed ? box : 0, packed ? boxes : 0);
  const order = useMutation({
    mutationFn: () =>
      planLot(
        supply,
        {
          gtin,
          lot: lot.trim(),
          expiry,
          // the day it was made, at the moment of ordering if that is today
          madeAt: new Date(made === today ? supply.now() : Date.parse(`${made}T04:00:00Z`)).toISOString(),
          offset: offset(),
          count: units,
          packing: packed ? { companyPrefix: prefix, perBox: box, boxesPerCase: boxes } : null,
        },
        random,
      ),
    onSuccess: async ({ link }) => {
      await queries.invalidateQueries({ queryKey: ['lots'] });
      await navigate({
        to: '/desk/lots/$gtin/$lot',
        params: { gtin, lot: shortName(link) },
        search: { start: true },
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!Object.values(wrong).some(Boolean)) order.mutate();
  };
  const error = (
    is: boolean,
    key: 'lots.lot.wrong' | 'lots.count.wrong' | 'lots.expiry.wrong' | 'field.wrong',
  ) => (tried && is ? t(key) : null);
  return (
    <form className="flex flex-col gap-4" onSubmit={submit} noValidate>
      <Card>
        <Select label={t('field.product')} value={gtin} onChange={setPicked} options={products} />
        <div className="grid gap-3 md:grid-cols-2">
          <Field
            label={t('field.lot')}
            hint={t('field.lot.hint')}
            maxLength={20}
            autoComplete="off"
            value={lot}
            onValueChange={setLot}
            error={error(wrong.lot, 'lots.lot.wrong')}
          />
          <Field
            label={t('field.count')}
            hint={t('field.count.hint', { most: MOST })}
            inputMode="numeric"
            value={count}
            onValueChange={setCount}
            error={error(wrong.count, 'lots.count.wrong')}
          />
          <Field label={t('field.madeOn')} type="date" max={today} value={made} onValueChange={setMade} />
          <Field
            label={t('field.expiry')}
            type="date"
            value={expiry}
            onValueChange={setExpiry}
            error={error(wrong.expiry, 'lots.expiry.wrong')}
          />
        </div>
      </Card>
      <Card>
        <Toggle label={t('lots.pack')} on={packed} onChange={setPacked} />
        {packed ? (
          <>
            <div className="grid gap-3 md:grid-cols-3">
              <Field
                label={t('field.perBox')}
                inputMode="numeric"
                value={perBox}
                onValueChange={setPerBox}
                error={error(wrong.perBox, 'field.wrong')}
              />
              <Field
                label={t('field.perCase')}
                hint={t('field.perCase.hint')}
                inputMode="numeric"
                value={perCase}
                onValueChange={setPerCase}
              />
              <Field
                label={t('field.prefix')}
                hint={t('field.prefix.hint')}
                inputMode="numeric"
                value={prefix}
                onValueChange={setPrefix}
                error={error(wrong.prefix, 'field.wrong')}
              />
            </div>
            <p className="m-0 soft">{t('lots.containers', need)}</p>
          </>
        ) : null}
      </Card>
      {order.error ? <Refusal error={order.error} /> : null}
      <Button type="submit" kind="main" busy={order.isPending}>
        {t('lots.order', { n: units })}
      </Button>
    </form>
  );
}
