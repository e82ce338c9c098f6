/** One product: what is stated of it now, what was stated before, and its lots. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { LotRows } from '../desk/lot-rows.tsx';
import { changesBetween } from '../desk/product-changes.ts';
import {
  classWord,
  content,
  howOften,
  ingredients,
  inside,
  regionWord,
  routeWords,
  temperature,
  usesOf,
} from '../desk/product-words.ts';
import { Card, Facts, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const route = getRouteApi('/desk/products/$gtin');

export function DeskProductPage() {
  const { gtin } = route.useParams();
  const history = useQuery({
    queryKey: ['product-history', gtin],
    queryFn: () => deskApi.call(provenanceApi.productHistory, { params: { gtin } }),
  });
  const latest = history.data?.versions[0];
  if (!latest)
    return (
      <Page title={t('products.title')}>
        {history.error ? <Refusal error={history.error} /> : <Skeleton lines={5} />}
      </Page>
    );
  const { product } = latest;
  return (
    <Page title={say(product.name)} lead={`${product.gtin} · ${product.registration}`}>
      <div className="flex flex-wrap gap-3 no-print">
        <Link to="/desk/lots/new" search={{ gtin }} className="btn btn-main">
          {t('lots.new')}
        </Link>
        <Link to="/desk/products/$gtin/edit" params={{ gtin }} className="btn">
          {t('products.edit')}
        </Link>
      </div>
      <Approvals product={product} />
      <Card title={t('products.facts')}>
        <Facts rows={conditions(product)} />
      </Card>
      <LotRows gtin={gtin} />
      <Card title={t('products.history')}>
        <ol className="list-none p-0 m-0 flex flex-col gap-4">
          {history.data!.versions.map(({ version, product: body, note, changedAt }, i, all) => (
            <li key={version} className="border-t border-line first:border-0 pt-3 first:pt-0">
              <span className="font-medium">{t('products.version', { version })}</span>{' '}
              <span className="soft">{date(changedAt, now(), true)}</span>
              {note ? <p className="m-0">{note}</p> : null}
              <Changes before={all[i + 1]?.product} after={body} />
            </li>
          ))}
        </ol>
      </Card>
    </Page>
  );
}

function Approvals({ product }: { product: ProductBody }) {
  const day = new Date(now()).toISOString().slice(0, 10);
  return (
    <Card title={t('products.approvals')}>
      {usesOf(product).map((use) => {
        const over = use.until !== null && use.until < day;
        return (
          <div
            key={`${use.region}${use.number}${use.until}`}
            className="flex flex-col gap-1 border-t border-line first-of-type:border-0 pt-3 first-of-type:pt-0"
          >
            <div className="flex flex-wrap gap-x-3 items-baseline">
              <span className="font-medium">{regionWord(use.region)}</span>
              <span className="soft">{classWord(use.class)}</span>
              <span className="soft">{use.number}</span>
              {use.until ? (
                <Pill tone={over ? 'cinnabar' : 'jade'}>
                  {t(over ? 'products.ended' : 'products.until', { day: use.until })}
                </Pill>
              ) : null}
            </div>
            <span>{routeWords(use.routes)}</span>
            {use.indications.length > 0 ? (
              <span className="soft">{use.indications.join(t('list.comma'))}</span>
            ) : null}
          </div>
        );
      })}
    </Card>
  );
}

function conditions(product: ProductBody): [string, string][] {
  const { storage } = product;
  return [
    [t('field.storage'), temperature(product)],
    [t('field.minutesOut'), t('minutes', { n: storage.maxMinutesOut })],
    ...(storage.maxMeanKineticC === undefined
      ? []
      : [[t('field.meanKinetic'), `${storage.maxMeanKineticC} °C`] as [string, string]]),
    [t('field.use'), howOften(product)],
    [t('field.amount'), content(product)],
    ...(product.contains ? [[t('field.contains'), inside(product)] as [string, string]] : []),
    ...(product.isToxin ? [[t('field.toxin'), t('yes')] as [string, string]] : []),
    [t('field.ingredients'), ingredients(product)],
  ];
}

function Changes({ before, after }: { before: ProductBody | undefined; after: ProductBody }) {
  if (!before) return <p className="m-0 soft">{t('products.first')}</p>;
  return (
    <ul className="m-0 pl-5">
      {changesBetween(before, after).map(({ field, from, to }) => (
        <li key={field}>
          {t(`change.${field}` as Key)}
          {t('list.colon')}
          <span className="soft line-through">{from}</span> {'→'} {to}
        </li>
      ))}
    </ul>
  );
}
