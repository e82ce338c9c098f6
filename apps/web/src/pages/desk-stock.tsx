/** The shelf: how much of what, in which state, what ends soon, and what has to be settled. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { StockState } from '@zhenmei/care/core/stock.ts';
import type { StockUnitView } from '@zhenmei/care/core/stock-views.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { Cases, Requests } from '../desk/requests.tsx';
import { STATE_TONE } from '../desk/stock-tone.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Select, Toggle } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { amountOf, date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const route = getRouteApi('/desk/stock');
const SOON_DAYS = 30;
const PAGE = 500;
const STATES: readonly StockState[] = [
  'in-stock',
  'open',
  'quarantined',
  'recalled',
  'announced',
  'installed',
  'used',
  'wasted',
  'returned',
  'lost',
];

export function StockPage() {
  const clinic = useSeat().data?.clinic;
  return (
    <Page title={t('stock.title')}>
      <div className="no-print">
        <Link to="/desk/stock/count" className="btn">
          {t('count.go')}
        </Link>
      </div>
      {clinic ? <Requests clinic={clinic} /> : null}
      <Shelf />
      <Cases />
    </Page>
  );
}

function Shelf() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: typeof search) => {
    const { from: _, ...old } = search;
    void navigate({ search: { ...old, ...change }, replace: true });
  };
  const from = search.from ?? 0;
  const state = search.state ?? 'shelf';
  const stock = useQuery({
    queryKey: ['stock', 'list', search],
    placeholderData: (before) => before,
    queryFn: () =>
      deskApi.call(stockApi.stock, {
        query: {
          ...(state === 'shelf' ? { shelf: true } : state === 'all' ? {} : { state: state as StockState }),
          ...(search.gtin ? { gtin: search.gtin } : {}),
          ...(search.q ? { q: search.q } : {}),
          ...(search.soon ? { withinDays: SOON_DAYS } : {}),
          limit: PAGE,
          offset: from,
        },
      }),
  });
  if (stock.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (stock.error) return <Refusal error={stock.error} />;
  const { counts, products, units, total } = stock.data;
  const onShelf = counts['in-stock'] + counts.open + counts.quarantined + counts.recalled;
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const filter = (value: string, label: string, count: number) => (
    <button
      key={value}
      type="button"
      aria-pressed={state === value}
      className={`btn btn-small ${state === value ? 'btn-main' : ''}`}
      onClick={() => set({ state: value })}
    >
      {label} <span className="font-semibold">{count}</span>
    </button>
  );
  return (
    <>
      <Card>
        <fieldset className="flex flex-wrap gap-2 border-0 p-0 m-0">
          <legend className="sr-only">{t('stock.title')}</legend>
          {filter('shelf', t('stock.shelf'), onShelf)}
          {STATES.filter((one) => counts[one] > 0 || one === state).map((one) =>
            filter(one, t(`stock.state.${one}`), counts[one]),
          )}
          {filter('all', t('stock.all'), all)}
        </fieldset>
        <div className="grid gap-3 md:grid-cols-2 no-print">
          <Field
            label={t('stock.search')}
            type="search"
            value={search.q ?? ''}
            onValueChange={(q) => set({ q })}
          />
          <Select
            label={t('stock.product')}
            value={search.gtin ?? ''}
            onChange={(gtin) => set({ gtin })}
            options={[
              { value: '', label: t('stock.anyProduct') },
              ...products.map(({ gtin, name, onShelf: units }) => ({
                value: gtin,
                label: t('stock.productCount', { name: say(name), count: units }),
              })),
            ]}
          />
        </div>
        <Toggle label={t('stock.soon')} on={search.soon ?? false} onChange={(soon) => set({ soon })} />
      </Card>
      <Card>
        {units.length === 0 ? <p className="m-0 soft">{t('stock.empty')}</p> : null}
        <ul className="list-none p-0 m-0 flex flex-col">
          {alike(units).map((group) =>
            group.length === 1 ? (
              <Line key={group[0]!.unit} unit={group[0]!} />
            ) : (
              <Group key={group[0]!.unit} units={group} />
            ),
          )}
        </ul>
        {total > 0 ? (
          <p className="soft m-0 text-sm" role="status">
            {t('stock.more', { total, shown: units.length })}
          </p>
        ) : null}
        {total > from + units.length ? (
          <Button onClick={() => set({ from: from + PAGE })}>{t('stock.next')}</Button>
        ) : null}
      </Card>
    </>
  );
}

/** Unopened units of one product, lot, date and state together; every other by itself. */
function alike(units: readonly StockUnitView[]): StockUnitView[][] {
  const groups = new Map<string, StockUnitView[]>();
  for (const unit of units) {
    const { gtin, lot, expiry, state, uses } = unit;
    const key = uses > 0 ? unit.unit : [gtin, lot, expiry, state].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), unit]);
  }
  return [...groups.values()];
}

