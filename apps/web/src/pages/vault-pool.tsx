/** Studies that a person can take part in: off unless she agrees, each for itself. */
import { useQuery } from '@tanstack/react-query';
import { poolNow } from '@zhenmei/client/vault/pool.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { PersonBudget } from '@zhenmei/vault/api.ts';
import { Card, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { STUDIES } from '../state/pool.ts';
import { Opened } from '../vault/opened.tsx';
import { Earned } from '../vault/pool-money.tsx';
import { PoolStudy } from '../vault/pool-study.tsx';

export function VaultPoolPage() {
  return (
    <Opened title={t('pool.title')} lead={t('pool.lead')}>
      {(vault) => <List vault={vault} />}
    </Opened>
  );
}

function List({ vault }: { vault: Vault }) {
  const list = useQuery({ queryKey: STUDIES, queryFn: () => poolNow(vault) });
  if (list.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (list.error) return <Refusal error={list.error} />;
  const { studies, budget, earnings, lost } = list.data;
  if (studies.length === 0) return <p className="card m-0 soft">{t('pool.none')}</p>;
  return (
    <>
      <Earned vault={vault} studies={studies} earnings={earnings} />
      <All budget={budget} />
      {studies.map((study) => (
        <PoolStudy key={study.plan.id} vault={vault} study={study} lost={lost.includes(study.plan.id)} />
      ))}
    </>
  );
}

/** What all studies together may cost, and what is promised to them. */
function All({ budget: { of, spent, taken } }: { budget: PersonBudget }) {
  const percent = (part: number) => Math.round((part / of) * 100);
  return (
    <Card title={t('pool.all')}>
      <p className="m-0" data-pool-budget>
        {t('pool.all.used', { spent: percent(spent), taken: percent(taken) })}
      </p>
      {/* the words say it; the bar only shows it */}
      <span aria-hidden="true" className="block h-1.5 rounded-full bg-line overflow-hidden">
        <span className="block h-full bg-plum" style={{ width: `${percent(taken)}%` }} />
      </span>
      <p className="m-0 soft text-sm">{t('pool.all.means')}</p>
    </Card>
  );
}
