/** Studies of an organisation: what each published, and a form for the next. */
import { useQuery } from '@tanstack/react-query';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { StudyForm } from '../desk/study-form.tsx';
import { StudyFund } from '../desk/study-fund.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { DESK_STUDIES } from '../state/pool.ts';
import { StudyFacts } from '../vault/pool-facts.tsx';
import { PoolNumbers } from '../vault/pool-numbers.tsx';

export function DeskStudiesPage() {
  const studies = useQuery({
    queryKey: DESK_STUDIES,
    // money arrives while somebody looks
    refetchInterval: 5_000,
    queryFn: async () => (await deskApi.call(vaultApi.deskStudies)).studies,
  });
  return (
    <Page title={t('study.title')} lead={t('study.lead')}>
      <Loaded query={studies} lines={3} empty={t('study.none')}>
        {(all) =>
          all.map((study) => (
            <Card key={study.plan.id} title={say(study.plan.title)}>
              <StudyFacts study={study} />
              <StudyFund study={study} />
              <PoolNumbers study={study} />
            </Card>
          ))
        }
      </Loaded>
      {studies.data ? <StudyForm /> : null}
    </Page>
  );
}
