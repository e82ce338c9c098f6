/** A maker's products: the list, found by name, number or registration. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { useDeferredValue, useState } from 'react';
import { Line, Nothing, ROW, Rows } from '../desk/parts.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal, Skeleton } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function DeskProductsPage() {
  const { organisation } = useSupply();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['products', organisation.id, q],
    placeholderData: keepPreviousData,
    queryFn: () =>
      deskApi.call(provenanceApi.listProducts, {
        query: { maker: organisation.id, ...(q ? { q } : {}) },
      }),
  });
  const products = found.data?.products ?? [];
  const add = (
    <Link to="/desk/products/new" className="btn btn-main">
      {t('products.new')}
    </Link>
  );
  const none = found.data !== undefined && products.length === 0;
  return (
    <Page title={t('products.title')}>
      {none && q === '' ? (
        <Nothing text={t('products.none')}>{add}</Nothing>
      ) : (
        <>
          <div className="flex flex-wrap items-end gap-3">
            <div className="flex-1 min-w-56">
              <Field
                label={t('products.search')}
                type="search"
                maxLength={100}
                value={text}
                onValueChange={setText}
              />
            </div>
            {add}
          </div>
          {found.error ? <Refusal error={found.error} /> : null}
          {found.isPending ? <Skeleton lines={4} /> : null}
          {none ? <Nothing text={t('products.notFound', { q })} /> : null}
          {products.length > 0 ? (
            <Card>
              <Rows>
                {products.map(({ product, version, changedAt }) => (
                  <Line key={product.gtin}>
                    <Link to="/desk/products/$gtin" params={{ gtin: product.gtin }} className={ROW}>
                      <span className="min-w-0">
                        <span className="font-medium block">{say(product.name)}</span>
                        <span className="soft text-sm">
                          {product.gtin} · {product.registration}
                        </span>
                      </span>
                      <span className="soft text-sm">
                        {t('products.version', { version })} · {date(changedAt, now())}
                      </span>
                    </Link>
                  </Line>
                ))}
              </Rows>
              {found.data?.more ? <p className="m-0 soft">{t('list.more')}</p> : null}
            </Card>
          ) : null}
        </>
      )}
    </Page>
  );
}
