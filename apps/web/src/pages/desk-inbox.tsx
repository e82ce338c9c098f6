/** The inbox: what must be cleared up or must not go on, the most pressing first. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ExceptionLineView, provenanceApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { Line, Nothing, ROW, Rows, Views } from '../desk/parts.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Card, Page, Pill, Refusal, Skeleton, type Tone } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const TONE: Record<ExceptionLineView['state'], Tone> = {
  open: 'amber',
  clarifying: 'plum',
  quarantined: 'cinnabar',
  resolved: 'jade',
};

export const CaseState = ({ of }: { of: ExceptionLineView }) => (
  <Pill tone={TONE[of.state]}>{t(`case.${of.state}`)}</Pill>
);

export const overdue = (one: ExceptionLineView): boolean =>
  one.state !== 'resolved' && Date.parse(one.dueAt) < now();

export function DeskInboxPage() {
  const { organisation } = useSupply();
  const [over, setOver] = useState(false);
  const found = useQuery({
    queryKey: ['exceptions', organisation.id, over],
    refetchInterval: 3_000,
    queryFn: () => deskApi.call(provenanceApi.listExceptions, { query: { over: over ? 'true' : 'false' } }),
  });
  const all = found.data?.exceptions ?? [];
  return (
    <Page title={t('inbox.title')}>
      <Views
        label={t('inbox.which')}
        value={over ? 'over' : 'open'}
        onChange={(next: 'open' | 'over') => setOver(next === 'over')}
        options={[
          { value: 'open', label: t('inbox.open') },
          { value: 'over', label: t('inbox.over') },
        ]}
      />
      {found.error ? <Refusal error={found.error} /> : null}
      {found.isPending ? <Skeleton lines={3} /> : null}
      {found.data && all.length === 0 ? <Nothing text={t(over ? 'inbox.noneOver' : 'inbox.none')} /> : null}
      {all.length > 0 ? (
        <Card>
          <Rows>
            {all.map((one) => (
              <Line key={one.id}>
                <Link to="/desk/inbox/$id" params={{ id: one.id }} className={ROW}>
                  <span className="min-w-0 w-full sm:w-auto sm:flex-1">
                    <span className="font-medium block">{say(one.title)}</span>
                    <span className="soft text-sm">
                      {one.product ? `${say(one.product)} · ` : ''}
                      {t('units', { n: one.units })} · {t(`case.part.${one.part}`)}
                    </span>
                  </span>
                  <span className="text-sm flex flex-wrap gap-x-3 sm:block">
                    <CaseState of={one} />
                    <span className={`block ${overdue(one) ? 'text-cinnabar' : 'soft'}`}>
                      {one.resolvedAt
                        ? date(one.resolvedAt, now())
                        : t(overdue(one) ? 'case.overdue' : 'case.due', { day: date(one.dueAt, now()) })}
                    </span>
                  </span>
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
