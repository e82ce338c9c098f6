/** Shipments: what is coming, what left, what was received. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type HandoverView, provenanceApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { Line, Nothing, ROW, Rows, Views } from '../desk/parts.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Card, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

type Way = 'in' | 'out' | 'received';

export function DeskShipmentsPage() {
  const { organisation } = useSupply();
  const [way, setWay] = useState<Way>(organisation.kind === 'maker' ? 'out' : 'in');
  const found = useQuery({
    queryKey: ['handovers', organisation.id, way],
    refetchInterval: 5_000,
    queryFn: () => deskApi.call(provenanceApi.listHandovers, { query: { way } }),
  });
  const handovers = found.data?.handovers ?? [];
  return (
    <Page title={t('shipments.title')}>
      <div className="flex flex-wrap gap-3">
        <Link to="/desk/shipments/new" className="btn btn-main">
          {t('ship.title')}
        </Link>
        <Link to="/desk/receive" className="btn">
          {t('receive.title')}
        </Link>
      </div>
      <Views
        label={t('shipments.which')}
        value={way}
        onChange={(next: Way) => setWay(next)}
        options={(['in', 'out', 'received'] as const).map((value) => ({
          value,
          label: t(`shipments.${value}`),
        }))}
      />
      {found.error ? <Refusal error={found.error} /> : null}
      {found.isPending ? <Skeleton lines={4} /> : null}
      {found.data && handovers.length === 0 ? <Nothing text={t(`shipments.none.${way}`)} /> : null}
      {handovers.length > 0 ? (
        <Card>
          <Rows>
            {handovers.map((one) => (
              <Line key={one.digest}>
                <Link to="/desk/shipments/$digest" params={{ digest: one.digest }} className={ROW}>
                  <span className="min-w-0">
                    <span className="font-medium block">{otherSide(one, way)}</span>
                    <span className="soft text-sm">
                      {t('units', { n: one.units })} · {date(one.at, now(), true)}
                      {one.reference ? ` · ${one.reference}` : ''}
                    </span>
                  </span>
                  <Standing of={one} />
                </Link>
              </Line>
            ))}
          </Rows>
          {found.data?.more ? <p className="m-0 soft">{t('list.more')}</p> : null}
        </Card>
      ) : null}
    </Page>
  );
}

function otherSide({ from, to }: HandoverView, way: Way): string {
  const party = way === 'out' ? to : from;
  const name = party ? say(party.name) : t('party.unknown');
  return t(way === 'out' ? 'shipments.to' : 'shipments.from', { name });
}

export function Standing({ of }: { of: HandoverView }) {
  if (of.kind === 'receive')
    return (
      <Pill tone={of.signed ? 'jade' : 'slate'}>
        {t(of.signed ? 'handover.signed' : 'handover.unsigned')}
      </Pill>
    );
  if (of.arrived === 0) return <Pill tone="plum">{t('handover.moving')}</Pill>;
  if (of.arrived < of.units)
    return <Pill tone="amber">{t('handover.short', { arrived: of.arrived, units: of.units })}</Pill>;
  return <Pill tone="jade">{t('handover.arrived')}</Pill>;
}
