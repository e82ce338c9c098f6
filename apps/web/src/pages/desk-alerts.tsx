/** What the house has to tell a regulator; no clinic can change it. */
import { useQuery } from '@tanstack/react-query';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { Loaded } from '../look/loaded.tsx';
import { Card, Details, Page, Pill } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function AlertsPage() {
  const alerts = useQuery({
    queryKey: ['alerts'],
    queryFn: () => deskApi.call(stockApi.alerts),
    select: ({ alerts }) => alerts,
    refetchInterval: 10_000,
  });
  return (
    <Page title={t('alerts.title')} lead={t('alerts.lead')}>
      <Loaded query={alerts} lines={3} empty={t('alerts.empty')}>
        {(all) =>
          all.map((alert) => (
            <Card key={alert.id} tone="cinnabar">
              <Pill tone="cinnabar">{t(`alerts.${alert.kind}`)}</Pill>
              <span>
                {alert.clinic ? say(alert.clinic.name) : ''}{' '}
                <span className="soft">{date(alert.at, now(), true)}</span>
              </span>
              <span className="soft text-sm break-all">{alert.unit?.split('/21/')[1]}</span>
              <Details>
                {alert.unit}
                <span className="block">{alert.event}</span>
              </Details>
            </Card>
          ))
        }
      </Loaded>
    </Page>
  );
}
