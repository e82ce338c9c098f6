/** Lots of a maker or of one product, and how far each is recorded. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { LotView } from '@zhenmei/provenance/api.ts';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { Card, Pill, Refusal, Skeleton, type Tone } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { Line, Nothing, ROW, Rows, shortName } from './parts.tsx';

export type LotState = 'blocked' | 'making' | 'unpublished' | 'done';

export function lotState(lot: LotView): LotState {
  if (lot.root?.blocked) return 'blocked';
  if (lot.plan && (lot.made < lot.units || lot.packed < containersIn(lot))) return 'making';
  return lot.root ? 'done' : 'unpublished';
}

export const containersIn = ({ plan }: LotView): number =>
  (plan?.packing?.boxes.length ?? 0) + (plan?.packing?.cases.length ?? 0);

const TONE: Record<LotState, Tone> = {
  blocked: 'cinnabar',
  making: 'amber',
  unpublished: 'amber',
  done: 'jade',
};

export function LotRows({ gtin, maker }: { gtin?: string; maker?: string }) {
  const lots = useQuery({
    queryKey: ['lots', gtin ?? maker],
    queryFn: () =>
      deskApi.call(provenanceApi.listLots, {
        query: { ...(gtin ? { gtin } : {}), ...(maker ? { maker } : {}) },
      }),
  });
  const names = useQuery({
    queryKey: ['products', maker, ''],
    enabled: maker !== undefined,
    queryFn: () => deskApi.call(provenanceApi.listProducts, { query: { maker: maker! } }),
  });
  if (lots.error) return <Refusal error={lots.error} />;
  if (!lots.data) return <Skeleton lines={3} />;
  if (lots.data.lots.length === 0) return <Nothing text={t('lots.none')} />;
  const nameOf = (one: string) =>
    names.data?.products.find(({ product }) => product.gtin === one)?.product.name;
  return (
    <Card {...(gtin ? { title: t('lots.title') } : {})}>
      <Rows>
        {lots.data.lots.map((lot) => {
          const state = lotState(lot);
          const name = gtin ? undefined : nameOf(lot.gtin);
          return (
            <Line key={lot.link}>
              <Link
                to="/desk/lots/$gtin/$lot"
                params={{ gtin: lot.gtin, lot: shortName(lot.link) }}
                className={ROW}
              >
                <span className="min-w-0">
                  <span className="font-medium block">{t('lots.lot', { lot: shortName(lot.link) })}</span>
                  <span className="soft text-sm">
                    {name ? `${say(name)} · ` : ''}
                    {t('units', { n: lot.units })}
                    {lot.plan ? ` · ${t('lots.expiry', { day: lot.plan.expiry })}` : ''}
                    {` · ${date(lot.plannedAt, now())}`}
                  </span>
                </span>
                <Pill tone={TONE[state]}>{t(`lot.${state}`)}</Pill>
              </Link>
            </Line>
          );
        })}
      </Rows>
      {lots.data.more ? <p className="m-0 soft">{t('list.more')}</p> : null}
    </Card>
  );
}
