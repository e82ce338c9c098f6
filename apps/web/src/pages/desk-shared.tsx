/** What patients gave this clinic: every permission that holds, and what is in it once a reason is stated. */
import { useQuery } from '@tanstack/react-query';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import type { Received } from '@zhenmei/client/vault/reading.ts';
import { useEffect, useState } from 'react';
import { SharedGrant } from '../desk/shared-grant.tsx';
import { useSeat } from '../desk/use-seat.ts';
import { Page, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { sharedWithUs } from '../state/shared.ts';

export function DeskSharedPage() {
  const clinic = useSeat().data?.clinic;
  return (
    <Page title={t('shared.title')} lead={t('shared.lead')}>
      {clinic ? <List clinic={clinic} /> : null}
    </Page>
  );
}

function List({ clinic }: { clinic: Clinic }) {
  const list = useQuery({
    queryKey: ['shared-with-us'],
    queryFn: () => sharedWithUs(clinic),
    refetchInterval: 4_000,
  });
  const shown = useKept(list.data?.open);
  if (list.isPending) return <Waiting what={t('loading')} lines={2} />;
  const { open, elsewhere } = list.data ?? { open: [], elsewhere: 0 };
  const holds = (one: Received) => open.some(({ grant }) => grant.id === one.grant.id);
  return (
    <>
      {list.error ? <Refusal error={list.error} /> : null}
      {list.data && shown.length === 0 ? <p className="card soft m-0">{t('shared.none')}</p> : null}
      {shown.map((one) => (
        <SharedGrant key={one.grant.id} clinic={clinic} received={one} gone={!holds(one)} />
      ))}
      {elsewhere > 0 ? <p className="m-0 soft">{t('shared.elsewhere', { n: elsewhere })}</p> : null}
    </>
  );
}

/** What was on the page stays until it is left, so that somebody who reads learns why it went. */
function useKept(open: readonly Received[] | undefined): readonly Received[] {
  const [kept, setKept] = useState<readonly Received[]>([]);
  useEffect(() => {
    if (!open) return;
    const ids = new Set(open.map(({ grant }) => grant.id));
    setKept((before) => [...open, ...before.filter(({ grant }) => !ids.has(grant.id))]);
  }, [open]);
  return kept;
}
