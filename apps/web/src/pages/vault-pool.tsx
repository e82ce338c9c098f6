/** Studies that a person can take part in: off unless she agrees, each for itself. */
import { useQuery } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { STUDIES, studiesNow } from '../state/pool.ts';
import { Opened } from '../vault/opened.tsx';
import { PoolStudy } from '../vault/pool-study.tsx';

export function VaultPoolPage() {
  return (
    <Opened title={t('pool.title')} lead={t('pool.lead')}>
      {(vault) => <List vault={vault} />}
    </Opened>
  );
}

function List({ vault }: { vault: Vault }) {
  const list = useQuery({ queryKey: STUDIES, queryFn: () => studiesNow(vault) });
  if (list.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (list.error) return <Refusal error={list.error} />;
  if (list.data.length === 0) return <p className="card m-0 soft">{t('pool.none')}</p>;
  return list.data.map((study) => <PoolStudy key={study.plan.id} vault={vault} study={study} />);
}