function Group({ units }: { units: readonly StockUnitView[] }) {
  const first = units[0]!;
  return (
    <li className="border-t border-line first:border-0 py-3">
      <span className="flex flex-wrap justify-between gap-x-4 gap-y-1">
        <span className="min-w-0 flex-1 basis-60">
          <span className="font-medium block">{say(first.product)}</span>
          <span className="soft text-sm">
            {first.lotNumber ? `${t('verdict.lot')} ${first.lotNumber} · ` : ''}
            {t('stock.group', { count: units.length })}
          </span>
        </span>
        <span className="flex flex-col items-start sm:items-end">
          <Pill tone={STATE_TONE[first.state]}>{t(`stock.state.${first.state}`)}</Pill>
          <Until unit={first} />
        </span>
      </span>
      <details>
        <summary className="soft text-sm cursor-pointer min-h-11 py-2.5">{t('stock.serial')}</summary>
        <ul className="list-none p-0 m-0 grid gap-x-4 grid-cols-2 md:grid-cols-4">
          {units.map((unit) => (
            <li key={unit.unit} className="min-w-0">
              <Link
                to="/desk/stock/unit"
                search={{ unit: unit.unit }}
                className="text-ink min-h-11 py-2.5 inline-block break-all"
              >
                {unit.serial}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}

function Line({ unit }: { unit: StockUnitView }) {
  return (
    <li className="border-t border-line first:border-0">
      <Link
        to="/desk/stock/unit"
        search={{ unit: unit.unit }}
        className="flex flex-wrap justify-between gap-x-4 gap-y-1 py-3 no-underline text-ink min-h-11"
      >
        <span className="min-w-0 flex-1 basis-60">
          <span className="font-medium block">{say(unit.product)}</span>
          <span className="soft text-sm break-all">
            {unit.serial}
            {unit.lotNumber ? ` · ${t('verdict.lot')} ${unit.lotNumber}` : ''}
          </span>
        </span>
        <span className="flex flex-col items-start sm:items-end">
          <Pill tone={STATE_TONE[unit.state]}>{t(`stock.state.${unit.state}`)}</Pill>
          <Until unit={unit} />
          {unit.uses > 0 && unit.remaining > 0 ? (
            <span className="text-sm">
              {t('stock.left', { left: amountOf(unit.remaining, unit.amountUnit) })}
            </span>
          ) : null}
        </span>
      </Link>
    </li>
  );
}

export function Until({ unit }: { unit: StockUnitView }) {
  if (unit.state === 'open' && unit.useBy) {
    const over = Date.parse(unit.useBy) < now();
    return (
      <span className="text-sm" style={over ? { color: 'var(--cinnabar)' } : undefined}>
        {t('stock.useBy', { until: date(unit.useBy, now(), true) })}
      </span>
    );
  }
  if (!unit.expiry) return null;
  return (
    <span className="text-sm" style={unit.expired ? { color: 'var(--cinnabar)' } : undefined}>
      {unit.expired ? `${t('stock.expired')} · ` : `${t('stock.expiry')} `}
      {date(`${unit.expiry}T12:00:00Z`, now())}
    </span>
  );
}
