/** The patient's own vault: what is in it, and the ways to everything around it. */
import { useQuery } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Pill, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { collectAll, keptRecords } from '../state/vault-things.ts';
import { AddThing } from '../vault/add.tsx';
import { Compartments } from '../vault/compartments.tsx';
import { Doors } from '../vault/doors.tsx';
import { EmergencyNotice } from '../vault/emergency-cases.tsx';
import { RecordFacts } from '../vault/record-facts.tsx';
import { RunningClosing } from '../vault/running-closing.tsx';
import { RunningRecovery } from '../vault/running-recovery.tsx';

export function VaultPage() {
  const vault = useVault();
  return (
    <Page title={t('vault.title')} lead={t('vault.lead')}>
      {vault ? <Inside vault={vault} /> : <AccountCard />}
    </Page>
  );
}

function Inside({ vault }: { vault: Vault }) {
  const collected = useQuery({
    queryKey: ['vault-collect', vault.visits.length],
    queryFn: async () => {
      await collectAll(vault, (name) => t('keep.left', { name }));
      return true;
    },
  });
  const grants = useQuery({
    queryKey: ['my-grants'],
    queryFn: () => patientApi.call(vaultApi.listGrants),
  });
  const holding = grants.data?.grants.flatMap(({ grant, revokedAt }) =>
    !revokedAt && Date.parse(grant.notAfter) > now() ? [grant.id] : [],
  );
  const records = vault.contents.items.filter(({ kind }) => kind === 'record');
  return (
    <>
      <RunningClosing vault={vault} />
      <RunningRecovery vault={vault} />
      {vault.keyset.methods.length < 2 ? <Pill tone="amber">{t('mykeys.few')}</Pill> : null}
      <EmergencyNotice vault={vault} />
      <Doors given={holding?.length ?? null} emergency={vault.contents.emergency !== null} />
      <Loaded query={collected} what={t('scan.checking')} />
      <LastRecord vault={vault} count={records.length} />
      <Compartments vault={vault} holding={holding ?? []} />
      <AddThing vault={vault} />
    </>
  );
}

function LastRecord({ vault, count }: { vault: Vault; count: number }) {
  const list = useQuery({
    queryKey: ['records', count],
    enabled: count > 0,
    queryFn: () => keptRecords(vault),
  });
  if (list.error) return <Refusal error={list.error} />;
  const last = list.data?.[0];
  if (!last) return null;
  return (
    <Card title={last.procedure}>
      <RecordFacts record={last} />
    </Card>
  );
}
