/** What this site holds: by product, lot and last day of use, the first to expire first; and what is coming. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { Line, Nothing, Rows, shortName } from '../desk/parts.tsx';
import { Card, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const SOON = 90 * 86_400_000;

export function DeskHoldingsPage() {
  const stock = useQuery({
    queryKey: ['stock-here'],
    refetchInterval: 5_000,
    queryFn: () => deskApi.call(provenanceApi.readStock),
  });
  const { held = [], coming = [], containers = [] } = stock.data ?? {};
  return (
    <Page title={t('stock.title')}>
      {stock.error ? <Refusal error={stock.error} /> : null}
      {stock.isPending ? <Skeleton lines={4} /> : null}
      {stock.data && held.length === 0 ? (
        <Nothing text={t('holdings.none')}>
          <Link to="/desk/receive" className="btn btn-main self-start">
            {t('receive.title')}
          </Link>
        </Nothing>
      ) : null}
      {held.length > 0 ? (
        <Card title={t('holdings.held')}>
          <Rows>
            {held.map((line) => (
              <Line key={`${line.gtin}${line.lot}`}>
                <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 py-3">
                  <span className="min-w-0">
                    <span className="font-medium block">{line.product ? say(line.product) : line.gtin}</span>
                    <span className="soft text-sm">
                      {line.lot ? t('lots.lot', { lot: shortName(line.lot) }) : t('holdings.noLot')}
                      {line.packed > 0 ? ` · ${t('holdings.packed', { n: line.packed })}` : ''}
                    </span>
                  </span>
                  <span className="flex flex-wrap gap-x-4 items-baseline">
                    <Expiry day={line.expiry} />
                    {line.locked > 0 ? (
                      <Pill tone="cinnabar">{t('holdings.locked', { n: line.locked })}</Pill>
                    ) : null}
                    <span className="font-semibold">{t('units', { n: line.units })}</span>
                  </span>
                </div>
              </Line>
            ))}
          </Rows>
        </Card>
      ) : null}
      {containers.length > 0 ? (
        <Card title={t('holdings.containers')}>
          <Rows>
            {containers.map(({ epc, units, locked, lot }) => (
              <Line key={epc}>
                <div className="flex flex-wrap justify-between gap-3 py-2">
                  <span className="font-mono text-sm">{shortName(epc)}</span>
                  <span className="soft flex flex-wrap gap-x-4">
                    {locked > 0 ? <Pill tone="cinnabar">{t('holdings.locked', { n: locked })}</Pill> : null}
                    <span>
                      {lot ? `${t('lots.lot', { lot: shortName(lot) })} · ` : ''}
                      {t('units', { n: units })}
                    </span>
                  </span>
                </div>
              </Line>
            ))}
          </Rows>
        </Card>
      ) : null}
      {coming.length > 0 ? (
        <Card title={t('holdings.coming')}>
          <Rows>
            {coming.map((line) => (
              <Line key={`${line.gtin}${line.lot}`}>
                <div className="flex flex-wrap justify-between gap-3 py-2">
                  <span>{line.product ? say(line.product) : line.gtin}</span>
                  <span className="soft">{t('units', { n: line.units })}</span>
                </div>
              </Line>
            ))}
          </Rows>
        </Card>
      ) : null}
    </Page>
  );
}

function Expiry({ day }: { day: string | null }) {
  if (!day) return <span className="soft">{t('holdings.noExpiry')}</span>;
  const left = Date.parse(`${day}T23:59:59Z`) - now();
  if (left < 0) return <Pill tone="cinnabar">{t('holdings.expired', { day })}</Pill>;
  if (left < SOON) return <Pill tone="amber">{t('holdings.soon', { day })}</Pill>;
  return <span className="soft">{t('lots.expiry', { day })}</span>;
}
